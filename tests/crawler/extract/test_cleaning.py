"""The site's lines within an extracted body."""

from lxml import etree

from crawler.extract.cleaning import clean_body


def cleaned(markup: str, *, chinese: bool = False) -> list[str]:
    body = etree.fromstring(f"<body>{markup}</body>")
    clean_body(body, title="", chinese=chinese)
    return [etree.tostring(block, encoding="unicode", with_tail=False) for block in body]


def test_lines_that_breaks_part_become_paragraphs_with_their_links() -> None:
    markup = (
        '<p>One <hi rend="#b">two</hi>.<lb/>Three <ref target="/a">four</ref> five.<lb/>Six.</p>'
    )
    assert cleaned(markup) == [
        '<p>One <hi rend="#b">two</hi>.</p>',
        '<p>Three <ref target="/a">four</ref> five.</p>',
        "<p>Six.</p>",
    ]


def test_a_site_s_line_among_lines_that_breaks_part_is_taken_out() -> None:
    markup = "<p>The tide rose at noon.</p><p>It fell at six.<lb/>Sign up for our newsletter</p>"
    assert cleaned(markup) == ["<p>The tide rose at noon.</p>", "<p>It fell at six.</p>"]


def test_what_stands_after_a_parted_paragraph_stays_after_it() -> None:
    body = etree.fromstring("<body><quote><p>a<lb/>b</p>after</quote></body>")
    clean_body(body, title="", chinese=False)
    assert etree.tostring(body) == b"<body><quote><p>a</p><p>b</p>after</quote></body>"
