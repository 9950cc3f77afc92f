"""What the config says of a source that was found: its id, its outlet's name, its keys."""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from archive.text.han import count_han
from crawler.discover.site.candidates import SourceCandidate
from crawler.text.addresses import host_of, registrable_domain

_LONGEST_ID, _LONGEST_NAME = 40, 80
_SEPARATOR = re.compile(r"\s+[-–—|·_»]\s+|[:：|｜]\s*|[-_—–](?=[^\x00-\x7f])")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_LITERAL = re.compile(r"[\d.]+\Z|.*:")
_NO_SECTION = re.compile(
    r"(?:index|rss|feeds?|atom|xml|sitemaps?|news|list|home|all|latest|default|www|\d+)?\Z"
)
_LANGUAGE = re.compile(r"[a-z]{2,3}(?![a-z])")


def declaration(
    candidate: SourceCandidate, *, outlet: str, language: str, taken: Collection[str]
) -> dict[str, object]:
    """Give the keys of a `[[source]]` table; `taken` are the ids that exist."""
    title = candidate.listed.title
    given = outlet or outlet_name(title) or registrable_domain(candidate.url)
    table: dict[str, object] = {
        "id": free_id(candidate.url, given, taken),
        "name": given,
        "url": candidate.url,
        "kind": candidate.kind,
    }
    said = (language or candidate.listed.language or _by_titles(candidate)).lower()
    if code := _LANGUAGE.match(said):
        table["language"] = code[0]
    return table


def _by_titles(candidate: SourceCandidate) -> str:
    """Chinese by its words where nothing says so: its dates without a zone are Beijing's."""
    titles = "".join(entry.title for entry in candidate.listed.shown)
    return "zh" if count_han(titles) * 2 > len(titles) else ""


def outlet_name(title: str) -> str:
    """Take the outlet's name out of a page's or feed's title: what stands before a separator."""
    first = _SEPARATOR.split(" ".join(title[:300].split()), maxsplit=1)[0]
    return first[:_LONGEST_NAME].strip()


def free_id(url: str, outlet: str, taken: Collection[str]) -> str:
    """Make an id that is not taken: the domain, with the section where that is taken, then counted.

    A host that is an address or a bare name gives none: then it is the outlet's name.
    """
    host = host_of(url)
    first = registrable_domain(url).partition(".")[0]
    word = slug(outlet) if _LITERAL.match(host) or not first else slug(first)
    word = word or "source"
    section = next(filter(None, map(_section, reversed(urlsplit(url).path.split("/")))), "")
    wishes = [word, f"{word[: _LONGEST_ID - 17]}-{section}"] if section else [word]
    counted = (f"{wishes[-1][: _LONGEST_ID - 4]}-{n}" for n in range(2, len(taken) + 3))
    return next(wish for wish in (*wishes, *counted) if wish not in taken)


def slug(text: str) -> str:
    return _NOT_SLUG.sub("-", text.lower()).strip("-")[:_LONGEST_ID].strip("-")


def _section(segment: str) -> str:
    word = slug(segment.partition(".")[0])
    return "" if _NO_SECTION.match(word) else word[:16].strip("-")
