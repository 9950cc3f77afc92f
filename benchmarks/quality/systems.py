"""The extractors that are compared, each asked for all it can give in one call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec

from archive.model import Article, Reason
from benchmarks.quality.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """`text` has one paragraph a line; `published` is ISO; `images` stand in their order."""

    title: str = ""
    text: str = ""
    published: str = ""
    authors: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    paywalled: bool = False
    refused: str = ""  # why it gave no article
    error: str = ""  # what it raised
    seconds: float = 0.0  # of CPU


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """`gives`: the measures that it can be asked for; a page's title is no date's fault."""

    extract: Callable[[bytes, Page], Prediction]
    package: str
    gives: frozenset[str]


def ours(html: bytes, page: Page) -> Prediction:
    from crawler.extract.article import extract_article

    found = extract_article(html, url=page.url, content_type=page.content_type, zone=page.zone)
    if not isinstance(found, Article):
        broken = found.reason is Reason.PARSER_ERROR
        return Prediction(refused=str(found), error=str(found) if broken else "")
    return Prediction(
        title=found.title,
        text=found.text.replace("\n\n", "\n"),
        published=found.published.isoformat() if found.published else "",
        authors=found.authors,
        images=((found.image,) if found.image else ()) + found.images,
        paywalled=found.paywalled,
    )


def trafilatura(html: bytes, page: Page) -> Prediction:
    from trafilatura import bare_extraction

    found = bare_extraction(html, url=page.url, include_comments=False, with_metadata=True)
    if found is None or isinstance(found, dict):  # a dict is the form of its older releases
        return Prediction(refused="no text")
    return Prediction(
        title=found.title or "",
        text=found.text or "",
        published=found.date or "",
        authors=tuple(name for name in (found.author or "").split("; ") if name),
    )


def readability(html: bytes, page: Page) -> Prediction:
    from lxml.html import fromstring
    from readability import Document

    document = Document(html, url=page.url)
    content = fromstring(document.summary(html_partial=True))
    blocks = (" ".join(str(piece).split()) for piece in content.itertext())
    return Prediction(
        title=document.short_title() or "",
        text="\n".join(block for block in blocks if block),
        images=tuple(image.get("src") or "" for image in content.iter("img")),
    )


def newspaper(html: bytes, page: Page) -> Prediction:
    from newspaper import Article as Paper

    from crawler.text.charset import decode

    # It takes text only, fetches pictures unless told not to, and is lost on Chinese untold.
    language = {"language": "zh"} if page.group == "zh" else {}
    paper = Paper(page.url or "https://example.com/", fetch_images=False, **language)
    paper.download(input_html=decode(html, page.content_type))
    paper.parse()
    date = paper.publish_date
    return Prediction(
        title=paper.title or "",
        text=(paper.text or "").replace("\n\n", "\n"),
        published=date.isoformat() if hasattr(date, "isoformat") else str(date or ""),
        authors=tuple(paper.authors),
    )


_TEXT = frozenset({"body", "segments", "empty", "errors", "title"})
_RECORD = _TEXT | {"date", "author", "wrong_author", "persons", "no_person"}
SYSTEMS: Mapping[str, System] = {
    "broadsheet": System(
        extract=ours,
        package="crawler",
        gives=_RECORD | {"time", "images", "extra_images", "refusal", "false_refusal", "holds"},
    ),
    "trafilatura": System(extract=trafilatura, package="trafilatura", gives=_RECORD),
    "readability": System(
        extract=readability, package="readability", gives=_TEXT | {"images", "extra_images"}
    ),
    "newspaper4k": System(extract=newspaper, package="newspaper", gives=_RECORD | {"time"}),
}


def installed(names: list[str]) -> tuple[list[str], list[str]]:
    """(those that can run, those whose package is absent)."""
    present = [name for name in names if find_spec(SYSTEMS[name].package)]
    return present, [name for name in names if name not in present]
