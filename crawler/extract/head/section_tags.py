"""Section, tags, summary and language: what files an article under what."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import islice
from typing import Any

from archive.text.han import count_han
from crawler.extract.head.metadata import Metadata, plain_value
from crawler.extract.outline import PageOutline
from crawler.extract.tree import is_chinese, visible_text

_CRUMBS = ("crumb", "mbx", "position")
_MOST_CRUMBS = 6
_HOME = re.compile(
    r"home|start(?:seite)?|首页|主页|网站首页|当前位置|index|you are here|news", re.I
)
_KEYWORDS = ("article:tag", "og:article:tag", "news_keywords", "parsely-tags", "keywords")
_MAX_TAGS = 20
_LANGUAGE_SAMPLE_CHARS = 3000
_WORD = re.compile(r"[^\W\d_]+")
_FEWEST_WORDS = 30
_SMALL_WORDS = frozenset(
    _WORD.findall(
        "a an and are as at be but by for from had has have he his in is it its not of on or said"
        " that the their they this to was were which will with"
    )
)


def find_section(page: PageOutline, metadata: Metadata) -> tuple[str, str]:
    """The name of the section and what gave it.

    JSON-LD, meta, else the last breadcrumb but the article's own; ('', '') without one.
    """
    if stated := _fitting(_strings(metadata.article.get("articleSection"))):
        return stated, "jsonld"
    names = ("article:section", "parsely-section", "section", "category", "channel")
    if tagged := _fitting((metadata.first("article:section"), metadata.first(*names[1:]))):
        return tagged, "meta"
    crumb = _fitting(_crumbs(page))
    return crumb, "breadcrumb" if crumb else ""


def _fitting(claims: Iterable[str]) -> str:
    return next((c for claim in claims if 0 < len(c := plain_value(claim)) <= 40), "")


def _crumbs(page: PageOutline) -> list[str]:
    """The breadcrumbs but the home page's, the nearest first."""
    trails = page.named(_names_trail)
    links = dict.fromkeys(link for trail in trails for link in trail.iterdescendants("a"))
    crumbs = [visible_text(link) for link in islice(links, _MOST_CRUMBS)]
    return [crumb for crumb in reversed(crumbs) if not _HOME.fullmatch(crumb)]


def _names_trail(named: str, key: str) -> bool:
    return any(crumb in named for crumb in _CRUMBS) or "breadcrumb" in key


def find_tags(metadata: Metadata) -> tuple[tuple[str, ...], str]:
    """Keywords of JSON-LD and meta tags, without repeats, in their order, and what gave them."""
    stated = list(_strings(metadata.article.get("keywords")))
    tagged = [value for name in _KEYWORDS for value in metadata.meta.get(name, ())]
    tags: dict[str, str] = {}
    for claim in (*stated, *tagged):
        for tag in re.split(r"[,;，；、|]|\s{2,}", plain_value(claim)):
            if 0 < len(tag := tag.strip()) <= 40:
                tags.setdefault(tag.casefold(), tag)
    given = [name for name, claims in (("jsonld", stated), ("meta", tagged)) if claims]
    return tuple(tags.values())[:_MAX_TAGS], " and ".join(given) if tags else ""


def find_summary(metadata: Metadata) -> tuple[str, str]:
    """The site's own summary in one paragraph and what gave it; ('', '') without one."""
    if tagged := metadata.first("og:description", "description", "twitter:description"):
        return tagged[:1000], "meta"
    stated = metadata.claim("description")[:1000]
    return stated, "jsonld" if stated else ""


def find_language(metadata: Metadata | None, text: str, given: str) -> tuple[str, str]:
    """Return the language as `zh`, `en`, … and what gave it.

    What the caller gives wins, then the page's claim where the script allows it (Chinese sites
    leave `lang="en"` of a template), then the text itself.
    """
    if code := language_code(given):
        return code, "source"
    chinese = is_chinese(text)
    for claim in _language_claims(metadata) if metadata else ():
        if (code := language_code(claim)) and (code == "zh") == chinese:
            return code, "page"
    return ("zh", "text") if chinese else (_detected(text[:_LANGUAGE_SAMPLE_CHARS]), "text")


def _language_claims(metadata: Metadata) -> tuple[str, ...]:
    tagged = metadata.first("og:locale", "content-language", "language")
    return metadata.claim("inLanguage"), metadata.language, tagged


def language_code(claim: str) -> str:
    """The primary subtag of a language tag (RFC 5646): `zh-Hans-CN` is zh, `cn` too."""
    match = re.match(r"[A-Za-z]{2,3}(?![A-Za-z])", claim.strip())
    code = match[0].lower() if match else ""
    return "zh" if code in ("cn", "chs", "cht") else code


def _detected(text: str) -> str:
    if len(text.strip()) < 20 and not count_han(text):
        return ""
    if _is_english(text):
        return "en"
    import py3langid  # loads its model: 68 MB and 0.2 s that most pages save

    return str(py3langid.classify(text)[0])


def _is_english(text: str) -> bool:
    """Tell by its small words; False where they don't decide. Of 280 English pages it knows 264, of
    414 others it takes none for one."""
    words = [word.lower() for word in _WORD.findall(text)]
    if len(words) < _FEWEST_WORDS:
        return False
    counts = Counter(words)
    small = sum(counts[word] for word in _SMALL_WORDS)
    return counts["the"] >= len(words) / 100 and small >= len(words) / 4


def _strings(value: Any) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(item for item in value if isinstance(item, str))
    return (value,) if isinstance(value, str) else ()
