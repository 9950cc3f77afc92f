"""A modern English site: JSON-LD, OpenGraph, semantic elements, a cookie bar."""

from __future__ import annotations

import json
from html import escape

from . import boilerplate as around
from .markup import blocks_html, plain
from .view import View


def article(view: View) -> str:
    story = view.story
    title = escape(story.title)
    return f"""<!DOCTYPE html>
<html lang="en-US"><head><meta charset="utf-8">
<title>{title} | The Northbridge Ledger</title>
{_head(view)}
{around.STYLE}{around.SCRIPT}
</head><body>
{around.EN_COOKIES}
<header><a class="logo" href="/">The Northbridge Ledger</a>
<nav class="nav">{around.link_list(around.EN_SECTIONS)}</nav>
<div class="ticker">S&amp;P 500 +0.21% · Nasdaq -0.08% · 10-yr 4.12% · Brent 71.35</div></header>
{around.advertisement()}
<main><article>
<p class="breadcrumb"><a href="/">Home</a> › <a href="/section/x">{escape(story.section)}</a></p>
<h1 class="headline">{title}</h1>
<div class="byline">By <a rel="author" href="/by/x">{escape(" and ".join(story.authors))}</a>
<time datetime="{view.local.isoformat()}">{view.local:%B %-d, %Y %-I:%M %p} ET</time>
<span class="tools">Share · Save · Print · 3 comments</span></div>
<div class="article-body">
{_body(view)}
</div>
{_pager(view)}
<p class="tags">{around.links([(tag, f"/tag/{tag.lower()}") for tag in story.tags])}</p>
</article>
<aside class="side"><h2>Most read</h2>{around.link_list(view.others[:8], tag="ol")}
{around.advertisement()}{around.EN_NEWSLETTER}</aside>
<section class="related"><h2>Related stories</h2>{around.link_list(view.others[8:14])}</section>
{around.EN_COMMENTS}</main>
{around.EN_FOOTER}
</body></html>
"""


def _head(view: View) -> str:
    story = view.story
    lines = [
        f'<link rel="canonical" href="{view.base}{story.path}">',
        f'<meta name="description" content="{escape(story.summary)}">',
        f'<meta property="og:title" content="{escape(story.title)}">',
        '<meta property="og:site_name" content="The Northbridge Ledger">',
        '<meta property="og:type" content="article">',
        f'<meta property="og:url" content="{view.base}{story.path}">',
        f'<meta property="article:published_time" content="{view.local.isoformat()}">',
        f'<meta property="article:section" content="{escape(story.section)}">',
        f'<script type="application/ld+json">{_json_ld(view)}</script>',
    ]
    if story.image:
        lines.append(f'<meta property="og:image" content="{view.base}{story.image}">')
    if view.next_path:
        lines.append(f'<link rel="next" href="{escape(view.next_path)}">')
    return "\n".join(lines)


def _json_ld(view: View) -> str:
    story = view.story
    updated = (story.updated or story.published).astimezone(story.outlet.zone)
    said = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "Organization", "name": "The Northbridge Ledger", "url": view.base},
            {
                "@type": "NewsArticle",
                "headline": story.title,
                "datePublished": view.local.isoformat(),
                "dateModified": updated.isoformat(),
                "author": [{"@type": "Person", "name": name} for name in story.authors],
                "publisher": {"@type": "Organization", "name": "The Northbridge Ledger"},
                "articleSection": story.section,
                "keywords": list(story.tags),
                "isAccessibleForFree": "paywall" not in story.traits,
                **({"image": [view.base + story.image]} if story.image else {}),
            },
        ],
    }
    return json.dumps(said).replace("</", "<\\/")


def _body(view: View) -> str:
    """Behind the paywall a reader without subscription sees one paragraph and an offer."""
    blocks = view.story.parts[view.part - 1]
    if "paywall" in view.story.traits:
        return (
            f"<p>{escape(plain(blocks[0].text)[:160])}…</p>"
            '<div class="paywall"><h3>Subscribe to continue reading</h3>'
            "<p>Already a subscriber? Sign in. Four weeks for 1 dollar.</p></div>"
        )
    opening, rest = blocks[:2], blocks[2:]
    inset = '<div class="inset"><h4>Read next</h4>' + around.links(view.others[:1]) + "</div>"
    picture = '<img src="{src}" alt="{alt}" width="1200" height="675" loading="lazy">'
    return "\n".join((blocks_html(opening, image=picture), inset, blocks_html(rest, image=picture)))


def _pager(view: View) -> str:
    if not view.pagination:
        return ""
    following = f'<a rel="next" href="{escape(view.next_path)}">Next page</a>'
    return (
        f'<div class="pager">{around.links(view.pagination, " ")} '
        f"{following if view.next_path else ''}</div>"
    )
