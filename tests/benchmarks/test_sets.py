"""The strange pages are well-formed, and both sets are scored as their gold says."""

from __future__ import annotations

import html
from collections import Counter
from functools import cache

from benchmarks.quality.pages import Page
from benchmarks.quality.sets import kind_lines, score_sets, set_pages
from benchmarks.quality.strange import StrangePage, strange_pages
from benchmarks.quality.systems import Prediction


@cache
def strange() -> list[StrangePage]:
    return list(strange_pages())


@cache
def pages() -> list[Page]:
    return set_pages()


def test_each_kind_has_two_strange_pages_and_each_language_its_share() -> None:
    assert set(Counter(page.kind for page in strange()).values()) == {2}
    assert len({page.kind for page in strange()}) == 26
    assert Counter(page.language for page in strange()) == {"en": 23, "zh": 19, "other": 10}
    assert max(len(page.html) for page in strange()) <= 6144


def test_the_gold_of_a_strange_page_is_on_it() -> None:
    for page in strange():
        text = html.unescape(page.html.decode())
        right = page.right
        pieces = [*right.text_has, *right.text_not, *right.text_once, *(right.authors or ())]
        assert [piece for piece in pieces if piece not in text] == [], page.name
        assert right.text_has, page.name
        assert right.title is None or right.title in text, page.name


def test_every_page_of_the_sets_is_measured_under_a_name_of_its_own() -> None:
    assert len({page.id for page in pages()}) == len(pages()) == 954
    assert Counter(page.id.split("/")[0] for page in pages()) == {"invented": 902, "strange": 52}
    assert sum(page.refusal is not None for page in pages()) == 607


def test_a_wall_that_is_refused_for_any_reason_is_right_and_an_article_never() -> None:
    wall = next(page for page in pages() if page.id == "invented/train/captcha/reactwire-captcha")
    article = next(page for page in pages() if page.id == "invented/train/brief/haimen-brief")
    refused = Prediction(refused="index page: 40 links")
    scored = score_sets("broadsheet", [wall, article], {wall.id: refused, article.id: refused})
    shares = {row.id: row.shares for row in scored["invented-train"]}
    assert shares[wall.id] == {"refusal": 1.0}
    assert shares[article.id]["false_refusal"] == 1.0
    assert shares[article.id]["body"] == shares[article.id]["date"] == 0.0


def test_a_strange_page_holds_when_everything_that_is_told_of_it_is_right() -> None:
    page = next(page for page in pages() if page.id.endswith("/author-box-at-the-end-a"))
    (gold,) = (p.right for p in strange() if p.name == "author-box-at-the-end-a")
    right = Prediction(authors=("Clare Winstanley",), text="\n".join(gold.text_has))
    wrong = Prediction(
        authors=("Clare Winstanley",), text=right.text + " clare@weeklypilot.example"
    )
    (held,) = score_sets("broadsheet", [page], {page.id: right})["strange"]
    (failed,) = score_sets("broadsheet", [page], {page.id: wrong})["strange"]
    assert (held.shares["holds"], held.shares["author"], held.segments) == (1.0, 1.0, (6, 0, 0))
    assert (failed.shares["holds"], failed.shares["author"], failed.segments) == (
        0.0,
        1.0,
        (6, 1, 0),
    )


def test_kinds_are_told_by_what_they_are_measured_by() -> None:
    page = next(page for page in pages() if page.id == "invented/train/captcha/reactwire-captcha")
    scored = score_sets("broadsheet", [page], {page.id: Prediction(text="Are you a robot?")})
    (line,) = kind_lines(scored)
    assert line.split() == ["train", "captcha", "1", "pages", "refusal", "0.0"]


def test_a_minute_that_a_site_does_not_tell_is_not_asked_for() -> None:
    labels = {page.site: page.published for page in pages() if page.published}
    assert labels["frames"] == labels["jiangwan"] == "no time"
    assert labels["marlpost"] != "no time"  # its JSON-LD has it
    assert labels["haimen"] == "2025-04-25T10:41:00+08:00"
