"""A wire service: short items, little around them, microdata."""

from __future__ import annotations

from html import escape

from . import boilerplate as around
from .markup import blocks_html
from .view import View


def article(view: View) -> str:
    story = view.story
    title = escape(story.title)
    return f"""<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><title>{title} - Meridian Wire</title>
<link rel="canonical" href="{view.url}">
<link rel="alternate" type="application/atom+xml" title="Meridian Wire" href="/atom.xml">
{around.STYLE}</head><body>
<div class="bar">{around.links(around.EN_SECTIONS[:8], " / ")} <a href="/login">Log in</a></div>
<div itemscope itemtype="https://schema.org/NewsArticle" class="item">
<h1 itemprop="headline">{title}</h1>
<p class="dateline"><span itemprop="author">{escape(", ".join(story.authors))}</span>
<meta itemprop="datePublished" content="{view.local.isoformat()}">
{view.local:%d %b %Y %H:%M} GMT</p>
<div itemprop="articleBody">
{blocks_html(story.parts[view.part - 1])}
</div>
<p class="codes">{escape(" ".join(story.tags))}</p></div>
<div class="latest"><h2>Latest on the wire</h2>{around.link_list(view.others[:12])}</div>
<p class="legal">© Meridian Wire. Redistribution without licence is prohibited. Service desk:
desk@wire.example</p>{around.SCRIPT}</body></html>
"""
