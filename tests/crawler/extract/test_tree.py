"""Reading text from a page's tree."""

from __future__ import annotations

from time import process_time

from lxml.html import HtmlElement

from crawler.extract.tree import lines, parse_html, visible_text


def tree_of(body: str) -> HtmlElement:
    tree = parse_html(f"<html><body>{body}</body></html>")
    assert tree is not None
    return tree


def test_lines_end_at_blocks_and_leave_out_what_no_reader_sees() -> None:
    tree = tree_of("<div>Gold <b>rose</b><script>var a</script>.<p>Tin<br>fell.</p>Lead too.</div>")
    assert lines(tree) == ["Gold rose.", "Tin", "fell.", "Lead too."]


def test_lines_of_an_element_leave_out_what_follows_it() -> None:
    heading = tree_of("<h1>Gold rose</h1>by a percent").find(".//h1")
    assert lines(heading) == ["Gold rose"]


def test_lines_take_time_that_grows_with_the_page_not_with_its_square() -> None:
    tree = tree_of("<a href=/x>Gold rose</a> " * 20_000)
    began = process_time()
    assert len(lines(tree)[0]) == len("Gold rose ") * 20_000 - 1
    assert process_time() - began < 3  # the square took 12 s


def test_a_character_that_stands_for_a_line_end_inside_is_taken_out_of_the_page() -> None:
    assert lines(tree_of("<p>Gold\ufdd1 rose\ufdd0 again</p>")) == ["Gold rose again"]
    assert lines(tree_of("<p>Gold&#xFDD1; rose&#64976 again&#x0fdd0;</p>")) == ["Gold rose again"]


def test_a_terminal_s_sequences_are_no_text() -> None:
    tree = parse_html("<p>\x1b[31mred\x1b[0m &#27;[1mrates&#x1b;[0m rise</p>")
    assert tree is not None
    assert visible_text(tree) == "red rates rise"
