"""As many articles of distinct text as a load or kill test asks for, with a feed and a sitemap.

`/bulk/N` is an article; `/bulk/feed.xml?n=300`, `/bulk/sitemap.xml?n=300` and `/bulk/list?n=300`
announce `n` of them from number `start` on. `delay` (seconds) and `words` (`short`, `long`) pass
on to the pages announced.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from html import escape
from urllib.parse import urlencode

from .http import Request, Response, html, http_date, refusal, text
from .newsroom import Newsroom

LIMIT = 200_000
_COMPANIES = (
    "Harrow Mining",
    "Delmar Foods",
    "Castellan Bank",
    "Vireo Semiconductor",
    "Ostrava Steel",
    "Pinecrest Homes",
    "Brightwater Utilities",
    "Kestrel Airlines",
    "Meridian Rail",
    "Solway Chemicals",
    "Alder Insurance",
    "Tamarack Timber",
    "Quillon Software",
    "Norwood Retail",
)
_PLACES = (
    "Rotterdam",
    "Santiago",
    "Osaka",
    "Lagos",
    "Gdansk",
    "Denver",
    "Perth",
    "Izmir",
    "Lyon",
    "Penang",
)
_THINGS = (
    "copper concentrate",
    "grid batteries",
    "mortgage lending",
    "freight capacity",
    "memory chips",
    "wheat futures",
    "container rates",
    "office leasing",
    "corporate bonds",
    "jet fuel",
)
_SENTENCES = (
    "{company} said output of {thing} in {place} rose {a} per cent to {b} units in the quarter.",
    "Analysts had expected a figure closer to {c}, according to a survey of {d} brokerages.",
    "The board approved a programme worth {b} million dollars, to be spent by {year}.",
    "Shares of {company} closed {a} per cent higher after the announcement in {place}.",
    "Lenders led by a bank in {place} have extended a facility of {c} million until {year}.",
    "A spokesman declined to say how many of the {d} sites would be affected by the change.",
    "Demand for {thing} has recovered since the spring, though prices remain {a} per cent lower.",
    "The regulator in {place} is expected to publish its findings within {d} weeks.",
    "Margins narrowed by {d} basis points as the cost of {thing} climbed faster than sales.",
    "Two smaller rivals have already cut their guidance for the year to {year}.",
)


def article_text(number: int, sentences: int = 24) -> tuple[str, list[str]]:
    """Title and paragraphs of bulk article `number`: the same on every run, unlike any other."""
    rng = random.Random(f"bulk {number}")
    company, place = rng.choice(_COMPANIES), rng.choice(_PLACES)
    title = f"{company} plan {number} for {rng.choice(_THINGS)} draws scrutiny in {place}"
    written = [_sentence(rng, company) for _ in range(sentences)]
    written[0] = f"Filing {number} shows how {company} intends to reorganise its {place} business."
    return title, [" ".join(written[at : at + 4]) for at in range(0, sentences, 4)]


def _sentence(rng: random.Random, company: str) -> str:
    return rng.choice(_SENTENCES).format(
        company=company,
        place=rng.choice(_PLACES),
        thing=rng.choice(_THINGS),
        a=round(rng.uniform(0.3, 19.9), 1),
        b=rng.randint(100, 99_999),
        c=rng.randint(100, 9_999),
        d=rng.randint(3, 60),
        year=rng.randint(2027, 2035),
    )


def published(number: int, newsroom: Newsroom) -> datetime:
    """Minutes apart, and never further back than a fortnight."""
    return newsroom.start - timedelta(minutes=number % 20_000)


def bulk(request: Request, newsroom: Newsroom) -> Response:
    name = request.path.removeprefix("/bulk/")
    if name.isdigit():
        return _article(int(name), request, newsroom)
    page = {"feed.xml": _feed, "sitemap.xml": _sitemap, "list": _listing}.get(name)
    return page(request, newsroom) if page else refusal(404, "Not Found")


def _article(number: int, request: Request, newsroom: Newsroom) -> Response:
    title, paragraphs = article_text(number, 120 if request.query.get("words") == "long" else 24)
    moment = published(number, newsroom)
    navigation = "".join(f'<li><a href="/bulk/{n}">Filing {n}</a></li>' for n in range(30))
    body = "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    page = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<link rel="canonical" href="{request.base}/bulk/{number}">
<meta property="article:published_time" content="{moment.isoformat()}">
<meta name="author" content="Bulk Desk"></head>
<body><nav><ul>{navigation}</ul></nav><article><h1>{title}</h1>
<time datetime="{moment.isoformat()}">{moment:%d %B %Y}</time>
{body}</article><footer>Bulk section of {request.outlet.name}</footer></body></html>"""
    return html(page, modified=moment, wait_s=request.number("delay", 0))


def _numbers(request: Request) -> range:
    start = int(request.number("start", 0))
    return range(start, start + min(int(request.number("n", 100)), LIMIT))


def _link(request: Request, number: int) -> str:
    passed = [(k, v) for k, v in request.query.items() if k in ("delay", "words")]
    return f"{request.base}/bulk/{number}" + (f"?{urlencode(passed)}" if passed else "")


def _feed(request: Request, newsroom: Newsroom) -> Response:
    """With `full=1` the items carry the whole text."""
    items = "".join(_item(number, request, newsroom) for number in _numbers(request))
    body = f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>Bulk</title><link>{request.base}/bulk/list</link><description>Generated</description>
{items}</channel></rss>"""
    return text(body, "application/rss+xml", modified=newsroom.start)


def _item(number: int, request: Request, newsroom: Newsroom) -> str:
    title, paragraphs = article_text(number)
    full = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    content = f"<content:encoded><![CDATA[{full}]]></content:encoded>"
    return (
        f"<item><title>{title}</title><link>{escape(_link(request, number))}</link>"
        f'<guid isPermaLink="false">bulk-{request.outlet.key}-{number}</guid>'
        f"<pubDate>{http_date(published(number, newsroom))}</pubDate>"
        f"<description>{paragraphs[0]}</description>"
        f"{content if request.query.get('full') else ''}</item>\n"
    )


def _sitemap(request: Request, newsroom: Newsroom) -> Response:
    rows = "".join(
        f"<url><loc>{escape(_link(request, number))}</loc>"
        f"<lastmod>{published(number, newsroom).isoformat()}</lastmod></url>\n"
        for number in _numbers(request)
    )
    body = f"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
{rows}</urlset>"""
    return text(body, "application/xml", modified=newsroom.start)


def _listing(request: Request, newsroom: Newsroom) -> Response:
    rows = "".join(
        f'<li class="row"><a href="{escape(_link(request, number))}">{article_text(number)[0]}</a>'
        f" <span>{published(number, newsroom):%Y-%m-%d %H:%M}</span></li>\n"
        for number in _numbers(request)
    )
    return html(f"<html><head><title>Bulk</title></head><body><ul>{rows}</ul></body></html>")
