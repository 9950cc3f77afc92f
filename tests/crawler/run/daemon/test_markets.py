from __future__ import annotations

import sys
from datetime import UTC, datetime

import pytest

from archive.errors import MarketError
from crawler.run.daemon.markets import Market, market
from tests.extras import needs_markets

pytestmark = [
    needs_markets,
    # exchange_calendars 4.13 uses what pandas 3.1 deprecates
    pytest.mark.filterwarnings("ignore:Series.values:DeprecationWarning"),
]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "trades"),
    [
        ("2021-12-09 01:29", False),
        ("2021-12-09 01:30", True),  # 9:30 in Shanghai
        ("2021-12-09 03:29", True),
        ("2021-12-09 03:30", False),  # lunch
        ("2021-12-09 05:00", True),
        ("2021-12-09 07:00", False),
        ("2021-12-11 02:00", False),  # a Saturday
        ("2021-10-04 02:00", False),  # National Day's week
    ],
)
def test_an_exchange_trades_in_its_sessions(moment: str, trades: bool) -> None:
    assert market("XSHG").trades(at(moment)) is trades


@pytest.mark.parametrize(
    ("moment", "opening"),
    [("2021-11-05 21:00", "2021-11-08 14:30"), ("2021-03-12 22:00", "2021-03-15 13:30")],
)
def test_openings_follow_the_exchanges_summer_time(moment: str, opening: str) -> None:
    assert market("XNYS").next_opening(at(moment)) == at(opening)


def test_the_calendar_is_loaded_on_as_years_pass() -> None:
    exchange = Market("XNYS")
    days = ["2077-06-01 15:00", "2077-06-01 21:00", "2077-06-05 15:00"]  # Tuesday, Saturday
    assert [exchange.trades(at(day)) for day in days] == [True, False, False]


def test_shenzhen_trades_when_shanghai_does() -> None:
    assert market("XSHE").next_opening(at("2021-12-09 00:00")) == at("2021-12-09 01:30")


def test_an_exchange_that_never_closes_always_trades() -> None:
    exchange = Market("24/7")
    assert exchange.trades(at("2021-12-11 00:00"))
    assert exchange.trades(at("2021-12-12 13:00"))


def test_past_its_calendar_weekdays_count_which_is_said_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    exchange = Market("XSHG")
    # Friday 4:00 in Shanghai, Saturday, Sunday, Monday
    days = [exchange.trades(at(f"2099-01-0{day} 20:00")) for day in range(1, 5)]
    assert days == [True, False, False, True]
    assert exchange.next_opening(at("2099-01-01 20:00")) is None
    (said,) = caplog.messages
    assert said.startswith("the calendar of XSHG ends on ")


def test_an_unknown_exchange_is_an_error_that_shows_a_right_code() -> None:
    with pytest.raises(MarketError, match=r'no exchange "XXXX".*"XSHG"'):
        Market("XXXX")


def test_without_the_package_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "exchange_calendars", None)
    with pytest.raises(MarketError, match="extra `markets`"):
        Market("XSHG")
