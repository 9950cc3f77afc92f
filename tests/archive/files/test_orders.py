from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

from archive.database.connect import transaction
from archive.files import orders
from archive.files.orders import carry_out, note_done, render_all, want_file, write_owed
from tests.archive.filing import PATH, SAMPLE_FILE, below, configure, put_many, want
from tests.archive.stored import put_article

# Orders


def test_order_carries_the_hash_of_the_file(conn: sqlite3.Connection, posts: Path) -> None:
    want(conn, put_article(conn))
    expected = hashlib.sha256(SAMPLE_FILE.encode()).hexdigest()
    assert tuple(conn.execute("SELECT * FROM files").fetchone()) == (PATH, 896, expected, None)
    write_owed(conn, posts)
    assert tuple(conn.execute("SELECT * FROM files").fetchone()) == (PATH, 896, expected, expected)


def test_order_is_undone_with_the_transaction(conn: sqlite3.Connection) -> None:
    put_article(conn)
    conn.execute("BEGIN IMMEDIATE")
    want_file(conn, 896)
    conn.execute("ROLLBACK")
    assert conn.execute("SELECT count(*) FROM files").fetchone()[0] == 0
    assert conn.execute("SELECT markdown_path FROM articles").fetchone()[0] is None


def test_copy_gets_no_file(conn: sqlite3.Connection) -> None:
    put_article(conn)
    put_article(conn, id=897, url="https://b.example/1", copy_of=896)
    want(conn, 897)
    assert conn.execute("SELECT count(*) FROM files").fetchone()[0] == 0


def test_no_file_is_ordered_where_markdown_is_off(conn: sqlite3.Connection) -> None:
    configure(conn, markdown=False)
    want(conn, put_article(conn))
    assert conn.execute("SELECT count(*) FROM files").fetchone()[0] == 0


def test_story_that_becomes_a_copy_loses_its_file_and_regains_it(
    conn: sqlite3.Connection, posts: Path
) -> None:
    put_article(conn, id=1, url="https://a.example/1")
    want(conn, put_article(conn))
    write_owed(conn, posts)
    conn.execute("UPDATE articles SET copy_of = 1 WHERE id = 896")
    want(conn, 896)
    assert write_owed(conn, posts).removed == 1
    assert below(posts) == []
    assert conn.execute("SELECT count(*) FROM files").fetchone()[0] == 0
    conn.execute("UPDATE articles SET copy_of = NULL WHERE id = 896")
    want(conn, 896)
    write_owed(conn, posts)
    assert below(posts) == [PATH]


def test_file_of_a_deleted_article_is_removed(conn: sqlite3.Connection, posts: Path) -> None:
    want(conn, put_article(conn))
    write_owed(conn, posts)
    with transaction(conn):
        conn.execute("DELETE FROM articles WHERE id = 896")
        want_file(conn, 896)
    assert write_owed(conn, posts).removed == 1
    assert below(posts) == []


def test_order_for_a_file_that_was_never_written_is_dropped_with_its_article(
    conn: sqlite3.Connection, posts: Path
) -> None:
    want(conn, put_article(conn))
    conn.execute("DELETE FROM articles WHERE id = 896")
    want(conn, 896)
    write_owed(conn, posts)
    assert conn.execute("SELECT count(*) FROM files").fetchone()[0] == 0


def test_settings_say_whether_they_changed(conn: sqlite3.Connection) -> None:
    assert configure(conn) is True
    assert configure(conn) is False
    assert configure(conn, body="html") is True


# Writing


def test_nothing_is_written_twice(conn: sqlite3.Connection, posts: Path) -> None:
    want(conn, put_article(conn))
    write_owed(conn, posts)
    assert write_owed(conn, posts).count == 0


def test_more_orders_than_a_batch_are_all_written(conn: sqlite3.Connection, posts: Path) -> None:
    put_many(conn, range(1, 206))
    assert write_owed(conn, posts).count == 205
    assert len(below(posts)) == 205


def test_file_that_can_not_be_written_is_named_and_stops_no_other(
    conn: sqlite3.Connection, posts: Path
) -> None:
    put_many(conn, range(1, 4))
    blocked = posts / "2021/12/2021-12-09-2-2.md"
    blocked.mkdir(parents=True)
    written = write_owed(conn, posts)
    assert (written.count, written.failed) == (2, 1)
    assert written.problems == (
        f"{blocked}: Is a directory; the file stays owed until it can be written",
    )
    blocked.rmdir()
    assert write_owed(conn, posts).count == 1
    assert len(below(posts)) == 3  # and no temporary file


def test_what_is_carried_out_is_owed_until_it_is_noted(
    conn: sqlite3.Connection, posts: Path
) -> None:
    put_many(conn, range(1, 3))
    carried = carry_out(conn, posts, besides=())
    assert (carried.written.count, len(below(posts)), orders.files_left(conn)) == (2, 2, 2)
    note_done(conn, carried.done)
    assert orders.files_left(conn) == 0


class _Saboteur(Collection[str]):
    """Removes a folder, with the first file in it, when it is asked of the second one."""

    def __init__(self, folder: Path):
        self._folder, self._asked = folder, 0

    def __contains__(self, path: object) -> bool:
        self._asked += 1
        if self._asked == 2:
            shutil.rmtree(self._folder)
        return False

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def test_a_file_whose_folder_cannot_be_synced_stays_owed(
    conn: sqlite3.Connection, posts: Path
) -> None:
    put_article(conn, id=1, url="https://news.example.cn/1.html")
    put_article(conn, id=2, url="https://news.example.cn/2.html", published="2022-01-09T14:42:00Z")
    want(conn, 1, 2)
    carried = carry_out(conn, posts, besides=_Saboteur(posts / "2021/12"))
    assert [done.path for done in carried.done] == ["2022/01/2022-01-09-2-2.md"]
    assert carried.written.refused == ("2021/12/2021-12-09-1-1.md",)
    assert (carried.written.count, carried.written.failed) == (1, 1)


def test_temporary_file_of_a_killed_process_is_replaced(
    conn: sqlite3.Connection, posts: Path
) -> None:
    want(conn, put_article(conn))
    left = (posts / PATH).with_name(".2021-12-09-896-t20211209-4567.md.tmp")
    left.parent.mkdir(parents=True)
    left.write_text("half a fi")
    write_owed(conn, posts)
    assert below(posts) == [PATH]


def test_folder_that_is_a_link_leads_no_file_outside(
    conn: sqlite3.Connection, posts: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    posts.mkdir()
    (posts / "2021").symlink_to(outside)
    want(conn, put_article(conn))
    written = write_owed(conn, posts)
    assert written.failed == 1
    assert written.problems[0].startswith(f"{posts}/{PATH} would lie outside {posts}")
    assert below(outside) == []


@pytest.mark.parametrize(
    "name", ["../x.md", "/tmp/x.md", "2021/../../x.md", "a/.x.md", "x.txt", "a//x.md", "x\0.md"]
)
def test_hostile_path_in_the_database_is_refused(
    conn: sqlite3.Connection, posts: Path, name: str
) -> None:
    put_article(conn)
    conn.execute("INSERT INTO files VALUES (?, 896, 'x', NULL)", (name,))
    assert write_owed(conn, posts).failed == 1
    assert not posts.exists() or below(posts) == []


def test_hostile_path_is_not_removed_either(
    conn: sqlite3.Connection, posts: Path, tmp_path: Path
) -> None:
    (tmp_path / "mine.md").write_text("mine")
    conn.execute("INSERT INTO files VALUES ('../mine.md', 1, NULL, 'x')")
    assert write_owed(conn, posts).failed == 1
    assert (tmp_path / "mine.md").read_text() == "mine"


def test_link_at_the_place_of_a_file_is_replaced_not_followed(
    conn: sqlite3.Connection, posts: Path, tmp_path: Path
) -> None:
    (tmp_path / "mine.md").write_text("mine")
    (posts / PATH).parent.mkdir(parents=True)
    (posts / PATH).symlink_to(tmp_path / "mine.md")
    want(conn, put_article(conn))
    write_owed(conn, posts)
    assert (tmp_path / "mine.md").read_text() == "mine"
    assert (posts / PATH).read_text() == SAMPLE_FILE


def test_what_is_owed_is_found_by_an_index(conn: sqlite3.Connection) -> None:
    plan = conn.execute(f"EXPLAIN QUERY PLAN {orders._OWED}", {"after": "", "batch": 9})
    assert "files_owed" in plan.fetchone()["detail"]


# Rebuilding


def test_lost_and_changed_files_are_rebuilt_byte_for_byte(
    conn: sqlite3.Connection, posts: Path
) -> None:
    put_many(conn, range(1, 4))
    write_owed(conn, posts)
    before = {name: (posts / name).read_bytes() for name in below(posts)}
    lost, changed, _ = (posts / name for name in before)
    lost.unlink()
    changed.write_text("edited")
    rendered = render_all(conn, posts)
    assert (rendered.stories, rendered.written.count) == (3, 2)
    assert {name: (posts / name).read_bytes() for name in below(posts)} == before


def test_all_files_come_back_from_the_database_alone(
    conn: sqlite3.Connection, posts: Path, tmp_path: Path
) -> None:
    put_many(conn, range(1, 206))
    write_owed(conn, posts)
    elsewhere = tmp_path / "elsewhere"
    assert render_all(conn, elsewhere).written.count == 205
    assert below(elsewhere) == below(posts)
    assert all((elsewhere / n).read_bytes() == (posts / n).read_bytes() for n in below(posts))


def test_rebuilding_touches_nothing_of_the_users(conn: sqlite3.Connection, posts: Path) -> None:
    want(conn, put_article(conn))
    (posts / "2021/12").mkdir(parents=True)
    (posts / "2021/12/my-own.md").write_text("mine")
    render_all(conn, posts)
    assert (posts / "2021/12/my-own.md").read_text() == "mine"
    assert below(posts) == [PATH, "2021/12/my-own.md"]


def test_rebuilding_applies_new_settings_once(conn: sqlite3.Connection, posts: Path) -> None:
    want(conn, put_article(conn))
    write_owed(conn, posts)
    configure(conn, body="html")
    assert render_all(conn, posts).written.count == 1
    assert "<div>   \n" in (posts / PATH).read_text()
    assert render_all(conn, posts).written.count == 0


def test_rebuilding_orders_files_for_stories_that_have_none(
    conn: sqlite3.Connection, posts: Path
) -> None:
    put_article(conn)
    assert render_all(conn, posts).written.count == 1
    assert (posts / PATH).read_text() == SAMPLE_FILE


def test_rebuilding_removes_the_file_of_a_vanished_article(
    conn: sqlite3.Connection, posts: Path
) -> None:
    want(conn, put_article(conn))
    write_owed(conn, posts)
    conn.execute("DELETE FROM articles")
    assert render_all(conn, posts).written.removed == 1
    assert below(posts) == []
