"""A slip of the pen is told from a change of what is said; in doubt it is the latter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.articles.wording import MAX_CHARS, only_wording


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("降准落地", "降准，落地！"),
        ("营收1,200亿元", "营收1200亿元"),
        ("經濟數據", "经济数据"),
        ("去年作出承诺", "去年做出承诺"),
        ("截止本周", "截至本周"),
        ("利用用率平稳", "利用率平稳"),
        ("济经效应显现", "经济效应显现"),
        ("马期克发言。马斯克说，马斯克在", "马斯克发言。马斯克说，马斯克在"),
        ("teh deal", "the deal"),
        ("the goverment said", "the government said"),
        ("the the deal", "the deal"),
        ("a orderly process", "an orderly process"),
        ("looking in to it", "looking into it"),
        ("said Micheal Torrance", "said Michael Torrance"),
        ("Ms Lagarte said. Lagarde left", "Ms Lagarde said. Lagarde left"),
        ("in Febuary", "in February"),
    ],
)
def test_a_slip_of_the_pen_is_one(old: str, new: str) -> None:
    assert only_wording(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a two year plan", "a two-year plan"),
        ("twenty four men", "twenty-four men"),
        ("a start-up", "a startup"),
        ("was reelected", "was re-elected"),
        ("5-10 men", "5—10 men"),
        ("at No 10, Downing", "at No. 10, Downing"),
        ("he said 'yes' to it", "he said “yes” to it"),
        ("他称之为“试点，很好", "他称之为“试点”，很好"),
        ("What?? No", "What? No"),
        ("the drivers' union", "the drivers’ union"),
    ],
)
def test_a_mark_that_says_nothing_is_a_slip(old: str, new: str) -> None:
    assert only_wording(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Rates to fall?", "Rates to fall"),
        ("法院会受理？", "法院会受理。"),
        ("the 'witch hunt' goes on", "the witch hunt goes on"),
        ("他“被辞职”了", "他被辞职了"),
        ("he said “it is” done", "he said “it is done”"),
        ("不，加息有用", "不加息有用"),
        ("No, tariffs help", "No tariffs help"),
        ("局长刘某", "局长、刘某"),
        ("2-4月停产", "2、4月停产"),
        ("a 90-day-old calf", "a 90 day-old calf"),
        ("thirty-two ton lorries", "thirty two-ton lorries"),
        ("the pact was re-marked", "the pact was remarked"),
        ("the pilot's wages", "the pilots' wages"),
        ("teh bank was not able", "the bank was notable"),
        ("teh funds told us", "the funds told US"),
    ],
)
def test_a_mark_that_says_something_is_none(old: str, new: str) -> None:
    assert not only_wording(old, new)
    assert not only_wording(new, old)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("上涨3.5%", "上涨35%"),
        ("上涨5%", "上涨5"),
        ("下跌-2", "下跌2"),
        ("出资三亿元", "出资五亿元"),
        ("目前考虑发行", "目前不考虑发行"),
        ("已收到通知", "未收到通知"),
        ("公司拟收购", "公司收购"),
        ("张伟出席", "张玮出席"),
        ("马期克发言", "马斯克发言"),
        ("甲告乙一案", "乙告甲一案"),
        ("rated BBB+", "rated BBB-"),
        ("it will sell", "it will not sell"),
        ("is likely", "is unlikely"),
        ("two million sensors", "two billion sensors"),
        ("bound for Iran", "bound for Iraq"),
        ("Mr Hansen left", "Mr Hanson left"),
        ("a causal link", "a casual link"),
        ("$40", "€40"),
        ("the CEO left", "the CFO left"),
        ("It rose.", "It rose. It fell."),
        ("It rose. It fell.", "It fell. It rose."),
    ],
)
def test_a_change_of_what_is_said_is_none(old: str, new: str) -> None:
    assert not only_wording(old, new)
    assert not only_wording(new, old)


def test_many_slips_are_a_rewriting() -> None:
    right = [f"word{letter}" for letter in "abcdefghi"]
    wrong = [f"wrod{letter}" for letter in "abcdefghi"]
    assert only_wording(" ".join(wrong[:8]), " ".join(right[:8]))
    assert not only_wording(" ".join(wrong), " ".join(right))


def test_a_text_beyond_all_measure_is_not_compared() -> None:
    assert not only_wording("a" * (MAX_CHARS + 1), "a" * (MAX_CHARS + 1) + ".")


@given(st.text())
def test_a_text_differs_from_itself_by_nothing(text: str) -> None:
    assert only_wording(text, text)


@given(st.text("ab不3 。.-\n"), st.text("ab不3 。.-\n"), st.integers(4, 9))
def test_another_digit_is_never_a_slip(before: str, after: str, digit: int) -> None:
    assert not only_wording(f"{before} 3 {after}", f"{before} {digit} {after}")
