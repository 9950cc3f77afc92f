"""The body of a Markdown file: the stored Markdown made harmless, or the HTML made of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from html import unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# The form of the posts that the archive continues, odd spaces included.
_DIV = "<div>   \n{html}\n                  \n</div>\n            "

_TAG = re.compile(r"<(?=[A-Za-z/!?])(?!(?:https?://|mailto:)[^\s<>]*>)")
# What may precede the address of a link: `](`, a definition's `[label]:`, an autolink's `<`.
_ADDRESS = re.compile(
    r"(?:\]\(\s*<?|^ {0,3}\[[^\]\n]+\]:\s*<?|<)(?=(?P<address>[^\n]{1,100}))", re.M
)
_SCRIPT = re.compile(r"(?:javascript|vbscript|data(?!:image/(?:gif|png|jpe?g|webp))):", re.I)
# What opens a shortcode in Hugo, which looks for it before it reads Markdown, in code as well. Hexo
# and its kin are told by `disableNunjucks`.
_SHORTCODE = re.compile(r"\{\{(?=[<%])")
_CODE = frozenset({"fence", "code_block", "code_inline"})
_BLANK_LINE = re.compile(r"\n(?=[ \t]*\n)")


def markdown_body(markdown: str) -> str:
    """Give back Markdown in which no HTML of the page's is live; ordinary text stays as stored.

    Hexo passes raw HTML and `javascript:` links through to the reader's browser, and what a page
    shows as the text `<script>` is a tag once it stands in Markdown.
    """
    if _TAG.search(markdown) and _has_live_html(markdown):
        markdown = _TAG.sub("&lt;", markdown)
    markdown = _ADDRESS.sub(_without_script, markdown)
    if _SHORTCODE.search(markdown):
        markdown = _without_shortcodes(markdown)
    return markdown.strip("\n") + "\n"


def with_addresses(markdown: str, others: Mapping[str, str]) -> str:
    """Let what leads to an address lead to another one (of one at least), whole addresses only."""
    addresses = "|".join(map(re.escape, others))
    leads = re.compile(rf"(?<=\]\()(<?)({addresses})(?=>?(?:\s+[\"'(][^\n]*)?\))")
    return leads.sub(lambda found: found[1] + others[found[2]], markdown)


def html_body(markdown: str) -> str:
    """Render Markdown as clean HTML inside the sample's `<div>`.

    Raw HTML in the Markdown is shown as text; links lead to http, https or mailto only.
    """
    # A blank line would end the HTML block, and the rest of a code sample would be read as
    # Markdown: there the line end is written as an entity.
    html = _SHORTCODE.sub("{&#123;", html_fragment(markdown))
    return _DIV.format(html=_BLANK_LINE.sub("&#10;", html))


def html_fragment(markdown: str) -> str:
    """Render Markdown as clean HTML; raw HTML in it is shown as text."""
    import nh3

    html = _parser(html=False).render(markdown)
    return nh3.clean(html, url_schemes={"http", "https", "mailto"}).strip()


def _without_script(link: re.Match[str]) -> str:
    # Browsers see through entities and blanks in a scheme, Markdown through backslashes.
    address = re.sub(r"[\s\\\x00-\x1f]", "", unescape(link["address"]))
    return link[0] + "#" if _SCRIPT.match(address) else link[0]


@cache
def _parser(*, html: bool) -> MarkdownIt:
    from markdown_it import MarkdownIt  # most commands know what a file is called, and make none

    return MarkdownIt("commonmark", {"html": html}).enable(["table", "strikethrough"])


def _has_live_html(markdown: str) -> bool:
    """Whether any `<` stands outside of code: a sample of HTML in a code block is no danger."""
    return any(token.type in ("html_block", "html_inline") for token in _tokens(markdown))


def _without_shortcodes(markdown: str) -> str:
    """Part the brackets, so that they are shown and start nothing: by an entity, or, as code shows
    an entity as it is written, by a word joiner, which nobody sees."""
    in_code = any(t.type in _CODE and _SHORTCODE.search(t.content) for t in _tokens(markdown))
    return _SHORTCODE.sub("{\u2060{" if in_code else "{&#123;", markdown)


def _tokens(markdown: str) -> list[Token]:
    blocks = _parser(html=True).parse(markdown)
    return [*blocks, *(child for block in blocks for child in block.children or ())]
