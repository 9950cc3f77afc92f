"""Find the article links of a page that nobody described.

Two things mark the articles among a page's links. Their place: the rows of one list stand alike in
one element, whatever sections their addresses name. Their address: host and path with what varies
taken out, the shape, is one for the articles of a kind wherever they stand. A group of either sort
is articles when its links read like headlines and carry what articles have: a date in the address
or beside it, a number, a slug, the headline's words in the address. Place comes first; menus, tag
pages and pagination fail one test or the other.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC
from functools import lru_cache
from itertools import islice
from statistics import mean
from typing import Any
from urllib.parse import urlsplit

from archive.text.han import HAN, KANA_HANGUL
from crawler.text.addresses import absolute, canonical_url, same_site
from crawler.text.dates import parse_date

MIN_GROUP_LINKS = 3  # fewer links are a pattern only with strong evidence
MIN_EVIDENCE = 1.0
STRONG_EVIDENCE = 3.0
HEADLINE_WORDS = 4.0  # "Fed raises rates again"; menus have one to three
SHORT_HEADLINE_WORDS = 2.0  # `央行降准`: enough where the address is surely an article's
LONG_HEADLINE_WORDS = 6.0
LONG_LIST = 8  # so many links of sentence length are headlines, whatever their addresses
MAX_TITLE_CHARS = 300
MAX_CARD_NODES = 40  # a card is small; what is larger holds other articles' dates

_CJK = re.compile(f"[{HAN}{KANA_HANGUL}]")
_WORD = re.compile(r"[^\W\d_]{2,}|\d[\d.,%]*")
_URL_DATE = re.compile(r"(?:19|20)\d\d[-/_]?(?:0?[1-9]|1[0-2])(?:[-/_]?[0-3]\d)?(?=\D|$)|20\d{6}")
_DIGITS = re.compile(r"\d+")
_HASH = re.compile(r"(?=[^/]*\d)(?=[^/]*[a-z])[0-9a-z]{8,}", re.IGNORECASE)
_NOT_ARTICLES = re.compile(
    r"/(?:tags?|topics?|categor(?:y|ies)|authors?|columnists?|people|search|so|log[io]n|signin"
    r"|sign-?up|regist\w*|passport|subscri\w*|accounts?|users?|about\w*|contact\w*|privacy\w*|terms\w*"
    r"|help|advert\w*|careers?|jobs|newsletters?|podcasts?|rss|feeds?|quotes?|symbols?|sitemap\w*"
    r"|download\w*|shop|keywords?|hashtags?)(?:[/.?]|$)"
    r"|[/_-](?:page|list|index)[/_-]?\d*(?:\.\w+)?/?$|[?&](?:page|p|pn|pageno|offset)=\d{1,4}(?:&|$)"
    r"|\.(?:pdf|zip|apk|exe|docx?|xlsx?|jpe?g|png|gif|mp[34]|xml|rss|json)$",
    re.IGNORECASE,
)
_ARTICLE_FOLDER = re.compile(r"/(?:stor(?:y|ies)|articles?|essays?|posts?|details?|content)/[^/]+$")
_PAGE_FILE = re.compile(r"\.(?:s?html?|xhtml|php|aspx?|jsp)$", re.IGNORECASE)
_ONLY_A_DATE = re.compile(r"[\s\d:：/.年月日时時分()（）\[\]-]{6,24}")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5")
_MENU_TAGS = frozenset({"nav", "footer", "menu"})
_MENU_NAMES = frozenset(
    {
        *("nav", "navbar", "navigation", "main-nav", "menu", "footer", "foot", "site-footer"),
        *("breadcrumb", "breadcrumbs", "crumb", "crumbs", "copyright", "friendlink", "friendlinks"),
        *("pagination", "pager"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleLink:
    """A link to an article, with the headline and the date (in the page's words) beside it."""

    link: str
    title: str
    date: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """A link of the page with its best headline, where that stands, and how it is supported."""

    canonical: str
    found: ArticleLink
    node: Any
    headed: bool  # the headline is a heading

    @property
    def words(self) -> float:
        return headline_words(self.found.title)

    @property
    def evidence(self) -> float:
        """Weigh what speaks for an article in its address and beside it."""
        weight = url_evidence(self.canonical) + 1.5 * bool(self.found.date)
        return weight + _agreement(self.canonical, self.found.title)

    @property
    def support(self) -> float:
        return self.evidence + 0.5 * self.headed


def find_article_links(root: Any, *, base: str, url: str) -> list[ArticleLink]:
    """Give the links that are surely articles, in the page's order, each address once.

    Lists beside the main one count too: the most read articles are articles.
    """
    candidates = _candidates(root, base, url)
    chosen = {c.canonical for place in _by_place(candidates) for c in _rows(place)}
    chosen |= {c.canonical for shape in _by_shape(candidates) for c in _articles_of(shape)}
    known = {_form(c.canonical) for c in candidates if c.canonical in chosen}
    return [
        c.found
        for c in candidates
        if c.canonical in chosen or (_is_lead(c) and _form(c.canonical) in known)
    ]


def _by_place(candidates: list[_Candidate]) -> list[list[_Candidate]]:
    """Group the links that stand alike in the smallest element that holds several headlines."""
    held: dict[Any, int] = defaultdict(int)  # the elements themselves, as in _addressed
    for candidate in candidates:
        if candidate.words >= HEADLINE_WORDS:
            for above in candidate.node.iterancestors():
                held[above] += 1
    places: dict[tuple[Any, str], list[_Candidate]] = defaultdict(list)
    for candidate in candidates:
        path: list[str] = []
        for above in candidate.node.iterancestors():
            if held[above] >= MIN_GROUP_LINKS:
                places[above, "/".join(path)].append(candidate)
                break
            path.append(above.tag)
    return list(places.values())


def _by_shape(candidates: list[_Candidate]) -> list[list[_Candidate]]:
    shapes: dict[str, list[_Candidate]] = defaultdict(list)
    for candidate in candidates:
        shapes[_shape(candidate.canonical)].append(candidate)
    return list(shapes.values())


def _rows(place: list[_Candidate]) -> Iterator[_Candidate]:
    """Give the articles of a list, or nothing when it is a list of something else."""
    words = mean(c.words for c in place)
    if len(place) < MIN_GROUP_LINKS or words < HEADLINE_WORDS:
        return
    long = words >= LONG_HEADLINE_WORDS
    support = mean(c.support for c in place) + 0.5 * long + 0.5 * (long and len(place) >= LONG_LIST)
    if support >= MIN_EVIDENCE:
        yield from _headlines(place, support)


def _articles_of(shape: list[_Candidate]) -> Iterator[_Candidate]:
    """Give a shape's articles, or nothing when it is no shape of articles."""
    support = mean(url_evidence(c.canonical) + 1.5 * bool(c.found.date) for c in shape)
    headlines = mean(c.words >= HEADLINE_WORDS for c in shape)
    needed = MIN_EVIDENCE if len(shape) >= MIN_GROUP_LINKS else STRONG_EVIDENCE
    if headlines >= 0.4 and support >= needed:
        yield from _headlines(shape, support)


def _headlines(group: list[_Candidate], support: float) -> Iterator[_Candidate]:
    """Leave out what has nothing of what the others have: an offer among dated stories."""
    shortest = SHORT_HEADLINE_WORDS if support >= STRONG_EVIDENCE - 1 else HEADLINE_WORDS
    supported = mean(c.evidence for c in group) >= MIN_EVIDENCE
    yield from (c for c in group if c.words >= shortest and (c.evidence > 0 or not supported))


def _is_lead(candidate: _Candidate) -> bool:
    """True for a story that stands alone above the lists, as a front's first one."""
    shown = candidate.headed or candidate.found.date
    return bool(shown) and candidate.words >= HEADLINE_WORDS and candidate.support >= MIN_EVIDENCE


def headline_words(text: str) -> float:
    """Count words; two Chinese, Japanese or Korean characters are one."""
    if len(text) > MAX_TITLE_CHARS:
        return 0.0
    return len(_CJK.findall(text)) / 2 + len(_WORD.findall(_CJK.sub(" ", text)))


def url_evidence(canonical: str) -> float:
    """Weigh what an article's address has: a date, a number or hash, a slug, a word, a file."""
    parts = urlsplit(canonical)
    last = parts.path.rpartition("/")[2]
    numbers = [len(number) for number in _DIGITS.findall(f"{last}?{parts.query}")]
    weight = 2.0 if _URL_DATE.search(parts.path) else 0.0
    weight += 1.5 if max(numbers, default=0) >= 4 or _HASH.search(last) else 0.0
    weight += 1.5 if last.count("-") >= 3 or last.count("_") >= 3 else 0.0
    weight += 0.5 if _ARTICLE_FOLDER.search(parts.path) else 0.0
    weight += 0.5 if _PAGE_FILE.search(last) else 0.0  # sections are folders
    return weight


def _agreement(canonical: str, title: str) -> float:
    """Weigh a slug made of the headline's words, as `/companies/ferry-refinancing` has."""
    slug = set(re.findall(r"[a-z]{3,}", urlsplit(canonical).path.rpartition("/")[2].lower()))
    words = set(re.findall(r"[a-z]{3,}", title.lower()))
    return 1.0 if len(slug & words) >= 2 and headline_words(title) >= HEADLINE_WORDS else 0.0


def _form(canonical: str) -> tuple[str, int, bool]:
    """Give the roughest form of an address: host, depth, and whether it names a file."""
    parts = urlsplit(canonical)
    return parts.netloc, parts.path.count("/"), bool(_PAGE_FILE.search(parts.path))


def _shape(canonical: str) -> str:
    """Take out of an address what varies between articles of one kind."""
    parts = urlsplit(canonical)
    *folders, last = parts.path.strip("/").split("/")
    name, dot, extension = last.partition(".")
    kind = "-" if name.count("-") >= 2 else _HASH.sub("#", _DIGITS.sub("#", name))
    if kind == name:
        kind = "*"
    free = kind == "-" or _URL_DATE.search(parts.path)  # the folders are sections
    path = "*" if free else "/".join(_DIGITS.sub("#", folder) for folder in folders)
    query = "&".join(pair.partition("=")[0] for pair in parts.query.split("&"))
    return f"{parts.netloc}/{path}/{kind}{dot}{extension}?{query}"


def _candidates(root: Any, base: str, url: str) -> list[_Candidate]:
    """Gather the page's own links outside its menus, each address with its best headline."""
    found: dict[str, _Candidate] = {}
    here = canonical_url(url)
    for node, address in _addressed(root, base):
        canonical = canonical_url(address)
        if canonical == here or _NOT_ARTICLES.search(canonical) or not same_site(address, url):
            continue
        link = ArticleLink(link=address, title=_title(node), date=_date_beside(node))
        other = _Candidate(canonical=canonical, found=link, node=node, headed=_is_headed(node))
        found[canonical] = _better(found[canonical], other) if canonical in found else other
    return list(found.values())


def _addressed(root: Any, base: str) -> Iterator[tuple[Any, str]]:
    outside: set[Any] = set()  # the elements themselves: lxml's ids don't outlive a reference
    for node in root.iter():
        if node.getparent() in outside or _is_menu(node):
            outside.add(node)
        elif node.tag == "a" and (address := absolute(base, node.get("href", ""))):
            yield node, address.partition("#")[0]


def _is_menu(node: Any) -> bool:
    if node.tag == "header":  # inside an <article> it holds the headline
        return all(above.tag != "article" for above in islice(node.iterancestors(), 12))
    names = f"{node.get('class', '')} {node.get('id', '')}".lower().split()
    return node.tag in _MENU_TAGS or not _MENU_NAMES.isdisjoint(names)


def _better(known: _Candidate, other: _Candidate) -> _Candidate:
    """Prefer the occurrence in a heading, then the one of more words: teasers are linked too."""
    ranks = [(c.headed and c.words > 0, c.words) for c in (known, other)]
    best = known if ranks[0] >= ranks[1] else other
    date = known.found.date or other.found.date
    return replace(best, found=replace(best.found, link=known.found.link, date=date))


def _is_headed(link: Any) -> bool:
    above = islice(link.iterancestors(), 3)
    return any(node.tag in _HEADINGS for node in above) or _heading_in(link) is not None


def _heading_in(link: Any) -> Any:
    return next(link.iter(*_HEADINGS), None)


def _title(link: Any) -> str:
    """Give the headline a link carries: a heading inside it, else its words, else its title."""
    heading = _heading_in(link)
    text = _words(link if heading is None else heading)
    titled = " ".join((link.get("title") or "").split())
    # portals cut the visible words and keep the whole headline in the attribute
    cut = text.endswith(("...", "…")) or headline_words(text) < SHORT_HEADLINE_WORDS
    return titled if titled and cut else text


def _words(node: Any) -> str:
    """Give an element's text without the dates that stand in it by themselves."""
    pieces = [str(piece) for piece in node.itertext()]
    if len(pieces) > 1:
        pieces = [piece for piece in pieces if not _ONLY_A_DATE.fullmatch(piece.strip())]
    return " ".join(" ".join(pieces).split())


def _date_beside(link: Any) -> str:
    return _date_around(link) or _date_before(link)


def _date_before(link: Any) -> str:
    """Give the date in the words before a link, where lines end with <br>, or in its <dt>."""
    previous, parent = link.getprevious(), link.getparent()
    if previous is not None:  # what follows another link is about that one
        return "" if previous.tag == "a" else _first_date([previous.tail])
    if parent is None:
        return ""
    term = parent.getprevious() if parent.tag == "dd" else None
    return _first_date([parent.text, term.text if term is not None else ""])


def _date_around(link: Any) -> str:
    """Give the date in the smallest card around a link that holds one; '' when none does."""
    card = link
    for _ in range(5):
        nodes = list(islice(card.iter(), MAX_CARD_NODES + 1))
        if len(nodes) > MAX_CARD_NODES or _holds_another(nodes, link):
            return ""
        if date := next(filter(None, map(_date_of, nodes)), ""):
            return date
        card = card.getparent()
        if card is None:
            return ""
    return ""


def _holds_another(nodes: list[Any], link: Any) -> bool:
    here = link.get("href")
    others = (node for node in nodes if node.tag == "a" and node.get("href") not in (None, here))
    titles = (node for node in others if not _NOT_ARTICLES.search(node.get("href")))
    return any(headline_words(_words(node)) >= HEADLINE_WORDS for node in titles)


def _date_of(node: Any) -> str:
    if not isinstance(node.tag, str):
        return ""
    return _first_date([node.get("datetime"), node.get("data-time"), node.text, node.tail])


def _first_date(stamps: list[str | None]) -> str:
    texts = (text.strip() for text in stamps if text)
    short = (t for t in texts if 8 <= len(t) <= 60 and any(char.isdigit() for char in t))
    return next(filter(_is_date, short), "")


@lru_cache(maxsize=4096)  # the cards around a link are looked at from the smallest to the largest
def _is_date(text: str) -> bool:
    return parse_date(text, UTC) is not None
