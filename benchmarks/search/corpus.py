"""Generated articles, two thirds Chinese, drawn with a fixed seed: the same ones at every run.

Words follow Zipf's law, sentences are drawn from a stock of them, and the terms that the queries
ask for are strewn in with frequencies from every second sentence to one in ten thousand.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate

STOCK = 20_000  # sentences of each language
MEAN_CHARS = 1_530  # of a text, as measured on real news (research/archive-search.md)
CHINESE_SHARE = 0.65
SOURCES = tuple(f"s{number}" for number in range(10))
_PAGE = "<html><head><title>{title}</title></head><body><nav>{nav}</nav>{text}</body></html>"
_NAV = "".join(f'<a href="/channel/{n}">Channel {n}</a>' for n in range(300))
_BEGIN = datetime(2021, 1, 1, tzinfo=UTC)
_TERMS_ZH = (
    *("人民币", "央行", "降准", "金", "行", "油", "郑州", "中国人民银行", "A股", "ETF", "港股"),
    *("沪深300", "CPI", "3.5%", "同比增长", "新能源汽车", "碳酸锂", "比亚迪", "300778", "002594"),
    *("1082亿元", "郑州商品交易所", "C919", "300", "证监会"),
)
_TERMS_EN = (
    *("market", "bank", "rates", "CPI", "U.S.", "Fed", "inflation", "China", "AT&T", "S&P"),
    *("Federal Reserve", "S&P 500", "treasury yields", "Apple", "C919", "300", "EV", "battery"),
)


def articles(count: int, seed: int = 1) -> Iterator[dict[str, str]]:
    """Yield `count` articles: url, source, title, text, language, published."""
    draw = random.Random(seed)
    stock = {"zh": _chinese(draw), "en": _english(draw)}
    for number in range(count):
        language = "zh" if draw.random() < CHINESE_SHARE else "en"
        joint = "" if language == "zh" else " "
        target = max(200, draw.gauss(MEAN_CHARS, 600))
        sentences, size = [], 0
        while size < target:
            sentences.append(draw.choice(stock[language]))
            size += len(sentences[-1])
        published = _BEGIN + timedelta(minutes=10 * number)
        source = SOURCES[number % len(SOURCES)]
        yield {
            "url": f"https://{source}.example/{number}",
            "source": source,
            "title": draw.choice(stock[language])[:40],
            "text": joint.join(sentences),
            "language": language,
            "published": published.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }


def page(article: dict[str, str]) -> bytes:
    """Give an article's page: 12 KB of navigation round the text, as sites have it."""
    return _PAGE.format(title=article["title"], nav=_NAV, text=article["text"]).encode()


def _chinese(draw: random.Random) -> list[str]:
    characters = [chr(code) for code in draw.sample(range(0x4E00, 0x8FFF), 3_000)]
    lengths = draw.choices((1, 2, 3, 4), (10, 70, 12, 8), k=30_000)
    weights = list(accumulate(_zipf(3_000, 0.6)))
    words = ["".join(draw.choices(characters, cum_weights=weights, k=n)) for n in lengths]
    return ["".join(_words(draw, words, _TERMS_ZH, 18)) + "。" for _ in range(STOCK)]


def _english(draw: random.Random) -> list[str]:
    letters, weights = "etaoinshrdlucmfw", range(16, 0, -1)
    lengths = draw.choices(range(2, 11), k=30_000)
    words = ["".join(draw.choices(letters, weights, k=n)) for n in lengths]
    return [" ".join(_words(draw, words, _TERMS_EN, 12)) + "." for _ in range(STOCK)]


def _words(draw: random.Random, words: list[str], terms: tuple[str, ...], n: int) -> list[str]:
    chosen = draw.choices(words, cum_weights=_CUMULATED, k=n)
    for rank, term in enumerate(terms):  # the first in every 50th sentence, the last in few
        if draw.random() < 0.02 / (1 + rank) ** 1.2:
            chosen.insert(draw.randrange(n), term)
    return chosen


def _zipf(n: int, exponent: float = 1.0) -> list[float]:
    return [1 / rank**exponent for rank in range(1, n + 1)]


_CUMULATED = list(accumulate(_zipf(30_000)))
