"""What several steps read of a page, each once."""

from crawler.extract.outline import PageOutline
from crawler.extract.tree import parse_html


def outline(html: str) -> PageOutline:
    tree = parse_html(html)
    assert tree is not None
    return PageOutline(tree)


PAGE = outline(
    "<html><head><title>Copper rises</title><script>var hidden = 1</script></head>"
    "<body class=site>At the top<h1>Copper  rises</h1>"
    "<p class=by>By <b>Ann Lee</b>, Ostend<br>on Monday</p>"
    "<ul><li class=item>One</li><li class=item id=last>Two</li><li class=item>Three</li></ul>"
    "</body></html>"
)


def test_lines_are_those_of_the_title_and_of_each_block() -> None:
    body = ["At the top", "Copper rises", "By Ann Lee, Ostend", "on Monday", "One", "Two", "Three"]
    assert PAGE.lines == ["Copper rises", *body]
    assert PAGE.body_lines == body


def test_pieces_end_where_an_element_does() -> None:
    assert PAGE.pieces[3:7] == ["By", "Ann Lee", ", Ostend", "on Monday"]


def test_text_has_all_that_is_seen_in_one() -> None:
    assert PAGE.text.startswith("Copper risesAt the topCopper  risesBy Ann Lee")


def test_named_elements_stand_in_order_and_a_pair_of_names_is_asked_about_once() -> None:
    asked: list[tuple[str, str]] = []

    def is_item(name: str, key: str) -> bool:
        asked.append((name, key))
        return name == "item"

    assert [element.text for element in PAGE.named(is_item)] == ["One", "Two", "Three"]
    assert asked == [("site", ""), ("by", ""), ("item", ""), ("item", "last")]


def test_page_without_a_body_has_no_lines_of_one() -> None:
    bare = outline("<frameset><frame src=a></frameset>")
    assert (bare.body_lines, bare.named(lambda name, key: True)) == ([], [])
