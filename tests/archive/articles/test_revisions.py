from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.articles.revisions import (
    Known,
    Version,
    decide,
    differ_by_noise,
    kind_of_change,
    likeness_form,
)
from archive.model import Verdict
from tests.archive.making import make_article


def judge(known: Known, *, paywalled: bool = False) -> Verdict:
    article = make_article("1", "题", "正文五个字", paywalled=paywalled)
    return decide(article, known)


def stored(**changes: object) -> Known:
    values = {"same": False, "word_count": 5, "paywalled": False, "returns": 0} | changes
    return Known(**values)  # type: ignore[arg-type]


def test_the_same_text_elsewhere_in_the_outlet_is_a_copy() -> None:
    assert judge(stored(by_content=True, same=True)) is Verdict.COPY
    assert judge(stored(by_content=True, may_change=False)) is Verdict.COPY
    assert judge(stored(by_content=True)) is Verdict.REVISED


def test_what_may_not_change_it_is_no_revision() -> None:
    assert judge(stored(may_change=False)) is Verdict.UNCHANGED


def test_another_content_is_a_revision() -> None:
    assert judge(stored()) is Verdict.REVISED


def test_a_version_that_returned_once_may_not_return_for_ever() -> None:
    assert judge(stored(returns=1)) is Verdict.REVISED
    assert judge(stored(returns=2)) is Verdict.UNCHANGED


def test_the_stump_before_a_paywall_does_not_replace_the_whole_text() -> None:
    assert judge(stored(word_count=900), paywalled=True) is Verdict.UNCHANGED
    assert judge(stored(word_count=900, paywalled=True), paywalled=True) is Verdict.REVISED


@given(st.text(), st.text(), st.booleans())
def test_equal_hashes_are_never_a_revision(title: str, text: str, paywalled: bool) -> None:
    version = Version.of(title, text)
    article = make_article("1", title, text, paywalled=paywalled)
    known = stored(same=version.says(title, text, version.content_hash))
    assert decide(article, known) is Verdict.UNCHANGED


@given(st.text())
def test_blanks_and_width_and_case_are_no_difference(text: str) -> None:
    assert likeness_form("\u3000" + text + "\n\n") == likeness_form(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ＣＰＩ同比", "cpi 同比"),
        ("“降准”，落地", '"降准",落地'),
        ("落地。", "落地."),
        ("a\u200bb", "a b"),
        ("2020–2021", "2020-2021"),
    ],
)
def test_forms_of_the_same_text_fold_alike(one: str, other: str) -> None:
    assert likeness_form(one) == likeness_form(other)


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("降准落地", "降准，落地！", "minor"),
        ("The Fed, again", "The Fed again.", "minor"),
        ("降准落地", "降息落地", "edit"),
        ("上涨3.5%", "上涨35%", "edit"),
        ("下跌-2", "下跌2", "edit"),
        ("上涨5%", "上涨5", "edit"),
    ],
)
def test_a_change_is_minor_only_when_no_fact_can_have_changed(
    before: str, after: str, kind: str
) -> None:
    assert kind_of_change(Version.of("题", before), Version.of("题", after)) == kind


def test_what_differs_by_noise_alone_is_unchanged() -> None:
    assert judge(stored(same_but_noise=True)) is Verdict.UNCHANGED


def test_a_clock_is_noise_in_the_text_and_none_in_the_title() -> None:
    one, other = "央行降准。\n\n更新于 14:32", "央行降准。\n\n更新于 15:07"
    assert differ_by_noise(("题", one), ("题", other))
    assert not differ_by_noise(("题 14:32", one), ("题 15:07", one))


def test_noise_beside_a_correction_leaves_it_minor() -> None:
    before = Version.of("题", "3 minutes ago\n\nThe goverment fell.")
    after = Version.of("题", "1 hour ago\n\nThe government fell.")
    assert kind_of_change(before, after) == "minor"


def test_title_and_text_are_hashed_apart() -> None:
    assert Version.of("ab", "c").content_hash != Version.of("a", "bc").content_hash
