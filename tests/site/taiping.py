"""A Taiwanese business daily in Big5, its dates of the Minguo era in the masthead."""

from __future__ import annotations

from html import escape

from . import boilerplate as around
from .markup import blocks_html
from .view import View


def article(view: View) -> str:
    story = view.story
    title = escape(story.title)
    return f"""<!DOCTYPE html>
<html lang="zh-Hant-TW"><head><meta charset="big5">
<title>{title} | {escape(story.section)} | 太平洋商報</title>
<meta name="date" content="{view.local.isoformat()}">
<meta name="section" content="{escape(story.section)}">
<meta property="og:title" content="{title}">
<link rel="canonical" href="{view.base}{escape(story.path)}">
{around.STYLE}{around.SCRIPT}</head><body>
<div id="header"><a href="/"><img src="/img/logo.gif" alt="太平洋商報"></a>
<span>中華民國{view.local.year - 1911}年{view.local:%m月%d日}</span>
<div class="menu">{around.link_list(around.TW_SECTIONS)}</div></div>
<div id="container">
<div class="path"><a href="/">首頁</a> /
<a href="/news/list.php?cate=3">{escape(story.section)}</a></div>
<div id="story"><h1 id="story_art_title">{title}</h1>
<div class="shareBar__info"><div class="shareBar__info--author">
<span>{view.local:%Y-%m-%d %H:%M}</span>
太平洋商報 記者{escape("、".join(story.authors))}／台北報導</div></div>
<div id="story_body_content">
{blocks_html(story.parts[view.part - 1])}
</div>
<div class="tag">關鍵字：
{around.links([(tag, f"/search?q={tag}") for tag in story.tags])}</div></div>
<div class="fb">加入粉絲團，財經大事不漏接！ 訂閱電子報 <form><input name="mail"></form></div>
<div id="sidebar"><h3>熱門排行</h3>{around.link_list(view.others[:9])}
<h3>編輯推薦</h3>{around.link_list(view.others[1:6])}{around.advertisement("廣告")}</div></div>
<div id="footer">關於我們 ｜ 服務條款 ｜ 隱私權政策 ｜ 著作權聲明 ｜ 客服中心 ｜ 廣告刊登<br>
本網站所刊載內容著作權屬太平洋商報所有，未經許可不得轉載。</div></body></html>
"""
