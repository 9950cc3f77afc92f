"""Section fronts and listings, and the pages that are announced though they are no stories."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from html import escape

from . import boilerplate as around
from .content import Story
from .extras import EXTRAS, extra_items
from .http import Request, Response, html, redirect, refusal
from .newsroom import Newsroom

PER_PAGE = 6


def front(request: Request, newsroom: Newsroom) -> Response | None:
    """The outlet's front page, or a listing of its stories; None where the path is no front."""
    path, key = request.path, request.outlet.key
    if key == "haichuan" and path.rstrip("/") == "/channel/2":
        return _portal_listing(request, newsroom)
    if key == "taiping" and path == "/news/list.php":
        return _portal_listing(request, newsroom)
    if path == "/" or path.startswith(("/channel/", "/category/")):
        return _plain_front(request, newsroom, request.outlet.name)
    if path.startswith(("/section/", "/tag/")):
        return _cards(request, newsroom, path.rsplit("/", 1)[1].replace("-", " ").title())
    return None


def _page_number(request: Request) -> int:
    return max(1, int(request.number("page", 1)))


def _window(request: Request, stories: list[Story]) -> tuple[list[Story], bool]:
    """The stories of the asked page, and whether another page follows."""
    begin = (_page_number(request) - 1) * PER_PAGE
    return stories[begin : begin + PER_PAGE], begin + PER_PAGE < len(stories)


def _listed(request: Request, newsroom: Newsroom) -> list[Story]:
    return [
        story
        for story in newsroom.of_outlet(request.outlet.key)
        if not story.channels or "list" in story.channels
    ]


def _freshest(stories: list[Story], newsroom: Newsroom) -> datetime:
    moments = (story.updated or story.published for story in stories)
    return max(moments, default=newsroom.start)


def _portal_listing(request: Request, newsroom: Newsroom) -> Response:
    """Rows of headline and time, as Chinese portals have them; 下一页 at the end."""
    stories, more = _window(request, _listed(request, newsroom))
    zone = request.outlet.zone
    rows = [
        (story.published, story.title, story.path, story.published.astimezone(zone))
        for story in stories
    ]
    if _page_number(request) == 1:
        rows += [
            (item.published, item.title, item.url, item.published.astimezone(zone))
            for item in extra_items(request.outlet.key, "list", newsroom)
        ]
    lines = "\n".join(
        f'<li><span class="time">{local:%Y-%m-%d %H:%M}</span>'
        f'<h4><a href="{escape(url)}" target="_blank">{escape(title)}</a></h4></li>'
        for _, title, url, local in sorted(rows, reverse=True)
    )
    separator = "&" if "cate" in request.query else "?"
    query = f"?cate={request.query['cate']}" if "cate" in request.query else ""
    following = f"{request.path}{query}{separator}page={_page_number(request) + 1}"
    words = "下一頁" if request.outlet.charset == "big5" else "下一页"
    pager = f'<a class="next" href="{escape(following)}">{words}</a>' if more else ""
    body = f"""<html><head><meta charset="{request.outlet.charset}">
<title>要闻 - {request.outlet.name}</title>{around.STYLE}</head><body>
<div class="menu">{around.links(around.ZH_SECTIONS)}</div>{around.advertisement("广告")}
<div class="main"><h2>滚动新闻</h2><ul class="list">
{lines}
</ul><div class="page"><a href="{request.path}">首页</a> {pager}</div></div>
<div class="side"><h3>专题</h3>{around.link_list(around.ZH_SECTIONS[15:25])}</div>
{around.ZH_FOOTER}</body></html>"""
    return html(body, charset=request.outlet.charset, modified=_freshest(stories, newsroom))


def _cards(request: Request, newsroom: Newsroom, heading: str) -> Response:
    """Cards of picture, headline and teaser, as English section fronts have them."""
    stories, more = _window(request, _listed(request, newsroom))
    cards = "\n".join(_card(story) for story in stories)
    following = f"{request.path}?page={_page_number(request) + 1}"
    pager = f'<a rel="next" class="older" href="{following}">Next</a>' if more else ""
    body = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<title>{heading} | {request.outlet.name}</title>{around.STYLE}
<link rel="alternate" type="application/rss+xml" title="Top stories" href="/feeds/rss.xml">
</head><body>{around.EN_COOKIES}<nav>{around.link_list(around.EN_SECTIONS)}</nav>
<main><h1>{heading}</h1><div class="grid">
{cards}
</div>{pager}</main>
<aside><h2>Topics</h2>{around.link_list(around.EN_SECTIONS[5:15])}{around.EN_NEWSLETTER}</aside>
{around.EN_FOOTER}</body></html>"""
    return html(body, modified=_freshest(stories, newsroom))


def _card(story: Story) -> str:
    local = story.published.astimezone(story.outlet.zone)
    return (
        f'<div class="card"><a href="{story.path}"><img src="{story.image or "/img/card.jpg"}" '
        f'alt=""></a><h3><a href="{story.path}">{escape(story.title)}</a></h3>'
        f'<p class="teaser">{escape(story.summary)}</p>'
        f'<time datetime="{local.isoformat()}">{local:%b %-d, %Y}</time></div>'
    )


def _plain_front(request: Request, newsroom: Newsroom, heading: str) -> Response:
    stories = [(story.title, story.path) for story in newsroom.of_outlet(request.outlet.key)]
    named, linked = (
        _FEEDS_NAMED.get(request.outlet.key, ""),
        _FEEDS_LINKED.get(request.outlet.key, ""),
    )
    body = f"""<html><head><title>{heading}</title>{around.STYLE}
<meta charset="{request.outlet.charset}">{named}</head><body><h1>{heading}</h1>
{around.link_list(stories)}{linked}</body></html>"""
    return html(body, charset=request.outlet.charset)


# what a home page tells readers of its feeds: in its head, in its foot, or (the others) nothing
_FEEDS_NAMED = {
    "ledger": '<link rel="alternate" type="application/rss+xml" href="/feeds/rss.xml">',
    "wire": '<link rel="alternate" type="application/atom+xml" href="/atom.xml">'
    '<link rel="alternate" type="application/feed+json" href="/feed.json">',
}
_FEEDS_LINKED = {"haichuan": '<p class="foot"><a href="/rss/091.xml">RSS</a></p>'}


def special_page(request: Request, newsroom: Newsroom) -> Response | None:
    """What waits at the addresses of extras.py; None elsewhere."""
    path = request.path
    if path.startswith("/go/") and (story := newsroom.stories.get(path.removeprefix("/go/"))):
        return redirect(newsroom.url(story))  # to whichever host has the story
    place = (request.outlet.key, path)
    if place not in _EXTRA_PLACES:
        return None
    if path.startswith("/consent/"):
        return html(_CONSENT.format(title=escape(_TITLES[path])))
    if path in _REFUSALS:
        return refusal(*_REFUSALS[path])
    if path.endswith(".pdf"):
        return Response(body=_PDF, content_type="application/pdf", modified=newsroom.start)
    if path in _THIN:
        return replace(html(_THIN[path]), headers=(("Cache-Control", "no-store"),))
    return None


_EXTRA_PLACES = {(extra.outlet, extra.path) for extra in EXTRAS}
_TITLES = {extra.path: extra.title for extra in EXTRAS}
_REFUSALS = {
    "/gone/withdrawn-by-legal": (410, "Gone"),
    "/legal/blocked": (451, "Unavailable For Legal Reasons"),
}
_PDF = (
    b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
_CONSENT = """<!DOCTYPE html><html lang="en"><head>
<meta charset="utf-8"><title>{title} | The Northbridge Ledger</title>
<meta property="og:title" content="{title}"></head>
<body><main><h2>Before you continue</h2><p>We and our 214 partners use cookies and similar
technologies to store and access information on your device, to measure how our pages are used
and to show you advertising that matches your interests. Your choice applies to all titles of
the group and can be changed at any time in the privacy centre at the bottom of every page.</p>
<p>If you agree, we will remember your decision for thirteen months. If you do not agree, you can
continue with a paid subscription that carries no personalised advertising. Some partners process
your data on the ground of legitimate interest, to which you may object in the list of partners.
</p><p>Precise geolocation data may be used. Device characteristics may be scanned actively for
identification. Content may be selected on the basis of a profile that has been built about
you.</p><button>Agree and continue</button></main></body></html>"""
_THIN = {
    "/video/closing-bell": """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<title>Watch: the closing bell | The Northbridge Ledger</title>
<meta property="og:type" content="video.other"></head><body><h1>Watch: the closing bell</h1>
<video src="/video/closing-bell.mp4" controls></video><p>2:14</p></body></html>""",
    "/2026/soft404.shtml": """<html><head><meta charset="utf-8"><title>404-页面不存在</title></head>
<body><div><h1>404</h1><p>抱歉，您访问的页面不存在或已被删除！</p><p>5秒后自动返回首页，
或点击<a href="/">这里</a>。</p></div></body></html>""",
    "/member/report.html": """<html><head><meta charset="utf-8">
<title>用户登录-金陵证券报</title></head>
<body><form action="/login" method="post"><h2>用户登录</h2><p>请登录后继续阅读全文</p>
<input name="user"><input name="password" type="password"><button>登录</button>
<a href="/register">免费注册</a></form></body></html>""",
    "/private/internal-bulletin.shtml": "<html><body><p>内部资料，请勿抓取。</p></body></html>",
    "/account/portfolio-notes": "<html><body><p>Members only; robots keep out.</p></body></html>",
}
