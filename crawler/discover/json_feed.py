"""JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1), which feedparser does not read."""

from __future__ import annotations

from typing import Any

from crawler.discover.entry import Bases, Carried
from crawler.text.addresses import absolute
from crawler.text.plain import one_line, paragraphs


def read_json_items(document: Any, *, base: str) -> tuple[str, list[Carried]]:
    """Give the feed's title and items; a ValueError says why the document is no JSON Feed."""
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list):
        raise ValueError('it has no list "items"')
    language = _text(document, "language")
    authors = _authors(document)
    bases = Bases(document=base, site=absolute("", _text(document, "home_page_url")))
    read = [_carried(i, bases, authors, language) for i in items if isinstance(i, dict)]
    return one_line(_text(document, "title")), read


def json_links(document: dict[str, Any]) -> list[dict[str, str]]:
    """Give the feed's WebSub hubs, its own address and its next page, as links of Atom's form."""
    hubs = [h for h in _list(document, "hubs") if isinstance(h, dict)]
    web = [{"rel": "hub", "href": _text(h, "url")} for h in hubs if _text(h, "type") == "WebSub"]
    own = {"self": _text(document, "feed_url"), "next": _text(document, "next_url")}
    return [*web, *({"rel": rel, "href": href} for rel, href in own.items() if href)]


def _carried(item: dict[str, Any], bases: Bases, authors: list[str], language: str) -> Carried:
    guid = _text(item, "id")
    link = _text(item, "url") or (guid if guid.startswith(("http://", "https://")) else "")
    link, otherwise = bases.resolve(link or _text(item, "external_url"))
    return Carried(
        link=link,
        otherwise=otherwise,
        guid=guid,
        title=_text(item, "title"),
        published=_text(item, "date_published") or _text(item, "date_modified"),
        updated=_text(item, "date_modified"),
        authors=_authors(item) or authors,
        summary=_text(item, "summary"),
        content=_text(item, "content_html") or paragraphs(_text(item, "content_text")),
        categories=[tag for tag in _list(item, "tags") if isinstance(tag, str)],
        images=_images(item, bases.document),
        language=_text(item, "language") or language,
    )


def _text(fields: dict[str, Any], key: str) -> str:
    value = fields.get(key)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)  # version 1.0 allows a number as id
    return value if isinstance(value, str) else ""


def _list(fields: dict[str, Any], key: str) -> list[Any]:
    value = fields.get(key)
    return value if isinstance(value, list) else []


def _authors(fields: dict[str, Any]) -> list[str]:
    people = [*_list(fields, "authors"), fields.get("author")]  # `author` is version 1.0's
    return [name for p in people if isinstance(p, dict) and (name := _text(p, "name"))]


def _images(item: dict[str, Any], base: str) -> list[str]:
    attached = (a for a in _list(item, "attachments") if isinstance(a, dict))
    files = [_text(a, "url") for a in attached if _text(a, "mime_type").startswith("image/")]
    own = [_text(item, "image"), _text(item, "banner_image")]
    return [absolute(base, image) for image in [*own, *files] if image]
