"""What is seen of a page and of a candidate for its text."""

import math

import pytest

from crawler.extract.body.judge.features import features_of
from crawler.extract.body.judge.page_lines import PageLines, is_cjk, read_page, terms
from crawler.extract.head.metadata import read_metadata
from crawler.extract.tree import parse_html
from tests.crawler.extract.body.strange import ENGLISH, TITLE, URL, page, paragraphs

TEASERS = "".join(
    f'<h3><a href="/n/{n}">The council of Sandvik talks about pier number {n}</a></h3>'
    f"<p>{ENGLISH[n]}</p>"
    for n in range(4)
)


def read(body: str, head: str = "") -> PageLines:
    tree = parse_html(page(body, head=head).decode())
    assert tree is not None
    return read_page(tree, read_metadata(tree, URL), TITLE)


def test_a_pages_lines_know_their_links_margins_and_headline() -> None:
    found = read(
        f'<h1>{TITLE}</h1><p>Read <a href="/x">all of it</a> here.</p>'
        f"<aside><p>{ENGLISH[0]}</p></aside><p>{ENGLISH[1]}</p>"
    )
    lines = {line.text: line for line in found.lines}
    assert found.lines[found.headline].text == TITLE
    assert lines["Read all of it here."].linked == len("all of it")
    assert lines[ENGLISH[0]].in_margin
    assert not lines[ENGLISH[1]].in_margin
    assert found.prose == len(ENGLISH[1])


def test_a_line_that_returns_counts_once() -> None:
    found = read(paragraphs() * 2)
    assert found.prose == sum(map(len, ENGLISH))
    assert features_of(found, ENGLISH * 2)["covered"] == 1.0


def test_what_the_page_claims_is_compared() -> None:
    head = f'<meta name="description" content="{ENGLISH[0]}">'
    head += '<meta property="og:type" content="article">'
    found = read(f"<h1>{TITLE}</h1>{paragraphs()}", head)
    assert features_of(found, ENGLISH)["summary"] == 1.0
    assert features_of(found, ENGLISH[3:])["summary"] < 0.5
    assert found.claimed == 1.0


def test_prose_that_is_left_out_before_and_after_is_seen() -> None:
    found = read(f"<h1>{TITLE}</h1>{paragraphs()}")
    whole, middle = features_of(found, ENGLISH), features_of(found, ENGLISH[2:3])
    assert (whole["before"], whole["after"], whole["covered"]) == (0.0, 0.0, 1.0)
    before, after = sum(map(len, ENGLISH[:2])), sum(map(len, ENGLISH[3:]))
    assert middle["before"] == pytest.approx(before / len(ENGLISH[2]))
    assert middle["after"] == pytest.approx(after / len(ENGLISH[2]))


def test_teasers_are_short_stretches_under_linked_headlines() -> None:
    found = read(f"<h1>{TITLE}</h1>{TEASERS}")
    lines = [line.text for line in found.lines if "pier number" in line.text or line.is_prose]
    seen = features_of(found, lines)
    assert seen["teased"] == 1.0
    assert seen["log_stretch"] == pytest.approx(math.log1p(max(map(len, ENGLISH[:4]))))


def test_a_text_that_the_page_does_not_show_is_one_stretch() -> None:
    seen = features_of(read(f"<h1>{TITLE}</h1>"), ENGLISH)
    assert seen["stretch"] == 1.0


def test_terms_are_words_or_pairs_of_characters() -> None:
    assert terms("The pier is new") == {"the", "pier", "new"}
    assert terms("三号码头") == {"三号", "号码", "码头"}
    assert is_cjk("港口项目 2024")
    assert not is_cjk("Pier 港")
