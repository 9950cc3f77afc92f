"""What is looked for: the queries that research/archive-search.md §2.1 names, filled up to its 35.

Its last ones stand for more than they say ("…"): those from `证监会` on are ours.
"""

from __future__ import annotations

QUERIES = (
    *("央行", "降准", "郑州", "郑州商品交易所", "郑", "油", "金", "行", "人民币", "中国人民银行"),
    *("沪深300", "300", "300778", "002594", "CPI", "cpi", "CPI 同比增长", "比亚迪 002594"),
    *("A股", "港股 ETF", "C919", "3.5%", "1082亿元", "新能源汽车", "碳酸锂", "S&P 500"),
    *("Federal Reserve", "U.S.", "AT&T", "CPI同比", "证监会", "ＥＴＦ", "treasury yields"),
    *("央行 逆回购", "2021年12月"),
)
CHINESE = tuple(q for q in QUERIES if "\u4e00" <= q[0] <= "\u9fff" and q.isalpha())
