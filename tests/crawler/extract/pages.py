"""Pages of our own writing, with the traits that real ones have."""

from __future__ import annotations

CHINESE_PARAGRAPHS = (
    "国家统计局十八日公布的数据显示，前三季度国内生产总值同比增长百分之五点二，快于市场此前的预期。",
    "分产业看，第三产业增加值增长百分之六，对经济增长的贡献率超过六成，“服务消费”成为主要动力。",
    "多位分析师表示，四季度的基数较低，全年实现增长目标的把握较大，但房地产投资仍在下行。",
    "人民银行有关负责人此前说，将保持流动性合理充裕，引导金融机构加大对实体经济的支持力度。",
)
ENGLISH_PARAGRAPHS = tuple(
    """
The central bank kept its policy rate unchanged on Thursday, saying that inflation had eased
faster than its staff expected while the labour market remained tight in most regions.

Officials signalled that a first cut could come in the spring, provided that wage growth slows
and energy prices stay close to the levels assumed in the winter projections.

Bond yields fell after the announcement, and the currency lost a third of a percent against
the dollar, as traders brought forward the date on which they expect borrowing costs to fall.

Economists at three large lenders said that they had changed their forecasts and now expect
two reductions this year, the first of them in April and the second in September.
""".strip()
    .replace("\n\n", "|")
    .replace("\n", " ")
    .split("|")
)
MENU = "".join(f'<li><a href="/c/{n}/">频道{n}</a></li>' for n in range(12))
HEADLINES = "".join(
    f'<li><a href="/a/{n}.html">第{n}条要闻：市场关注的一则重要消息在这里</a></li>'
    for n in range(24)
)


def chinese(*, head: str = "", before: str = "", after: str = "", body: str = "") -> bytes:
    """A portal's page: menu, breadcrumb, date line, body, editor, related news, footer."""
    paragraphs = body or "".join(f"<p>{p}</p>" for p in CHINESE_PARAGRAPHS)
    return f"""<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">
<title>前三季度经济增长百分之五点二_要闻_观潮财经网</title>{head}</head><body>
<ul class="nav">{MENU}</ul><div class="crumb"><a href="/">首页</a> &gt; <a href="/m/">宏观</a></div>
<h1>前三季度经济增长百分之五点二</h1>
<div class="info">2021年12月9日 14:42 来源：观潮财经 作者：<span>周明远</span></div>{before}
<div class="txt">{paragraphs}<p>（责任编辑：李某）</p></div>{after}
<div class="hot"><h3>相关阅读</h3><ul>{HEADLINES}</ul></div>
<div class="footer">版权所有 观潮财经 2021-01-01 京ICP备00000000号</div></body></html>""".encode()


def english(*, head: str = "", body: str = "", byline: str = "By Ann Lee and Bo Ek") -> bytes:
    paragraphs = body or "".join(f"<p>{p}</p>" for p in ENGLISH_PARAGRAPHS)
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<title>Central bank holds rates as inflation eases | Tidewater Post</title>
<meta property="og:site_name" content="Tidewater Post">{head}</head><body>
<nav><ul><li><a href="/markets">Markets</a></li><li><a href="/rates">Rates</a></li></ul></nav>
<article><h1>Central bank holds rates as inflation eases</h1><div class="byline">{byline}</div>
{paragraphs}<p>Sign up for our daily newsletter</p></article>
<footer><p>© 2021 Tidewater Post. All rights reserved.</p></footer></body></html>""".encode()
