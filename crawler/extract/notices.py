"""Pages of a few sentences that are no article: errors, closed doors, forms; by what they say.

No form tells them from a flash of one paragraph. So two of their phrases must stand together, as
a rule the title's and one of the text, on a short page that doesn't claim to be an article.

It is a guess: what is so refused is held and asked for again (archive.held.guesses).
"""

from __future__ import annotations

import re

from archive.model import Reason, Rejection
from crawler.extract.body.boilerplate import simplified

_MOST_CHARS, _FEW_CHARS = 1500, 300
_PHRASES = {  # in small letters, as what they are looked for in
    Reason.ERROR_PAGE: re.compile(
        r"something went wrong|(?:we(?:'|’)ll|will) be (?:right )?back"
        r"|thank you for (?:your|bearing)|(?:any|the) inconvenience|scheduled maintenance"
        r"|(?:currently|temporarily) (?:unavailable|offline)|(?:are you|not) a robot"
        r"|(?:you are|you(?:'|’)re) (?:a )?human|unusual (?:traffic|activity)|checking your browser"
        r"|(?:reference|ray|incident) (?:id|number)|(?:accept|enable) cookies|complete the captcha"
        r"|wartungsarbeiten|(?:ihre|eure) geduld|in kürze wieder"
        r"|pas un robot|votre patience|de retour (?:bientôt|dans)"
        r"|(?:down for|under) maintenance"
        r"|(?:server|site|service) (?:could not|cannot|is (?:temporarily )?unavailable)"
        r"|(?:please )?try again (?:in|later)|no longer available"
        r"|enable javascript|without javascript"
        r"|javascript (?:is )?(?:required|disabled|wird benötigt|ein\b)|schiefgegangen"
        r"|seite nicht gefunden|server konnte|gleich zurück|versuchen sie es"
        r"|kein (?:programm|roboter)|ein mensch\b|page introuvable"
        r"|erreur serveur|réessayer|página no encontrada|系统(?:繁忙|维护|升级)"
        r"|(?:(?:服务|伺服)器|本站).{0,12}(?:未能|无法|错误|迁移|维护)"
        r"|(?:人机|安全)验证|(?:不|并非)是?机器人|(?:完成|通过)(?:下方|以下)?验证|拖动.{0,4}滑块"
        r"|访问(?:过于)?频繁|(?:异常|可疑)(?:流量|访问|请求)|敬请谅解|带来(?:的)?不便|耐心等待"
        r"|(?:稍后|分钟后)(?:再试|重试)|服务暂停|文章.{0,8}已(?:被)?(?:下线|撤下|删除)|已下线"
        r"|(?:启用|开启)javascript|无法显示文章",
    ),
    Reason.LOGIN_WALL: re.compile(
        r"(?:log|sign) ?in to (?:continue|read)|register to (?:keep|continue)"
        r"|without an account|already registered|forgot(?:ten)? (?:your )?password"
        r"|enter your e-?mail|melden sie sich an|e-mail-adresse und"
        r"|(?:kennwort|passwort) vergessen|mot de passe oublié|请先登(?:录|入)"
        r"|(?:手机号|验证码).{0,4}(?:和|与)(?:验证码|密码)|忘记密码|登(?:录|入)后(?:可|即)",
    ),
    Reason.PLACEHOLDER: re.compile(
        r"better in (?:the|our) app|open (?:this|the) \w+ in (?:our|the) app|download it free"
        r"|in der app (?:weiterlesen|ist)|ohne netz"
        r"|(?:打开|开启|在)客户端(?:阅读|内)|客户端内?阅读|扫码(?:免费)?下载"
        r"|(?:我们)?重视您的隐私|[家个]合作(?:方|伙伴)|cookie|无跟踪版本|请选择阅读方式"
        r"|no results (?:for|found)|没有找到.{0,10}结果",
    ),
}


def notice(title: str, headings: list[str], text: str) -> Rejection | None:
    """Refuse a page whose title or headline, and text, are those of such a page."""
    if len(text) > _MOST_CHARS:
        return None
    head = simplified("\n".join([title, *headings])).lower()
    said = simplified(text).lower()
    for reason, phrases in _PHRASES.items():
        named = {found[0] for found in phrases.finditer(head)}
        told = {found[0] for found in phrases.finditer(said)} - named
        enough = 1 if len(text) < _FEW_CHARS else 2
        if (named and told) or len(named) > 1 or len(told) > enough:
            first = ", ".join(sorted(named | told)[:3])
            return Rejection(reason=reason, detail=f"says {first}"[:120])
    return None
