"""Our own clock is wrong during a crawl: what the outlets claim of their dates is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.line.conftest import Desk
from tests.line.identity.making import (
    EARLIER,
    Told,
    bare,
    let_pass,
    needs_clock,
    prose,
    put_feed,
    sentences,
    several_webs,
    slow,
    story,
    toml,
)
from tests.line.web import Web

BEHIND_H = 2500 * 24
CLAIMED = f"{EARLIER:%Y-%m-%dT%H:%M:%SZ}"
# where the date is told
TOLD = ("page", "feed", "feed-text")


def _publish(web: Web, where: str) -> str:
    """One story of an outlet; the TOML of its source."""
    body = prose(sentences("en", 180))
    page = story("Osaka port grows", body) if where == "page" else bare("Osaka port grows", body)
    told = Told(title="Osaka port grows", link=web.put("/a/180", page), guid="180", content=body)
    put_feed(web, "rss", told)
    mode = "feed" if where == "feed-text" else "page"
    return toml(where, web.url("/feed"), f'full_content = "{mode}"')


def _published(desk: Desk) -> dict[str, str]:
    return dict(desk.rows("SELECT source_id, published FROM articles"))


@pytest.mark.parametrize("first", ["behind", "right"])
@needs_clock
@slow
def test_claimed_dates_outlive_a_crawl_by_a_clock_that_was_behind(desk: Desk, first: str) -> None:
    with several_webs(len(TOLD)) as webs:
        desk.configure(*(_publish(*at) for at in zip(webs, TOLD, strict=True)))
        if first == "right":
            desk.crawl()
        let_pass(desk, -BEHIND_H)
        desk.crawl(exit_code=None)
        let_pass(desk, BEHIND_H + 2)
        desk.crawl()
    assert _published(desk) == dict.fromkeys(TOLD, CLAIMED)


@pytest.mark.parametrize("where", TOLD)
@needs_clock
@slow
def test_what_a_clock_that_was_behind_archived_has_its_claimed_date(
    web: Web, desk: Desk, where: str
) -> None:
    desk.configure(_publish(web, where))
    let_pass(desk, -BEHIND_H)
    desk.crawl(exit_code=None)
    let_pass(desk, BEHIND_H)
    desk.crawl()
    assert _published(desk) == {where: CLAIMED}


def test_by_a_clock_that_is_right_a_date_of_next_year_is_not_believed(web: Web, desk: Desk) -> None:
    """The trust of the tests above must not go to an outlet whose own clock is wrong."""
    when = EARLIER + timedelta(days=400)
    link = web.put("/a/181", story("Osaka port grows", prose(sentences("en", 181)), when=when))
    put_feed(web, "rss", Told(title="Osaka port grows", link=link))
    desk.configure(toml("daily", web.url("/feed")))
    desk.crawl()
    published = str(desk.one("SELECT published FROM articles"))
    assert published <= f"{EARLIER + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"
