"""What surrounds an article on every page: navigation, hot-lists, advertisements, scripts."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

Links = Sequence[tuple[str, str]]  # (words, address)

SCRIPT = """<script>
(function(w,d){w._hmt=w._hmt||[];var s=d.createElement("script");s.async=1;
s.src="/static/stat.js?site="+d.domain;var t=d.getElementsByTagName("script")[0];
t&&t.parentNode.insertBefore(s,t);w.adSlots={top:"<div>banner</div>",side:[300,250]};})(window,document);
</script>"""
STYLE = """<style>body{margin:0;font:16px/1.7 Georgia,"Songti SC",serif}.nav li{display:inline}
.side{float:right;width:300px}.ad{background:#eee;min-height:90px}.hide{display:none}</style>"""


def link_list(links: Links, *, tag: str = "ul", css: str = "") -> str:
    rows = "".join(f'<li><a href="{escape(url)}">{escape(words)}</a></li>' for words, url in links)
    return f'<{tag} class="{css}">{rows}</{tag}>'


def links(found: Links, between: str = " | ") -> str:
    return between.join(f'<a href="{escape(url)}">{escape(words)}</a>' for words, url in found)


_EN_WORDS = (
    "Markets",
    "Companies",
    "Economy",
    "Banking",
    "Energy",
    "Technology",
    "Property",
    "Commodities",
    "Currencies",
    "Bonds",
    "Funds",
    "Pensions",
    "World",
    "Opinion",
    "Books",
    "Weekend",
    "Video",
    "Podcasts",
    "Newsletters",
)
_ZH_WORDS = (
    "首页",
    "要闻",
    "股市",
    "公司",
    "新股",
    "基金",
    "债券",
    "期货",
    "外汇",
    "黄金",
    "银行",
    "保险",
    "信托",
    "房产",
    "科技",
    "汽车",
    "港股",
    "美股",
    "宏观",
    "评论",
    "专题",
    "视频",
    "直播",
    "数据",
    "研报",
    "投资者教育",
    "互动平台",
)
_TW_WORDS = (
    "即時",
    "要聞",
    "證券",
    "產業",
    "金融",
    "國際",
    "兩岸",
    "理財",
    "房市",
    "商情",
    "評論",
    "電子報",
    "影音",
)

EN_SECTIONS: Links = tuple(
    (words, "/section/" + words.lower().replace(" & ", "-").replace(" ", "-"))
    for words in _EN_WORDS
)
ZH_SECTIONS: Links = tuple(
    (words, f"/channel/{number}/")
    for number, words in enumerate(
        _ZH_WORDS,
        start=1,
    )
)
TW_SECTIONS: Links = tuple(
    (words, f"/news/list.php?cate={number}") for number, words in enumerate(_TW_WORDS, start=1)
)

EN_FOOTER = """<footer><p>About us · Careers · Advertise · Contact the newsroom · Corrections ·
Terms of use · Privacy policy · Cookie preferences · Accessibility · Subscriber agreement</p>
<p>Market data delayed at least 15 minutes. Nothing on this site is investment advice.
All rights reserved.</p></footer>"""
EN_COOKIES = """<div class="cookie-bar" role="dialog"><p>We and our 214 partners store and access
information on your device. You may accept all cookies, refuse them or choose.</p>
<button>Accept all</button><button>Refuse</button></div>"""
EN_NEWSLETTER = """<div class="newsletter"><h3>The Morning Ledger</h3><p>Five stories before the
opening bell, every weekday. Enter your email address to subscribe.</p>
<form><input type="email"><button>Sign up</button></form></div>"""
EN_COMMENTS = """<section id="comments"><h3>Comments (3)</h3>
<div class="comment"><b>rate_watcher</b><p>So the guidance was wrong twice in a row. Why would
anybody believe the third figure? I sold in March and have not looked back.</p></div>
<div class="comment"><b>Old Hand</b><p>Seen it in 1998, seen it in 2011. Cash flow is the only
number that matters here.</p></div>
<div class="comment"><b>M. Iyer</b><p>Good summary, though the table leaves out leases.</p></div>
</section>"""

ZH_FOOTER = """<div class="footer"><p>关于我们 | 联系我们 | 广告服务 | 诚聘英才 |
版权声明 | 网站地图 | 友情链接</p><p>免责声明：本网站所载文章、数据仅供参考，不构成投资建议，
投资者据此操作，风险自担。
转载、引用请注明出处。</p>
<p>违法和不良信息举报电话：000-00000000 信息网络传播视听节目许可证 000000
号</p></div>"""
ZH_SHARE = """<div class="share">分享到：微信 微博 QQ空间 <a href="javascript:void(0)">收藏</a>
<a href="javascript:window.print()">打印</a> <a href="javascript:window.close()">关闭</a>
字号：大 中 小</div>"""
ZH_COMMENTS = """<div class="pinglun"><h4>网友评论</h4>
<p>文明上网，理性发言，评论仅代表网友个人观点。</p>
<dl><dt>股海小舟</dt><dd>成交量上不来，涨也是白涨，还是多看少动。</dd>
<dt>老王说盘</dt><dd>等下个月数据出来再说吧，现在追高没有意义。</dd></dl>
<p>登录后参与评论 | 查看全部 128 条评论</p></div>"""
ZH_APP = """<div class="app-box">扫描二维码下载客户端，第一时间获取重要资讯。<img src="/img/qr.png"
alt="二维码"></div>"""


def advertisement(words: str = "Advertisement") -> str:
    return (
        f'<div class="ad" data-slot="728x90"><span>{words}</span>'
        '<a href="/click?c=31" rel="nofollow"><img src="/img/banner.gif" alt=""></a></div>'
    )
