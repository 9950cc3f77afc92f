"""Plots of many stories that look alike and are many, and of what stands in front of pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.histories.maker import Maker
from tests.histories.world import DAY, HOUR, MINUTE, Outlet, Story, Turn, Version, Wall

_NOTICE_EN = (
    "{company} today announced the results of its extraordinary general meeting.",
    "All {count} resolutions put to shareholders were passed by the required majority.",
    "Votes were cast by holders of shares with the code {code}, at the registered office.",
    "The register of members was closed for the two days before the meeting.",
    "No shareholder was required to abstain from voting under the listing rules.",
    "The full text of the announcement is available from the exchange's website.",
)
_NOTICE_ZH = (
    "{company}今日公告临时股东大会决议。",
    "提交表决的{count}项议案均获得有效表决权通过。",
    "本次会议由持有证券代码{code}股份的股东及其代理人出席。",
    "会议召集、召开程序符合法律法规和公司章程的规定。",
    "律师对本次股东大会进行了现场见证并出具法律意见书。",
    "备查文件包括股东大会决议及法律意见书全文。",
)
_STUB_EN = "Keep reading with a digital plan. Cancel at any time during your trial period."
_STUB_ZH = "本文为付费内容，订阅数字会员后可继续阅读全文，试用期内可随时取消。"
_WALL_EN = (
    "Before you continue",
    (
        "We and our partners store and access information on your device to run this site.\n\n"
        "You can accept all purposes, reject them, or manage your choices at any time."
        " Your choice is kept for twelve months and applies to this site only.\n\n"
        "Some partners process data on the basis of legitimate interest, to which you may object."
    ),
)
_WALL_ZH = (
    "安全验证",
    (
        "您的访问过于频繁，请完成以下验证后继续浏览本网站的内容。\n\n"
        "如果您使用的是代理或公共网络，请稍候再试，或联系网站管理员解除限制。\n\n"
        "完成验证后页面将自动跳转，无需重复操作。感谢您的理解与配合。"
    ),
)


def notices(m: Maker, o: Outlet) -> None:
    """Exchange notices of one template and one minute, each of another company."""
    at, made = m.moment(), []
    for _ in range(m.rng.randint(4, 8)):
        company, code = m.pen(o).company(), m.rng.randint(600000, 688999)
        template = _NOTICE_ZH if o.chinese else _NOTICE_EN
        count = m.rng.randint(2, 4)
        lines = [s.format(company=company, code=code, count=count) for s in template]
        title = f"{company}：股东大会决议公告" if o.chinese else f"{company}: Result of EGM"
        version = m.version(o, at, title, lines)
        made.append(m.story(o, "notices", (version,), authors=()))
        m.publish(made[-1], m.url(o, title))
    m.part("near text and minute", made)


def attachments(m: Maker, o: Outlet) -> None:
    """Notices with one and the same short text, told apart by their titles (feeds with text)."""
    if not o.full:
        notices(m, o)
        return
    at, made = m.moment(), []
    text = "公告全文请查看附件" if o.chinese else "See the attachment for the full notice."
    for _ in range(m.rng.randint(3, 5)):
        company = m.pen(o).company()
        title = f"{company}：重大合同公告" if o.chinese else f"{company}: Material contract"
        made.append(m.story(o, "attachments", (Version(at=at, title=title, text=text),)))
        m.publish(made[-1], m.url(o, title))
    m.part("same text and minute", made)


def digests(m: Maker, o: Outlet) -> None:
    """Day after day the first sentence and the byline stand, all else is new."""
    pen, byline, made = m.pen(o), (m.pen(o).name(),), []
    lede = (
        "以下为本报整理的主要财经媒体要闻，本报未核实其内容真实性。"
        if o.chinese
        else "The following are the top stories in the financial press, which we have not verified."
    )
    for day in range(m.rng.randint(3, 4)):
        at = m.polls[0] + day * DAY + 20 * MINUTE
        title = f"财经早报 11月{23 + day}日" if o.chinese else f"PRESS DIGEST - Nov {23 + day}"
        version = m.version(o, at, title, (lede, *pen.sentences(5, 9)))
        made.append(m.story(o, "digests", (version,), authors=byline))
        m.publish(made[-1], m.url(o, title))
    m.part("first sentence and byline", made)


def columns(m: Maker, o: Outlet) -> None:
    """Day after day one title, and another text."""
    pen, made = m.pen(o), []
    title = "每日收评" if o.chinese else "Market close"
    for day in range(3):
        at = m.polls[0] + day * DAY + 45 * MINUTE
        made.append(m.story(o, "columns", (m.version(o, at, title, pen.sentences()),)))
        m.publish(made[-1], m.url(o, title))
    m.part("same title", made)


def live(m: Maker, o: Outlet) -> None:
    """One address, each day another story: guid, title, date, text."""
    made: list[Story] = []
    url = f"{o.home}markets-live" if o.address != "hash" else f"{o.home}#/live"
    days = 4
    for day in range(days):
        at = m.polls[0] + day * DAY - 50 * MINUTE
        until = at + DAY if m.chance(0.5) else at + 2 * DAY
        made.append(m.story(o, "live", m.versions(o, at)))
        m.show(url, at, made[-1])
        m.list(made[-1], url, until=until, guid=m.own_guid())
    m.part("same address", made)


def stubs(m: Maker, o: Outlet) -> None:
    """Pages with headline, author and date of their own, and one stub where the text should be."""
    at, made = m.moment(), []
    for number in range(5):
        versions = m.versions(o, at + number * 7 * MINUTE)
        stub = _STUB_ZH if o.chinese else _STUB_EN
        made.append(m.story(o, "stubs", versions, stub=stub, authors=(m.pen(o).name(),)))
        m.publish(made[-1], m.url(o, versions[0].title))


def stuck_canonical(m: Maker, o: Outlet) -> None:
    """A template that claims one story's address for three others."""
    at = m.moment()
    made = [m.story(o, "stuck canonical", m.versions(o, m.later(at, 0, 2))) for _ in range(4)]
    urls = [m.url(o, s.versions[0].title) for s in made]
    for story, url in zip(made, urls, strict=True):
        m.show(url, story.published, story, canonical=urls[0])
        m.list(story, url)
    m.part("canonical", made)


def burst(m: Maker, o: Outlet) -> None:
    """A full feed, and then more stories between two polls than it has room for."""
    for number in range(o.window):
        early = m.story(o, "plain", m.versions(o, m.polls[0] - (number + 1) * HOUR))
        m.publish(early, m.url(o, early.versions[0].title))
    gaps = [(b - a, a) for a, b in zip(m.polls, m.polls[1:], strict=False)]
    _, since = m.rng.choice(gaps[: m.active - 1])
    for _ in range(o.window + m.rng.randint(2, 4)):
        versions = m.versions(o, since + timedelta(minutes=m.rng.randint(2, 24)))
        story = m.story(o, "burst", versions)
        m.publish(story, m.url(o, versions[0].title))


def wall(m: Maker, o: Outlet) -> None:
    """For a while one page stands where the pages should be, when many are announced."""
    which = m.rng.randrange(1, m.active)
    poll = m.polls[which]
    title, text = _WALL_ZH if o.chinese else _WALL_EN
    until = poll + m.rng.choice([1, 3, 8, 20]) * HOUR
    stands = Wall(at=poll - MINUTE, until=until, title=title, text=text)
    m.outlets[o.id] = o = replace(o, walls=(*o.walls, stands))
    made = []
    for _ in range(m.rng.randint(6, 9)):
        at = poll - timedelta(minutes=m.rng.randint(2, 24))
        made.append(m.story(o, "walled", m.versions(o, at)))
        m.publish(made[-1], m.url(o, made[-1].versions[0].title))
    m.part("same text and title", made)


def wall_at_a_recheck(m: Maker, o: Outlet) -> None:
    """An archived story, whose address answers with a wall for a while and then again."""
    story = m.story(o, "walled later", m.versions(o, m.moment()))
    url = m.url(o, story.versions[0].title)
    m.publish(story, url)
    seen = next((p for p in m.polls if p >= story.published), m.polls[-1])
    title, text = _WALL_ZH if o.chinese else _WALL_EN
    stands = Wall(
        at=seen + 3 * HOUR,
        until=seen + 10 * HOUR,
        title=title,
        text=text,
        urls=frozenset({url}),
    )
    m.outlets[o.id] = replace(o, walls=(*o.walls, stands))


def pinned(m: Maker, o: Outlet) -> None:
    """An old item that stands above all others."""
    story = m.story(o, "pinned", m.versions(o, m.polls[0] - 6 * DAY))
    m.publish(story, m.url(o, story.versions[0].title), pinned=True)


def taken_down_before(m: Maker, o: Outlet) -> None:
    """A new item whose address leads to the front page, before anybody came."""
    story = m.story(o, "down before", m.versions(o, m.moment()))
    url = m.url(o, story.versions[0].title)
    m.list(story, url)
    m.turn(url, Turn(at=story.published, form="front", story=story.id))
