"""The headline: what the page's several titles agree on."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from lxml.etree import _Element as Element

from archive.text.han import count_han
from archive.text.lines import letters
from crawler.extract.head.metadata import Metadata, plain_value
from crawler.extract.tree import lines, marks, visible_text
from crawler.text.addresses import absolute

_SEPARATOR = re.compile(r"\s+[|｜–—·•»«:-]+\s+|\s*[_｜|]\s*|--+")
_CHINESE_SITE = re.compile(
    r"[-—_–\s]+[^-—_–\s]{0,14}(?:网|网站|日报|晚报|新闻|频道|中心|官网|时报|之家|财经|门户"
    r"|有限公司|医院|大学|News)$"
)
_JOINT = re.compile(r"\s*[_|｜–—·•»«:(（-]+\s*")
_SPACE = re.compile(r"[\s_|｜–—·•»«:-]+")
_KICKER = re.compile(
    r"kicker|eyebrow|over-?line|over-?title|top-?line|top-?title|pre-?title|roof-?line|dachzeile"
    r"|spitzmarke|sub-?title|surtitre|antetitulo|occhiello|section|categor|rubri[ck]|topic",
    re.I,
)
_MIN_TITLE_CHARS = 6
_SECTION_CHARS = 6  # 新闻动态, 通知公告
_TITLE_LINES = 400
_MAX_TITLE_CHARS = 500  # the work on a title grows with the square of its length


def find_title(tree: Element, metadata: Metadata) -> tuple[str, str]:
    """Return the headline and what gave it; ('', '') without one.

    That is one of h1, jsonld, h2, og, title, heading, twitter.
    A heading that agrees with another claim is the headline as the reader sees it; then the
    JSON-LD headline; then og:title and <title> without the site's name, as far as the page
    shows them; a heading that stands alone; the same two unseen.
    """
    head = tree.find(".//title")
    title = plain_value(visible_text(head))[:_MAX_TITLE_CHARS] if head is not None else ""
    og = metadata.first("og:title")[:_MAX_TITLE_CHARS]
    headline = metadata.claim("headline")[:_MAX_TITLE_CHARS]
    headings = _headings(tree, metadata.base, {letters(claim) for claim in (title, og, headline)})
    if heading := _agreed(headings, title, og, headline, metadata.site_name):
        return _inside(heading, title, og, headline) or heading, "h1"
    if headline:
        return headline, "jsonld"
    if heading := _lower(tree, title, metadata.site_name):
        return heading, "h2"
    if shown := _shown(tree, og, title):
        return shown, "og" if og else "title"
    if heading := _alone(headings, metadata.site_name):
        return heading, "h1"
    if og:
        return _without_site(og, title, metadata.site_name), "og"
    if title:
        cut = _cut(title)
        if 0 < count_han(cut) == len(cut) <= _SECTION_CHARS and (heading := _only_heading(tree)):
            return heading, "heading"
        return cut, "title"
    if headings:
        return headings[0], "h1"
    twitter = metadata.first("twitter:title")
    return twitter, "twitter" if twitter else ""


def _headings(tree: Element, base: str, claims: set[str]) -> list[str]:
    elements = (element for element in tree.iter("h1") if not _is_masthead(element, base))
    found = (_heading(element, claims) for element in elements)
    return [text for text in dict.fromkeys(found) if 4 <= len(text) <= 220]


def _is_masthead(element: Element, base: str) -> bool:
    """Whether the heading is the site's name: nothing but a link to its home page."""
    link = element.find(".//a[@href]")
    if link is None or letters(visible_text(link)) != letters(visible_text(element)):
        return False
    return urlsplit(absolute(base, link.get("href") or "-")).path in ("", "/")


def _heading(element: Element, claims: set[str]) -> str:
    """A heading's text without its first child, where the site calls that a kicker or section.

    It stays where it is joined by a colon and one of the page's titles repeats the whole.
    """
    whole = visible_text(element)
    kicker = next(iter(element), None)
    if kicker is None or (element.text or "").strip() or not _KICKER.search(marks(kicker)):
        return whole
    rest = (visible_text(child) + " " + (child.tail or "") for child in list(element)[1:])
    text = " ".join(f"{kicker.tail or ''} {' '.join(rest)}".split())
    headline = text.lstrip(":-–|· ")
    joined = ":" in whole[: len(whole) - len(headline)]
    if len(headline) < _MIN_TITLE_CHARS or (joined and _repeats(whole, claims)):
        return whole
    return headline


def _repeats(heading: str, claims: set[str]) -> bool:
    return any(claim.startswith(letters(heading)) for claim in claims)


def _agreed(headings: list[str], title: str, og: str, headline: str, site: str) -> str:
    """The heading that most other claims support, the longest of equals; '' without any."""
    scored = [(_support(h, title, og, headline, site), len(letters(h)), h) for h in headings]
    best = max(scored, default=(0, 0, ""))
    return best[2] if best[0] > 0 else ""


def _support(heading: str, title: str, og: str, headline: str, site: str) -> int:
    own, in_title, in_og, in_headline = map(letters, (heading, title, og, headline))
    if len(own) < 4 or own in letters(site):
        return 0
    # a short piece from the middle or end of <title> is the section or the site
    leads = in_title.startswith(own) or 2 * len(own) >= len(in_title)
    support = 2 * (own in (in_og, in_headline)) + (leads and own in in_title)
    support += bool(in_og) and (own in in_og or (len(in_og) >= 8 and in_og in own))
    return support + (bool(in_headline) and in_headline in own)


def _only_heading(tree: Element) -> str:
    """The one heading of the page that is a Chinese headline's length and leads nowhere.

    For sites whose <title> is the section's name on every page.
    """
    found = (e for e in tree.iter("h2", "h3", "h4", "h5", "h6") if next(e.iter("a"), None) is None)
    unlinked = (e for e in found if next(e.iterancestors("a"), None) is None)
    texts = [text for text in map(visible_text, unlinked) if count_han(text) >= 10]
    return texts[0] if len(texts) == 1 else ""


def _inside(heading: str, title: str, og: str, headline: str) -> str:
    """The claim that begins or ends a longer heading (a date, a kicker in it), told twice."""
    whole, claims = letters(heading), [claim for claim in (headline, og) if claim]
    if whole in map(letters, claims) or whole in letters(title):
        return ""
    told = [*map(letters, claims), letters(title)]
    for claim in claims:
        own = letters(claim)
        twice = sum(other.startswith(own) for other in told) > 1
        if twice and 2 * len(own) >= len(whole) and whole.startswith(own) + whole.endswith(own):
            return claim
    return ""


def _lower(tree: Element, title: str, site: str) -> str:
    """An <h2> that is one of the parts which the page joins to its <title>."""
    parts = {letters(part) for part in _SEPARATOR.split(title)} - {letters(site)}
    found = (visible_text(element) for element in tree.iter("h2"))
    return next((text for text in found if len(own := letters(text)) >= 12 and own in parts), "")


def _alone(headings: list[str], site: str) -> str:
    """The page's only heading that is long enough for a headline."""
    long = [h for h in headings if len(h) >= 20 or count_han(h) >= 8]
    long = [h for h in long if len(_SEPARATOR.split(h)) < 3]  # a list of keywords
    return long[0] if len(long) == 1 and letters(long[0]) not in letters(site) else ""


def _shown(tree: Element, og: str, title: str) -> str:
    """The longest beginning of og:title, or of <title> without one, that is a line of the page.

    Of <title> never the whole: pages print it in their breadcrumbs, site and all.
    """
    body = tree.find(".//body")
    shown = {letters(line) for line in lines(body)[:_TITLE_LINES]} if body is not None else set()
    claim, cut = (og, _JOINT) if og else (title, _SPACE)
    ends = [match.start() for match in cut.finditer(claim)] + [len(og)]
    starts = (claim[:end] for end in reversed(ends) if end >= _MIN_TITLE_CHARS)
    return next((start for start in starts if letters(start) in shown), "")


def _without_site(og: str, title: str, site: str) -> str:
    if re.match(r'\s*"', title.removeprefix(og)) and title.startswith(
        og
    ):  # the attribute was cut at a quotation mark of the headline
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
