"""A Chinese securities daily in GBK that declares gb2312: the TRS pages of its time."""

from __future__ import annotations

import re
from html import escape

from . import boilerplate as around
from .markup import blocks_html
from .view import View

_CODE = re.compile(r"(?<=[\u4e00-\u9fffA-Z])([（(])([036]\d{5})([）)])")


def article(view: View) -> str:
    story = view.story
    title = escape(story.title)
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
 "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head>
<meta http-equiv="Content-Type" content="text/html; charset=gb2312" />
<title>{title}-{escape(story.section)}-金陵证券报</title>
<meta name="author" content="金陵证券报" />
<meta name="publishdate" content="{view.local:%Y-%m-%d}" />
{around.STYLE}</head><body>
<div class="topbar"><ul class="menu">{around.links(around.ZH_SECTIONS, "</li><li>")}</ul></div>
<div class="hq">上证指数 4012.36 +0.42% 深证成指 13420.11 +0.65% 创业板指 3188.90 -0.12%</div>
<div class="wrap"><div class="left">
<div class="crumb">当前位置：<a href="/">首页</a>&gt;
<a href="/channel/4/">{escape(story.section)}</a></div>
<div class="intal_tit"><h2>{title}</h2>
<div class="info">{view.local:%Y-%m-%d %H:%M}
<span>来源：{escape(story.origin or "金陵证券报")}</span>
<span>{escape(" ".join("记者 " + name for name in story.authors))}</span></div></div>
<div class="txt_con" id="ctrlfscont">
{_linked(blocks_html(story.parts[view.part - 1]))}
</div>
<p class="editor">责任编辑：{escape(story.editor or "陆宁")}</p>
<div class="om">声明：金陵证券报力求信息真实、准确，文章提及内容仅供参考，
不构成实质性投资建议，据此操作风险自担</div>
<div class="om">下载官方客户端，或关注微信公众号，即可随时了解股市动态，
洞察政策信息，把握财富机会。</div>
{around.ZH_SHARE}{around.ZH_COMMENTS}</div>
<div class="right"><h3>热点排行</h3>{around.link_list(view.others[:10], css="phb")}
<h3>相关新闻</h3>{around.link_list(view.others[2:8])}{around.advertisement("广告")}</div></div>
{around.ZH_FOOTER}{around.SCRIPT}</body></html>
"""


def _linked(body: str) -> str:
    """Securities codes as links to their quote page, the way such portals print them."""
    return _CODE.sub(
        r'<a class="trsHotWords" style="color: #2f67d8" '
        r'href="http://quotes.example.com/cn/stock/\2.html" target="_blank">\1\2\3</a>',
        body,
    )
