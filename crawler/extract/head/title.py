"""The headline: what the page's several titles agree on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from lxml.etree import _Element as Element

from archive.text.han import count_han
from archive.text.lines import letters
from crawler.extract.head.agreement import Candidate, Decision
from crawler.extract.head.headings import Claims, headings
from crawler.extract.head.metadata import Metadata, plain_value
from crawler.extract.tree import lines, visible_text

_SEPARATOR = re.compile(r"\s+[|｜–—·•»«:-]+\s+|\s*[_｜|ㅣ]\s*|--+")
_CHINESE_SITE = re.compile(
    r"[-—_–\s]+[^-—_–\s]{0,14}(?:网|網|网站|網站|日报|日報|晚报|晚報|新闻|新聞|频道|頻道|中心|官网|官網|时报|時報"
    r"|之家|财经|財經|门户|門戶|电子报|電子報|周刊|週刊|通讯社|通訊社|有限公司|医院|醫院|大学|大學|News)$"
)
_JOINT = re.compile(r"\s*[_|｜–—·•»«:(（-]+\s*")
_SPACE = re.compile(r"[\s_|｜–—·•»«:-]+")
_MIN_TITLE_CHARS = 6
_LONG_TITLE = 20
_SECTION_CHARS = 6  # 新闻动态, 通知公告
_TITLE_LINES = 400
_NOT_MUCH_SHORTER = 0.45  # of the longest part: the first is the headline then
_MOST_JOINTS = 20
_MOST_LINKS_HOME, _SHORTEST_SITE, _LONGEST_SITE = 5, 3, 40
_UNSEEN = ("jsonld", "og", "title", "twitter")
# "23.01.2022 - Copper rises": the day that a template prints before its headline
_DAY = re.compile(
    r"\A(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|\d{4}[./-]\d{1,2}[./-]\d{1,2})\s*[-–—:|]\s+(?=\S.{8})"
)
_KICKED = re.compile(r"\s*\S+[ ][^:]{2,60}:\s+\S")
_WORD, _COMMON_WORDS = re.compile(r"\w{4,}"), 2
_MAX_TITLE_CHARS = 500  # the work on a title grows with the square of its length


def find_title(tree: Element, metadata: Metadata) -> tuple[str, str]:
    """Return the headline and what gave it, as `agreement` words it; ('', '') without one.

    The sources are h1, jsonld, meta (named `headline`), h2, text (a line of the page), og, title,
    heading, twitter; `site` where all that was found is the site's name. A heading that agrees
    with another claim is the headline as the reader sees it, but where that claim knows more of
    it; then a heading that stands alone where no claim is seen; then the JSON-LD headline; then
    og:title and <title> without the site's name, as far as the page shows them; the same unseen.
    """
    head = tree.find(".//title")
    title = plain_value(visible_text(head))[:_MAX_TITLE_CHARS] if head is not None else ""
    og = metadata.first("og:title")[:_MAX_TITLE_CHARS]
    headline = metadata.claim("headline")[:_MAX_TITLE_CHARS]
    told = _Told(tree, metadata, title, og, headline)
    chosen = next(_candidates(told), None)
    if chosen is None:
        return "", ""
    short = chosen.origin in _UNSEEN and len(chosen.value) <= _LONGEST_SITE
    if short and _is_site(chosen.value, _site_names(tree, metadata)):
        return chosen.value, "site"
    return _DAY.sub("", chosen.value, count=1), _evidence(chosen, told)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the page says its title is: to machines, and in its headings."""

    tree: Element
    metadata: Metadata
    title: str
    og: str
    headline: str

    def letters(self) -> Claims:
        parts = (part for claim in (self.title, self.og) for part in _SEPARATOR.split(claim))
        return Claims(
            told=frozenset(letters(claim) for claim in (self.og, self.headline) if claim),
            title=letters(self.title),
            parts=frozenset(map(letters, parts)),
        )

    @property
    def claims(self) -> tuple[str, str, str]:
        return self.title, self.og, self.headline

    def claimed(self) -> Iterator[Candidate[str]]:
        named = (("jsonld", self.headline), ("og", self.og), ("title", self.title))
        return (Candidate(value=v, origin=origin, weight=1.0) for origin, v in named if v)


def _candidates(told: _Told) -> Iterator[Candidate[str]]:
    """The candidates, the weightiest first; each is looked for only where none is above it."""
    site = told.metadata.site_name
    title, og, found = told.title, told.og, headings(told.tree, told.metadata.base, told.letters)
    if heading := _agreed(found, *told.claims, site):
        yield _claimed_better(heading, told) or _of("h1", _inside(heading, *told.claims) or heading)
    if heading := _seen_alone(found, told):
        yield _of("h1", heading)
    if told.headline:
        yield _of("jsonld", told.headline)
    if claim := _meta_headline(told):
        yield _of("meta", claim)
    if heading := _lower(told.tree, title, site):
        yield _of("h2", heading)
    sites = _site_names(told.tree, told.metadata)
    if shown := _shown(told.tree, og, title, sites):
        yield _of("text", shown)
    if heading := _alone(found, site):
        yield _of("h1", heading)
    if og:
        yield _of("og", _without_site(og, title, site, sites))
    if title:
        cut = _cut(title, sites)
        if 0 < count_han(cut) == len(cut) <= _SECTION_CHARS:
            yield from (_of("heading", text) for text in _only_heading(told.tree))
        yield _of("title", cut)
    yield from (_of("h1", heading) for heading in found)
    if twitter := told.metadata.first("twitter:title"):
        yield _of("twitter", twitter)


def _of(origin: str, value: str) -> Candidate[str]:
    return Candidate(value=value, origin=origin, weight=1.0)


def _evidence(chosen: Candidate[str], told: _Told) -> str:
    """Who says the same: a claim with the site's name or a kicker on it does."""
    own = letters(chosen.value)
    agreed: list[Candidate[str]] = [chosen]
    against: list[Candidate[str]] = []
    for claim in told.claimed():
        (agreed if own in letters(claim.value) else against).append(claim)
    return Decision(chosen=chosen, agreed=tuple(agreed), against=tuple(against)).evidence


def _site_names(tree: Element, metadata: Metadata) -> frozenset[str]:
    """The letters of what the site is called: by itself, its host, its link home, its publisher."""
    host = (urlsplit(metadata.base).hostname or "").removeprefix("www.")
    names = [
        metadata.site_name,
        host,
        *host.split(".")[:-1],
        metadata.first("publisher", "copyright"),
    ]
    names += [
        str(o.get("name") or "") for o in metadata.objects if "WebSite" in str(o.get("@type"))
    ]
    home = (link for link in tree.iter("a") if link.get("href") in ("/", "./", f"https://{host}/"))
    for link in islice(home, _MOST_LINKS_HOME):
        picture = next(link.iter("img"), None)
        named = picture.get("alt") if picture is not None else ""
        names += [visible_text(link), named or "", link.get("title") or ""]
    return frozenset(key for name in names if len(key := letters(name)) >= _SHORTEST_SITE)


def _is_site(part: str, sites: frozenset[str]) -> bool:
    own = letters(part)
    return not own or own in sites or any(own in (f"the{site}", f"{site}com") for site in sites)


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
    support += len(in_title) >= _LONG_TITLE and own.endswith(in_title)
    support += bool(in_og) and (own in in_og or (len(in_og) >= 8 and in_og in own))
    return support + (bool(in_headline) and in_headline in own)


def _claimed_better(heading: str, told: _Told) -> Candidate[str] | None:
    """What og:title says where it knows more of the headline than the page's first heading.

    A kicker of words that og:title, JSON-LD and <title> all put before the heading belongs to it;
    one word is a section's name. And a headline in an <h2> that og:title repeats outweighs a
    heading above it that only <title> agrees to: that is the subject's name.
    """
    own, og, headline, title = map(letters, (heading, told.og, told.headline, told.title))
    if not og or own == og:
        return None
    if og == headline and title.startswith(og) and og.endswith(own) and _KICKED.match(told.og):
        return None if _has_site(og.removesuffix(own), told) else _of("og", told.og)
    apart = own not in og and og not in own
    if apart and own in title and own not in headline and len(og) >= _MIN_TITLE_CHARS:
        below = (e for e in told.tree.iter("h2") if letters(visible_text(e)) == og)
        own_text = (
            e for e in below if next(e.iterancestors("aside", "nav", "footer"), None) is None
        )
        return next((_of("h2", visible_text(e)) for e in own_text), None)
    return None


def _has_site(kicker: str, told: _Told) -> bool:
    """Whether the letters before a headline are, hold or begin the outlet's own name."""
    sites = _site_names(told.tree, told.metadata)
    return any(site in kicker or kicker in site for site in sites)


def _meta_headline(told: _Told) -> str:
    """`<meta name="headline">` where og:title or <title> begins with it: templates leave in it
    what they please."""
    claim = told.metadata.first("headline")[:_MAX_TITLE_CHARS]
    own = letters(claim)
    agreed = any(letters(other).startswith(own) for other in (told.og, told.title))
    return claim if len(own) >= _MIN_TITLE_CHARS and agreed else ""


def _seen_alone(found: list[str], told: _Told) -> str:
    """The one long heading, where what the page claims to machines is no line that readers see.

    It must be of the same matter: two words of it are in a claim.
    """
    heading = _alone(found, told.metadata.site_name)
    if not heading or not (told.headline or told.og):
        return ""
    claims = [letters(told.headline), letters(told.og)]
    shown = {letters(line) for line in lines(told.tree)[bool(told.title) : _TITLE_LINES]}
    seen = any(claim in shown for claim in claims if claim)
    claimed = set(_WORD.findall(f"{told.headline} {told.og} {told.title}".lower()))
    common = claimed.intersection(_WORD.findall(heading.lower()))
    return "" if seen or len(common) < _COMMON_WORDS else heading


def _only_heading(tree: Element) -> list[str]:
    """The one heading of the page that is a Chinese headline's length and leads nowhere.

    For sites whose <title> is the section's name on every page.
    """
    found = (e for e in tree.iter("h2", "h3", "h4", "h5", "h6") if next(e.iter("a"), None) is None)
    unlinked = (e for e in found if next(e.iterancestors("a"), None) is None)
    texts = [text for text in map(visible_text, unlinked) if count_han(text) >= 10]
    return texts if len(texts) == 1 else []


def _inside(heading: str, title: str, og: str, headline: str) -> str:
    """The claim that begins or ends a longer heading (a date, a kicker in it), told twice."""
    whole, claims = letters(heading), [claim for claim in (headline, og) if claim]
    if whole in map(letters, claims) or whole in letters(title):
        return ""
    if (rest := heading.rpartition(":")[2].strip()) and letters(rest) == letters(title):
        return rest
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


def _shown(tree: Element, og: str, title: str, sites: frozenset[str]) -> str:
    """The longest beginning of og:title, or of <title> without one, that is a line of the page.

    Or what follows the site's or the section's name in it, where that is. Of <title> never the
    whole: pages print it in their breadcrumbs, site and all.
    """
    # of the whole tree, as a part of it would be copied; its first line is <title>
    shown = {letters(line) for line in lines(tree)[bool(title) : _TITLE_LINES]}
    claim, cut = (og, _JOINT) if og else (title, _SPACE)
    ends = [match.start() for match in cut.finditer(claim)] + [len(og)]
    starts = (claim[:end] for end in reversed(ends) if end >= _MIN_TITLE_CHARS)
    beginning = next((s for s in starts if letters(s) in shown and not _is_site(s, sites)), "")
    later = [claim[match.end() :] for match in islice(_JOINT.finditer(claim), _MOST_JOINTS)]
    later += [_SEPARATOR.split(text)[0] for text in later]
    fitting = (t for t in later if len(letters(t)) >= _MIN_TITLE_CHARS and letters(t) in shown)
    end = max((text for text in fitting if not _is_site(text, sites)), key=len, default="")
    return beginning if len(beginning) >= _NOT_MUCH_SHORTER * len(end) else end


def _without_site(og: str, title: str, site: str, sites: frozenset[str]) -> str:
    if re.match(r'\s*"', title.removeprefix(og)) and title.startswith(
        og
    ):  # the attribute was cut at a quotation mark of the headline
        return _cut(title, sites)
    if (bare := _without_prefix(og, sites)) != og:
        return bare
    if site:
        match = re.fullmatch(rf"(.{{6,}}?)\s*[-|–—_·:»]+\s*{re.escape(site)}\s*", og, re.I)
        if match:
            return match[1].strip()
    return _cut(og, sites) if letters(og) == letters(title) else og


def _without_prefix(title: str, sites: frozenset[str]) -> str:
    """A title without the site's name that a colon or dash joins to its front."""
    for match in islice(_JOINT.finditer(title), _MOST_JOINTS):
        rest = title[match.end() :]
        if len(letters(rest)) >= _MIN_TITLE_CHARS and _is_site(title[: match.start()], sites):
            return rest
    return title


def _cut(title: str, sites: frozenset[str]) -> str:
    """<title> without the site's name: its first part, unless another is twice as long."""
    title = _without_prefix(title.strip(), sites)
    parts = [part for part in _SEPARATOR.split(title.strip()) if part.strip()]
    parts = [part for part in parts if not _is_site(part, sites)] or parts
    if len(parts) == 1:
        title = parts[0]
    elif parts:
        longest = max(parts, key=len)
        title = parts[0] if len(parts[0]) >= _NOT_MUCH_SHORTER * len(longest) else longest
    while len(shorter := _CHINESE_SITE.sub("", title)) >= _MIN_TITLE_CHARS and shorter != title:
        title = shorter
    return title.strip()
