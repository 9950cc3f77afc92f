"""What can be repaired is right afterwards, made from what was still right; the rest is said."""

from __future__ import annotations

import pytest

from archive.database.connect import connect
from archive.upkeep.verify.check import Scope
from archive.upkeep.verify.damage import BEYOND_REPAIR, DamageKind
from archive.upkeep.verify.repair import Repaired, repair
from tests.archive.making import NOW, cell, rows
from tests.archive.upkeep.verify.damaging import DAMAGE, Sample

TOGETHER = (
    *(DamageKind.SCHEMA_OBJECT_DIFFERS, DamageKind.REFERENCE_DANGLING),
    *(
        DamageKind.ALIAS_DANGLING,
        DamageKind.COPY_OF_MISSING,
        DamageKind.BAND_MISSING,
        DamageKind.ENTRY_STATE_WRONG,
    ),
    *(
        DamageKind.MENTION_WITHOUT_INSTRUMENT,
        DamageKind.REVISION_GAP,
        DamageKind.INDEX_TRIGGER_MISSING,
    ),
    *(DamageKind.INDEX_STALE, DamageKind.FILE_ORPHANED, DamageKind.PAGE_UNLINKED),
)
LATER = NOW.replace(hour=9)


def mend(sample: Sample, *, full: bool = False) -> Repaired:
    what = Scope(data=sample.data, directory=sample.posts, full=full)
    return repair(sample.conn, what, now=LATER)


@pytest.mark.parametrize("kind", sorted(set(DAMAGE) - set(BEYOND_REPAIR)))
def test_a_damage_is_repaired(sample: Sample, kind: DamageKind) -> None:
    DAMAGE[kind](sample)
    repaired = mend(sample)
    assert kind in repaired.found
    assert repaired.left.counts == {}


@pytest.mark.parametrize("kind", sorted(set(DAMAGE) & set(BEYOND_REPAIR)))
def test_what_is_beyond_repair_stays_and_is_named(sample: Sample, kind: DamageKind) -> None:
    DAMAGE[kind](sample)
    assert mend(sample).left.counts == {kind: 1}


def test_what_was_damaged_together_is_repaired_together(sample: Sample) -> None:
    for kind in TOGETHER:
        DAMAGE[kind](sample)
    repaired = mend(sample, full=True)
    assert set(TOGETHER) - set(repaired.found) == set()
    assert repaired.left.counts == {}


def test_an_index_of_a_table_is_made_from_its_rows(sample: Sample) -> None:
    DAMAGE[DamageKind.SQLITE_CORRUPT](sample)
    assert mend(sample, full=True).left.counts == {}
    newest = "SELECT id FROM articles WHERE published > '2026-11-22' ORDER BY published LIMIT 1"
    assert cell(sample.conn, newest) == 2


def test_versions_are_numbered_from_one_again(sample: Sample) -> None:
    DAMAGE[DamageKind.REVISION_GAP](sample)
    mend(sample)
    assert rows(sample.conn, "SELECT number, title FROM revisions WHERE article_id = 1") == [
        (1, "央行降准0.5个百分点")
    ]
    assert cell(sample.conn, "SELECT revision FROM articles WHERE id = 1") == 1


def test_an_entry_finds_its_article_by_its_address(sample: Sample) -> None:
    DAMAGE[DamageKind.ENTRY_ARCHIVED_WITHOUT_ID](sample)
    mend(sample)
    assert rows(sample.conn, "SELECT state, article_id FROM entries WHERE url LIKE '%/2'") == [
        ("archived", 2)
    ]


def test_an_entry_whose_article_is_lost_is_fetched_again(sample: Sample) -> None:
    sample.conn.execute("DELETE FROM articles WHERE id = 2")
    mend(sample)
    query = "SELECT state, closed, article_id, not_before FROM entries WHERE url LIKE '%/2'"
    assert rows(sample.conn, query) == [("owed", None, None, "2026-11-23T09:00:00Z")]


def test_a_copy_of_a_copy_leads_to_the_story(sample: Sample) -> None:
    DAMAGE[DamageKind.COPY_OF_A_COPY](sample)
    mend(sample)
    assert rows(sample.conn, "SELECT id, copy_of FROM articles WHERE copy_of IS NOT NULL") == [
        (1, 3),
        (4, 3),
    ]
    assert not (sample.posts / "2026/11").joinpath("2026-11-23-1-0-5.md").exists()


def test_of_the_copies_of_a_lost_story_the_oldest_becomes_it(sample: Sample) -> None:
    sample.sql("UPDATE articles SET copy_of = 99 WHERE id IN (1, 4)")
    mend(sample)
    query = "SELECT id, copy_of FROM articles WHERE id IN (1, 4)"
    assert rows(sample.conn, query) == [(1, None), (4, 1)]
    changes = "SELECT article_id, was, story FROM cluster_changes ORDER BY id"
    assert rows(sample.conn, changes) == [(1, 99, None), (4, 99, 1)]


def test_copies_that_lead_in_a_ring_get_a_story(sample: Sample) -> None:
    sample.sql(
        "UPDATE articles SET copy_of = 2 WHERE id = 1",
        "UPDATE articles SET copy_of = 1 WHERE id = 2",
    )
    mend(sample)
    assert rows(sample.conn, "SELECT id, copy_of FROM articles WHERE id IN (1, 2)") == [
        (1, None),
        (2, 1),
    ]


def test_a_lost_source_is_there_again_under_its_name_and_not_polled(sample: Sample) -> None:
    DAMAGE[DamageKind.REFERENCE_DANGLING](sample)
    mend(sample)
    assert rows(sample.conn, "SELECT name, enabled, status FROM sources WHERE id = 'cnbc'") == [
        ("Outlet cnbc", 0, "removed")
    ]


def test_an_orphaned_file_is_moved_out_of_the_site(sample: Sample) -> None:
    DAMAGE[DamageKind.FILE_ORPHANED](sample)
    mend(sample)
    name = "2026/11/2026-11-23-99-nobody-knows.md"
    assert not (sample.posts / name).exists()
    assert (sample.data / "set-aside" / name).read_text("utf-8") == "---\n"


def test_a_search_index_that_is_gone_is_made_anew(sample: Sample) -> None:
    sample.sql("DROP TABLE articles_fts")
    assert mend(sample).left.counts == {}
    assert rows(sample.conn, "SELECT id FROM search WHERE q = '\"降准\"'") == [(1,)]


def test_a_table_that_is_gone_is_there_again_empty(sample: Sample) -> None:
    sample.sql("DROP TABLE mentions", "DROP TABLE near_bands")
    assert mend(sample).left.counts == {}
    assert cell(sample.conn, "SELECT count(DISTINCT article_id) FROM near_bands") == 4


def test_characters_that_search_folds_are_put_right(sample: Sample) -> None:
    sample.sql("DELETE FROM _fold", "DELETE FROM _nums WHERE n > 100")
    assert mend(sample, full=True).left.counts == {}


def test_a_page_that_was_to_be_forgotten_is_gone(sample: Sample) -> None:
    DAMAGE[DamageKind.PAGE_OF_FORGOTTEN_ARTICLE](sample)
    mend(sample)
    pages = connect(sample.data / "pages.db", readonly=True)
    assert rows(pages, "SELECT article_id FROM pages") == [(1,)]
    pages.close()
