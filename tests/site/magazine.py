"""A Chinese weekly on blog software: long essays in parts, 下一页, lazy images."""

from __future__ import annotations

from html import escape

from . import boilerplate as around
from .markup import blocks_html
from .view import View

_LAZY = '<img class="lazy" src="/img/blank.gif" data-src="{src}" alt="{alt}">'


def article(view: View) -> str:
    story = view.story
    title = escape(story.title)
    suffix = f"（{view.part}）" if view.part > 1 else ""
    return f"""<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8">
<title>{title}{suffix} – 远岸周刊</title>
<meta property="og:title" content="{title}"><meta property="og:type" content="article">
<meta property="article:published_time" content="{view.local.isoformat()}">
<meta name="author" content="{escape("、".join(story.authors))}">
<meta name="generator" content="PressKit 4.2">
{around.STYLE}</head><body class="single">
<header><h2 class="site-title"><a href="/">远岸周刊</a></h2><p>看见经济的另一面</p>
<nav>{around.link_list(around.ZH_SECTIONS[:14])}</nav></header>
<div class="content-area"><article class="post type-post">
<header class="entry-header"><h1 class="entry-title">{title}</h1>
<div class="entry-meta">作者 <span class="author">{escape("、".join(story.authors))}</span> 发布于
<time class="entry-date" datetime="{view.local.isoformat()}">{view.local:%Y/%m/%d %H:%M}</time>
分类：<a href="/category/x">{escape(story.section)}</a></div></header>
<div class="entry-content">
{blocks_html(story.parts[view.part - 1], image=_LAZY)}
{_pager(view)}</div>
<footer class="entry-footer">标签：
{around.links([(tag, f"/tag/{tag}") for tag in story.tags])}</footer>
<nav class="post-navigation">{_neighbours(view)}</nav>
{around.ZH_COMMENTS}</article></div>
<aside class="widget-area"><h3>近期文章</h3>{around.link_list(view.others[:8])}
<h3>归档</h3>{around.links([(f"2026年{n}月", f"/archive/2026/{n}/") for n in range(1, 12)])}
{around.ZH_APP}</aside>{around.ZH_FOOTER}{around.SCRIPT}</body></html>
"""


def _pager(view: View) -> str:
    if not view.pagination:
        return ""
    following = f'<a class="next" href="{view.next_path}">下一页</a>' if view.next_path else "尾页"
    return f'<div class="page-links">{around.links(view.pagination, " ")} {following}</div>'


def _neighbours(view: View) -> str:
    """The next article, which is not the next page."""
    named = [("上一篇", view.others[:1]), ("下一篇", view.others[1:2])]
    return " ".join(f"{words}：{around.links(found)}" for words, found in named if found)
