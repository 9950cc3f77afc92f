"""What turns a sentence, and what an honest desk does to one."""

from __future__ import annotations

import pytest

from archive.copies.contradictions import Turn, turns
from archive.copies.sentences import is_outlets_line, own_sentences

RAISE = "The bank will raise its dividend next year, the chairman said on Friday."


@pytest.mark.parametrize(
    ("one", "other", "was", "now"),
    [
        (RAISE, RAISE.replace("raise", "cancel"), "raise", "cancel"),
        (RAISE, RAISE.replace("will raise", "won't raise"), "", "not"),
        ("Sales rose 10% in the quarter.", "Sales rose 1% in the quarter.", "10", "1"),
        ("The fund holds two million shares.", "The fund holds two billion shares.", "", ""),
        ("Brent gained a dollar on Monday.", "Brent shed a dollar on Monday.", "rise", "shed"),
        ("The plan was approved by the board.", "The plan was rejected by the board.", "", ""),
        ("The deal is likely to close in May.", "The deal is unlikely to close in May.", "", ""),
        ("Results are due on Tuesday in London.", "Results are due on Thursday in London.", "", ""),
        ("多家券商上调了目标价。", "多家券商下调了目标价。", "上", "下"),
        ("该公司将上调全年分红。", "该公司将取消全年分红。", "上调", "取消"),
        ("公司前三季度净利润增长10%。", "公司前三季度净利润增长1%。", "10", "1"),
        ("该公司表示，目前考虑发行新股。", "该公司表示，目前不考虑发行新股。", "", "不"),
        ("其注册资本增至十亿元人民币。", "其注册资本增至千亿元人民币。", "", ""),
        ("它将于周五公布利率决议。", "它将于周四公布利率决议。", "五", "四"),
    ],
)
def test_another_number_negation_or_verb_turns_it(one: str, other: str, was: str, now: str) -> None:
    found = turns(one, other)
    assert found is not None
    assert turns(other, one) is not None
    if was or now:
        assert found == Turn(was, now)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (RAISE, RAISE),
        (RAISE, RAISE.replace("said", "says")),
        (RAISE, RAISE.replace("said", "told reporters")),
        (RAISE, RAISE.replace("on Friday", "Friday")),
        (RAISE, RAISE.replace("on Friday", "on December 9")),
        (RAISE, RAISE.replace("will", "would")),
        (RAISE, RAISE + " Buy the full report at our shop for $9."),
        ("The bank will not raise rates.", "The bank won't raise rates."),
        ("Profit was about $1.2 billion.", "Profit was roughly US$1.2bn."),
        ("Sales rose 10% in May.", "Sales rose 10 percent in May."),
        ("The post drew 1,200 comments.", "The post drew 1200 comments."),
        ("President Zelenskiy met officials.", "President Zelensky met officials."),
        ("The labour market remains tight.", "The labor market remains tight."),
        ("Reporting by A. Smith; editing by B. Lee", "Reporting by C. Jones; editing by D. Fox"),
        ("LONDON, Dec 9 (Reuters) - Oil fell.", "PARIS, Dec 10 (AP) - Oil fell."),
        ("According to Reuters, oil fell again.", "According to Bloomberg, oil fell again."),
        ("央行有关负责人表示，政策没有改变。", "央行有关负责人称，政策没有改变。"),
        ("泽连斯基总统在基辅会见了官员。", "泽伦斯基总统在基辅会见了官员。"),
        ("它将于周五公布利率决议。", "它将于12月9日公布利率决议。"),
        ("公司前三季度收入为１．２亿元。", "公司前三季度收入為1.2億元。"),
        ("据财联社报道，双方仍在谈判。", "据新华社报道，双方仍在谈判。"),
        ("举报电话：010-82345671 版权所有", "举报电话：021-83456782 版权所有"),
    ],
)
def test_what_an_honest_desk_does_turns_nothing(one: str, other: str) -> None:
    assert turns(one, other) is None


def test_a_sentence_written_anew_is_no_turned_one() -> None:
    anew = "Shareholders can hope for a larger payout, the lender's chairman has let it be known."
    assert turns(RAISE, anew) is None


def test_a_copy_s_own_sentences_are_those_that_the_story_lacks() -> None:
    story = f"{RAISE}\n\nShares rose 2%."
    copy = f"By Jane Roe\n\n{RAISE} Buy the full report here.\n\nShares rose 2%."
    assert own_sentences(copy, story) == ("Buy the full report here.",)
    assert own_sentences(story, copy) == ()


@pytest.mark.parametrize(
    ("line", "is_outlets"),
    [
        ("（本报记者 李明 发自上海）", True),
        ("来源：海川网 责任编辑：王芳", True),
        ("记者从央行获悉，多项政策将下调利率。", False),
        ("By Jane Roe in London", True),
        ("By the end of May the bank will have cut 300 jobs.", False),
    ],
)
def test_an_outlet_s_line_is_known_by_its_form(line: str, is_outlets: bool) -> None:
    assert is_outlets_line(line) is is_outlets
