"""An old Chinese portal: nested tables, <br> and ideographic spaces instead of paragraphs."""

from __future__ import annotations

from html import escape

from . import boilerplate as around
from .markup import Block, inline, table_html
from .view import View

_INDENT = "\u3000\u3000"


def article(view: View) -> str:
    story = view.story
    title = escape(story.title)
    return f"""<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">
<HTML><HEAD><META http-equiv="Content-Type" content="text/html; charset=utf-8">
<TITLE>{title}_海川财经网</TITLE>
<META name="keywords" content="{escape(",".join(story.tags))}">
<META name="description" content="{escape(story.summary[:80])}">
{around.STYLE}{around.SCRIPT}</HEAD>
<BODY bgcolor="#ffffff">
<table width="960" align="center" class="top"><tr><td>{around.links(around.ZH_SECTIONS)}</td></tr>
<tr><td>{around.advertisement("广告")}</td></tr></table>
<table width="960" align="center"><tr><td>您的位置：<a href="/">海川财经网</a> &gt;
<a href="/channel/2/">{escape(story.section)}</a> &gt; 正文</td></tr></table>
<table width="960" align="center" cellspacing="0"><tr><td width="640" valign="top">
<table width="100%"><tr><td align="center"><h1>{title}</h1></td></tr>
<tr><td align="center" class="info">{view.local:%Y年%m月%d日 %H:%M}&nbsp;&nbsp;来源：{_origin(view)}
&nbsp;&nbsp;作者：{escape("、".join(story.authors))}&nbsp;&nbsp;
<a href="#pl">评论(128)</a></td></tr>
<tr><td class="content" id="zoom"><div>
{_soup(view)}
</div><p align="right">（责任编辑：{escape(story.editor or "何晓")}）</p></td></tr>
<tr><td>{around.ZH_SHARE}</td></tr></table>
<table width="100%" class="about"><tr><td><b>相关新闻</b><br>
{around.links(view.others[:8], "<br>")}</td></tr></table>
<a name="pl"></a>{around.ZH_COMMENTS}
</td><td width="300" valign="top"><table class="hot"><tr><td><b>24小时热门</b></td></tr>
<tr><td>{around.link_list(view.others[:10], tag="ol")}</td></tr>
<tr><td>{around.ZH_APP}</td></tr></table></td></tr></table>
{around.ZH_FOOTER}</BODY></HTML>
"""


def _origin(view: View) -> str:
    return escape(view.story.origin or view.story.outlet.name)


def _soup(view: View) -> str:
    return "<br>\n<br>\n".join(_piece(block) for block in view.story.parts[view.part - 1])


def _piece(block: Block) -> str:
    if block.kind == "table":
        return table_html(block, 'border="1" cellpadding="3" width="90%"')
    if block.kind == "list":
        return "<br>\n".join(f"{_INDENT}·{inline(item)}" for item in block.items)
    if block.kind == "image":
        return (
            f'<center><img src="{block.text}" alt="{escape(block.items[0])}"><br>'
            f'<font size="2">{inline(block.items[0])}</font></center>'
        )
    if block.kind == "h":
        return f"{_INDENT}<b>{inline(block.text)}</b>"
    return f"{_INDENT}{inline(block.text)}"
