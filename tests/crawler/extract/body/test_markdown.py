"""Words of a page that look like marks or entities stay words in its Markdown."""

from __future__ import annotations

import pytest
from lxml import etree

from archive.files.bodies import html_fragment
from crawler.extract.body.markdown import mark_quotes, markdown


def written(xml: str) -> str:
    return markdown(etree.fromstring(f"<body>{xml}</body>"))


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        ("<p>AT&amp;T and R&amp;D; more.</p>", "AT&T and R&D; more."),
        ("<p>&amp;#91;x&amp;#93;(https://evil.example)</p>", r"\&#91;x\&#93;(https://evil.example)"),
        ("<p>&amp;lt;script&amp;gt;</p>", r"\&lt;script\&gt;"),
        ('<p><ref target="https://a.example/?a=1&amp;copy=2">one</ref></p>', "[one](https://a.example/?a=1&copy=2)"),
    ],
)  # fmt: skip
def test_an_ampersand_stays_what_it_is(xml: str, expected: str) -> None:
    assert written(xml) == expected


def test_what_a_page_writes_as_an_entity_is_shown_as_the_page_shows_it() -> None:
    shown = html_fragment(written("<p>&amp;#33;&amp;#91;x&amp;#93;(http://evil.example/t.gif)</p>"))
    assert "<img" not in shown
    assert "&amp;#91;x" in shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- one", r"\- one"),
        ("\u200b- one", r"\- one"),
        ("\ufeff1) one", r"1\) one"),
        ("\u200b# one", r"\# one"),
        ("> one", r"\> one"),
        ("---", r"\---"),
        ("2024 was quiet", "2024 was quiet"),
    ],
)
def test_a_mark_of_a_block_at_the_head_of_a_line_is_a_word(text: str, expected: str) -> None:
    assert written(f"<p>{text.replace('>', '&gt;')}</p>") == expected
    quote = etree.fromstring(f"<body><quote><p>{text.replace('>', '&gt;')}</p></quote></body>")
    mark_quotes(quote)
    assert markdown(quote) == f"> {expected}"


def test_code_keeps_its_marks() -> None:
    assert written("<code>---\na: 1</code>") == "```\n---\na: 1\n```"


def test_a_rule_under_a_paragraph_makes_no_heading() -> None:
    body = etree.fromstring("<body><p>One.</p><p>===</p></body>")
    assert html_fragment(markdown(body)) == "<p>One.</p>\n<p>===</p>"
