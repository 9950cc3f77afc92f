"""What channels announce beside stories: the mistakes that every real feed contains."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from .feeds import Item
from .newsroom import Newsroom
from .outlets import BY_KEY


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """An announced address that is no story; `note` is the state that its entry must end in."""

    outlet: str
    labels: tuple[str, ...]
    path: str
    title: str
    age: timedelta
    note: str


def _hours(number: float) -> timedelta:
    return timedelta(hours=number)


EXTRAS = (
    Extra(
        outlet="ledger",
        labels=("rss",),
        path="/documents/rate-statement.pdf",
        title="Full text: the rate statement (PDF)",
        age=_hours(7),
        note="rejected: not HTML",
    ),
    Extra(
        outlet="ledger",
        labels=("rss",),
        path="/video/closing-bell",
        title="Watch: the closing bell",
        age=_hours(8),
        note="rejected: video only",
    ),
    Extra(
        outlet="ledger",
        labels=("rss",),
        path="/tag/earnings",
        title="All our earnings coverage",
        age=_hours(9),
        note="rejected: index page",
    ),
    Extra(
        outlet="ledger",
        labels=("rss",),
        path="/gone/withdrawn-by-legal",
        title="Harbour lender names new chief executive",
        age=_hours(30),
        note="gone: 410",
    ),
    Extra(
        outlet="ledger",
        labels=("news",),
        path="/account/portfolio-notes",
        title="Portfolio notes for members",
        age=_hours(12),
        note="forbidden: robots.txt",
    ),
    Extra(
        outlet="haichuan",
        labels=("rss091", "list"),
        path="/private/internal-bulletin.shtml",
        title="内部参考：本周资金面跟踪与下周公开市场操作展望",
        age=_hours(5),
        note="forbidden: robots.txt",
    ),
    Extra(
        outlet="haichuan",
        labels=("list",),
        path="/2026/soft404.shtml",
        title="多家券商上调明年出口增速预测 机构称结构改善",
        age=_hours(26),
        note="rejected: error page",
    ),
    Extra(
        outlet="jinling",
        labels=("rss",),
        path="/member/report.html",
        title="独家研报：半导体设备板块深度梳理",
        age=_hours(11),
        note="rejected: login wall",
    ),
    Extra(
        outlet="wire",
        labels=("atom",),
        path="/legal/blocked",
        title="Court order restricts this item",
        age=_hours(6),
        note="forbidden: 451",
    ),
    *(
        Extra(
            outlet="ledger",
            labels=("consent",),
            path=f"/consent/{number}",
            title=f"Consent story {number}: {words}",
            age=_hours(number),
            note="rejected: placeholder",
        )
        for number, words in enumerate(
            (
                "Grain terminal sale collapses",
                "Insurer raises storm reserve",
                "Ferry operator seeks refinancing",
                "Chipmaker delays second plant",
                "Pension fund cuts hedge fund fees",
                "Brewer warns on barley costs",
            ),
            start=1,
        )
    ),
)


def extra_items(outlet: str, label: str, newsroom: Newsroom) -> list[Item]:
    base = newsroom.base(BY_KEY[outlet])
    return [
        Item(
            title=extra.title,
            url=base + extra.path,
            guid=f"tag:{outlet},extra{number}",
            published=newsroom.start - extra.age,
            summary=extra.title,
            ident=900_000 + number,
            note=extra.note,
        )
        for number, extra in enumerate(EXTRAS)
        if extra.outlet == outlet and label in extra.labels
    ]
