"""The second search finds the box by its paragraphs, whatever it is called."""

import pytest

from crawler.extract.body.search.readable import clean_readable, find_readable
from crawler.extract.tree import lines, parse_html
from tests.crawler.extract.body.strange import CHINESE, ENGLISH, TITLE, page, paragraphs

CARDS = "".join(
    f'<div class="card"><a href="/n/{n}">Another story about the ferry line number {n}</a></div>'
    for n in range(20)
)


def found(body: str) -> str:
    tree = parse_html(page(body).decode())
    assert tree is not None
    return " ".join(line for box in find_readable(tree) for line in lines(box))


@pytest.mark.parametrize("texts", [ENGLISH, CHINESE])
@pytest.mark.parametrize("name", ["x", "sidebar", "entry themeform share", "comment-free"])
def test_the_box_with_most_prose_is_found_whatever_its_name(
    texts: tuple[str, ...], name: str
) -> None:
    text = found(f"<h1>{TITLE}</h1><div>{CARDS}</div><div class='{name}'>{paragraphs(texts)}</div>")
    assert text == " ".join(texts)


def test_lines_that_br_parts_point_at_their_own_box() -> None:
    soup = "<br><br>".join(ENGLISH)
    text = found(f"<table><tr><td>{CARDS}</td><td>{soup}</td></tr></table>")
    assert text == " ".join(ENGLISH)


def test_a_text_in_two_boxes_side_by_side_is_found_whole() -> None:
    parts = "".join(
        f"<div class='t'>{paragraphs(part)}</div>" for part in (ENGLISH[:3], ENGLISH[3:])
    )
    assert found(f"<div id='w'>{parts}</div>{CARDS}") == " ".join(ENGLISH)


def test_comments_are_not_taken_with_the_text() -> None:
    comments = "".join(f"<div class='comment'><p>{text}</p></div>" for text in ENGLISH[3:])
    text = found(
        f"<div class='a'>{paragraphs(ENGLISH[:4])}</div><div id='comments'>{comments}</div>"
    )
    assert text == " ".join(ENGLISH[:4])


def test_a_page_without_prose_has_none() -> None:
    assert found(f"<div>{CARDS}</div>") == ""


def test_forms_and_boxes_of_links_within_the_text_are_taken_out() -> None:
    links = "".join(f'<li><a href="/n/{n}">Story number {n} of today</a></li>' for n in range(5))
    form = "<form><p>Your name</p><input name=q></form>"
    inside = f"{paragraphs()}<div><ul>{links}</ul></div>{form}"
    document = parse_html(f"<html><body><div>{inside}</div></body></html>")
    assert document is not None
    clean_readable(document)
    assert " ".join(lines(document)) == " ".join(ENGLISH)
