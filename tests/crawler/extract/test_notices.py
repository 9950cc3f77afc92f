"""Short pages that say what they are: errors, closed doors, forms."""

import pytest

from archive.model import Reason
from crawler.extract.notices import notice


@pytest.mark.parametrize(
    ("title", "text", "reason"),
    [
        (
            "Something went wrong",
            "The machine is at fault. Please try again in an hour.",
            Reason.ERROR_PAGE,
        ),
        ("系統維護公告", "本站今晚進行伺服器遷移，全部服務暫停。", Reason.ERROR_PAGE),
        ("Tidewater Post", "请先登录。忘记密码请联系客服。", Reason.LOGIN_WALL),
        (
            "One more step",
            "Checking your browser before you go on. Your incident ID is 4711.",
            Reason.ERROR_PAGE,
        ),
        ("访问受限", "您的访问过于频繁，请完成验证后继续。", Reason.ERROR_PAGE),
        ("Back at noon", "Scheduled maintenance. Thank you for your patience.", Reason.ERROR_PAGE),
        (
            "Register to keep reading",
            "You have read all pages that are free without an account.",
            Reason.LOGIN_WALL,
        ),
        ("打开客户端阅读全文", "扫码免费下载，离线可用。", Reason.PLACEHOLDER),
    ],
)
def test_two_phrases_make_a_notice(title: str, text: str, reason: Reason) -> None:
    found = notice(title, [], text)
    assert found is not None
    assert found.reason is reason
    assert found.detail.startswith("says ")


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Old phone no longer available", "Norrland stopped selling its first phone on Monday."),
        ("银行系统升级", "云岭银行周二完成核心系统升级，客户交易未受影响，行长梁书远表示。"),
        (
            "Are you a robot? A court decides",
            "Judges in Oslo weigh whether a puzzle is a contract.",
        ),
        ("监管要求完成机器人风险排查", "云岭证监局周二要求券商排查程序化交易，称异常交易已减少。"),
        ("Bank's site was down for an hour", "Customers of Nordlys could not pay on Friday."),
    ],
)
def test_news_of_such_a_thing_is_none(title: str, text: str) -> None:
    assert notice(title, [title], text) is None


def test_a_long_text_is_none_whatever_it_says() -> None:
    text = "Please try again later, the server could not be reached, it was told. " * 30
    assert notice("Something went wrong", [], text) is None
