"""A small archive made for questions, and the questions with the articles that answer each.

Every answer was worked out by hand from the texts below: Chinese is found wherever the characters
stand together, a Latin word or number only as a whole, in any case and any width, traditional as
simplified. The copy (12) is in no answer but those of doors that show copies; what it alone has
finds its story, 1.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.archive.stored import new_archive, put_article, put_source

COPY = 12

# id: (source, published, title, text)
ARTICLES = {
    1: ("stcn", "2021-12-06", "央行宣布全面降准", "中国人民银行决定下调存款准备金率0.5个百分点。"),
    2: (
        "stcn",
        "2021-12-07",
        "郑州商品交易所调整手续费",
        "白糖期货手续费标准下调。央行逆回购维持不变，人民币汇率走稳。",
    ),
    3: (
        "wire",
        "2021-12-08",
        "Fed holds rates steady",
        "The Federal Reserve left its benchmark rate unchanged. U.S. CPI rose 3.5%.",
    ),
    4: (
        "stcn",
        "2021-12-09",
        "港股ETF成交放大",
        "沪深300指数（000300）上涨，中新赛克（002912）、中船汉光（300778）领涨，CPI同比增长。",
    ),
    5: (
        "hk",
        "2021-12-10",
        "鄭州暴雨影響物流",
        "中國人民銀行表示，將支持鄭州的企業。證監會亦有回應，Ａ股ＥＴＦ資金流入１０８２億元。",
    ),
    6: (
        "wire",
        "2022-01-03",
        "AT&T and the S&P 500",
        "AT&T shares fell; the S&P 500 closed at 4,796.56. Café chains rose 300 points.",
    ),
    7: (
        "stcn",
        "2022-01-04",
        "国产大飞机C919交付",
        "C919首架交付东航。新能源汽车与碳酸锂价格回落，比亚迪（002594）上涨3.5%。",
    ),
    8: ("stcn", "2022-01-05", "金价与油价", "黄金上行，原油下跌。A股成交1082亿元。"),
    9: (
        "wire",
        "2022-02-01",
        "Reserve banks: federal policy",
        "Reserve requirements differ. The Treasury yields chart rates-sensitive sectors.",
    ),
    10: ("hk", "2022-02-02", "臺灣證券交易所公告", "臺灣證券交易所今日公告，台積電上漲。"),
    11: (
        "wire",
        "2022-03-01",
        "China steel tariff talks",
        "Tariffs on steel: 钢铁 exporters in Zhengzhou 郑州 wait. Tariff-free quotas end.",
    ),
    COPY: ("wire", "2021-12-06", "央行全面降准", "央行宣布全面降准。"),
}
MENTIONS = {(4, "300778.XSHE"), (4, "002912.XSHE"), (7, "002594.XSHE"), (6, "T.XNYS")}

# Queries of research/archive-search.md §2.1, filled up to its 35: words, and what stands together.
RESEARCH = (
    ("央行", [1, 2]),
    ("降准", [1]),
    ("郑州", [2, 5, 11]),
    ("郑州商品交易所", [2]),
    ("郑", [2, 5, 11]),
    ("油", [8]),
    ("金", [1, 5, 8]),
    ("行", [1, 2, 5, 8]),
    ("人民币", [2]),
    ("中国人民银行", [1, 5]),
    ("沪深300", [4]),
    ("300", [4, 6]),
    ("300778", [4]),
    ("002594", [7]),
    ("CPI", [3, 4]),
    ("cpi", [3, 4]),
    ("CPI 同比增长", [4]),
    ("比亚迪 002594", [7]),
    ("A股", [5, 8]),
    ("港股 ETF", [4]),
    ("C919", [7]),
    ("3.5%", [3, 7]),
    ("1082亿元", [5, 8]),
    ("新能源汽车", [7]),
    ("碳酸锂", [7]),
    ("S&P 500", [6]),
    ("Federal Reserve", [3, 9]),
    ("U.S.", [3]),
    ("AT&T", [6]),
    ("CPI同比", [4]),
    ("证监会", [5]),
    ("ＥＴＦ", [4, 5]),
    ("treasury yields", [9]),
    ("央行 逆回购", [2]),
    ("4,796.56", [6]),
)

# Forty of our own: eighteen that every door takes …
PLAIN = (
    ("鄭州", [2, 5, 11]),
    ("鄭州商品交易所", [2]),
    ("台湾证券交易所", [10]),
    ("臺灣", [10]),
    ("台积电", [10]),
    ('"federal reserve"', [3]),
    ('"reserve federal"', []),
    ('"left its benchmark" cpi', [3]),
    ("行央", []),
    ("cafe", [6]),
    ("CAFÉ", [6]),
    ("０.５个百分点", [1]),
    ("（000300）", [4]),
    ("9190", []),
    ("tariff", [11]),
    ("钢铁 zhengzhou", [11]),
    ("《》", []),
    ('"央行', [1, 2]),
)
# … and twenty-two of the full grammar.
GRAMMAR = (
    ("央行 -降准", [2]),
    ("央行 NOT 降准", [2]),
    ("降准 OR fed", [1, 3]),
    ("rates OR 逆回购 央行", [2]),
    ("fed AND rates OR 降准", [1, 3]),
    ("(fed OR 央行) rate", [3]),
    ("tariff*", [11]),
    ("unch*", [3]),
    ("unch", []),
    ("3007*", [4]),
    ("title:央行", [1]),
    ("title:(央行 OR 鄭州)", [1, 2, 5]),
    ("text:央行 -title:郑州", [1]),  # the copy has it in its text
    ("source:hk", [5, 10]),
    ('source:"港聞" 鄭州', [5]),
    ("郑州 -source:hk", [2, 11]),
    ("code:300778", [4]),
    ("code:002594.SZ OR code:t", [6, 7]),
    ("after:2022-02", [9, 10, 11]),
    ("央行 before:2021-12-07", [1]),
    ("after:2021-12-09 before:2022年1月4日 -300778", [5, 6]),
    ("（郑州 ＯＲ steel） -source：stcn", [5, 11]),
)
EVERY_DOOR = RESEARCH + PLAIN
ALL = EVERY_DOOR + GRAMMAR


def make_searchable(path: Path) -> sqlite3.Connection:
    """Make the archive at `path`."""
    conn = new_archive(path)
    put_source(conn, "wire", "Wire")
    put_source(conn, "hk", "港聞")
    for number, (source, day, title, text) in ARTICLES.items():
        put_article(
            conn,
            id=number,
            url=f"https://{source}.example/{number}",
            source_id=source,
            published=f"{day}T08:00:00Z",
            title=title,
            text=text,
            copy_of=1 if number == COPY else None,
        )
    conn.executemany("INSERT INTO mentions VALUES (?, ?, '', 'name', 1)", sorted(MENTIONS))
    return conn
