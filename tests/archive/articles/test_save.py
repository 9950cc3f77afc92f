from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from archive.articles.save import save_article
from archive.entries.owed import file_entry, owed_count
from archive.errors import ArchiveError
from archive.files.orders import set_settings
from archive.model import Verdict
from archive.sources.declarations import declare
from tests.archive.making import (
    DAY,
    HOUR,
    LONG,
    NOW,
    announce_one,
    cell,
    make_archive,
    make_article,
    make_entry,
    make_source,
    rows,
    save,
)

SITE = "https://stcn.example.com/"


FULL_ARTICLE = make_article(
    "1",
    "央行降准",
    "央行宣布降准。\n\nThe PBoC acts.",
    authors=("张三", "李四"),
    published_claimed="2026年11月23日 16:00",
    updated=NOW,
    language="zh",
    section="宏观",
    tags=("央行", "降准"),
    summary="摘要",
    image="https://stcn.example.com/1.jpg",
    paywalled=True,
)


@pytest.fixture
def conn(tmp_path: Path) -> sqlite3.Connection:
    return make_archive(tmp_path, make_source("stcn", name="证券时报网"), make_source("other"))


def test_a_new_article_is_stored_whole(conn: sqlite3.Connection) -> None:
    entry = announce_one(conn, make_entry("1"))
    saved = save_article(conn, FULL_ARTICLE, entry=entry, now=NOW + HOUR)
    row = dict(conn.execute("SELECT * FROM articles").fetchone())
    hashes = [row.pop("content_hash"), row.pop("text_hash")]
    row.pop("markdown_path")
    assert (saved.article_id, saved.verdict, saved.title) == (1, Verdict.NEW, "央行降准")
    assert [len(value) for value in hashes] == [len("2:") + 32, 32]
    assert row == {
        "id": 1,
        "url": SITE + "1",
        "source_id": "stcn",
        "source_name": "证券时报网",
        "title": "央行降准",
        "author": "张三、李四",
        "published": "2026-11-23T08:00:00Z",
        "published_from": "meta",
        "published_claimed": "2026年11月23日 16:00",
        "updated": "2026-11-23T08:00:00Z",
        "fetched": "2026-11-23T09:00:00Z",
        "first_seen": "2026-11-23T09:00:00Z",
        "version_seen": "2026-11-23T09:00:00Z",
        "version_kind": "first",
        "checked": "2026-11-23T09:00:00Z",
        "page_id": None,
        "withdrawn": None,
        "language": "zh",
        "category": "金融",
        "section": "宏观",
        "tags": '["央行", "降准"]',
        "summary": "摘要",
        "text": "央行宣布降准。\n\nThe PBoC acts.",
        "markdown": "央行宣布降准。\n\nThe PBoC acts.",
        "image": "https://stcn.example.com/1.jpg",
        "word_count": 9,
        "fingerprint": "",
        "copy_of": None,
        "origin": "",
        "revision": 1,
        "paywalled": 1,
        "page_url": "",
        "page_etag": None,
        "page_last_modified": None,
        "next_check": None,
        "attempt": 0,
        "held": None,
        "evidence": "{}",
        "lead_reason": "",
        "confidence": 1.0,
    }


def test_a_new_article_closes_its_entry_and_has_a_first_revision(conn: sqlite3.Connection) -> None:
    save(conn, "1", "央行降准", "央行宣布降准。")
    entry = "SELECT state, reason, closed, article_id FROM entries"
    assert rows(conn, entry) == [("archived", "new", "2026-11-23T08:00:00Z", 1)]
    revision = "SELECT article_id, number, seen, kind, title, text FROM revisions"
    assert rows(conn, revision) == [
        (1, 1, "2026-11-23T08:00:00Z", "first", "央行降准", "央行宣布降准。")
    ]


def test_a_new_article_orders_its_file(conn: sqlite3.Connection) -> None:
    set_settings(conn, markdown=True, body="markdown")
    save(conn, "1")
    assert rows(conn, "SELECT article_id, written_hash FROM files") == [(1, None)]


def test_every_address_leads_to_the_article(conn: sqlite3.Connection) -> None:
    entry = announce_one(conn, make_entry("1", raw_url=SITE + "1?utm_source=rss", title="央行降准"))
    save_article(conn, make_article("final"), entry=entry, aliases=[SITE + "hop"], now=NOW)
    assert rows(conn, "SELECT url FROM article_urls ORDER BY url") == [
        (SITE + "1",),
        (SITE + "1?utm_source=rss",),
        (SITE + "final",),
        (SITE + "hop",),
    ]


def test_the_sources_section_goes_before_the_pages(conn: sqlite3.Connection) -> None:
    declare(conn, [make_source("stcn", section="要闻", language="zh")], now=NOW)
    save(conn, "1", section="滚动")
    assert rows(conn, "SELECT section, language FROM articles") == [("要闻", "zh")]


def test_a_time_that_is_not_settled_is_our_bug(conn: sqlite3.Connection) -> None:
    entry = announce_one(conn, make_entry("1"))
    with pytest.raises(ValueError, match="published must be settled"):
        save_article(conn, replace(make_article("1"), published=None), entry=entry, now=NOW)


def test_an_undeclared_source_is_an_error(conn: sqlite3.Connection) -> None:
    with pytest.raises(ArchiveError, match="'nope' is not declared"):
        save_article(conn, make_article("1"), entry=make_entry("1", source_id="nope"), now=NOW)


def test_hostile_characters_don_t_stop_a_save(conn: sqlite3.Connection) -> None:
    save(conn, "1", "a\0b", "c\ud800d")
    assert rows(conn, "SELECT title, text FROM articles") == [("ab", "cd")]


def test_the_same_page_again_is_unchanged_and_checked(conn: sqlite3.Connection) -> None:
    save(conn, "1", "央行降准", "降准，落地")
    again = save(conn, "1", "央行降准", "降准, 落地", now=NOW + DAY)
    assert (again.article_id, again.verdict) == (1, Verdict.UNCHANGED)
    assert rows(conn, "SELECT text, checked, revision FROM articles") == [
        ("降准，落地", "2026-11-24T08:00:00Z", 1)
    ]


def test_a_revision_keeps_what_identifies_the_article(conn: sqlite3.Connection) -> None:
    save(conn, "1", "旧题", "旧文", image="i.jpg", authors=("张三",))
    saved = save(conn, "1", "新题", "新文", now=NOW + DAY, announced="新题")
    kept = "id, url, published, fetched, image, author"
    changed = "title, text, markdown, checked, revision"
    assert saved.verdict is Verdict.REVISED
    assert rows(conn, f"SELECT {kept} FROM articles") == [
        (1, SITE + "1", "2026-11-23T08:00:00Z", "2026-11-23T08:00:00Z", "i.jpg", "张三")
    ]
    assert rows(conn, f"SELECT {changed} FROM articles") == [
        ("新题", "新文", "新文", "2026-11-24T08:00:00Z", 2)
    ]


def test_a_later_version_is_as_sure_as_its_own_page(conn: sqlite3.Connection) -> None:
    save(conn, "1", "央行降准", LONG, confidence=0.9)
    assert cell(conn, "SELECT confidence FROM articles") == 0.9
    save(conn, "1", "央行降准", f"{LONG}更正。", confidence=0.25)
    assert cell(conn, "SELECT confidence FROM stories") == 0.25


def test_every_version_is_kept_with_its_kind(conn: sqlite3.Connection) -> None:
    for text in ("降准落地", "降准，落地", "降息落地"):
        save(conn, "1", text=text)
    assert rows(conn, "SELECT number, kind, text FROM revisions") == [
        (1, "first", "降准落地"),
        (2, "minor", "降准，落地"),
        (3, "edit", "降息落地"),
    ]


def test_a_page_that_flaps_grows_no_revisions_without_bound(conn: sqlite3.Connection) -> None:
    for n in range(20):
        save(conn, "1", text=("甲版", "乙版")[n % 2])
    assert rows(conn, "SELECT revision, (SELECT count(*) FROM revisions) FROM articles") == [(4, 4)]


def test_a_clock_that_ticks_makes_no_revision(conn: sqlite3.Connection) -> None:
    for minute in range(10, 20):
        save(conn, "1", text=f"更新于 14:{minute}\n\n央行降准。", now=NOW + DAY)
    assert rows(conn, "SELECT text, checked, revision FROM articles") == [
        ("更新于 14:10\n\n央行降准。", "2026-11-24T08:00:00Z", 1)
    ]


def test_versions_that_return_with_another_clock_are_bounded_too(conn: sqlite3.Connection) -> None:
    for n in range(20):
        save(conn, "1", text=f"更新于 14:{n + 10}\n\n{('甲版', '乙版')[n % 2]}")
    assert rows(conn, "SELECT revision, (SELECT count(*) FROM revisions) FROM articles") == [(4, 4)]


def test_the_same_text_under_another_url_of_the_outlet_is_a_copy(conn: sqlite3.Connection) -> None:
    save(conn, "1")
    copy = save(conn, "2", now=NOW + HOUR)
    assert (copy.article_id, copy.verdict) == (1, Verdict.COPY)
    assert rows(conn, "SELECT count(*) FROM articles") == [(1,)]
    assert rows(conn, "SELECT state, reason, article_id FROM entries WHERE id = 2") == [
        ("copy", "copy: same text and title", 1)
    ]
    assert cell(conn, "SELECT article_id FROM article_urls WHERE url LIKE '%/2'") == 1


def test_a_second_source_of_the_outlet_makes_copies_too(conn: sqlite3.Connection) -> None:
    declare(conn, [make_source("stcn", name="A"), make_source("other", name="A")], now=NOW)
    save(conn, "1")
    assert save(conn, "2", source_id="other").verdict is Verdict.COPY


def save_another(conn: sqlite3.Connection, days: int = 0, **changes: object) -> Verdict | None:
    """Save what would be a copy of `save(conn, "1")`, but for the changes."""
    now = NOW + days * DAY
    source_id = str(changes.pop("source_id", "stcn"))
    url = f"https://{source_id}.example.com/2"
    entry = file_entry(conn, make_entry(url), source_id, now=now)
    article = replace(make_article(url), published=now, **changes)
    return save_article(conn, article, entry=entry, now=now).verdict


@pytest.mark.parametrize(
    "difference",
    [{"source_id": "other"}, {"title": "另题"}, {"text": LONG + "又及。"}, {"days": 3}],
    ids=["outlet", "title", "text", "days"],
)
def test_one_difference_makes_it_an_article_of_its_own(
    conn: sqlite3.Connection, difference: dict[str, object]
) -> None:
    save(conn, "1")
    assert save_another(conn, **difference) is Verdict.NEW  # type: ignore[arg-type]


def test_a_short_text_may_recur(conn: sqlite3.Connection) -> None:
    save(conn, "1", "收盘", "今日休市。")
    assert save(conn, "2", "收盘", "今日休市。").verdict is Verdict.NEW


def test_a_guid_known_to_another_source_of_the_outlet_is_the_same_article(
    conn: sqlite3.Connection,
) -> None:
    declare(conn, [make_source("stcn", name="A"), make_source("other", name="A")], now=NOW)
    first = announce_one(conn, make_entry("1", guid="g"))
    save_article(conn, make_article("1", "题", "短文"), entry=first, now=NOW)
    second = announce_one(conn, make_entry("2", guid="g"), "other")
    saved = save_article(conn, make_article("2", "题", "短文，改"), entry=second, now=NOW)
    assert (saved.article_id, saved.verdict) == (1, Verdict.REVISED)


def test_a_guid_that_only_counts_items_joins_nothing(conn: sqlite3.Connection) -> None:
    declare(conn, [make_source("stcn", name="A"), make_source("other", name="A")], now=NOW)
    first = announce_one(conn, make_entry("1", guid="1"))
    save_article(conn, make_article("1", "甲", "甲文"), entry=first, now=NOW)
    second = announce_one(conn, make_entry("2", guid="1"), "other")
    saved = save_article(conn, make_article("2", "乙", "乙文"), entry=second, now=NOW)
    assert saved.verdict is Verdict.NEW


def claim(conn: sqlite3.Connection, path: str, canonical: str, title: str, text: str) -> Verdict:
    """Save a page that claims another address as its canonical one."""
    entry = file_entry(conn, make_entry(path), "stcn", now=NOW)
    article = make_article(canonical, title, text)
    saved = save_article(conn, article, entry=entry, now=NOW, claimed=True)
    assert saved.verdict is not None
    return saved.verdict


def test_a_claimed_address_that_agrees_is_the_same_article(conn: sqlite3.Connection) -> None:
    verdicts = [claim(conn, "1", "c", "题", "短文"), claim(conn, "amp/1", "c", "题", "短文，改")]
    assert verdicts == [Verdict.NEW, Verdict.REVISED]
    assert rows(conn, "SELECT url FROM articles") == [(SITE + "c",)]


def test_a_site_whose_pages_all_claim_one_address_loses_no_article(
    conn: sqlite3.Connection,
) -> None:
    for path in "123":
        assert claim(conn, path, "", f"标题{path}", f"正文{path}") is Verdict.NEW
    assert rows(conn, "SELECT url FROM articles ORDER BY id") == [
        (SITE,),
        (SITE + "2",),
        (SITE + "3",),
    ]


def test_a_claim_closes_no_entry_that_has_not_been_fetched(conn: sqlite3.Connection) -> None:
    announce_one(conn, make_entry("2"))
    claim(conn, "1", "2", "甲", "甲文")
    assert (owed_count(conn), cell(conn, "SELECT url FROM articles")) == (1, SITE + "1")


def test_an_address_that_redirects_elsewhere_each_day_makes_two_articles(
    conn: sqlite3.Connection,
) -> None:
    for day in "12":
        entry = file_entry(conn, make_entry("today"), "stcn", now=NOW)
        article = make_article(day, f"第{day}天", f"正文{day}")
        assert save_article(conn, article, entry=entry, now=NOW).verdict is Verdict.NEW
    assert cell(conn, "SELECT article_id FROM entries") == 2


def test_an_article_that_moved_is_recognised_by_its_title(conn: sqlite3.Connection) -> None:
    save(conn, "1", "同题", "旧文")
    entry = file_entry(conn, make_entry("1"), "stcn", now=NOW)
    saved = save_article(conn, make_article("moved", "同题", "新文"), entry=entry, now=NOW)
    assert (saved.article_id, saved.verdict) == (1, Verdict.REVISED)


def test_an_article_belongs_to_the_announcer_at_its_own_host(conn: sqlite3.Connection) -> None:
    declare(conn, [make_source("stcn"), make_source("b", url="https://rss.b.org/")], now=NOW)
    url = "https://www.b.org/1"
    entry = announce_one(conn, make_entry(url))
    announce_one(conn, make_entry(url), "b")
    save_article(conn, make_article(url), entry=entry, now=NOW)
    assert rows(conn, "SELECT source_id, source_name FROM articles") == [("b", "Outlet b")]


def test_an_article_elsewhere_belongs_to_the_first_announcer(conn: sqlite3.Connection) -> None:
    url = "https://www.elsewhere.net/1"
    announce_one(conn, make_entry(url))
    entry = announce_one(conn, make_entry(url), "other")
    save_article(conn, make_article(url), entry=entry, now=NOW)
    assert cell(conn, "SELECT source_id FROM articles") == "stcn"


def test_an_address_that_once_redirected_there_does_not_revise_anothers_article(
    conn: sqlite3.Connection,
) -> None:
    bait = "https://other.example.com/bait"
    entry = announce_one(conn, make_entry(bait), "other")
    save_article(conn, make_article("1"), entry=entry, aliases=[bait], now=NOW)
    entry = file_entry(conn, make_entry(bait), "other", now=NOW)
    forged = make_article(bait, text="央行从未降准。" * 60)
    for _ in range(2):
        assert save_article(conn, forged, entry=entry, now=NOW + HOUR).article_id == 2
    assert rows(conn, "SELECT url, text FROM articles ORDER BY id") == [
        (SITE + "1", LONG),
        (bait, forged.text),
    ]
    assert cell(conn, f"SELECT article_id FROM article_urls WHERE url = '{bait}'") == 2


def test_a_claim_to_such_an_address_revises_nothing_either(conn: sqlite3.Connection) -> None:
    bait = "https://other.example.com/bait"
    entry = announce_one(conn, make_entry(bait), "other")
    save_article(conn, make_article("1"), entry=entry, aliases=[bait], now=NOW)
    entry = announce_one(conn, make_entry("https://other.example.com/2"), "other")
    forged = make_article(bait, text="央行从未降准。" * 60)
    assert save_article(conn, forged, entry=entry, now=NOW, claimed=True).article_id == 2
    assert cell(conn, "SELECT text FROM articles WHERE id = 1") == LONG
