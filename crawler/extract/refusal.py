"""Why a page is no article."""

from __future__ import annotations

import re
from itertools import islice

from lxml.etree import _Element as Element

from archive.model import Reason, Rejection
from archive.text.words import count_words
from crawler.extract.body.body import Body
from crawler.extract.body.judge.article_odds import is_article, is_certain
from crawler.extract.head.metadata import Metadata
from crawler.extract.notices import notice
from crawler.extract.page import refuse_length
from crawler.extract.tree import MAX_DEPTH, is_cut_short, visible_text

MIN_WEIGHT = 16  # of `count_words`, as all below; a 快讯 of one sentence has 25
_WALL_WEIGHT = 150  # a wall leaves a teaser: at most two paragraphs
_ERROR_WEIGHT = 200
_SAID_TWICE = 2
_LAST = 3  # paragraphs: a wall stands at the end of what it leaves
_HEADLINES, _HEADLINE_CHARS, _MANY_LINKS = 5, 12, 200
_VIDEO_WEIGHT, _CONSENT_WORDS = 60, 3
_BROKEN_OFF = re.compile(r".{0,20}(?:\.\.\.|…|[^\s。！？.!?।)\]）】”\"'’」』])\Z")
_LONG_WEIGHT = 12  # words: a shorter last line is a sign-off

_NOT_HTML = re.compile(rb"\s*(?:%PDF-|\x89PNG|\xff\xd8\xff|GIF8|PK\x03\x04|\x1f\x8b|RIFF|\{|\[)")
_HTML_TYPE = re.compile(
    r"\s*(?:text/(?:html|plain|xml|vnd\.wap)|application/(?:xhtml|xml|vnd\.wap))", re.I
)
_BINARY_TYPE = re.compile(
    r"\s*(?:image|audio|video|font)/|\s*application/(?:pdf|zip|json|msword|vnd\.)", re.I
)
_ERROR_TITLE = re.compile(
    r"^\W*(?:404|403|500|502|503)\b(?!\s*(?:points?|点|只|家|亿|万))|page not found|not found$"
    r"|access denied|just a moment"
    r"|attention required|are you a robot|forbidden|service unavailable|server error"
    r"|error page|页面(?:不存在|未找到|没有找到|找不到|丢失)"
    r"|(?:文章|内容|新闻)(?:不存在|已(?:被)?删除|已下线)"
    r"|页面(?:不存在|已(?:被)?删除)|找不到(?:页面|网页)|访问(?:被拒绝|出错|验证)|系统(?:出错|错误)|出错了|安全验证",
    re.I,
)
_LOGIN = re.compile(
    r"(?:sign|log) ?in to (?:continue|read|view|your account)"
    r"|please (?:log|sign) ?in"
    r"|login required|register (?:now )?to (?:continue|read)"
    r"|请先登录|登录后(?:可)?(?:查看|阅读|继续)"
    r"|(?:注册|登录)即可(?:查看|阅读)",
    re.I,
)
_CONSENT = re.compile(
    r"cookies?\b|consent|partners?\b|personal(?:ised)? (?:data|ads)|privacy|reject all|accept all"
    r"|tracking|zustimmung|widerruf|einwillig|personenbezogene|datenschutz|consentement"
    r"|partenaires|vie privée|données (?:personnelles|à caractère personnel)|traceurs"
    r"|consentimiento|datos personales|privacidad|consenso|dati personali|toestemming"
    r"|隐私政策|同意并继续|个性化广告",
    re.I,
)
_PAYWALL = re.compile(
    r"subscribe (?:now )?to (?:continue|read|unlock)|to (?:continue|keep) reading,? subscribe"
    r"|subscribers? only|for subscribers|this (?:article|content|story) is (?:reserved|exclusive)"
    r"|unlock (?:this|the) (?:article|story)|become a (?:member|subscriber)|already a subscriber"
    r"|付费(?:后|阅读|内容)|订阅后(?:查看|阅读|可)|购买(?:后|本文)|开通(?:会员|VIP)|会员(?:专享|可读|专属)"
    r"|剩余\d+%|(?:余下|剩余)内容",
    re.I,
)


def refuse_bytes(html: bytes, content_type: str) -> Rejection | None:
    """Refuse what is no page, before it is parsed."""
    if content_type and _BINARY_TYPE.match(content_type):
        return Rejection(reason=Reason.NOT_HTML, detail=content_type[:100])
    if not html or html.isspace():
        return Rejection(reason=Reason.TOO_SHORT, detail="empty response")
    if _NOT_HTML.match(html) and not _HTML_TYPE.match(content_type):
        return Rejection(reason=Reason.NOT_HTML, detail=repr(html.lstrip()[:8]))
    if b"<" not in html and b"\x00" not in html[:100]:
        return Rejection(reason=Reason.NOT_HTML, detail="no markup")
    return None


def refuse_text(
    tree: Element, metadata: Metadata, *, title: str, body: Body | None
) -> Rejection | None:
    """Refuse a page whose text is no article's; a page without a body always is."""
    text = body.text if body else ""
    length = count_words(text)
    if not metadata.article and (told := _error(tree, title, length)):
        return Rejection(reason=Reason.ERROR_PAGE, detail=told[:100])
    headings = [visible_text(heading) for heading in islice(tree.iter("h1", "h2"), 2)]
    if not metadata.article and (refused := notice(title, headings, text)):
        return refused
    if length < _WALL_WEIGHT and (wall := _wall(tree, metadata, text, length)):
        return wall
    if length < _VIDEO_WEIGHT and _is_video(tree, metadata):
        return Rejection(reason=Reason.VIDEO, detail=f"a video with {length} words")
    if body is None or (body.origin != "rules" and not is_article(body.opinion.article)):
        return _no_article(tree, body, length)
    if length < MIN_WEIGHT:
        if is_cut_short(tree):
            return _too_deep(length)
        return Rejection(reason=Reason.TOO_SHORT, detail=f"{length} words")
    return refuse_length([text])


def is_guess(rejection: Rejection, metadata: Metadata, body: Body | None) -> bool:
    """Whether a text that was refused may be an article's after all: then its page is held.

    Beyond doubt are a text of a line or none, one that is too long, a wall that readers and
    machines are both told of, a title that says twice that it is an error's, and what the judge
    gives no chance. All else is said by words alone.
    """
    if body is None or count_words(body.text) < MIN_WEIGHT or rejection.reason is Reason.TOO_LONG:
        return False
    if rejection.reason in (Reason.INDEX_PAGE, Reason.TOO_SHORT):
        return not is_certain(body.opinion.article)
    if rejection.reason is Reason.ERROR_PAGE:
        return len(_ERROR_TITLE.findall(rejection.detail)) < _SAID_TWICE
    return rejection.reason is not Reason.PAYWALL or not paywall_claim(metadata)


def _no_article(tree: Element, body: Body | None, length: int) -> Rejection:
    """What a page is whose best text is no article's: a list of others, or too little."""
    if is_cut_short(tree):
        return _too_deep(length)
    told = f"{length} words"
    if body is not None:
        told = f"{told}, an article at {body.opinion.article:.0%}: {body.opinion.evidence}"
    links = [visible_text(link) for link in islice(tree.iter("a"), _MANY_LINKS)]
    headlines = sum(len(link) >= _HEADLINE_CHARS for link in links)
    if headlines >= _HEADLINES or len(links) >= _MANY_LINKS:
        return Rejection(reason=Reason.INDEX_PAGE, detail=told)
    return Rejection(reason=Reason.TOO_SHORT, detail=told)


def _too_deep(length: int) -> Rejection:
    detail = f"nested more than {MAX_DEPTH} elements deep: {length} words stand before that"
    return Rejection(reason=Reason.PARSER_ERROR, detail=detail)


def _error(tree: Element, title: str, length: int) -> str:
    """What a page with status 200 says of its error: in its title, or as its headline."""
    if length < _ERROR_WEIGHT and _ERROR_TITLE.search(title):
        return title
    headings = [visible_text(heading) for heading in islice(tree.iter("h1", "h2"), 3)]
    short = [text for text in headings[: 3 if length < _ERROR_WEIGHT else 1] if len(text) < 60]
    return next((text for text in short if _ERROR_TITLE.search(text)), "")


def _is_video(tree: Element, metadata: Metadata) -> bool:
    """A player and no claim to be an article: the words are its description."""
    if metadata.article.get("headline") or metadata.first("og:type").lower() == "article":
        return False
    claimed = metadata.first("og:type").lower().startswith("video")
    return claimed or next(tree.iter("video"), None) is not None


def paywall_claim(metadata: Metadata) -> str:
    """What says that the article is not free: schema.org's isAccessibleForFree or its tier."""
    claims = [metadata.article.get("isAccessibleForFree")]
    claims += [item.get("isAccessibleForFree") for item in metadata.objects[:20]]
    if any(str(claim).lower() == "false" for claim in claims if claim is not None):
        return "jsonld"
    tier = metadata.first("article:content_tier", "content_tier", "access_status")
    return "meta" if tier.lower() in ("locked", "metered", "premium", "paid", "subscriber") else ""


def _wall(tree: Element, metadata: Metadata, text: str, length: int) -> Rejection | None:
    """A short text that ends at a wall, or that stands beside one when hardly any is left.

    A claim of not being free says nothing of the text at hand: complete briefs are metered, too.
    It is a wall's teaser where the page says so to its readers, or it breaks off.
    """
    end = "\n".join(text.split("\n\n")[-_LAST:])
    read = end if length >= 2 * MIN_WEIGHT else f"{text}\n{visible_text(tree)[:20_000]}"
    walled = _PAYWALL.search(read)
    if walled is None and paywall_claim(metadata):
        walled = _PAYWALL.search(visible_text(tree)) or _broken_off(text)
    if walled is not None:
        detail = f"{length} words before the wall: {walled[0].strip()[:60]!r}"
        return Rejection(reason=Reason.PAYWALL, detail=detail)
    if login := _LOGIN.search(read):
        detail = f"{length} words before the wall: {login[0]!r}"
        return Rejection(reason=Reason.LOGIN_WALL, detail=detail)
    if _consent_words(text) >= _CONSENT_WORDS:
        return Rejection(reason=Reason.PLACEHOLDER, detail="a cookie wall")
    return None


def _broken_off(text: str) -> re.Match[str] | None:
    """The end of a text whose last paragraph breaks off."""
    long = [p for p in text.split("\n\n") if count_words(p) >= _LONG_WEIGHT]
    return _BROKEN_OFF.search(long[-1].strip()) if long else None


def _consent_words(text: str) -> int:
    return len({word.lower() for word in _CONSENT.findall(text)})
