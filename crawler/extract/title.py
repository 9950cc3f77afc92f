"""The headline: what the page's several titles agree on."""

from __future__ import annotations

import re

from lxml.etree import _Element as Element

from crawler.extract.metadata import Metadata, clean
from crawler.extract.tree import letters, lines, visible_text

_SEPARATOR = re.compile(r"\s+[|｜–—·•»«:-]+\s+|\s*[_｜|]\s*|--+")
_CHINESE_SITE = re.compile(
    r"[-—_–\s]+[^-—_–\s]{0,14}(?:网|网站|日报|晚报|新闻|频道|中心|官网|时报|之家|财经|门户"
    r"|有限公司|医院|大学|News)$"
)
_MIN_TITLE_CHARS = 6
_TITLE_LINES = 400
_MAX_TITLE_CHARS = 500  # the work on a title grows with the square of its length


def find_title(tree: Element, metadata: Metadata) -> tuple[str, str]:
    """Return the headline and what gave it: h1, jsonld, og, title or twitter; ('', '') without.

    A heading that agrees with another claim is the headline as the reader sees it; then the
    JSON-LD headline; then og:title and <title> without the site's name.
    """
    head = tree.find(".//title")
    title = clean(visible_text(head))[:_MAX_TITLE_CHARS] if head is not None else ""
    og = metadata.first("og:title")[:_MAX_TITLE_CHARS]
    headline = metadata.claim("headline")[:_MAX_TITLE_CHARS]
    headings = _headings(tree)
    if heading := _agreed(headings, title, og, headline, metadata.site_name):
        return heading, "h1"
    if headline:
        return headline, "jsonld"
    if og:
        return _without_site(og, title, metadata.site_name), "og"
    if title:
        return _shown(tree, title) or _cut(title), "title"
    if headings:
        return headings[0], "h1"
    twitter = metadata.first("twitter:title")
    return twitter, "twitter" if twitter else ""


def _headings(tree: Element) -> list[str]:
    found = (visible_text(element) for element in tree.iter("h1"))
    return [text for text in dict.fromkeys(found) if 4 <= len(text) <= 220]


def _agreed(headings: list[str], title: str, og: str, headline: str, site: str) -> str:
    """The heading that most other claims support, the longest of equals; '' without any."""
    scored = [(_support(h, title, og, headline, site), len(letters(h)), h) for h in headings]
    best = max(scored, default=(0, 0, ""))
    return best[2] if best[0] > 0 else ""


def _support(heading: str, title: str, og: str, headline: str, site: str) -> int:
    own, in_title, in_og, in_headline = map(letters, (heading, title, og, headline))
    if len(own) < 4 or own == letters(site):
        return 0
    support = 2 * (own in (in_og, in_headline)) + (own in in_title)
    support += bool(in_og) and (own in in_og or (len(in_og) >= 8 and in_og in own))
    return support + (bool(in_headline) and in_headline in own)


def _shown(tree: Element, title: str) -> str:
    """The longest beginning of <title> that stands alone as a line of the page."""
    body = tree.find(".//body")
    shown = {letters(line) for line in lines(body)[:_TITLE_LINES]} if body is not None else set()
    ends = [match.start() for match in re.finditer(r"[\s_|｜–—·•»«:-]+", title)]
    starts = (title[:end] for end in reversed(ends) if end >= _MIN_TITLE_CHARS)
    return next((start for start in starts if letters(start) in shown), "")


def _without_site(og: str, title: str, site: str) -> str:
    if title.startswith(og + '"'):  # the attribute was cut at a quotation mark of the headline
        return _cut(title)
    if site:
        match = re.fullmatch(rf"(.{{6,}}?)\s*[-|–—_·:»]+\s*{re.escape(site)}\s*", og, re.I)
        if match:
            return match[1].strip()
    return _cut(og) if letters(og) == letters(title) else og


def _cut(title: str) -> str:
    """<title> without the site's name: its first part, unless another is twice as long."""
    parts = [part for part in _SEPARATOR.split(title.strip()) if part.strip()]
    if len(parts) > 1:
        longest = max(parts, key=len)
        title = parts[0] if len(parts[0]) >= 0.45 * len(longest) else longest
    while len(shorter := _CHINESE_SITE.sub("", title)) >= _MIN_TITLE_CHARS and shorter != title:
        title = shorter
    return title.strip()
