from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.articles.save import save_article
from archive.entries.announcing import announce, announce_document
from archive.entries.owed import owed, owed_count
from archive.entries.sitemap_children import unread_documents
from archive.errors import ArchiveError
from archive.model import Document, Entry
from archive.sources.declarations import declare, source_state
from tests.archive.making import (
    DAY,
    HOUR,
    NOW,
    all_owed,
    announce_one,
    cell,
    make_archive,
    make_article,
    make_entry,
    make_source,
    make_visit,
    rows,
    save,
)


@pytest.fixture
def conn(tmp_path: Path) -> sqlite3.Connection:
    return make_archive(tmp_path, make_source("stcn"), make_source("other"))


def archived(conn: sqlite3.Connection, entry: Entry, *, now: datetime = NOW) -> int | None:
    """Announce an entry and save its article."""
    handed = announce_one(conn, entry)
    article = make_article(entry.url)
    return save_article(conn, article, entry=handed, now=now).article_id


def test_everything_the_feed_carried_comes_back(conn: sqlite3.Connection) -> None:
    entry = Entry(
        url="https://stcn.example.com/1",
        raw_url="http://stcn.example.com/1?utm_source=rss",
        guid="g1",
        title="央行降准",
        published=NOW - HOUR,
        published_raw="2026年11月23日 15:00",
        updated=NOW,
        authors=("张三", "李四"),
        summary="<p>摘要</p>",
        content="<p>全文 “引号” \U0001f600</p>",
        categories=("宏观",),
        images=("https://stcn.example.com/1.jpg",),
        language="zh",
    )
    handed = announce_one(conn, entry)
    assert handed == replace(entry, id=handed.id, source_id="stcn", announced=NOW)


def test_titles_and_names_keep_no_sequences_and_nothing_unseen(conn: sqlite3.Connection) -> None:
    entry = make_entry(
        "1",
        title="\x1b[31mred\x1b[0m ze\u200bro",
        authors=("\ufeffJane\u2060 Doe", "\u200b"),
        summary="a\u200bb \x1b[1mc",
    )
    handed = announce_one(conn, entry)
    assert (handed.title, handed.authors) == ("red zero", ("Jane Doe",))
    assert handed.summary == "a\u200bb c"


# what commands a terminal or a page is dropped, and lone surrogates: archive.text.strings
_texts = st.text(
    st.characters(
        exclude_categories=["Cs", "Cc"],
        exclude_characters="\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u2060\ufeff",
    ),
    max_size=30,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    title=_texts,
    summary=_texts,
    guid=_texts,
    authors=st.lists(_texts, max_size=3).map(tuple),
    published=st.none() | st.datetimes(timezones=st.just(UTC)),
)
def test_a_row_gives_back_any_entry(
    conn: sqlite3.Connection,
    title: str,
    summary: str,
    guid: str,
    authors: tuple[str, ...],
    published: datetime | None,
) -> None:
    conn.execute("DELETE FROM entries")
    published = published and published.replace(microsecond=0)
    carried = {"title": title, "summary": summary, "guid": guid}
    entry = make_entry("1", authors=authors, published=published, **carried)
    handed = announce_one(conn, entry)
    assert handed == replace(entry, id=handed.id, source_id="stcn", announced=NOW)


def test_a_lone_surrogate_does_not_stop_a_visit(conn: sqlite3.Connection) -> None:
    assert announce_one(conn, make_entry("1", title="a\ud800b", content="\ud800c")).title == "ab"


def test_known_entries_are_not_announced_again(conn: sqlite3.Connection) -> None:
    first = announce(conn, make_visit(), [make_entry("1"), make_entry("2")], now=NOW)
    again = announce(conn, make_visit(), [make_entry("2"), make_entry("3")], now=NOW)
    assert (first.new, again.new, owed_count(conn)) == (2, 1, 3)


def test_the_hosts_that_now_owe_are_named(conn: sqlite3.Connection) -> None:
    entries = [make_entry("http://B.example.com:80/1"), make_entry("http://a.example.com:8080/2")]
    announced = announce(conn, make_visit(), entries, now=NOW)
    assert announced.hosts == ("b.example.com", "a.example.com")


def test_an_unknown_source_is_an_error(conn: sqlite3.Connection) -> None:
    with pytest.raises(ArchiveError, match="'nope' is not declared"):
        announce(conn, make_visit("nope"), [], now=NOW)


def test_a_known_guid_under_a_new_url_is_the_known_entry(conn: sqlite3.Connection) -> None:
    announce_one(conn, make_entry("1", guid="g", title="旧题", published=NOW))
    moved = make_entry("1-new", guid="g", title="新题", published=NOW)
    again = announce(conn, make_visit(), [moved], now=NOW)
    assert again.new == 0
    handed = all_owed(conn)
    assert [(e.url, e.raw_url) for e in handed] == [
        ("https://stcn.example.com/1", "https://stcn.example.com/1-new")
    ]


def test_the_new_url_of_an_archived_guid_leads_to_its_article(conn: sqlite3.Connection) -> None:
    article_id = archived(conn, make_entry("1", guid="g"))
    announce(conn, make_visit(), [make_entry("1-new", guid="g")], now=NOW)
    led = cell(conn, "SELECT article_id FROM article_urls WHERE url LIKE '%/1-new'")
    assert (led, owed_count(conn)) == (article_id, 0)


def test_a_guid_claims_no_address_on_another_host(conn: sqlite3.Connection) -> None:
    archived(conn, make_entry("1", guid="g"))
    theirs = "https://other.example.com/story"
    announce(conn, make_visit(), [make_entry(theirs, guid="g")], now=NOW + HOUR)
    announce(conn, make_visit("other"), [make_entry(theirs)], now=NOW + HOUR)
    assert rows(conn, "SELECT source_id, state FROM entries ORDER BY id") == [
        ("stcn", "archived"),
        ("stcn", "owed"),
        ("other", "owed"),
    ]


def test_a_feed_joins_no_addresses_of_another_site(conn: sqlite3.Connection) -> None:
    theirs = [make_entry(f"https://other.example.net/{n}", guid="g") for n in (1, 2)]
    archived(conn, theirs[0])
    announce(conn, make_visit(), [theirs[1]], now=NOW + HOUR)
    assert [entry.url for entry in all_owed(conn)] == [theirs[1].url]


def test_an_alias_announced_while_owed_leads_to_the_article_saved_later(
    conn: sqlite3.Connection,
) -> None:
    announce_one(conn, make_entry("1", guid="g"))
    announce(conn, make_visit(), [make_entry("1-new", guid="g")], now=NOW)
    (handed,) = all_owed(conn)
    save_article(conn, make_article("1"), entry=handed, now=NOW)
    assert cell(conn, "SELECT count(*) FROM article_urls WHERE url LIKE '%/1-new'") == 1


def test_a_guid_that_a_document_gives_to_all_its_items_is_ignored(conn: sqlite3.Connection) -> None:
    entries = [make_entry(path, guid="0") for path in "123"]
    assert announce(conn, make_visit(), entries, now=NOW).new == 3


def test_a_reused_guid_with_another_title_and_time_is_a_new_entry(conn: sqlite3.Connection) -> None:
    announce_one(conn, make_entry("1", guid="1", title="甲", published=NOW - 9 * DAY))
    other = make_entry("2", guid="1", title="乙", published=NOW)
    assert announce(conn, make_visit(), [other], now=NOW).new == 1


def test_a_newer_update_makes_an_archived_entry_owed_again(conn: sqlite3.Connection) -> None:
    archived(conn, make_entry("1", updated=NOW - DAY))
    announce(conn, make_visit(), [make_entry("1", updated=NOW, title="更正")], now=NOW + HOUR)
    (handed,) = owed(conn, "stcn", "stcn.example.com", now=NOW + HOUR, limit=9)
    assert (handed.title, handed.updated) == ("更正", NOW)


@pytest.mark.parametrize("updated", [None, NOW - DAY, NOW - 2 * DAY])
def test_an_update_that_is_not_newer_changes_nothing(
    conn: sqlite3.Connection, updated: datetime | None
) -> None:
    archived(conn, make_entry("1", updated=NOW - DAY))
    announce(conn, make_visit(), [make_entry("1", updated=updated)], now=NOW)
    assert owed_count(conn) == 0


def test_a_feed_that_stamps_its_items_at_every_poll_is_obeyed_ever_more_rarely(
    conn: sqlite3.Connection,
) -> None:
    looked = NOW + 10 * HOUR
    archived(conn, make_entry("1"), now=looked)
    waits = []
    for hour in (11, 12, 13):
        announce(conn, make_visit(), [make_entry("1", updated=NOW + hour * HOUR)], now=looked)
        (handed,) = all_owed(conn)
        due = datetime.fromisoformat(str(cell(conn, "SELECT not_before FROM entries")))
        waits.append((due - looked) / HOUR)
        looked = due
        save_article(conn, make_article("1"), entry=handed, now=looked)
    assert waits == [0, 2, 4]


def test_a_url_that_is_archived_already_is_announced_closed(conn: sqlite3.Connection) -> None:
    article_id = archived(conn, make_entry("1"))
    announced = announce(conn, make_visit("other"), [make_entry("1", summary="别处")], now=NOW)
    assert (announced.new, announced.hosts) == (1, ())
    closed = "SELECT state, article_id, payload FROM entries WHERE source_id = 'other'"
    assert rows(conn, closed) == [("archived", article_id, '{"summary": "别处"}')]


def test_one_fetch_closes_the_entries_of_all_sources(conn: sqlite3.Connection) -> None:
    handed = announce_one(conn, make_entry("1"))
    announce_one(conn, make_entry("1"), "other")
    save_article(conn, make_article("1"), entry=handed, now=NOW)
    closed = rows(conn, "SELECT source_id, state, article_id FROM entries ORDER BY id")
    assert closed == [("stcn", "archived", 1), ("other", "archived", 1)]


def test_a_tombstoned_url_is_not_announced(conn: sqlite3.Connection) -> None:
    conn.execute("INSERT INTO tombstones(url, at) VALUES ('https://stcn.example.com/1', '')")
    assert announce(conn, make_visit(), [make_entry("1")], now=NOW).new == 0


def test_what_does_not_fit_is_deferred_and_leaves_no_validators(conn: sqlite3.Connection) -> None:
    entries = [make_entry(path) for path in "123"]
    announced = announce(conn, make_visit(etag="e"), entries, now=NOW, max_owed=2)
    assert (announced.new, announced.deferred, owed_count(conn)) == (2, 1, 2)
    state = source_state(conn, "stcn")
    assert state is not None
    assert state.validators is None


def test_of_a_dated_document_the_newest_are_announced_first(conn: sqlite3.Connection) -> None:
    dates = {"old": NOW - 3 * DAY, "new": NOW, "mid": NOW - DAY}
    entries = [make_entry(path, published=date) for path, date in dates.items()]
    announce(conn, make_visit(), entries, now=NOW, max_owed=2)
    assert [e.url[-3:] for e in all_owed(conn)] == ["new", "mid"]


def test_deferred_entries_are_announced_when_there_is_room(conn: sqlite3.Connection) -> None:
    entries = [make_entry(path) for path in "123"]
    announce(conn, make_visit(), entries, now=NOW, max_owed=2)
    for path in "12":
        save(conn, path, f"题{path}", text=path)
    again = announce(conn, make_visit(etag="e"), entries, now=NOW, max_owed=2)
    assert (again.new, again.deferred) == (1, 0)


def make_index(conn: sqlite3.Connection, *documents: Document) -> int:
    return announce(conn, make_visit(), [], now=NOW, documents=documents).visit_id


def test_children_of_an_index_are_read_newest_first(conn: sqlite3.Connection) -> None:
    days = {"a": None, "b": NOW - DAY, "c": NOW, "d": None}
    make_index(conn, *(Document(url=url, lastmod=day) for url, day in days.items()))
    assert [d.url for d in unread_documents(conn, "stcn", limit=3)] == ["c", "b", "a"]


def test_a_child_is_read_once_for_each_lastmod(conn: sqlite3.Connection) -> None:
    child = Document(url="c", lastmod=NOW - DAY)
    visit_id = make_index(conn, child)
    announce_document(conn, visit_id, "stcn", child, [make_entry("1")], now=NOW)
    make_index(conn, child)
    same = unread_documents(conn, "stcn", limit=9)
    make_index(conn, Document(url="c", lastmod=NOW))
    assert same == []
    assert unread_documents(conn, "stcn", limit=9) == [Document(url="c", lastmod=NOW)]


def test_a_child_that_changed_while_it_was_read_is_read_again(conn: sqlite3.Connection) -> None:
    child = Document(url="c", lastmod=NOW - DAY)
    visit_id = make_index(conn, child)
    make_index(conn, Document(url="c", lastmod=NOW))
    announce_document(conn, visit_id, "stcn", child, [], now=NOW)
    assert [d.url for d in unread_documents(conn, "stcn", limit=9)] == ["c"]


def test_a_child_with_deferred_entries_stays_unread(conn: sqlite3.Connection) -> None:
    child = Document(url="c", lastmod=NOW)
    visit_id = make_index(conn, child)
    entries = [make_entry("1"), make_entry("2")]
    announced = announce_document(conn, visit_id, "stcn", child, entries, now=NOW, max_owed=1)
    assert announced.deferred == 1
    assert unread_documents(conn, "stcn", limit=9) == [child]


def test_undated_children_are_read_again_at_both_ends_only(conn: sqlite3.Connection) -> None:
    children = [Document(url=f"c{n}") for n in range(8)]
    visit_id = make_index(conn, *children)
    for child in children:
        announce_document(conn, visit_id, "stcn", child, [], now=NOW)
    announce(conn, make_visit(status=304, kind="sitemap"), [], now=NOW)
    again = [d.url for d in unread_documents(conn, "stcn", limit=9)]
    assert again == ["c0", "c1", "c2", "c5", "c6", "c7"]


def test_the_entries_of_a_child_count_on_its_visit(conn: sqlite3.Connection) -> None:
    visit_id = make_index(conn, Document(url="c"))
    entries = [make_entry("1"), make_entry("2")]
    announce_document(conn, visit_id, "stcn", Document(url="c"), entries, now=NOW)
    assert rows(conn, "SELECT found, new FROM visits") == [(2, 2)]


def test_what_a_next_page_defers_costs_the_validators_of_the_first(
    conn: sqlite3.Connection,
) -> None:
    visit_id = announce(conn, make_visit(etag="e"), [make_entry("1")], now=NOW).visit_id
    page = Document(url="https://stcn.example.com/list?page=2")
    announce_document(conn, visit_id, "stcn", page, [make_entry("2")], now=NOW, max_owed=1)
    assert cell(conn, "SELECT etag FROM sources WHERE id = 'stcn'") is None


@pytest.mark.slow
def test_announcing_fifty_thousand_children_twice_writes_them_once(
    conn: sqlite3.Connection,
) -> None:
    children = [
        Document(url=f"https://stcn.example.com/{n}.xml", lastmod=NOW - timedelta(minutes=n))
        for n in range(50_000)
    ]
    make_index(conn, *children)
    before = conn.total_changes
    make_index(conn, *children)
    assert conn.total_changes - before < 20
    assert unread_documents(conn, "stcn", limit=1) == [children[0]]


def test_a_source_keeps_what_it_owes_when_its_settings_change(conn: sqlite3.Connection) -> None:
    announce_one(conn, make_entry("1"))
    declare(
        conn, [make_source("stcn", url="https://stcn.example.com/2"), make_source("other")], now=NOW
    )
    assert owed_count(conn, ["stcn"]) == 1


def test_an_index_of_ever_new_children_grows_no_table_without_bound(
    conn: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.entries.sitemap_children.MAX_DOCUMENTS", 3)
    for visit in range(4):
        children = [Document(url=f"https://stcn.example.com/{visit}-{n}.xml") for n in range(2)]
        visit_id = announce(conn, make_visit(), [], documents=children, now=NOW).visit_id
        nested = [Document(url=f"{child.url}.{n}") for child in children for n in range(9)]
        announce_document(conn, visit_id, "stcn", children[0], [], documents=nested, now=NOW)
    assert cell(conn, "SELECT count(*) FROM documents") == 3
    assert cell(conn, "SELECT count(*) FROM documents WHERE url LIKE '%/3-_.xml'") == 2


def test_an_index_that_lists_itself_anew_keeps_no_other_child_behind(
    conn: sqlite3.Connection,
) -> None:
    def listed(number: int) -> list[Document]:
        return [Document(url=f"https://stcn.example.com/{name}") for name in (f"i?{number}", "map")]

    visit_id = announce(conn, make_visit(), [], documents=listed(0), now=NOW).visit_id
    index, last = listed(0)
    announce_document(conn, visit_id, "stcn", index, [], documents=listed(1), now=NOW)
    assert unread_documents(conn, "stcn", limit=9) == [last, listed(1)[0]]
