"""The feed formats, written out by hand: what a publisher's own software would send."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from html import escape

from .http import http_date
from .outlets import Outlet


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What a channel announces: a story, or something that is none."""

    title: str
    url: str
    guid: str
    published: datetime
    updated: datetime | None = None
    summary: str = ""
    content: str = ""  # HTML; '' where the channel carries no full text
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    image: str = ""
    ident: int = 0
    note: str = ""  # for /_expected: the state and reason that this URL must end with


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a feed says of itself. `charset` is what it declares, whatever it is sent in."""

    outlet: Outlet
    title: str
    url: str
    site: str
    charset: str = "utf-8"
    zone: tzinfo | None = None
    next_url: str = ""


def _e(words: str) -> str:
    """Escaped for XML, without the control characters that XML 1.0 has no way to write."""
    return escape("".join(c for c in words if c >= " " or c in "\t\n"), quote=False)


def rss2(head: Head, items: Sequence[Item]) -> str:
    rows = "\n".join(_rss2_item(item) for item in items)
    return f"""<?xml version="1.0" encoding="{head.charset}"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"
 xmlns:atom="http://www.w3.org/2005/Atom">
<channel><title>{_e(head.title)}</title><link>{_e(head.site)}</link>
<atom:link href="{_e(head.url)}" rel="self" type="application/rss+xml"/>
<description>{_e(head.outlet.name)}</description><language>{head.outlet.language}</language>
<ttl>15</ttl>
{rows}
</channel></rss>
"""


def _rss2_item(item: Item) -> str:
    lines = [
        f"<title>{_e(item.title)}</title><link>{_e(item.url)}</link>",
        f'<guid isPermaLink="false">{_e(item.guid)}</guid>',
        f"<pubDate>{http_date(item.published)}</pubDate>",
        f"<description>{_e(item.summary)}</description>",
        *(f"<dc:creator>{_e(author)}</dc:creator>" for author in item.authors),
        *(f"<category>{_e(category)}</category>" for category in item.categories),
    ]
    if item.content:
        lines.append(f"<content:encoded><![CDATA[{item.content}]]></content:encoded>")
    if item.image:
        lines.append(f'<media:content url="{_e(item.image)}" medium="image"/>')
    return "<item>" + "\n".join(lines) + "</item>"


def rss091(head: Head, items: Sequence[Item]) -> str:
    """RSS 0.91 knows no item dates; the DOCTYPE is part of what publishers sent."""
    rows = "\n".join(
        f"<item><title>{_e(item.title)}</title><link>{_e(item.url)}</link>"
        f"<description>{_e(item.summary)}</description></item>"
        for item in items
    )
    return f"""<?xml version="1.0" encoding="{head.charset}"?>
<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"
 "http://my.netscape.com/publish/formats/rss-0.91.dtd">
<rss version="0.91"><channel><title>{_e(head.title)}</title><link>{_e(head.site)}</link>
<description>{_e(head.outlet.name)}</description><language>zh-cn</language>
{rows}
</channel></rss>
"""


def rdf(head: Head, items: Sequence[Item]) -> str:
    """RSS 1.0; dates in Dublin Core with the outlet's own offset."""
    order = "".join(f'<rdf:li rdf:resource="{_e(item.url)}"/>' for item in items)
    rows = "\n".join(
        f'<item rdf:about="{_e(item.url)}"><title>{_e(item.title)}</title>'
        f"<link>{_e(item.url)}</link><description>{_e(item.summary)}</description>"
        f"<dc:date>{item.published.astimezone(head.outlet.zone).isoformat()}</dc:date>"
        f"<dc:creator>{_e('、'.join(item.authors))}</dc:creator>"
        f"<dc:subject>{_e(' '.join(item.categories))}</dc:subject></item>"
        for item in items
    )
    return f"""<?xml version="1.0" encoding="{head.charset}"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="{_e(head.url)}"><title>{_e(head.title)}</title><link>{_e(head.site)}</link>
<description>{_e(head.outlet.name)}</description><items><rdf:Seq>{order}</rdf:Seq></items></channel>
{rows}
</rdf:RDF>
"""


def atom(head: Head, items: Sequence[Item]) -> str:
    rows = "\n".join(_atom_entry(item, head) for item in items)
    newest = max((item.updated or item.published for item in items), default=None)
    stamp = newest.isoformat() if newest else "2000-01-01T00:00:00+00:00"
    return f"""<?xml version="1.0" encoding="{head.charset}"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{head.outlet.language}">
<title>{_e(head.title)}</title><id>{_e(head.url)}</id><updated>{stamp}</updated>
<link rel="self" href="{_e(head.url)}"/><link rel="alternate" href="{_e(head.site)}"/>
{rows}
</feed>
"""


def _atom_entry(item: Item, head: Head) -> str:
    zone = head.outlet.zone
    lines = [
        f"<title>{_e(item.title)}</title><id>{_e(item.guid)}</id>",
        f'<link rel="alternate" type="text/html" href="{_e(item.url)}"/>',
        f"<published>{item.published.astimezone(zone).isoformat()}</published>",
        f"<updated>{(item.updated or item.published).astimezone(zone).isoformat()}</updated>",
        *(f"<author><name>{_e(author)}</name></author>" for author in item.authors),
        *(f'<category term="{escape(category)}"/>' for category in item.categories),
        f"<summary>{_e(item.summary)}</summary>",
    ]
    if item.content:
        lines.append(f'<content type="html">{_e(item.content)}</content>')
    return "<entry>" + "\n".join(lines) + "</entry>"


def json_feed(head: Head, items: Sequence[Item]) -> str:
    rows = [
        {
            "id": item.guid,
            "url": item.url,
            "title": item.title,
            "date_published": item.published.astimezone(head.outlet.zone).isoformat(),
            "date_modified": (item.updated or item.published).isoformat(),
            "authors": [{"name": author} for author in item.authors],
            "tags": list(item.categories),
            "summary": item.summary,
            **({"content_html": item.content} if item.content else {}),
            **({"image": item.image} if item.image else {}),
        }
        for item in items
    ]
    feed: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": head.title,
        "home_page_url": head.site,
        "feed_url": head.url,
        "language": head.outlet.language,
        "items": rows,
    }
    if head.next_url:
        feed["next_url"] = head.next_url
    return json.dumps(feed, ensure_ascii=False, indent=1)


def epoch_json(head: Head, items: Sequence[Item]) -> str:
    """A portal's own endpoint: epoch milliseconds, and ids where others have addresses."""
    rows = [
        {
            "docId": item.ident,
            "headline": item.title,
            "ctime": int(item.published.timestamp() * 1000),
            "intro": item.summary,
            "writer": "、".join(item.authors),
            "day": f"{item.published.astimezone(head.outlet.zone):%Y%m%d}",
            "month": f"{item.published.astimezone(head.outlet.zone):%Y%m}",
            "href": item.url,
        }
        for item in items
    ]
    return json.dumps(
        {"code": 0, "msg": "success", "data": {"total": len(rows), "list": rows}},
        ensure_ascii=False,
    )
