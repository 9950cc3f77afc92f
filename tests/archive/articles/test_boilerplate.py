"""What comes back in an outlet's articles is learned, counted, bounded and forgotten."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from archive.articles.boilerplate import LearnedLine, learned, learned_lines
from archive.model import Saved, Verdict
from tests.archive.making import DAY, NOW, cell, make_archive, make_source, rows, save

OFFER = "Read the Harbour Post for one dollar a week"
OUTLET = "Outlet stcn"


@pytest.fixture
def conn(tmp_path: Path) -> sqlite3.Connection:
    return make_archive(tmp_path)


def prose(number: int, paragraphs: int = 6) -> list[str]:
    """Paragraphs that no other number has."""
    return [
        f"Filing {number}-{at} says that the mill at pier {number * 100 + at} sold "
        f"{number + at} thousand tonnes of pulp, more than a year ago."
        for at in range(paragraphs)
    ]


def save_with(conn: sqlite3.Connection, number: int, *lines: str, **changes: object) -> Saved:
    """Save article `number`, with these lines after its own."""
    text = "\n\n".join([*prose(number), *lines])
    return save(conn, f"a/{number}", f"Mill report {number}", text, **changes)


def test_a_line_of_three_articles_is_learned(conn: sqlite3.Connection) -> None:
    for number in (1, 2):
        save_with(conn, number, OFFER)
    assert learned(conn, OUTLET) == frozenset()
    save_with(conn, 3, OFFER)
    assert learned_lines(conn, OUTLET) == [
        LearnedLine(kind="line", line=OFFER, articles=3, last_seen=NOW)
    ]


def test_case_and_punctuation_don_t_make_another_line(conn: sqlite3.Connection) -> None:
    for number, line in enumerate((OFFER, OFFER.upper(), f"» {OFFER}!")):
        save_with(conn, number, line)
    assert learned(conn, OUTLET) == {f"» {OFFER}!"}


def test_an_image_of_three_articles_is_learned_whatever_its_scheme(
    conn: sqlite3.Connection,
) -> None:
    for number, scheme in enumerate(("https", "http", "https")):
        save_with(conn, number, images=(f"{scheme}://img.example.com/qr.png",))
    assert learned_lines(conn, OUTLET) == [
        LearnedLine(kind="image", line="https://img.example.com/qr.png", articles=3, last_seen=NOW)
    ]


def test_one_article_looked_at_again_teaches_nothing(conn: sqlite3.Connection) -> None:
    for _ in range(4):
        save_with(conn, 1, OFFER)
    assert learned(conn, OUTLET) == frozenset()


def test_another_outlet_s_articles_don_t_count(tmp_path: Path) -> None:
    conn = make_archive(tmp_path, make_source("stcn"), make_source("ledger"))
    save_with(conn, 1, OFFER)
    save_with(conn, 2, OFFER)
    save_with(conn, 3, OFFER, source_id="ledger")
    assert learned(conn, OUTLET) | learned(conn, "Outlet ledger") == frozenset()


def test_near_copies_of_one_text_teach_nothing(conn: sqlite3.Connection) -> None:
    for number in range(4):
        text = "\n\n".join([*prose(7), f"Version {number} of it was sent at {number} o'clock."])
        save(conn, f"a/{number}", f"Mill report {number}", text)
    assert learned(conn, OUTLET) == frozenset()


def test_a_line_that_was_most_of_an_article_is_never_learned(conn: sqlite3.Connection) -> None:
    save(conn, "flash", "Pulp", f"Pulp fell again.\n\n{OFFER}")
    for number in range(3):
        save_with(conn, number, OFFER)
    assert learned(conn, OUTLET) == frozenset()


def test_a_paragraph_of_background_must_come_back_often(conn: sqlite3.Connection) -> None:
    """As a reporter repeats it in the few articles on one affair."""
    background = "The mill was closed in March after its owner, a fund in Oslo, had lost a suit."
    assert len(background) == 78
    background += " It owes 3 million."
    for number in range(16):
        save_with(conn, number, *([background] if number in (0, 7, 15) else []))
    assert learned(conn, OUTLET) == frozenset()


def test_a_short_line_may_come_back_seldom(conn: sqlite3.Connection) -> None:
    for number in range(16):
        save_with(conn, number, *([OFFER] if number in (0, 7, 15) else []))
    assert learned(conn, OUTLET) == {OFFER}


def test_a_line_deep_inside_long_articles_is_not_looked_at(conn: sqlite3.Connection) -> None:
    for number in range(3):
        text = "\n\n".join([*prose(number, 12), "Background", *prose(number + 50, 12)])
        save(conn, f"a/{number}", f"Mill report {number}", text)
    assert learned(conn, OUTLET) == frozenset()


def test_what_extraction_took_out_is_known_to_be_in_use(conn: sqlite3.Connection) -> None:
    for number in range(3):
        save_with(conn, number, OFFER)
    save_with(conn, 4, boilerplate=(OFFER,), now=NOW + 30 * DAY)
    (line,) = learned_lines(conn, OUTLET)
    assert (line.articles, line.last_seen) == (4, NOW + 30 * DAY)


def test_what_ninety_days_did_not_bring_back_fades(conn: sqlite3.Connection) -> None:
    for number in range(3):
        save_with(conn, number, OFFER)
    save_with(conn, 4, now=NOW + 90 * DAY)
    assert learned(conn, OUTLET) == {OFFER}
    save_with(conn, 5, now=NOW + 91 * DAY)
    assert learned(conn, OUTLET) == frozenset()


def test_what_fifty_articles_did_not_bring_back_fades(conn: sqlite3.Connection) -> None:
    for number in range(52):
        save_with(conn, number, *([OFFER] if number < 3 else []))
    assert learned(conn, OUTLET) == {OFFER}
    save_with(conn, 52)
    assert learned(conn, OUTLET) == frozenset()


def test_what_is_kept_of_an_outlet_is_bounded(conn: sqlite3.Connection) -> None:
    for number in range(60):
        lines = [f"Section {at} of the Harbour Post {number // 3}" for at in range(4)]
        save_with(conn, number, *lines, *[f"Box {at} {number // 4}" for at in range(9)])
    assert cell(conn, "SELECT count(*) FROM outlet_lines") == 50
    assert cell(conn, "SELECT count(*) <= 200 FROM boilerplate") == 1


def test_no_more_than_two_hundred_lines_are_known_the_latest_met(conn: sqlite3.Connection) -> None:
    for number in range(36):
        boxes = [f"Box {at} of week {number // 3}" for at in range(20)]
        text = "\n\n".join([f"{' '.join(prose(number, 12))} {number}", *boxes])
        save(conn, f"a/{number}", f"Mill report {number}", text)
    kept = [str(line) for (line,) in rows(conn, "SELECT line FROM boilerplate")]
    assert len(kept) == 200
    assert not any(line.endswith(" week 0") for line in kept)


def test_a_source_that_is_not_to_learn_teaches_nothing(conn: sqlite3.Connection) -> None:
    for number in range(3):
        save_with(conn, number, OFFER, learn=False)
    assert cell(conn, "SELECT count(*) FROM outlet_lines") == 0


def test_an_article_stored_before_its_line_was_learned_is_unchanged_without_it(
    conn: sqlite3.Connection,
) -> None:
    for number in range(3):
        save_with(conn, number, OFFER)
    again = save_with(conn, 1, boilerplate=(OFFER,))
    assert again.verdict is Verdict.UNCHANGED
    assert cell(conn, "SELECT text FROM articles WHERE url LIKE '%/a/1'").endswith(OFFER)
    assert cell(conn, "SELECT count(*) FROM revisions") == 3


def test_an_article_stored_without_a_line_is_unchanged_when_the_line_is_back(
    conn: sqlite3.Connection,
) -> None:
    for number in range(3):
        save_with(conn, number, OFFER)
    save_with(conn, 4, boilerplate=(OFFER,))
    assert save_with(conn, 4, OFFER).verdict is Verdict.UNCHANGED


def test_an_edit_beside_a_learned_line_is_a_revision(conn: sqlite3.Connection) -> None:
    for number in range(3):
        save_with(conn, number, OFFER)
    edited = "\n\n".join([*prose(1), "The owner denied it on Friday."])
    saved = save(conn, "a/1", "Mill report 1", edited, boilerplate=(OFFER,))
    assert saved.verdict is Verdict.REVISED
    assert rows(conn, "SELECT kind FROM revisions WHERE number = 2") == [("edit",)]


def test_a_double_found_after_its_line_was_learned_is_a_copy(conn: sqlite3.Connection) -> None:
    for number in range(3):
        save_with(conn, number, OFFER)
    text = "\n\n".join(prose(1))
    double = save(conn, "b/1", "Mill report 1", text, boilerplate=(OFFER,))
    assert double.verdict is Verdict.COPY
