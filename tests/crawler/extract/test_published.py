"""When an article was published: which evidence counts, and in whose calendar."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler.extract.metadata import read_metadata
from crawler.extract.page_zone import as_printed
from crawler.extract.published import Published, find_published
from crawler.extract.tree import parse_html

URL = "https://www.tidewater.test/markets/copper.html"


def published(body: str, *, head: str = "", url: str = URL) -> Published | None:
    tree = parse_html(f"<html><head>{head}</head><body>{body}</body></html>")
    assert tree is not None
    return find_published(tree, read_metadata(tree, url), url, UTC)


def day(found: Published | None) -> str:
    return found.when.date().isoformat() if found else ""


def meta(time: str) -> str:
    return f'<meta property="article:published_time" content="{time}">'


def test_time_in_utc_comes_in_the_zone_of_the_printed_clock() -> None:
    body = "<h1>Copper</h1><p>November 8, 2023 at 11:30 p.m.</p>"
    found = published(body, head=meta("2023-11-09T05:30:59Z"))
    assert found is not None
    assert found.when == datetime(2023, 11, 9, 5, 30, 59, tzinfo=UTC)
    assert found.when.utcoffset() == timedelta(hours=-6)


def test_time_in_utc_comes_in_the_zone_of_the_hosts_country() -> None:
    found = published("", head=meta("2022-11-06T23:00:00.000Z"), url="https://hafen.de/kupfer")
    assert day(found) == "2022-11-07"


def test_claim_with_an_offset_keeps_it() -> None:
    claimed = datetime.fromisoformat("2022-11-06T23:00:00+09:00")
    assert as_printed(claimed, None, "https://hafen.de/").isoformat() == claimed.isoformat()


@pytest.mark.parametrize("url", ["https://hafen.co/a", "https://hafen.com/a", "https://127.0.0.1/"])
def test_host_without_a_country_says_nothing_of_the_zone(url: str) -> None:
    claimed = datetime(2022, 11, 6, 23, tzinfo=UTC)
    assert as_printed(claimed, None, url).utcoffset() == timedelta(0)


def test_clock_that_is_no_zone_away_is_another_time() -> None:
    claimed = datetime(2022, 11, 6, 23, tzinfo=UTC)
    later = datetime(2022, 11, 7, 0, 22)  # noqa: DTZ001 - a wall clock
    assert as_printed(claimed, later, URL).utcoffset() == timedelta(0)


def test_date_far_from_the_heading_counts_where_a_class_names_it() -> None:
    filler = "<p>The port moved more ore than in any year before. </p>" * 90
    body = f'<h1>Copper</h1>{filler}<div class="field--publishing-date">13.01.2022</div>'
    assert day(published(body)) == "2022-01-13"


def test_date_of_a_teaser_is_another_items() -> None:
    body = '<h1>Copper</h1><ul><li><span class="post-date">13.01.2022</span>'
    body += '<a href="/x.html">Tin falls for the third day in a row</a></li></ul>'
    assert published(body) is None


def test_date_inside_a_link_to_another_page_is_another_items() -> None:
    body = '<h1>Copper</h1><a href="/x.html"><span class="post-date">13.01.2022</span></a>'
    assert published(body) is None


def test_date_inside_a_link_to_the_page_itself_counts() -> None:
    body = '<h1>Copper</h1><a href="/markets/copper.html">'
    body += '<span class="entry-top-info-time">2020年07月03日</span></a>'
    assert day(published(body)) == "2020-07-03"


def test_day_of_the_address_wins_over_a_class_that_differs() -> None:
    body = '<h1>Copper</h1><div class="post-date">2020-08-09</div>'
    assert day(published(body, url="https://www.tidewater.test/2020/10/26/copper")) == "2020-10-26"


def test_address_may_name_the_day_first() -> None:
    assert day(published("", url="https://www.tidewater.test/notes/29-10-2021")) == "2021-10-29"
