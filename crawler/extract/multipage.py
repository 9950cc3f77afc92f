"""Articles in parts: where the next part is, and how the parts become one article."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

from lxml.etree import _Element as Element

from archive.model import Article
from crawler.extract.head.metadata import Metadata
from crawler.extract.tree import visible_text
from crawler.text.addresses import absolute, canonical_url

_NEXT_TEXT = re.compile(
    r"[\s\[【(（]*(?:下一页|下页|后一页|next(?:\s+page)?|page\s+suivante|nächste\s+seite|weiter)"
    r"[\s\]】)）>»›→]*",
    re.I,
)
_PART = re.compile(r"[_-](?:p|page)?(\d{1,2})$|/(?:p|page/?)?(\d{1,2})$", re.I)
_PART_KEYS = frozenset({"page", "p", "pg", "pn", "pageno", "page_no"})
Name = tuple[str, str, tuple[tuple[str, str], ...]]  # of an article: host, path stem, query

_FILE = re.compile(r"\.s?html?$", re.I)
_SUFFIX = re.compile(r"\.(?:s?html?|aspx?|php|jsp)$", re.I)


def find_next_page(tree: Element, metadata: Metadata, url: str) -> str:
    """Return the address of the article's next part, '' when this is the last or only one.

    It must be the same article: same host, the same path but for a part number, and a number
    one higher. A `rel=next` or 下一页 to another article is none. What leads to the page and is no
    part of its name counts for nothing: tracking parameters, and all that the page's canonical
    address leaves out.
    """
    here, number = _part(url)
    names = {here, *_claimed(metadata, here, number)}
    if _FILE.search(urlsplit(url).path):
        names.add((*here[:2], ()))  # whatever is asked of it, a file is one page
    candidates = [*metadata.links.get("next", ())]
    following = str(number + 1)
    for link in tree.iter("a"):
        address = link.get("href")
        if not address or following not in address:
            continue
        text = visible_text(link)
        if len(text) < 20 and (text == following or _NEXT_TEXT.fullmatch(text)):
            candidates.append(absolute(metadata.base, address))
    parts = {(name, number + 1) for name in names}
    return next((address for address in candidates if _part(address) in parts), "")


def _claimed(metadata: Metadata, here: Name, number: int) -> Iterator[Name]:
    """The name of the article by the page's canonical address, where that is this part's own.

    Careless templates give every part the first one's address, or every page the front page's.
    """
    for link in (*metadata.links.get("canonical", ()), metadata.first("og:url")):
        claim, claimed_number = _part(absolute(metadata.base, link)) if link else (None, 0)
        if claim and claimed_number == number and claim[:2] == here[:2]:
            yield claim


def _part(url: str) -> tuple[Name, int]:
    """Split an address into the article (host, path stem, query) and the number of its part."""
    parts, known = urlsplit(url), urlsplit(canonical_url(url))
    query = parse_qsl(known.query)  # without what tells the way here
    rest = tuple(pair for pair in query if pair[0].lower() not in _PART_KEYS)
    numbers = [value for key, value in query if key.lower() in _PART_KEYS and value.isdecimal()]
    stem = _SUFFIX.sub("", parts.path.rstrip("/"))
    match = None if numbers else _PART.search(stem)
    if match:
        numbers = [match[1] or match[2]]
        stem = stem[: match.start()]
    return (known.netloc.removeprefix("www."), stem, rest), int(numbers[0][:6]) if numbers else 1


def join_parts(parts: Sequence[Article]) -> Article:
    """Join the parts of an article, in reading order, under the first part's metadata.

    A paragraph that a later part repeats from the head of an earlier one (title, byline,
    summary) is dropped; so is a part that repeats another one whole, as a site does when it
    answers page 9 of 3. The result has no next page.
    """
    first = parts[0]
    seen = set(_paragraphs(first.text)) | {first.title}
    texts, markdowns = [first.text], [first.markdown]
    for part in parts[1:]:
        if set(_paragraphs(part.text)) <= seen:
            continue
        texts.append(_without_head(part.text, seen))
        markdowns.append(_without_head(part.markdown, seen | set(_paragraphs(first.markdown))))
        seen.update(_paragraphs(part.text))
    return replace(
        first,
        text="\n\n".join(filter(None, texts)),
        markdown="\n\n".join(filter(None, markdowns)),
        images=tuple(dict.fromkeys(image for part in parts for image in part.images)),
        tags=tuple(dict.fromkeys(tag for part in parts for tag in part.tags)),
        paywalled=any(part.paywalled for part in parts),
        boilerplate=tuple(dict.fromkeys(line for part in parts for line in part.boilerplate)),
        next_page="",
    )


def _paragraphs(text: str) -> list[str]:
    return [paragraph.strip() for paragraph in text.split("\n\n") if paragraph.strip()]


def _without_head(text: str, seen: set[str]) -> str:
    """Drop the leading paragraphs that stood in an earlier part; later repeats may be meant."""
    paragraphs = _paragraphs(text)
    while paragraphs and paragraphs[0].lstrip("# ") in seen:
        paragraphs.pop(0)
    return "\n\n".join(paragraphs)
