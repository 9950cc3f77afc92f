"""What a page says of itself and of the moment: clocks, counters, advertisements. Pure.

Two versions that differ by nothing else are one. A line is judged by itself, so that equal versions
stay equal whatever they are compared with. A figure inside a sentence is never noise: there, "12
comments" is what the article says.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache

MAX_CHARS = 160  # of a line that may be noise
MAX_LINES = 500  # at each end; those between are not judged: a live blog is read in bounded time
_TEASER_CHARS = 400  # of a line that a feed may have made of several
ENDS = 3  # lines at each end where a date or an hour alone is a byline's, not a table's

_NUMBER = r"\d[\d,.]*\s*(?:万|亿|千|k|w|m)?\+?"
_ZONE = r"(?:gmt|utc|bst|[ecmp][sd]?t|hkt|cst|sgt|cet|ist|jst|kst|ae[sd]t|北京时间)(?:[+-]\d{1,2})?"
_HALF = r"[ap]\.?m\b\.?"
_HOUR = (
    rf"(?:\d{{1,2}}[:：]\d{{2}}(?:[:：]\d{{2}})?(?:\s*{_HALF})?"
    rf"|\d{{1,2}}\.\d{{2}}(?=\s*(?:{_ZONE}|{_HALF}))(?:\s*{_HALF})?|\d{{1,2}}\s*{_HALF})"
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_WEEKDAY = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b"
    r"|(?:星期|周)[一二三四五六日天])"
)
_DATE = (
    r"(?:\d{1,2}-\d{1,2}(?=\s+\d{1,2}:\d)|\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}日?|\d{1,2}月\d{1,2}日|\d{1,2}/\d{1,2}/\d{2,4}"
    rf"|{_MONTH}\s*\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s*\d{{4}})?|\d{{1,2}}\s*{_MONTH}(?:\s*\d{{4}})?"
    r"|今天|昨天|前天|今日|昨日|today|yesterday)"
)
_WHEN = rf"(?:{_WEEKDAY}|{_DATE}|{_HOUR}|{_ZONE})"
_MOMENT = rf"(?:{_WEEKDAY}|{_DATE}|{_HOUR})(?:(?:\s|[,:]|\bat\b|t)*{_WHEN})*"
_AGE = (
    r"(?:刚刚|\d+\s*(?:秒钟?|分钟|个?小时|天|周|个?月)[之以]?前|just now"
    r"|(?:an?|\d+)\s*(?:s|m|h|d|secs?|seconds?|mins?|minutes?|hrs?|hours?|days?|weeks?|months?)"
    r"\s*ago)"
)
_UPDATED = (
    r"(?:(?:文章|本文|本站)?(?:最后|最近|最新)?(?:更新|发布|发表|修改|编辑|刊发)(?:时间|日期)?(?:于|在)?"
    r"|(?:时间|日期)(?=\s*[:：])"
    r"|(?:(?:this|the)?\s*(?:story|article|page|post|report)\s+)?(?:(?:was|has been)\s+)?"
    r"(?:(?:last|first|originally)\s+)?(?:updated|published|modified|posted|revised|edited)(?:\s+(?:at|on))?)"
)
_COUNTED_ZH = (
    r"(?:阅读|浏览|点击|评论|点?赞|转发|收藏|分享|播放|热度|人气|跟[贴帖]|围观|讨论|回复|参与|[已在]读"
    r"|喜欢|在看|看过|打赏|转载)"
)
_COUNTED_EN = (
    r"(?:views?|comments?|shares?|likes?|reads?|reactions?|replies|reposts?|retweets?|clicks)"
)
_MANY = r"(?:本文|全部|共有?|已有|网友|最新|精彩|热门)?"
_COUNTER = (
    rf"(?:{_MANY}{_COUNTED_ZH}[量数]?(?:次数|人数)?\s*[:：(（]?\s*{_NUMBER}\s*[次人条个篇]?[)）]?"
    rf"|{_MANY}{_NUMBER}\s*[次人条个位]?已?{_COUNTED_ZH}(?:{_COUNTED_ZH})?"
    rf"|{_NUMBER}\s*{_COUNTED_EN}|{_COUNTED_EN}\s*[:(]?\s*{_NUMBER}\)?"
    rf"|{_NUMBER}\s*people (?:like|liked|shared|read|reacted to) this"
    r"|be the first to comment|no comments(?: yet)?|\d+[\s-]min(?:ute)?s? read)"
)
_BYLINE = re.compile(
    r"(?:(?:written |reporting |posted )?by\s+\w|(?:from|source|editors?|reuters|文)\b"
    r"|\w{2,8}(?:社|网|报|讯)\b|来源|记者|作者|编辑|责编|责任编辑|校对|审核)",
    re.IGNORECASE,
)
_OFFERS = (  # lines that sell, lead elsewhere, or ask for something
    (
        r"广告|推广|赞助|贊助|廣告|ads?|advertis(?:ement|ing)"
        r"|sponsored(?: (?:content|by [\w ]{2,30}))?"
        r"|promoted|(?:story|article) continues (?:below|after)(?: (?:this )?advertisement)?"
        r"|advertisement\W+(?:continue reading(?: below)?|scroll to continue)"
        r"|continue reading(?: below)?|scroll to continue|继续阅读|展开全文|更多精彩"
        r"|(?:点击[^。\d]{0,6})?(?:阅读(?:原文|全文)|查看(?:更多|原文|全文|大图))"
    ),
    r"(?:广告|推广|廣告|sponsored|advertisement)\s*[】\])：:|].*",
    (
        r"(?:(?:相关|延伸|推荐|精彩|更多|热门|往期)(?:阅读|新闻|推荐|文章|链接|报道|内容|回顾)|猜你喜欢"
        r"|为[你您]推荐|大家都在看|[上下]一篇)(?:\s*[:：].*)?"
    ),
    (
        r"(?:read more|read also|also read|related(?: articles?| stories)?|see also|don't miss"
        r"|trending|most (?:read|popular)|more (?:on|from) [\w ]{2,30}|recommended"
        r"|you may also like)\s*:.*"
    ),
    (
        r"recommended(?: stories| for you)|related (?:articles|stories)|most (?:read|popular)"
        r"|top stories|you may also like|(?:share|save)(?: this)?(?: article| story)?"
        r"|join the conversation"
    ),
    (
        r"(?:立即|马上|请|点击|点此|欢迎)*(?:扫码|扫一?扫|扫描|长按|点击|点此|打开|关注|下载|分享[到至])"
        r"[^。？?\d%]{0,40}(?:app|客户端|公众号|二维码|微信|微博|小程序|朋友圈)[^。？?\d%]{0,30}"
    ),
    (
        r"(?:sign up|subscribe|register|get|receive)\b[^.?\d%]{0,80}\b(?:newsletters?|alerts?"
        r"|briefing|inbox|emails?)(?: (?:here|now|today))?"
        r"|(?:sign up|subscribe)(?: here| now| today)?"
    ),
    r"(?:download|get) (?:our|the [\w ]{2,20}) app\b[^.?\d%]{0,60}",
    r"follow us on [^.?\d%]{0,60}|(?:click|tap) here to (?:subscribe|sign up|read more)",
)
_ADVERTISEMENT = rf"\W*(?:{'|'.join(_OFFERS)})\W*"
_DATED = rf"{_AGE}|{_UPDATED}\s*[:：]?\s*(?:{_AGE}|{_MOMENT})"
_STAMP = rf"{_DATE}(?:\s|,|\bat\b|t)*{_HOUR}(?:\s*{_ZONE})?"
_TELLING = f"{_DATED}|{_COUNTER}|{_STAMP}"  # what it is by itself, wherever it stands
_EDGE_BEFORE, _EDGE_AFTER = r"(?<![^\W_])", r"(?![^\W_]|[%％‰])"
_LABELLED_ITEM = rf"{_EDGE_BEFORE}(?:{_TELLING}){_EDGE_AFTER}"
_ITEM = rf"{_EDGE_BEFORE}(?:{_TELLING}|{_MOMENT}|{_UPDATED}){_EDGE_AFTER}"
_DATED_ITEM = f"{_EDGE_BEFORE}(?:{_DATED}){_EDGE_AFTER}"
_STAMPED_ITEM = f"{_EDGE_BEFORE}(?:{_DATED}|{_STAMP}){_EDGE_AFTER}"
_SENTENCE = re.compile(r"[。！？；]|[!?;](?:\s|$)|[^\W\d_]{3}\.(?:\s|$)|[^\W\d_]\.\s+[A-Z]")
_GAPS = re.compile(r"\s*(?:[|·•]|\s{2,}|\t)\s*")
_LEFT_OVER = re.compile(r"\b(?:at|on|by)\b|[\W_]+", re.IGNORECASE)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """When it is first needed: together they take 50 ms, and most commands judge no line."""
    return re.compile(pattern, re.IGNORECASE)


def without_noise(text: str) -> str:
    """Drop the lines that are noise, and from bylines what passes in them.

    The result is for comparison only: what is left of a byline has other blanks.
    """
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) > 2 * MAX_LINES:
        head, middle, tail = lines[:MAX_LINES], lines[MAX_LINES:-MAX_LINES], lines[-MAX_LINES:]
        lines = [*_judged(head), *middle, *_judged(tail)]
    else:
        lines = _judged(lines)
    # only now: an advertisement more would else move a date away from the end
    head, lines = lines[:ENDS], lines[ENDS:]
    split = max(0, len(lines) - ENDS)
    return "\n".join((*_judged(head, _ITEM), *lines[:split], *_judged(lines[split:], _ITEM)))


def without_counts(text: str) -> str:
    """Drop counters, clocks and relative times wherever they stand in a short line: in what a feed
    shows of an item they are the site's, in a sentence of an article they may be its subject."""
    return "\n".join(
        line if len(line) > _TEASER_CHARS else _compiled(_LABELLED_ITEM).sub(" ", line)
        for line in text.split("\n")
    )


def _judged(lines: Sequence[str], item: str = _LABELLED_ITEM) -> list[str]:
    judged = (line if _is_prose(line) else _judge(line, item) for line in lines)
    return list(filter(None, judged))


def _is_prose(line: str) -> bool:
    """Tell at a glance: no line of noise is so long, nor ends in a full stop when half so long."""
    size = len(line)
    return size > MAX_CHARS or (size > 80 and line[-1] in ".!?”") or (size > 40 and "。" in line)


@lru_cache(maxsize=1024)  # two versions of a text share most lines, and each is read twice
def _judge(line: str, item: str) -> str:
    """Give what of a line is the article's: the line as it is, or some of it, or nothing."""
    spaced = unicodedata.normalize("NFKC", line.replace("\u3000", "  "))
    read = spaced.strip()
    if _compiled(_ADVERTISEMENT).fullmatch(read):
        return ""
    rest = _compiled(item).sub(" ", read)
    if rest == read:
        return line
    if not _LEFT_OVER.sub("", rest):
        return line if _is_span(_compiled(_LABELLED_ITEM).sub(" ", read)) else ""
    if _SENTENCE.search(spaced):
        return line
    if _BYLINE.match(rest.lstrip(" |·•-([【")):
        return rest
    passing = _compiled(_STAMPED_ITEM if item == _ITEM else _DATED_ITEM)
    return " ".join(passing.sub(" ", part) for part in _GAPS.split(read) if not _is_noise(part))


def _is_span(told: str) -> bool:
    """Tell whether there are two days or two hours: of a fair, of a programme."""
    return any(len(_compiled(time).findall(told)) > 1 for time in (_DATE, _HOUR))


def _is_noise(part: str) -> bool:
    """Judge a part of a bar: `Markets | 12 minutes ago`."""
    told = _LEFT_OVER.sub("", _compiled(_LABELLED_ITEM).sub(" ", part))
    return not told or _compiled(_ADVERTISEMENT).fullmatch(part) is not None
