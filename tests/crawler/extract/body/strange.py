"""Pages of our own making whose text is hard to find, and the words they are made of."""

from __future__ import annotations

ENGLISH = (
    (
        "The ferry line Halvorsen will move its winter timetable forward by three weeks, it told"
        " passengers on Tuesday, because the new pier at Sandvik is not ready in time."
    ),
    (
        "Two thirds of its boats are to leave from the old harbour until March, which adds a"
        " quarter of an hour to every crossing, the company's head of traffic Marit Solheim said."
    ),
    (
        "The municipality, which builds the pier for ninety million crowns, blames a delay in the"
        " delivery of steel and expects the first ship to moor there in the second week of April."
    ),
    (
        "Shares of Halvorsen fell by almost three percent in Oslo; analysts at Nordlys had warned"
        " in August that the quarter's earnings would suffer from repairs and the price of fuel."
    ),
    (
        "Commuters will get a fifth of the price of their monthly tickets back, and a bus will run"
        " every ten minutes between the old harbour and the station until the pier is open."
    ),
)
CHINESE = (
    "云岭港务集团周二宣布，新建的三号码头将推迟到明年四月投入使用，原因是钢材交付出现延误。",
    "集团负责交通运输的副总经理梁书远表示，今年冬季约三分之二的班轮将继续停靠老港区，航程增加十五分钟。",
    "该项目总投资九亿元，由市政府出资建设，是近十年来当地规模最大的港口工程。",
    "受此消息影响，公司股价下跌近百分之三，此前已有券商提示，维修费用和燃料价格会拖累本季度利润。",
)
ITEMS = (
    "The boats of the morning leave at six, at seven and at half past eight from the old harbour",
    "Bicycles are taken free of charge as long as the pier is being built, two on every boat",
    "Tickets that were bought before the first of December stay valid until the end of the year",
)
TITLE, CHINESE_TITLE = "Ferry line moves its winter timetable", "云岭港三号码头推迟投入使用"
URL = "https://www.example.test/news/2024/ferry-timetable.html"


def paragraphs(texts: tuple[str, ...] = ENGLISH, tag: str = "p") -> str:
    return "".join(f"<{tag}>{text}</{tag}>" for text in texts)


def page(body: str, *, title: str = TITLE, head: str = "", language: str = "en") -> bytes:
    menu = "".join(f'<a href="/s/{n}">Section {n}</a> ' for n in range(6))
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8">'
        f"<title>{title}</title>{head}</head><body><div class='menu'>{menu}</div>{body}"
        f"<div class='foot'><a href='/about'>About us</a></div></body></html>"
    ).encode()


def chinese_page(body: str, *, head: str = "") -> bytes:
    return page(body, title=CHINESE_TITLE, head=head, language="zh")
