"""What the commands are tried on: a config of two sources, and their articles."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from click.testing import Result

from archive.model import Article

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

CONFIG = """\
# my sources
[crawl]
contact = "desk@example.com"

[[source]]
id = "stcn"  # the Securities Times
name = "证券时报网"
url = "https://news.stcn.example/rss"
language = "zh"

[[source]]
id = "ledger"
name = "The Ledger"
url = "https://ledger.example/feed"
enabled = false
"""

ZH = Article(
    url="https://news.stcn.example/a/1",
    title="央行宣布下调存款准备金率",
    text="中国人民银行周五宣布下调金融机构存款准备金率零点五个百分点。\n\n此次降准释放长期资金。",
    markdown="中国人民银行周五宣布下调金融机构存款准备金率零点五个百分点。\n\n此次降准释放长期资金。",
    authors=("王小明", "李华"),
    published=datetime(2026, 11, 22, 1, 30, tzinfo=UTC),
    published_from="jsonld",
    language="zh",
)
EN = Article(
    url="https://ledger.example/markets/yields",
    title="Yields climb as [bold] traders wait\x1b[2J",
    text="Treasury yields climbed on Friday.\n\nTraders waited for the minutes.",
    markdown="Treasury yields climbed on Friday.\n\nTraders waited for the minutes.",
    published=datetime(2026, 11, 21, 15, 0, tzinfo=UTC),
    published_from="meta",
    language="en",
)

EN_TITLE = "Yields climb as [bold] traders wait"  # as it is stored: without its control sequence

Broadsheet = Callable[..., Result]
