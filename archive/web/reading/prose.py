"""The body of an article as a page shows it: clean HTML that runs nothing and fetches nothing.

Markdown's own HTML is shown as text; nh3 goes over what markdown-it made, last. Pictures that are
kept here are shown from here; others become links with what is said of them, so that no reader's
browser asks an outlet, or its own router, for anything. Headings are those of a part of a page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

from archive.images.rows import KeptImage
from archive.text.strings import without_commands
from archive.web.face.face import Face

_TAGS = frozenset(
    {
        *("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre"),
        *("code", "em", "strong", "s", "del", "a", "div", "span"),
        *("table", "thead", "tbody", "tr", "th", "td"),
        "img",  # of ours: Markdown's own are tokens, and become what `_Pictures` gives
    }
)
_VALUES = {
    "div": {"class": {"table-wrap"}, "tabindex": {"0"}, "role": {"region"}},
    "span": {"class": {"picture"}},
    "th": {"scope": {"col"}},
}
_RELATION = "external nofollow noopener noreferrer"
_LEVELS = range(2, 7)
MOST_CHARS = 200_000  # of Markdown that a page renders: what takes longer keeps others waiting
_NESTING = 100  # CommonMark's 20 leave out what is deeper, and all that follows it


def prose(markdown: str, face: Face, kept: Mapping[str, KeptImage] | None = None) -> Markup:
    """Render Markdown as the body of a page; `kept`: the pictures that are here."""
    cut = without_commands(markdown[:MOST_CHARS])
    tokens = _parser().parse(cut)
    if any(token.level >= _NESTING - 2 for token in tokens):
        return _paragraphs(cut)
    _lower_headings(tokens)
    written = {_parser().normalizeLink(url): image for url, image in (kept or {}).items()}
    shown = _Pictures(face.say("Picture"), face, written)
    region = face.say("Table")
    for token in tokens:
        if token.type == "inline":
            token.children = _with_pictures(token.children or [], shown)
    html = _parser().renderer.render(tokens, _parser().options, {})
    html = html.replace("<table>", '<div class="table-wrap" tabindex="0" role="region"><table>')
    html = html.replace("</table>", "</table></div>").replace("<th>", '<th scope="col">')
    clean = nh3.clean(
        html,
        tags=set(_TAGS),
        attributes={
            "a": {"href", "title"},
            "ol": {"start"},
            "div": {"aria-label"},
            "img": {"src", "alt", "width", "height", "loading"},
        },
        tag_attribute_values={tag: dict(values) for tag, values in _VALUES.items()},
        set_tag_attribute_values={"div": {"aria-label": region}},
        url_schemes={"http", "https", "mailto"},
        link_rel=_RELATION,
    )
    more = "" if len(markdown) <= MOST_CHARS else "<p>…</p>"
    return Markup(clean + more)  # noqa: S704 (nh3 went over it)


def _paragraphs(markdown: str) -> Markup:
    """Show Markdown as it is written, where rendering it would leave words out."""
    parts = (part.strip() for part in markdown.split("\n\n"))
    return Markup("").join(Markup("<p>{}</p>").format(part) for part in parts if part)


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "maxNesting": _NESTING}).enable(
        ["table", "strikethrough"]
    )


def _lower_headings(tokens: Sequence[Token]) -> None:
    """Let headings begin below the page's own and leave none out: h2, then h2 or h3, …"""
    levels: list[int] = []
    for token in tokens:
        if token.type == "heading_open":
            wanted = int(token.tag[1])
            while levels and levels[-1] >= wanted:
                levels.pop()
            levels.append(wanted)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(len(levels) + 1, _LEVELS[-1])}"


@dataclass(frozen=True, slots=True)
class _Pictures:
    """How pictures are shown."""

    words: str
    face: Face
    kept: Mapping[str, KeptImage]

    def html(self, address: str, alt: str, *, inside: bool) -> Markup:
        """A picture of ours, or a link to another's; `inside` a link nothing but words."""
        image = self.kept.get(address)
        if image is not None:
            return image_html(self.face, image, alt, inside=inside)
        label = f"{self.words}: {alt}" if alt else self.words
        html = escape(label)
        if not inside and urlsplit(address).scheme in ("http", "https"):
            html = Markup('<a href="{}">{}</a>').format(address, label)
        if self.face.images != "link" and not inside:
            html = Markup('<span class="picture">{}</span>').format(html)
        return html


def image_html(face: Face, image: KeptImage, alt: str, *, inside: bool = False) -> Markup:
    """A kept picture with what is said of it."""
    source = face.path(f"/-/image/{image.file.name}")
    html = Markup('<img src="{}" alt="{}" width="{}" height="{}" loading="lazy">').format(
        source, alt, image.width, image.height
    )
    caption = Markup("<br>{}").format(alt) if alt else Markup("")
    return html if inside else Markup('<span class="picture">{}{}</span>').format(html, caption)


def _with_pictures(children: Sequence[Token], shown: _Pictures) -> list[Token]:
    """Put a kept picture, or a link, where a picture stands."""
    found: list[Token] = []
    inside = 0
    for token in children:
        inside += (token.type == "link_open") - (token.type == "link_close")
        if token.type != "image":
            found.append(token)
            continue
        address, alt = str(token.attrs.get("src") or ""), token.content.strip()
        html = shown.html(address, alt, inside=bool(inside))
        found.append(Token("html_inline", "", 0, content=str(html)))
    return found
