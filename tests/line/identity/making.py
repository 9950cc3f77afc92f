"""Pages and feeds as outlets write them, a clock that goes forward, and what to ask the archive."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape

import pytest
import yaml

from tests.line.conftest import Desk
from tests.line.web import NOW, Web, running_web
from tests.site.bulk import article_text

slow = pytest.mark.slow
needs_clock = pytest.mark.skipif(not shutil.which("faketime"), reason="faketime is not installed")
EARLIER = NOW - timedelta(hours=3)
_TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json",
}
_ZH = (
    "{a}公司{b}月营业收入达到{c}亿元，同比增长{d}%。",
    "{a}董事会通过一项{c}亿元的投资计划，预计{b}个月内完成。",
    "分析师此前预计，{a}的毛利率将维持在{d}%左右。",
    "{e}监管部门表示，将在{b}周内公布对{a}的检查结果。",
    "受原材料价格上涨影响，{e}地区的订单减少了{d}%。",
    "{a}在{e}的工厂有员工{c}人，产能利用率为{d}%。",
    "公司股价收盘上涨{d}%，成交额为{c}亿元。",
    "以{e}一家银行为首的银团向{a}提供了{c}亿元贷款。",
)
_FIRMS, _PLACES = (
    ["海通", "长江", "华润", "中远", "宝山", "金川", "天合", "东方"],
    ["上海", "深圳", "武汉", "成都", "青岛", "厦门"],
)


@dataclass(frozen=True, kw_only=True)
class Told:
    """One item, as a feed of any kind tells it."""

    title: str
    link: str = ""
    guid: str = ""
    summary: str = ""
    content: str = ""
    when: datetime = EARLIER
    tags: Sequence[str] = ()
    image: str = ""


def put_feed(web: Web, kind: str, *items: Told, at: str = "/feed") -> str:
    """Serve the items as an RSS, Atom or JSON feed; its address."""
    return web.put(at, {"rss": _rss, "atom": _atom, "json": _json}[kind](items), _TYPES[kind])


def _rss(items: Sequence[Told]) -> str:
    rows = "".join(f"<item>{_rss_item(item)}</item>" for item in items)
    spaces = (
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:media="http://search.yahoo.com/mrss/"'
    )
    return f'<rss version="2.0" {spaces}><channel><title>News</title>{rows}</channel></rss>'


def _rss_item(item: Told) -> str:
    tags = [("title", item.title), ("link", item.link), ("description", item.summary)]
    tags += [("content:encoded", item.content), ("pubDate", format_datetime(item.when))]
    tags += [("category", tag) for tag in item.tags]
    told = "".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in tags if text)
    guid = f'<guid isPermaLink="false">{escape(item.guid)}</guid>' if item.guid else ""
    image = f'<media:content medium="image" url="{escape(item.image)}"/>' if item.image else ""
    return told + guid + image


def _atom(items: Sequence[Told]) -> str:
    rows = "".join(f"<entry>{_atom_entry(item)}</entry>" for item in items)
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>{rows}</feed>'


def _atom_entry(item: Told) -> str:
    tags = [("title", item.title), ("id", item.guid), ("published", item.when.isoformat())]
    told = "".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in tags if text)
    texts = [("summary", item.summary), ("content", item.content)]
    told += "".join(f'<{tag} type="html">{escape(t)}</{tag}>' for tag, t in texts if t)
    told += "".join(f'<category term="{escape(tag)}"/>' for tag in item.tags)
    return told + (f'<link href="{escape(item.link)}"/>' if item.link else "")


def _json(items: Sequence[Told]) -> str:
    rows = []
    for item in items:
        row = {"id": item.guid, "url": item.link, "title": item.title, "summary": item.summary}
        row |= {"content_html": item.content, "image": item.image}
        row = {key: text for key, text in row.items() if text}
        rows.append(row | {"date_published": item.when.isoformat(), "tags": list(item.tags)})
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "N", "items": rows})


def sentences(lang: str, number: int, count: int = 24) -> list[str]:
    """The sentences of text `number`, unlike those of any other."""
    if lang != "zh":
        text = " ".join(article_text(number, count)[1])
        return [f"{part.rstrip('.')}." for part in text.split(". ")]
    rng = random.Random(f"zh {number}")
    words = (
        {"a": rng.choice(_FIRMS), "e": rng.choice(_PLACES), "b": rng.randint(2, 40)}
        | {"c": rng.randint(100, 9_999), "d": rng.randint(2, 98)}
        for _ in range(count)
    )
    return [rng.choice(_ZH).format(**word) for word in words]


def prose(texts: Sequence[str], each: int = 4) -> str:
    """Sentences as HTML, so many to a paragraph."""
    parts = (
        "".join(f"{text} " for text in texts[at : at + each]) for at in range(0, len(texts), each)
    )
    return "".join(f"<p>{escape(part.strip())}</p>" for part in parts)


def story(
    title: str,
    body: str,
    *,
    when: datetime | str = EARLIER,
    author: str = "",
    canonical: str = "",
    head: str = "",
    lang: str = "en",
) -> str:
    """A story's page: headline, JSON-LD with date and byline, canonical link where given."""
    moment = when if isinstance(when, str) else when.isoformat()
    ld = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": title}
    ld |= {"datePublished": moment}
    ld |= {"author": {"@type": "Person", "name": author}} if author else {}
    link = f'<link rel="canonical" href="{escape(canonical)}">' if canonical else ""
    script = f'<script type="application/ld+json">{json.dumps(ld)}</script>'
    return bare(title, body, head=link + head + script, lang=lang)


def bare(title: str, body: str, *, head: str = "", lang: str = "en") -> str:
    """A page that says nothing of itself but its title: no date, no JSON-LD."""
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title>{head}</head><body>"
        f"<article><h1>{escape(title)}</h1>{body}</article></body></html>"
    )


def toml(id: str, url: str, *more: str, name: str = "") -> str:
    """The TOML of a source; each is an outlet of its own unless it is given a name."""
    return "\n".join([f'id = "{id}"', f'name = "{name or id.title()}"', f'url = "{url}"', *more])


@contextmanager
def several_webs(count: int) -> Iterator[list[Web]]:
    """As many hosts, each of a domain of its own (addresses are)."""
    with ExitStack() as stack:
        yield [stack.enter_context(running_web(f"127.0.0.{n + 1}")) for n in range(count)]


def ask_by_proxy(desk: Desk, proxy: Web) -> None:
    """Let one web answer for every host: it is asked for whole addresses."""
    text = desk.config.read_text()
    desk.config.write_text(text.replace("[crawl]\n", f'[crawl]\nproxy = "{proxy.base}"\n', 1))


def let_pass(desk: Desk, hours: float) -> None:
    """From now on every command runs that much later, on top of what has passed already."""
    passed = float(desk.environ.get("HOURS_PASSED", "0")) + hours
    words = ["faketime", "-m", "-f", "+0", "printenv", "LD_PRELOAD"]
    library = subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()
    clock = {"FAKETIME": f"{passed * 3600:+.0f}", "FAKETIME_NO_CACHE": "1"}
    desk.environ = clock | {"LD_PRELOAD": library, "HOURS_PASSED": str(passed)}


def make_due(desk: Desk) -> None:
    """Make every archived article due for another look, now."""
    with closing(sqlite3.connect(desk.data / "archive.db")) as conn, conn:
        conn.execute("UPDATE articles SET next_check = '2020-01-01T00:00:00Z'")


def titles(desk: Desk, source: str = "%") -> list[str]:
    """Of the stories, in alphabetical order."""
    sql = "SELECT title FROM stories WHERE source_id LIKE ? ORDER BY title"
    return [str(title) for (title,) in desk.rows(sql, source)]


def versions(desk: Desk, source: str = "%") -> list[str]:
    """The titles of the versions of all articles, in their order."""
    sql = (
        "SELECT r.title FROM revisions AS r JOIN articles AS a ON a.id = r.article_id"
        " WHERE a.source_id LIKE ? ORDER BY a.id, r.number"
    )
    return [str(title) for (title,) in desk.rows(sql, source)]


def states(desk: Desk, source: str = "%") -> list[str]:
    sql = "SELECT state FROM entries WHERE source_id LIKE ? ORDER BY id"
    return [str(state) for (state,) in desk.rows(sql, source)]


def posts(desk: Desk) -> list[tuple[dict[str, object], str]]:
    """Front matter and body of each file, by title."""
    texts = (path.read_text(encoding="utf-8").lstrip() for path in desk.files())
    parts = (text.removeprefix("---\n").split("\n---\n", 1) for text in texts)
    found = [(yaml.safe_load(head), body) for head, body in parts]
    return sorted(found, key=lambda post: str(post[0]["title"]))


def search(desk: Desk, query: str, *more: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(desk.run("search", query, "--json", *more))
    return found


def found(desk: Desk, query: str) -> list[str]:
    """The titles of what a search gives."""
    return sorted(str(hit["title"]) for hit in search(desk, query))


def held(desk: Desk) -> list[dict[str, object]]:
    listed: list[dict[str, object]] = json.loads(desk.run("held", "list", "--json"))
    return listed
