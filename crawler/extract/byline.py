"""The persons who wrote the article: no agencies, no editors, no sites."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from lxml.etree import _Element as Element
from trafilatura.metadata import extract_author

from crawler.extract.metadata import Json, Metadata, clean
from crawler.extract.tree import letters, lines, marks, select, visible_text

_META = (
    "parsely-author", "sailthru.author", "author", "article:author", "og:article:author", "byl",
    "dc.creator", "dcterms.creator", "citation_author", "cxenseparse:author", "article.author",
)  # fmt: skip
_BY = re.compile(
    r"^\s*(?:(?:written|reported|story|words|posted|published)\s+)?(?:by|von|par|por|di|door|av)\s*:?\s+",
    re.I,
)
_BETWEEN = re.compile(r"\s*(?:;|\||/|•|\n|、|，)\s*|\s+(?:and|und|et|y|e|&|with)\s+", re.I)
_COMMA = re.compile(r",\s+(?!(?:jr|sr|md|phd|ii|iii)\b)", re.I)
_NO_PERSON = re.compile(
    r"(?:the\s)?(?:admin|administrator|author|editors?|staff|newsroom|news\s?desk|editorial|redaktion"
    r"|redaction|redacción|rédaction|redazione|redactie|redacao|redação|unknown|anonymous|guest|webmaster"
    r"|news|web|online|desk|wire|press\srelease|contributor|reuters|afp|dpa|apa|ansa|efe|xinhua|bloomberg"
    r"|associated\spress|ap|upi|kyodo|tass|pa\smedia|press\sassociation|agence\sfrance-presse"
    r"|business\swire|pr\snewswire|globe\s?newswire|sid|epd|kna|lusa|belga|ats|sda|ntb|tt|ritzau)",
    re.I,
)
_COMMENTER = re.compile(
    r"\b(?:says|sagt|schreibt|dit|said|wrote|uhr|on|erforderlich|required)$", re.I
)
_DESK = re.compile(
    r"\b(?:staff|desk|team|editor(?:s|ial)?|redaktion|redacción|rédaction|redazione|agenc[iy]\w*"
    r"|newsroom|correspondents|reporters|news|press|magazine|media|network|online|service|department|category|profil|autor|author|auteurs|stand|name|board|digital|tv|radio)\b"
    r"|\.(?:com|net|org|de|co|at|fr|cn)\b|https?:|@|\d{3}|www\.",
    re.I,
)
_ROLE = re.compile(
    r"\s*[,|–—-]\s*(?:senior|chief|deputy|political|business|economics?|finance|financial|markets?|staff"
    r"|special|associate|managing|contributing|guest|sports?|news|technology|science|health|cnn|bbc|ap)?\s*"
    r"(?:reporter|writer|editor|correspondent|columnist|analyst|contributor|journalist|producer|author"
    r"|fellow|professor)\b.*$",
    re.I,
)
_ROLE_ALONE = re.compile(
    r"(?:[\w-]+ ){0,3}(?:reporter|writer|editor|correspondent|columnist|analyst|contributor"
    r"|journalist|producer|fellow|professor)s?",
    re.I,
)
_ELSEWHERE = re.compile(r"comment|reply|related|sidebar|teaser|recommend|author-bio", re.I)
_FRAMES = ("html", "body", "article", "main")  # "comments-open" is no comment
_CAPITAL = r"[A-ZÀ-ÞŠŽ][\w.'’-]*"
_LATIN_NAME = (
    rf"{_CAPITAL}(?: (?:de|la|van|von|der|den|di|da|dos|del|bin|al))*(?: {_CAPITAL}){{1,3}}"
)
_LINE = re.compile(
    r"(?:[Bb]y|BY|[Vv]on|VON|[Pp]ar|[Pp]or|Di|Door|Av|Autor(?:in|es)?|Authors?|Text|Written by"
    r"|Posted by|Geschrieben von|Reporting by|Publié par)\s*:?\s+"
    rf"(?P<n>{_LATIN_NAME}(?:(?:, | and | und | et | y | & ){_LATIN_NAME}){{0,3}})"
    r"(?:\s*[,|–—(•·-].{0,60}|\s+\d.{0,40}|\s+(?:am|on|le|el|il)\b.{0,40})?"
)
_BYLINE_CLASSES = (
    "author-name", "author__name", "authorName", "author_name", "byline__name", "byline-name",
    "byline__author", "article-author", "article__author", "c-byline__author", "ArticleAuthor",
    "story-byline", "article-byline", "entry-author", "author-link",
)  # fmt: skip
_BYLINES = (
    './/*[@rel="author"] | .//*[@itemprop="author"]//*[@itemprop="name"]'
    ' | .//*[@itemprop="author"][not(.//*[@itemprop="name"])] | '
    + " | ".join(f'.//*[contains(@class,"{name}")]' for name in _BYLINE_CLASSES)
)

_NAME = r"[\u4e00-\u9fa5·]{2,4}"
_NAMES = rf"{_NAME}(?:[ \u3000、，,&]+{_NAME}){{0,4}}"
_ZH_LINE = re.compile(
    rf"[【（(]?(?:执笔|文|采写|撰文|.{{0,12}}作者|.{{0,8}}记者)\s*[/:：丨| \u3000]\s*"
    rf"(?P<n>{_NAMES})(?:[ \u3000]*(?:文|摄|报道|发自.{{1,6}}))?[】）)]?"
)
_ZH_HEAD = re.compile(
    rf"[（(【][^（()）【】]{{0,14}}?(?:记者|通讯员|作者)\s*[:：]?\s*(?P<n>{_NAMES})(?![\u4e00-\u9fa5])"
)
_ZH_LEAD = re.compile(rf"(?:记者|作者)\s*[:：]?\s*(?P<n>{_NAMES})\s*(?:报道|[）)】]|[）)]?电|$)")
_ZH_TAIL = re.compile(
    rf"(?:记者|作者|采写|撰文|文)\s*[:：/|]?\s*(?P<n>{_NAMES})\s*(?:报道)?[）)】]?\s*$"
)
_ZH_PAGE = re.compile(rf"(?:作者|记者|撰文)\s*[:：]\s*(?P<n>{_NAMES})(?![\u4e00-\u9fa5])")
_ZH_NO_PERSON = re.compile(
    r"整合|综合|报道|编译|整理|记者|作者|编辑|来源|最新|文章|网络|本报|本网|摄影|未知|全部|简介|佚名|匿名|发布"
    r"|网|报|社|新闻|中心|频道|财经|公司|日报|晚报|电视|客户端|责任|时间|通讯员|小编|观察|证券|研究|平台"
)


def find_authors(
    tree: Element, metadata: Metadata, *, url: str, text: str, chinese: bool
) -> tuple[tuple[str, ...], str]:
    """Return the authors and what gave them (jsonld, meta, microdata, byline, text).

    JSON-LD first, without its organisations; on Chinese pages then the byline as printed, which
    is kept with more care than their meta tags; elsewhere meta tags, then the printed byline.
    """
    avoid = _site_words(metadata, url)
    claims = _chinese_claims(tree, metadata, text) if chinese else _claims(tree, metadata)
    for origin, claimed in claims:
        if names := persons(claimed, avoid=avoid):
            return names, origin
    return (), ""


Claims = Iterator[tuple[str, Iterable[str]]]


def _claims(tree: Element, metadata: Metadata) -> Claims:
    yield "jsonld", _from_jsonld(metadata)
    for name in _META:
        yield "meta", metadata.meta.get(name, ())
    yield "byline", _printed(tree, _BYLINES)
    yield "text", _line(tree)
    yield "byline", _found_by_trafilatura(tree)


def _chinese_claims(tree: Element, metadata: Metadata, text: str) -> Claims:
    yield "jsonld", _from_jsonld(metadata)
    yield "text", _chinese_text(text)
    yield "byline", _chinese_page(tree)
    yield "meta", _chinese_meta(metadata)


def persons(claims: Iterable[str], *, avoid: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Split bylines into persons: "By A and B", "A、B"; drops agencies, desks and the site."""
    found: dict[str, str] = {}
    for claim in claims:
        for name in _split(re.sub(r"https?:\S+|\S+@\S+", " ", clean(claim))):
            key = letters(name)
            if key not in avoid and _is_person(name):
                found.setdefault(key, name)
    return tuple(found.values())[:12]


def _split(claim: str) -> Iterator[str]:
    claim = _BY.sub("", claim)
    for part in _BETWEEN.split(claim):
        for name in _COMMA.split(part):
            yield _ROLE.sub("", _BY.sub("", name)).strip(" ,.|-–—:（）()")


def _is_person(name: str) -> bool:
    if not 2 <= len(name) <= 45 or len(name.split()) > 5 or re.fullmatch(r"[\W\d_]+", name):
        return False
    if re.search(r"[\u4e00-\u9fa5]{2}", name):
        return not _ZH_NO_PERSON.search(name)
    if _ROLE_ALONE.fullmatch(name):
        return False
    return not (_NO_PERSON.fullmatch(name) or _DESK.search(name) or _COMMENTER.search(name))


def _site_words(metadata: Metadata, url: str) -> frozenset[str]:
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    names = [metadata.site_name, host, host.split(".")[0]]
    return frozenset(letters(name) for name in names if name)


def _from_jsonld(metadata: Metadata) -> Iterator[str]:
    by_id = {item["@id"]: item for item in metadata.objects if isinstance(item.get("@id"), str)}
    author = metadata.article.get("author") or metadata.article.get("creator")
    for item in author if isinstance(author, list) else [author]:
        yield from _ld_names(item, by_id)


def _ld_names(item: Any, by_id: dict[str, Json]) -> Iterator[str]:
    if isinstance(item, str):
        yield item
    if not isinstance(item, dict) or "Organization" in str(item.get("@type")):
        return
    if not item.get("name"):
        item = by_id.get(str(item.get("@id")), {})
    name = item.get("name")
    yield from (n for n in (name if isinstance(name, list) else [name]) if isinstance(n, str))


def _printed(tree: Element, xpath: str) -> Iterator[str]:
    """The page's printed bylines; a second element only while it repeats the first's place."""
    elements = [e for e in select(tree, xpath)[:20] if not _among_comments(e)][:6]
    found = [text for e in elements if 3 < len(text := visible_text(e)) < 120]
    by = [text for text in found if _BY.match(text)]
    yield from (by or found)[:3]


def _line(tree: Element) -> Iterator[str]:
    """The first line of the page that is a byline: "By Ann Lee and Bo Ek"."""
    body = tree.find(".//body")
    for line in lines(body)[:500] if body is not None else ():
        if len(line) < 160 and (match := _LINE.fullmatch(line)):
            yield match["n"]
            return


def _among_comments(element: Element) -> bool:
    around = (element, *element.iterancestors())
    return any(_ELSEWHERE.search(marks(node)) for node in around if node.tag not in _FRAMES)


def _found_by_trafilatura(tree: Element) -> Iterator[str]:
    """trafilatura's own rules for bylines, where the page's machine-readable ones are silent."""
    yield from (extract_author(tree) or "").split(";")


def _chinese_text(text: str) -> Iterator[str]:
    paragraphs = text.split("\n\n")
    for line in paragraphs[:2] + paragraphs[-2:]:
        if match := _ZH_LINE.fullmatch(line):
            yield from _chinese_names(match)
            return
    tries = (_ZH_HEAD.search(text[:300]), _ZH_LEAD.search(text[:150]), _ZH_TAIL.search(text[-80:]))
    for match in tries:
        if match and (names := list(_chinese_names(match))):
            yield from names
            return


def _chinese_names(match: re.Match[str]) -> Iterator[str]:
    for name in re.split(r"[ \u3000、，,&]+", match["n"]):
        if not name.startswith("的"):
            yield re.sub(r"(?<=..)(?:报道|文|摄)$", "", name)


def _chinese_page(tree: Element) -> Iterator[str]:
    body = tree.find(".//body")
    for line in lines(body)[:400] if body is not None else ():
        if len(line) < 120 and (match := _ZH_PAGE.search(line)):
            yield from _chinese_names(match)
            return
    for element in select(tree, './/*[contains(@class,"author") or contains(@id,"author")]')[:3]:
        name = re.split(r"[\s|：:]", visible_text(element))[0]
        if 2 <= len(name) <= 8:
            yield name
            return


def _chinese_meta(metadata: Metadata) -> Iterator[str]:
    for name in _META:
        for value in metadata.meta.get(name, ()):
            if match := re.fullmatch(rf"(?P<n>{_NAMES})", value.strip()):
                yield from _chinese_names(match)
