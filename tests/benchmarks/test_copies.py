"""The labelled set of copies: the same at every run, and judged as well as docs/decisions say."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.copies.measuring import measure, new_archive
from benchmarks.copies.pairs import kinds, labelled_set


def test_a_seed_always_gives_the_same_pairs() -> None:
    assert labelled_set(40, 7) == labelled_set(40, 7) != labelled_set(40, 8)


def test_the_texts_of_a_pair_of_copies_are_one_group_and_no_others() -> None:
    labelled = labelled_set(60, 1)
    texts = labelled.texts
    told = [(texts[p.one].group == texts[p.other].group, p) for p in labelled.pairs]
    assert all(same == (p.copies or p.turned) for same, p in told)


def test_stories_are_filled_in_to_the_last_name_and_number() -> None:
    written = "".join(text.story.title + text.story.text for text in labelled_set(60, 2).texts)
    assert not set("{}<>[|") & set(written)


def test_every_kind_of_pair_occurs() -> None:
    found = list(kinds(labelled_set(400, 3).pairs))
    assert (len(found), found[0], found[-1]) == (23, "added", "unrelated")


@pytest.mark.slow
def test_copies_are_told_from_what_resembles_them(tmp_path: Path) -> None:
    labelled = labelled_set(600, 11)
    conn = new_archive(tmp_path)
    outcome = measure(conn, labelled, 11)
    conn.close()
    assert outcome.wrong == ()
    assert outcome.recall(labelled.pairs) >= 0.97
