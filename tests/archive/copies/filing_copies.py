"""Texts that several outlets print, and how the tests of clusters file them."""

from __future__ import annotations

import sqlite3

from tests.archive.making import cell, rows, save

STORY = (
    "中国人民银行周五宣布，自12月15日起下调金融机构存款准备金率0.5个百分点，不含已执行5%存款准备金率的金融机构。"
    "此次下调后，金融机构加权平均存款准备金率为8.4%，共计释放长期资金约1.2万亿元。"
    "央行有关负责人表示，稳健货币政策取向没有改变，释放的一部分资金将被金融机构用于归还到期的中期借贷便利。"
)
ADDED = "分析人士认为，此举有助于降低企业融资成本。"
OTHER = (
    "郑州商品交易所周一公告，自12月20日结算时起，尿素期货合约的交易保证金标准调整为12%，涨跌停板幅度调整为8%。"
    "交易所提醒各会员单位做好风险防范工作，确保市场平稳运行，并将根据市场情况适时采取相应的监管措施。"
)


def file(conn: sqlite3.Connection, source: str, text: str, **more: object) -> int:
    """Archive a text at a source, under an address of its own there."""
    number = cell(conn, "SELECT count(*) FROM articles")
    path = f"https://{source}.example.com/{number}"
    more = {"title": f"标题{source}{number}", "language": "zh"} | more
    saved = save(conn, path, text=text, source_id=source, **more)
    assert saved.article_id is not None
    return saved.article_id


def copies(conn: sqlite3.Connection) -> list[tuple[object, ...]]:
    return rows(conn, "SELECT id, copy_of FROM articles ORDER BY id")
