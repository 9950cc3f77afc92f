"""The bytes of a page become an article."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, tzinfo

from lxml.html import HtmlElement

from archive.model import Article, Reason, Rejection
from config.model import BodyRules
from crawler.extract.body import Body, body_of_claim, find_body
from crawler.extract.byline import find_authors
from crawler.extract.charset import decode
from crawler.extract.images import find_lead_image
from crawler.extract.labels import find_language, find_section, find_summary, find_tags
from crawler.extract.learned import Learned
from crawler.extract.metadata import Metadata, absolute, read_metadata
from crawler.extract.multipage import find_next_page
from crawler.extract.published import find_published, find_updated
from crawler.extract.refusal import is_paywalled, refuse_bytes, refuse_text
from crawler.extract.title import find_title
from crawler.extract.tree import is_chinese, parse_html, visible_text, weight

_CLAIM_BELOW = 60  # words: below this the page is a teaser or a script shows its text
NO_RULES = BodyRules()


def extract_article(
    html: bytes,
    *,
    url: str,
    content_type: str = "",
    language: str = "",
    zone: tzinfo = UTC,
    rules: BodyRules = NO_RULES,
    boilerplate: Collection[str] = frozenset(),
) -> Article | Rejection:
    """Turn a fetched page into an article, or say why it is none.

    `content_type` is the HTTP header; `language` the source's when known; `zone` that of times
    which name none; `rules` the user's own for the body; `boilerplate` the lines and addresses of
    images known to recur on the site. `published` is None when the page shows no date. Pure: no
    network, clock or disk. Never raises for what a page may contain: what a library chokes on is
    a Rejection for `parser error`. 20 ms typical.
    """
    if refused := refuse_bytes(html, content_type):
        return refused
    try:
        learned = Learned.of(boilerplate, rules)
        return _extract(decode(html, content_type), url, language, zone, rules, learned)
    except (MemoryError, KeyboardInterrupt):
        raise
    except Exception as error:  # a page may break any of five libraries; it costs that page only
        return Rejection(
            reason=Reason.PARSER_ERROR, detail=f"{type(error).__name__}: {error}"[:300]
        )


def _extract(
    text: str, url: str, language: str, zone: tzinfo, rules: BodyRules, learned: Learned
) -> Article | Rejection:
    tree = parse_html(text)
    if tree is None:
        return Rejection(reason=Reason.NOT_HTML, detail="no element")
    metadata = read_metadata(tree, url)
    title, title_from = find_title(tree, metadata)
    chinese = language.lower().startswith("zh") or is_chinese(visible_text(tree)[:20_000])
    published = find_published(tree, metadata, url, zone)
    next_page = find_next_page(tree, metadata, url)
    body = _body(tree, metadata, title=title, chinese=chinese, rules=rules, learned=learned)
    if refused := refuse_text(tree, metadata, title=title, body=body):
        return refused
    assert body is not None  # an empty text was refused as too short
    authors, authors_from = find_authors(
        tree, metadata, url=url, text=body.unlearned, chinese=chinese
    )
    code, language_from = find_language(metadata, body.text, language)
    image, image_from, site_image = _lead_image(metadata, body, learned)
    return Article(
        url=url,
        title=title,
        text=body.text,
        markdown=body.markdown,
        authors=authors,
        published=published.when if published else None,
        published_from=published.origin if published else "",
        published_claimed=published.claim if published else "",
        updated=find_updated(metadata, zone),
        language=code,
        section=find_section(tree, metadata),
        tags=find_tags(metadata),
        summary=find_summary(metadata),
        image=image,
        images=body.images,
        paywalled=is_paywalled(metadata),
        canonical=_canonical(metadata),
        next_page=next_page,
        evidence=_evidence(
            title=title_from,
            published=published.origin if published else "",
            authors=authors_from,
            body=body.origin,
            language=language_from,
            image=image_from,
        ),
        boilerplate=(*body.boilerplate, *site_image),
    )


def _body(
    tree: HtmlElement,
    metadata: Metadata,
    *,
    title: str,
    chinese: bool,
    rules: BodyRules,
    learned: Learned,
) -> Body | None:
    """The page's body, or the JSON-LD articleBody where the page has hardly any text.

    Not the other way round: the claim is often cut short.
    """
    body = find_body(
        tree, base=metadata.base, title=title, chinese=chinese, rules=rules, learned=learned
    )
    found = weight(body.text) if body else 0
    claim = metadata.article.get("articleBody")
    if found >= _CLAIM_BELOW or not isinstance(claim, str) or weight(claim) < 3 * found + 20:
        return body
    return body_of_claim(claim, title=title, chinese=chinese, learned=learned)


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
