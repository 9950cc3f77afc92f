"""Parts that a page sends late stand where its script would put them."""

import pytest

from archive.model import Article
from crawler.extract.article import extract_article
from tests.crawler.extract.body.strange import ENGLISH, TITLE, URL, page, paragraphs

MOVE = '<script>$RC=function(b,c){{}};$RC("{}","{}")</script>'


def part(number: int, text: str, kind: str = "S") -> str:
    return f'<div hidden id="{kind}:{number}"><div class="prose">{text}</div></div>'


def body_of(holds: str, parts: str) -> list[str]:
    first = f'<div class="article-body"><p>{ENGLISH[0]}</p>{holds}<p>{ENGLISH[4]}</p></div>'
    found = extract_article(page(f"<main><h1>{TITLE}</h1>{first}</main>{parts}"), url=URL)
    assert isinstance(found, Article), found
    return found.text.split("\n\n")


@pytest.mark.parametrize("moves", [True, False])
def test_each_part_takes_the_place_that_is_held_for_it(moves: bool) -> None:
    holds = '<!--$?--><template id="B:1"></template><!--/$--><template id="B:2"></template>'
    parts = part(1, paragraphs(ENGLISH[1:3])) + part(2, paragraphs(ENGLISH[3:4]))
    parts += (MOVE.format("B:1", "S:1") + MOVE.format("B:2", "S:2")) * moves
    assert body_of(holds, parts) == list(ENGLISH)


def test_the_script_says_which_part_belongs_where() -> None:
    holds = '<template id="B:0"></template><template id="B:1"></template>'
    parts = part(1, paragraphs(ENGLISH[1:3])) + part(0, paragraphs(ENGLISH[3:4]))
    parts += MOVE.format("B:0", "S:1") + MOVE.format("B:1", "S:0")
    assert body_of(holds, parts) == list(ENGLISH)


def test_a_part_within_a_part_and_one_without_a_place_lose_nothing() -> None:
    holds = '<template id="B:a"></template>'
    parts = f'<div hidden id="S:a">{paragraphs(ENGLISH[1:2])}<template id="P:b"></template></div>'
    parts += part(0, paragraphs(ENGLISH[2:4])).replace("S:0", "S:b")
    parts += MOVE.format("B:a", "S:a") + '<script>$RS("S:b","P:b")</script>'
    assert body_of(holds, parts) == list(ENGLISH)
