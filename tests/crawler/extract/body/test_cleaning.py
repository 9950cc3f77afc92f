"""The site's lines within an extracted body."""

from lxml import etree

from crawler.extract.body.cleaning import clean_body
from tests.crawler.extract.pages import ENGLISH_PARAGRAPHS


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


def test_a_text_that_stands_twice_for_screen_and_printer_is_kept_once() -> None:
    story = "".join(f"<p>{paragraph}</p>" for paragraph in ENGLISH_PARAGRAPHS)
    kept = [f"<p>{paragraph}</p>" for paragraph in ENGLISH_PARAGRAPHS]
    assert cleaned(story + story) == kept
    assert cleaned(f"{story}<p>Page 2</p>{story}") == [*kept, "<p>Page 2</p>"]


def test_a_line_that_is_meant_to_return_returns() -> None:
    refrain = "Buy the rumour, sell the news, said the old man at the corner of the pit."
    parts = [refrain, ENGLISH_PARAGRAPHS[0], refrain, ENGLISH_PARAGRAPHS[1], ENGLISH_PARAGRAPHS[2]]
    blocks = [f"<p>{part}</p>" for part in parts]
    assert cleaned("".join(blocks)) == blocks
