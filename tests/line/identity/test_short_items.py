"""Items that are short or alike by nature: headlines, notices of one form, digests of a series."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.line.conftest import Desk
from tests.line.identity.making import (
    EARLIER,
    Told,
    found,
    prose,
    put_feed,
    sentences,
    slow,
    states,
    story,
    titles,
    toml,
)
from tests.line.web import NOW, Web

FEED_ONLY = 'full_content = "feed"'
FLASHES = {
    "rss": ("rss", ["Fed holds rates", "Oil tops 90 dollars", "Yen at a new low"]),
    "zh": ("json", ["央行开展逆回购操作", "沪指收涨百分之一", "人民币中间价上调"]),
    "atom": ("atom", ["BOE: no change", "ECB: no change", "SNB cuts by a quarter"]),
}


@pytest.mark.parametrize("same", [False, True], ids=["title alone", "title as description"])
@pytest.mark.parametrize("shape", FLASHES)
@slow
def test_a_headline_is_an_article_where_the_feed_is(
    web: Web, desk: Desk, shape: str, same: bool
) -> None:
    kind, names = FLASHES[shape]
    told = [
        Told(title=t, link=web.url(f"/f/{n}"), guid=f"f{n}", summary=t if same else "")
        for n, t in enumerate(names)
    ]
    put_feed(web, kind, *told)
    desk.configure(toml("daily", web.url("/feed"), FEED_ONLY))
    desk.crawl()
    assert titles(desk) == sorted(names)
    assert states(desk) == ["archived"] * 3
    assert found(desk, names[0].split(":")[0]) == [names[0]]


NOTICES = {
    "attachment": ("rss", "公告全文请查看附件", "{}：关于股份回购进展的公告"),
    "see": ("json", "For the full text of this notice please open the attached file.", "{}: AGM"),
    "linked": ("atom", "公告内容详见交易所网站所附文件全文，投资者可自行下载。", "{}：业绩预告"),
}
FIRMS = ("华泰", "中金", "国信", "招商")


@pytest.mark.parametrize(
    "shape", ["attachment", pytest.param("see", marks=slow), pytest.param("linked", marks=slow)]
)
def test_notices_with_one_description_are_rows_of_their_own(
    web: Web, desk: Desk, shape: str
) -> None:
    kind, text, form = NOTICES[shape]
    names = [form.format(firm) for firm in FIRMS]
    told = [
        Told(title=t, link=web.url(f"/n/{n}"), guid=f"n{n}", summary=text)
        for n, t in enumerate(names)
    ]
    put_feed(web, kind, *told)
    desk.configure(toml("exchange", web.url("/feed"), FEED_ONLY))
    desk.crawl()
    assert titles(desk) == sorted(names)
    assert states(desk) == ["archived"] * 4
    assert desk.rows("SELECT status FROM sources") == [("ok",)]


STANDING = (
    "The following are the top stories in the Financial Tribune."
    " Courier has not verified these stories and does not vouch for their accuracy."
)
DIGESTS = {
    "press digest": ("rss", "en", "PRESS DIGEST - Financial Tribune - Nov {}", STANDING),
    "morning paper": ("json", "zh", "早报精选：11月{}日", "以下为今日各大报纸的主要财经新闻摘要。"),
    "diary": ("atom", "en", "DIARY - Top economic events to Nov {}", STANDING),
}


@pytest.mark.parametrize("shape", DIGESTS)
@slow
def test_the_issues_of_a_digest_are_articles_each(web: Web, desk: Desk, shape: str) -> None:
    kind, lang, form, standing = DIGESTS[shape]
    names, told = [form.format(21 + n) for n in range(5)], []
    for n, title in enumerate(names):
        when = EARLIER - timedelta(days=5 - n)
        body = prose([standing]) + prose(sentences(lang, 170 + n, 12))
        link = web.put(f"/d/{n}", story(title, body, when=when, author="Courier Staff", lang=lang))
        told.append(Told(title=title, link=link, guid=f"d{n}", when=when))
    put_feed(web, kind, *told)
    desk.configure(toml("courier", web.url("/feed")))
    desk.crawl()
    assert titles(desk) == names
    assert states(desk) == ["archived"] * 5


ZH_FORM = (
    "本公司及董事会全体成员保证信息披露的内容真实、准确、完整，没有虚假记载、误导性陈述或重大遗漏。"
    "{0}股份有限公司将于下月十五日召开临时股东大会，审议关于修订公司章程的议案。"
    "股权登记日为下月八日，凡当日收市后登记在册的{0}股东均可出席会议并参加表决。"
    "会议地点为公司总部会议室，联系人为{0}证券部，出席会议的股东食宿及交通费用自理。"
)
EN_FORM = (
    "Notice is hereby given that the annual general meeting of {0} will be held at its head office"
    " on the fifteenth of next month, to receive the accounts and to elect the directors."
    " Holders of shares in {0} who are on the register on the eighth may attend and vote, or may"
    " name a proxy. Forms can be had from the secretary of {0}, who will answer questions, too."
)
FORMS = {
    "zh": (
        "rss",
        "{}：关于召开临时股东大会的通知",
        ZH_FORM,
        "华泰 中金 国信 招商 海通 广发 申万 东吴 长城 兴业",
    ),
    "en": (
        "atom",
        "{}: Notice of annual general meeting",
        EN_FORM,
        "Harrow Delmar Vireo Ostrava Kestrel Meridian Solway Alder Tamarack Norwood",
    ),
}


@pytest.mark.parametrize("mode", ["page", "feed"])
@pytest.mark.parametrize("lang", FORMS)
@slow
def test_notices_of_one_form_and_minute_are_articles_each(
    web: Web, desk: Desk, lang: str, mode: str
) -> None:
    kind, form, text, firms = FORMS[lang]
    names, told = [form.format(firm) for firm in firms.split()], []
    for n, (title, firm) in enumerate(zip(names, firms.split(), strict=True)):
        body, day = prose([text.format(firm)]), f"{NOW - timedelta(days=1):%Y-%m-%d}"
        link = web.put(f"/n/{n}", story(title, body, when=day, lang=lang))
        told.append(Told(title=title, link=link, guid=f"n{n}", content=body))
    put_feed(web, kind, *told)
    desk.configure(toml("exchange", web.url("/feed"), f'full_content = "{mode}"'))
    desk.crawl()
    assert titles(desk) == sorted(names)
    assert states(desk) == ["archived"] * 10
