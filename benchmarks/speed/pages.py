"""The pages that are crawled: stories of invented sites, each as large as real pages are.

An article of a news site is some 150 KB of markup, most of it scripts and links. The invented
sites' own pages have 7 KB; so each gets a menu, and a script with the state of an application.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from html import escape
from random import Random

from benchmarks.quality.negatives.articles import article
from benchmarks.quality.negatives.layouts import Family, families

SHAPES = ("report", "subheads", "interview", "wrap", "linked", "captions")
LINKS, STATE_ITEMS = 220, 260  # together some 65 KB a page
FIRST = datetime(2026, 11, 1, tzinfo=UTC)


def family_of(host: int) -> Family:
    return families()[host % len(families())]


@cache
def page(host: int, number: int) -> bytes:
    """The page of an article; the same on every run, and unlike any other."""
    family = family_of(host)
    _, _, html = article(family, SHAPES[number % len(SHAPES)], f"speed {host} {number}")
    return html.replace(b"</body>", _burden(host) + b"</body>", 1)


@cache
def _burden(host: int) -> bytes:
    """What a site puts on every page."""
    chance = Random(f"burden {host}")
    links = "".join(
        f'<li class="menu__item menu__item--level-2"><a class="menu__link" href="/topic/{n}">'
        f"Topic {chance.randrange(10**6)}</a></li>"
        for n in range(LINKS)
    )
    state = [{"id": n, "key": f"{chance.getrandbits(64):016x}"} for n in range(STATE_ITEMS)]
    return (
        f'<footer><nav class="menu"><ul>{links}</ul></nav></footer>'
        f"<script>window.__STATE__ = {json.dumps(state * 3)}</script>"
    ).encode()


def title(host: int, number: int) -> str:
    story, _, _ = article(family_of(host), SHAPES[number % len(SHAPES)], f"speed {host} {number}")
    return story.headline


@cache
def feed(home: str, host: int, numbers: range, path: str) -> bytes:
    """An RSS document with these articles, with summaries as outlets write them."""
    items = "".join(
        f"<item><title>{escape(title(host, number))}</title>"
        f"<link>{home}/{path}/{number}</link><guid>{home}/{path}/{number}</guid>"
        f"<pubDate>{format_datetime(FIRST - timedelta(minutes=number))}</pubDate>"
        f"<category>Markets</category><description>{escape(_summary(host, number))}</description>"
        "</item>\n"
        for number in numbers
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>'
        f"<title>Host {host}</title><link>{home}/</link>{items}</channel></rss>"
    ).encode()


def _summary(host: int, number: int) -> str:
    story, _, _ = article(family_of(host), SHAPES[number % len(SHAPES)], f"speed {host} {number}")
    return story.blocks[0].lines[0]
