"""Two searches for a Chinese page's article, and who is right when they differ."""

import time

from lxml.html import HtmlElement

from crawler.extract.body.search.container import _measured, _settle, find_container
from crawler.extract.tree import parse_html
from tests.crawler.extract.pages import CHINESE_PARAGRAPHS, HEADLINES

PROSE = "".join(f"<p>{text}</p>" for text in CHINESE_PARAGRAPHS)


def box(tree: HtmlElement, name: str) -> HtmlElement:
    return tree.get_element_by_id(name)


def settled(tree: HtmlElement, *names: str) -> str:
    one, other = (box(tree, name) for name in names)
    return str(_settle(one, other, _measured(tree.body)).get("id"))


def page(body: str) -> HtmlElement:
    tree = parse_html(f"<html><body>{body}</body></html>")
    assert tree is not None
    return tree


def test_outer_box_wins_when_it_adds_prose() -> None:
    tree = page(f"<div id=outer><div id=inner>{PROSE}</div><div>{PROSE}</div></div>")
    assert settled(tree, "inner", "outer") == "outer"


def test_inner_box_wins_when_the_outer_adds_headlines() -> None:
    tree = page(f"<div id=outer><div id=inner>{PROSE}</div><ul>{HEADLINES}</ul></div>")
    assert settled(tree, "outer", "inner") == "inner"


def test_of_two_boxes_apart_the_one_with_more_prose_wins() -> None:
    tree = page(f"<div id=a><p>{CHINESE_PARAGRAPHS[0]}</p></div><div id=b>{PROSE}</div>")
    assert settled(tree, "a", "b") == "b"


def test_text_of_a_nested_table_is_found_beside_related_news() -> None:
    soup = "<br><br>".join(CHINESE_PARAGRAPHS)
    tree = page(
        f"<table><tr><td id=text>{soup}</td></tr><tr><td><ul>{HEADLINES}</ul></td></tr></table>"
    )
    found = find_container(tree)
    assert found is box(tree, "text")


def test_a_text_of_very_many_pieces_costs_no_more_than_each_of_them() -> None:
    """Not their square: pieces are joined once. In the middle of three, four times as many."""

    def cost(pieces: int) -> float:
        tree = page("<div>" + ("<b>x</b>" + "The tide rose. " * 8) * pieces + "</div>")
        began = time.process_time()
        assert find_container(tree) is tree.body[0]
        return time.process_time() - began

    assert sorted(cost(36_000) / cost(9_000) for _ in range(3))[1] < 8
