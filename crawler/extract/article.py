"""The bytes of a page become an article."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo

from lxml.html import HtmlElement

from archive.model import Article, Reason, Rejection
from archive.text.han import count_han
from config.model import BodyRules
from crawler.extract.body.body import Body, Head, find_body
from crawler.extract.body.gallery import gallery_images
from crawler.extract.body.images import find_lead_image
from crawler.extract.body.site_lines import Learned
from crawler.extract.body.streams import place_streams
from crawler.extract.head.byline import find_authors
from crawler.extract.head.metadata import Metadata, read_metadata
from crawler.extract.head.origin import find_origin
from crawler.extract.head.publication import find_published, find_updated
from crawler.extract.head.section_tags import find_language, find_section, find_summary, find_tags
from crawler.extract.head.title import find_title
from crawler.extract.multipage import find_next_page
from crawler.extract.outline import PageOutline
from crawler.extract.refusal import is_guess, paywall_claim, refuse_bytes, refuse_text
from crawler.extract.tree import first_text, has_more, is_chinese, parse_html, seen_text
from crawler.text.addresses import absolute
from crawler.text.charset import decode

_SAMPLES_CHARS = (1_000, 20_000)
_MAX_ELEMENTS = 40_000  # 3 s; the corpus' largest page has 9,700
_LEAST_NAME, _MOST_NAME = 4, 60
NO_RULES = BodyRules()
_BEIJING = ZoneInfo("Asia/Shanghai")


def extract_article(
    html: bytes,
    *,
    url: str,
    content_type: str = "",
    language: str = "",
    zone: tzinfo | None = None,
    rules: BodyRules = NO_RULES,
    boilerplate: Collection[str] = frozenset(),
    feed_text: str = "",
) -> Article | Rejection:
    """Turn a fetched page into an article, or say why it is none.

    `content_type` is the HTTP header; `language` the source's when known; `zone` that of times
    which name none (None: Beijing's on a Chinese page, else UTC); `rules` the user's own for the
    body; `boilerplate` the lines and addresses of images known to recur on the site;
    `feed_text` the full text that the outlet's own feed has, as HTML. `published` is None when the
    page shows no date. Pure: no network, clock or disk. Never raises for what a page may contain:
    what a library chokes on is a Rejection for `parser error`. 20 ms typical.
    """
    if refused := refuse_bytes(html, content_type):
        return refused
    try:
        learned = Learned.of(boilerplate, rules)
        head = Head(base="", title="", chinese=False, learned=learned, url=url, feed=feed_text)
        return _extract(decode(html, content_type), head, language, zone, rules)
    except (MemoryError, KeyboardInterrupt):
        raise
    except Exception as error:  # a page may break any of five libraries; it costs that page only
        return Rejection(
            reason=Reason.PARSER_ERROR, detail=f"{type(error).__name__}: {error}"[:300]
        )


def _extract(
    text: str, known: Head, language: str, zone: tzinfo | None, rules: BodyRules
) -> Article | Rejection:
    tree = parse_html(text)
    if tree is None or has_more(tree, _MAX_ELEMENTS):
        return _refuse_tree(tree)
    place_streams(tree)
    url, learned = known.url, known.learned
    metadata = read_metadata(tree, url)
    title, title_from = find_title(tree, metadata)
    chinese = language.lower().startswith("zh") or _looks_chinese(tree)
    zone = zone or (_BEIJING if chinese else UTC)
    published = find_published(tree, metadata, url, zone)
    next_page = find_next_page(tree, metadata, url)
    names = _claimed_names(metadata)
    head = replace(known, base=metadata.base, title=title, chinese=chinese, names=names)
    body = find_body(tree, metadata, head, rules)
    refused = refuse_text(tree, metadata, title=title, body=body)
    if refused and not is_guess(refused, metadata, body):
        return refused
    assert body is not None  # an empty text is refused beyond doubt
    body = _with_gallery(body, tree, metadata.base)
    page = PageOutline(tree)
    authors, authors_from = find_authors(
        page, metadata, url=url, text=body.unlearned, chinese=chinese
    )
    found = Article(
        url=url,
        title=title,
        text=body.text,
        markdown=body.markdown,
        authors=authors,
        published=published.when if published else None,
        published_from=published.origin if published else "",
        published_claimed=published.claim if published else "",
        images=body.images,
        next_page=next_page,
        evidence=_evidence(
            title=title_from,
            authors=authors_from,
            published=published.evidence if published else "",
            text=body.origin,
            confidence=body.opinion.evidence,
        ),
        confidence=body.opinion.confidence,
        boilerplate=body.boilerplate,
    )
    found = _labelled(_dressed(found, metadata, body, learned, language, zone), page, metadata)
    return replace(refused, article=found) if refused else found


def _dressed(
    article: Article,
    metadata: Metadata,
    body: Body,
    learned: Learned,
    language: str,
    zone: tzinfo,
) -> Article:
    """The article with its language, its lead image and the time of its last change."""
    updated, updated_from = find_updated(metadata, zone)
    code, language_from = find_language(metadata, body.text, language)
    image, image_from, site_image = _lead_image(metadata, body, learned)
    evidence = _evidence(updated=updated_from, language=language_from, image=image_from)
    return replace(
        article,
        updated=updated,
        language=code,
        image=image,
        evidence=(*article.evidence, *evidence),
        boilerplate=(*article.boilerplate, *site_image),
    )


def _refuse_tree(tree: HtmlElement | None) -> Rejection:
    if tree is None:
        return Rejection(reason=Reason.NOT_HTML, detail="no element")
    return Rejection(reason=Reason.PARSER_ERROR, detail=f"over {_MAX_ELEMENTS:,} elements")


def _labelled(article: Article, page: PageOutline, metadata: Metadata) -> Article:
    """The article with what files it under something, and the evidence for that."""
    section, section_from = find_section(page, metadata)
    tags, tags_from = find_tags(metadata)
    summary, summary_from = find_summary(metadata)
    paywalled_from = paywall_claim(metadata)
    origin, origin_from = find_origin(page, metadata, article)
    evidence = _evidence(
        section=section_from,
        tags=tags_from,
        summary=summary_from,
        paywalled=paywalled_from,
        origin=origin_from,
    )
    return replace(
        article,
        section=section,
        tags=tags,
        summary=summary,
        paywalled=bool(paywalled_from),
        canonical=_canonical(metadata),
        origin=origin,
        evidence=(*article.evidence, *evidence),
    )


def _looks_chinese(tree: HtmlElement) -> bool:
    """Most pages show by their title and menus that they are not; the rest are read further."""
    head, sample = _SAMPLES_CHARS
    return bool(count_han(first_text(tree, head))) and is_chinese(seen_text(tree)[:sample])


def _claimed_names(metadata: Metadata) -> tuple[str, ...]:
    """Whom the page names to machines, unchecked: by these a box about its author is known."""
    author = metadata.article.get("author")
    claims = [
        a.get("name") if isinstance(a, dict) else a
        for a in (author if isinstance(author, list) else [author])
    ]
    named = (name.strip() for name in [*claims, metadata.first("author")] if isinstance(name, str))
    return tuple(name for name in named if _LEAST_NAME < len(name) < _MOST_NAME)


def _with_gallery(body: Body, tree: HtmlElement, base: str) -> Body:
    """A gallery's pictures follow its text: which belongs to which sentence, no page says."""
    images = () if body.images else gallery_images(tree, base)
    shown = "\n\n".join(f"![]({address})" for address in images)
    if not images:
        return body
    return replace(body, images=images, markdown=f"{body.markdown}\n\n{shown}")


def _lead_image(
    metadata: Metadata, body: Body, learned: Learned
) -> tuple[str, str, tuple[str, ...]]:
    """The lead image, what gave it, and the site's own that stood in for one, if it did."""
    image, origin = find_lead_image(metadata, body.images)
    if not (known := learned.image(image)):
        return image, origin, ()
    return (body.images[0], "body", (known,)) if body.images else ("", "", (known,))


def _canonical(metadata: Metadata) -> str:
    links = metadata.links.get("canonical") or [metadata.first("og:url")]
    return absolute(metadata.base, links[0]) if links[0] else ""


def _evidence(**origins: str) -> tuple[tuple[str, str], ...]:
    return tuple((field, origin) for field, origin in origins.items() if origin)
