from __future__ import annotations

import pytest

from benchmarks.polling.kinds import DAYS, KINDS, published
from benchmarks.polling.policies import EntryFrequency, Fixed, fixed, ours
from benchmarks.polling.simulation import Outcome, simulate

HOUR = 3600.0


def test_an_article_waits_for_the_next_poll() -> None:
    outcome = simulate(Fixed(HOUR), [600.0, 1800.0, 4000.0], 0.0)
    assert outcome.polls == 14 * 24
    assert outcome.delays == (3000.0, 1800.0, 3200.0)


def test_articles_from_before_the_first_poll_do_not_count() -> None:
    assert simulate(Fixed(HOUR), [-500.0, 100.0, 1300.0], 600.0).delays == (2900.0,)


def test_a_quantile_is_a_delay_that_occurred() -> None:
    outcome = Outcome(1, tuple(60.0 * minute for minute in range(1, 101)))
    assert (outcome.quantile(0.5), outcome.quantile(0.95), outcome.mean()) == (51, 96, 50.5)


def test_miniflux_divides_the_week_by_its_entries() -> None:
    policy = EntryFrequency()
    assert policy.visit(0.0, 2, [-100.0, -50.0]) == 24 * HOUR  # two a week, at most a day
    assert policy.visit(0.0, 26, [float(-n) for n in range(26)]) == 6 * HOUR


@pytest.mark.parametrize("kind", KINDS)
def test_a_seed_always_gives_the_same_publications(kind: str) -> None:
    assert published.__wrapped__(kind, 7) == published(kind, 7) != published(kind, 8)


def test_ours_is_below_a_fixed_interval_with_as_many_polls() -> None:
    moments = published("newspaper", 3)
    mine = simulate(ours(30), moments, 0.0)
    plain = simulate(fixed(DAYS * 24 * HOUR / mine.polls), moments, 0.0)
    assert abs(plain.polls - mine.polls) <= 1
    assert mine.mean() < 0.8 * plain.mean()
