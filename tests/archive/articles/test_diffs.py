"""A difference is read by people: in words, in characters, and safe on a page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.articles.diffs import Piece, diff, elided, in_brackets


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("Fed cuts rates by 25bp", "Fed cuts rates by 50bp", "Fed cuts rates by [-25bp-]{+50bp+}"),
        ("央行宣布降准", "央行宣布降息", "央行宣布降[-准-]{+息+}"),
        ("净利润1.2亿元", "净利润2.1亿元", "净利润[-1.2-]{+2.1+}亿元"),
        ("the same", "the same", "the same"),
        ("", "new", "{+new+}"),
    ],
)
def test_a_change_is_marked_in_its_place(old: str, new: str, shown: str) -> None:
    assert in_brackets(diff(old, new)) == shown


def test_long_unchanged_stretches_are_cut() -> None:
    old = "a " * 100 + "x " + "b " * 100 + "y " + "c " * 100
    new = old.replace("x", "X").replace("y", "Y")
    shown = in_brackets(list(elided(diff(old, new), around=4)))
    assert shown == " … a a [-x-]{+X+} b b … b b [-y-]{+Y+} c c … "


def test_the_words_beside_a_change_are_whole() -> None:
    old = "Shareholders approved nothing, though everybody had hoped for x before the adjournment"
    shown = in_brackets(list(elided(diff(old, old.replace(" x ", " y ")), around=14)))
    assert shown == " … had hoped for [-x-]{+y+} before the adjournment"
    chinese = "股东大会没有通过任何议案，此前各方都寄予厚望甲然后散会了大家都回家去了没有人再说什么"
    shown = in_brackets(list(elided(diff(chinese, chinese.replace("甲", "乙")), around=4)))
    assert shown == " … 寄予厚望[-甲-]{+乙+}然后散会 … "


@given(st.text(), st.text())
def test_the_pieces_make_up_both_versions(old: str, new: str) -> None:
    pieces = diff(old, new)
    assert "".join(p.text for p in pieces if p.kind != "inserted") == old
    assert "".join(p.text for p in pieces if p.kind != "deleted") == new


@given(st.text(max_size=30), st.text(max_size=30))
def test_what_changed_is_never_cut(old: str, new: str) -> None:
    pieces = diff(old, new)
    changed = [piece for piece in pieces if piece.kind != "same"]
    assert [p for p in elided(pieces, around=2) if p.kind != "same"] == changed
    assert all(isinstance(piece, Piece) for piece in pieces)
