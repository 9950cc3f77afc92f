"""What a feed asks of its visitors, kept for the visits that don't read it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crawler.discover.model import Hints


def test_hints_come_back_as_they_were_kept() -> None:
    hints = Hints(ttl=timedelta(hours=1), skip_hours=frozenset({2, 3}), skip_days=frozenset({6}))
    assert hints.text() == '{"ttl_s": 3600.0, "skip_hours": [2, 3], "skip_days": [6]}'
    assert Hints.parse(hints.text()) == hints
    assert Hints.parse(Hints().text()) == Hints()


@pytest.mark.parametrize(
    "text", ["", "[]", '{"ttl_s": "x"}', '{"skip_hours": 3}', '{"ttl_s": 1e99}']
)
def test_what_nobody_of_us_wrote_is_no_hint(text: str) -> None:
    assert Hints.parse(text) == Hints()
