"""Figures worked out by hand from a few made-up predictions."""

from __future__ import annotations

from types import ModuleType

import pytest

from benchmarks.quality.pages import Page, fold_of
from benchmarks.quality.report import fold_table, table
from benchmarks.quality.scores import Row, body_f1, right_time, score_corpus, score_own, summarise
from benchmarks.quality.systems import Prediction


def page(**known: object) -> Page:
    given = {"id": "a", "url": "https://a.com/a", "group": "en", "site": "a.com", **known}
    return Page(**given)  # type: ignore[arg-type]


def row(**known: object) -> Row:
    given = {"id": "a", "group": "en", "site": "a.com", "seconds": 0.01, **known}
    given.setdefault("counts", {"empty": 0, "refused": 0, "errors": 0})
    return Row(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("label", "published"),
    [
        ("2026-11-23T09:30:00+08:00", "2026-11-23T01:30:44+00:00"),
        ("2026-11-23T09:30", "2026-11-23T09:30:00+00:00"),
        ("no time", "2026-11-23T00:00:00+00:00"),
        ("no time", ""),
    ],
)
def test_a_time_is_right_to_the_minute(label: str, published: str) -> None:
    assert right_time(page(published=label), published)


@pytest.mark.parametrize(
    ("label", "published"),
    [
        ("2026-11-23T09:30:00+08:00", "2026-11-23T09:30:00+00:00"),
        ("2026-11-23T09:30", "2026-11-23T00:00:00+00:00"),
        ("2026-11-23T09:30", ""),
        ("no time", "2026-11-23T09:30:00+00:00"),
    ],
)
def test_another_minute_or_a_bare_day_is_a_wrong_time(label: str, published: str) -> None:
    assert not right_time(page(published=label), published)


def test_a_time_that_the_page_claims_besides_is_right_too() -> None:
    twofold = page(published="2026-11-23T09:30", also_published=("2026-11-23T11:00",))
    assert right_time(twofold, "2026-11-23T11:00:00+00:00")


def test_body_f1_counts_words_and_chinese_characters() -> None:
    assert body_f1("沪指，涨 3.1%。", "沪指涨 3 1") == 1.0
    assert body_f1("Copper rose today again", "copper rose") == pytest.approx(2 / 3)
    assert body_f1("铜价上涨", "铜价") == pytest.approx(2 / 3)
    assert body_f1("Copper", "Coppers") == 0.0


def test_a_name_on_a_page_that_names_nobody_is_a_wrong_author() -> None:
    gold = {"title": "T", "authors": [], "bodies": ["text"]}
    rows = score_own(
        "broadsheet",
        [page(authorless=True, record=gold)],
        {"a": Prediction(title="T", text="text", authors=("Share",))},
    )
    shares = {"body": 1.0, "title": 1.0, "author": 0.0, "wrong_author": 1.0, "false_refusal": 0.0}
    assert rows[0].shares == shares


def test_a_page_that_is_none_asks_only_for_its_reason() -> None:
    rows = score_own(
        "broadsheet",
        [page(refusal="index page")],
        {"a": Prediction(refused="index page: 40 links")},
    )
    assert rows[0].shares == {"refusal": 1.0}
    assert rows[0].counts == {"empty": 0, "refused": 0, "errors": 0}


def test_pages_are_averaged_and_segments_and_pictures_are_pooled() -> None:
    summary = summarise(
        [
            row(shares={"body": 1.0}, segments=(3, 0, 1), pictures=(3, 0)),
            row(shares={"body": 0.5}, segments=(1, 2, 1), pictures=(1, 1), seconds=0.03),
        ]
    )["all"]
    assert summary.figures["body"] == 75.0
    assert summary.figures["segments"] == pytest.approx(200 * 4 / (8 + 2 + 2))
    assert summary.figures["extra_images"] == 25.0
    assert summary.figures["ms"] == pytest.approx(20.0)


def test_the_table_has_a_line_for_every_group_and_system() -> None:
    rows = [row(shares={"body": 0.9}), row(group="zh", shares={"body": 0.8})]
    lines = list(table({"broadsheet": rows, "trafilatura": rows}))
    assert [line.split()[:2] for line in lines[1:]] == [
        ["all", "broadsheet"],
        ["all", "trafilatura"],
        ["zh", "broadsheet"],
        ["zh", "trafilatura"],
        ["en", "broadsheet"],
        ["en", "trafilatura"],
    ]
    assert lines[1].split()[-1] == "1.00x"


def test_the_pages_of_a_site_share_a_fold() -> None:
    assert [fold_of(site, 5) for site in ("a.com", "b.com", "a.com")] == [1, 2, 1]


def test_a_fold_shows_its_gain_over_the_rows_before() -> None:
    now, before = row(shares={"body": 0.96}), row(shares={"body": 0.95})
    lines = list(fold_table([now], 1, [before]))
    assert lines[1].split()[:5] == ["1", "all", "1", "96.0", "(+1.0)"]


def scored(persons: tuple[str, ...], found: tuple[str, ...]) -> dict[str, float]:
    scorer = ModuleType("scorer")
    scorer.__dict__["score"] = lambda records, lines: [{} for _ in records]
    scorer.__dict__["author_f1"] = lambda gold, named: float(set(gold) == set(named))
    predictions = {"a": Prediction(text="text", authors=found)}
    return score_corpus(scorer, "broadsheet", [page(persons=persons)], predictions)[0].shares


def test_an_agency_in_the_gold_is_no_person_to_be_found() -> None:
    assert scored(("Ann Lee",), ("Ann Lee",)) == {"persons": 1.0, "false_refusal": 0.0}
    assert scored((), ()) == {"no_person": 0.0, "false_refusal": 0.0}
    assert scored((), ("Ann Lee",)) == {"no_person": 1.0, "false_refusal": 0.0}
