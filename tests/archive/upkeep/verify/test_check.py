"""Each kind of damage is found by its name, beside a writer, and nothing is found without one."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from archive.database.connect import connect
from archive.errors import ArchiveError
from archive.upkeep.verify.check import SHOWN, Findings, Scope, check
from archive.upkeep.verify.damage import Damage, DamageKind
from tests.archive.making import NOW, make_archive, save
from tests.archive.upkeep.verify.damaging import DAMAGE, Sample

BY_BYTES = {DamageKind.PAGES_CORRUPT}  # has tests of its own below
ONLY_FULL = {DamageKind.SQLITE_CORRUPT}  # an index of a table, of which quick_check doesn't speak
# What a full check looks at in another way, or on the copy that it makes.
FOUND_OTHERWISE = (
    *(
        DamageKind.SQLITE_CORRUPT,
        DamageKind.SCHEMA_OBJECT_MISSING,
        DamageKind.COPY_OF_MISSING,
        DamageKind.HASH_WRONG,
    ),
    *(
        DamageKind.INDEX_ROW_MISSING,
        DamageKind.INDEX_STALE,
        DamageKind.INDEX_CORRUPT,
        DamageKind.FILE_DIFFERS,
    ),
    DamageKind.PAGE_DAMAGED,
)


def found(sample: Sample, *, full: bool = False, busy: bool = False) -> list[Damage]:
    what = Scope(data=sample.data, directory=sample.posts, full=full, busy=lambda: busy)
    return list(check(what, now=NOW))


def kinds(damages: list[Damage]) -> set[DamageKind]:
    return {damage.kind for damage in damages}


@pytest.mark.parametrize("full", [False, True])
def test_an_archive_in_which_all_agrees_has_no_damage(sample: Sample, full: bool) -> None:
    assert found(sample, full=full) == []


def test_every_kind_of_damage_has_a_way_of_making_it() -> None:
    assert set(DamageKind) - set(DAMAGE) == BY_BYTES


@pytest.mark.parametrize("kind", sorted(set(DAMAGE) - ONLY_FULL))
def test_what_was_damaged_is_named(sample: Sample, kind: DamageKind) -> None:
    DAMAGE[kind](sample)
    assert kind in kinds(found(sample))


@pytest.mark.parametrize("kind", FOUND_OTHERWISE)
def test_a_full_check_names_it_too(sample: Sample, kind: DamageKind) -> None:
    DAMAGE[kind](sample)
    assert kind in kinds(found(sample, full=True))


def test_a_full_check_leaves_nothing_behind(sample: Sample) -> None:
    found(sample, full=True)
    assert [path.name for path in sample.data.iterdir() if path.name.startswith(".")] == []


def test_a_check_goes_on_beside_an_open_transaction(sample: Sample) -> None:
    sample.conn.execute("BEGIN IMMEDIATE")
    sample.conn.execute("UPDATE articles SET title = 'half'")
    assert found(sample) == found(sample, full=True) == []


@pytest.mark.parametrize("kind", [DamageKind.FILE_NOT_WRITTEN, DamageKind.PAGE_UNLINKED])
def test_what_a_writer_still_has_to_do_is_its_own_business(
    sample: Sample, kind: DamageKind
) -> None:
    DAMAGE[kind](sample)
    assert found(sample, busy=True) == []


def test_a_file_that_a_user_put_there_is_no_orphan(sample: Sample) -> None:
    (sample.posts / "2026/11/my-own-post.md").write_text("mine", "utf-8")
    (sample.posts / "about.md").write_text("mine", "utf-8")
    assert found(sample) == []


def test_a_table_that_a_user_added_is_no_damage(sample: Sample) -> None:
    sample.sql("CREATE TABLE mine (note)", "CREATE INDEX my_notes ON mine (note)")
    assert found(sample) == []


@pytest.mark.parametrize(
    "added",
    [
        "CREATE VIEW mine AS SELECT title FROM articles",
        "CREATE TRIGGER mine AFTER INSERT ON runs BEGIN UPDATE articles SET title = 'x'; END",
        "CREATE UNIQUE INDEX mine ON articles (author)",
    ],
)
def test_what_was_added_and_acts_is_named(sample: Sample, added: str) -> None:
    sample.sql("UPDATE articles SET author = id", added)
    foreign = [d for d in found(sample) if d.kind is DamageKind.SCHEMA_OBJECT_FOREIGN]
    kind = added.split()[1].lower().replace("unique", "index")
    assert [(d.where, d.detail) for d in foreign] == [
        (f"{kind} mine", f"is none of Broadsheet's: {added}")
    ]


def test_pages_that_were_thrown_away_are_not_missed(sample: Sample) -> None:
    (sample.data / "pages.db").unlink()
    assert found(sample, full=True) == []


def test_a_pages_file_that_is_just_being_made_is_no_damage(sample: Sample) -> None:
    (sample.data / "pages.db").unlink()
    connect(sample.data / "pages.db").close()
    sample.conn.execute("UPDATE articles SET page_id = NULL")
    assert found(sample) == []


def test_pages_that_retention_removed_are_not_missed(sample: Sample) -> None:
    sample.pages("DELETE FROM pages WHERE article_id = 2")
    assert found(sample) == []


def test_a_page_of_an_article_that_was_taken_back_is_kept_and_no_damage(sample: Sample) -> None:
    sample.conn.execute("UPDATE articles SET page_id = NULL")
    sample.pages("UPDATE pages SET article_id = 4 WHERE article_id = 1")
    assert found(sample) == []


def test_what_is_no_database_is_not_called_damaged(sample: Sample) -> None:
    sample.conn.close()
    for name in ("archive.db-wal", "archive.db-shm"):
        (sample.data / name).unlink(missing_ok=True)
    (sample.data / "archive.db").write_bytes(b"not a database" * 1000)
    with pytest.raises(ArchiveError, match=r"can't open .* it is no SQLite database"):
        found(sample)


@pytest.mark.parametrize("full", [False, True])
def test_a_check_goes_on_after_what_can_not_be_read(sample: Sample, full: bool) -> None:
    DAMAGE[DamageKind.MENTION_WITHOUT_INSTRUMENT](sample)
    sample.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    root = sample.conn.execute(
        "SELECT rootpage FROM sqlite_master WHERE name = 'article_urls'"
    ).fetchone()[0]
    sample.conn.close()
    _overwrite(sample.data / "archive.db", root)
    damages = kinds(found(sample, full=full))
    assert {DamageKind.SQLITE_CORRUPT, DamageKind.MENTION_WITHOUT_INSTRUMENT} <= damages


def test_an_archive_that_waits_for_an_upgrade_is_not_called_damaged(tmp_path: Path) -> None:
    connect(tmp_path / "archive.db").close()
    with pytest.raises(ArchiveError, match=r"archive\.db has schema 0, .* brings it there"):
        list(check(Scope(data=tmp_path, directory=tmp_path), now=NOW))


def test_a_pages_file_with_overwritten_pages_is_said_to_be_corrupt(sample: Sample) -> None:
    content = (sample.data / "pages.db").read_bytes()
    (sample.data / "pages.db").write_bytes(content[:8192] + b"\xff" * (len(content) - 8192))
    assert DamageKind.PAGES_CORRUPT in kinds(found(sample))


def test_a_file_that_can_t_be_read_is_named_and_the_rest_compared(sample: Sample) -> None:
    path = sample.file(1)
    path.unlink()
    path.mkdir()
    (damage,) = found(sample, full=True)
    assert damage.kind is DamageKind.NOT_COMPARED
    assert damage.where == path.relative_to(sample.posts).as_posix()
    assert damage.detail == "can't be read: Is a directory"


def test_a_sample_moves_from_day_to_day(tmp_path: Path) -> None:
    conn = make_archive(tmp_path)
    for number in range(1, 1001):
        conn.execute(
            "INSERT INTO articles(id, url, source_id, source_name, title, published,"
            " published_from, fetched, checked, text, markdown, word_count, content_hash,"
            " text_hash) VALUES (?, ?, 'stcn', '', '', '', '', '', '', '', '', 0, '', '')",
            (number, f"https://stcn.example.com/{number}"),
        )
    conn.close()
    what = Scope(data=tmp_path, directory=tmp_path / "articles")
    days = [
        {
            damage.key
            for damage in check(what, now=NOW + timedelta(days=day))
            if damage.kind is DamageKind.HASH_WRONG
        }
        for day in range(5)
    ]
    assert len(days[0]) == 280
    assert set.union(*days) == set(range(1, 1001))


def test_the_guide_explains_every_kind() -> None:
    guide = (Path(__file__).parents[4] / "docs/how-to/keep-it-safe.md").read_text("utf-8")
    explained = re.findall(r"^\| (`.+?) \|", guide, re.M)
    assert {name for row in explained for name in re.findall(r"`([a-z-]+)`", row)} == set(
        DamageKind
    )


def test_a_report_counts_all_and_keeps_some_examples() -> None:
    one = Damage(kind=DamageKind.FILE_MISSING, where="a.md", detail="is not there")
    report = Findings.of([one] * 1000)
    assert (report.counts, len(report.examples)) == ({DamageKind.FILE_MISSING: 1000}, SHOWN)


def test_a_title_without_any_letter_is_no_stale_index(tmp_path: Path) -> None:
    conn = make_archive(tmp_path)
    save(conn, "1", "——？！", "")
    conn.close()
    what = Scope(data=tmp_path, directory=tmp_path / "articles", busy=lambda: True)
    assert list(check(what, now=NOW)) == []


def _overwrite(path: Path, page: int) -> None:
    content = bytearray(path.read_bytes())
    content[(page - 1) * 4096 : page * 4096] = b"\xff" * 4096
    path.write_bytes(content)
