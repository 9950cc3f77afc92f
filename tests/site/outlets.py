"""The outlets of the newsroom: each is one loopback address with its own habits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta, timezone

NEW_YORK = timezone(timedelta(hours=-5))
BEIJING = timezone(timedelta(hours=8))
LONDON = timezone(timedelta(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """One site. `coding` is the Content-Encoding it prefers; `robots` the text of robots.txt,
    in which `{base}` stands for the site's own root."""

    key: str
    name: str
    address: str
    language: str
    zone: timezone
    charset: str = "utf-8"
    coding: str = ""
    robots: str = "User-agent: *\nDisallow:\n"
    robots_status: int = 200


OUTLETS = (
    Outlet(
        key="ledger",
        name="The Northbridge Ledger",
        address="127.0.0.1",
        language="en",
        zone=NEW_YORK,
        robots="User-agent: *\nDisallow: /account/\nSitemap: {base}/sitemap.xml\n",
    ),
    Outlet(
        key="haichuan",
        name="海川财经网",
        address="127.0.0.2",
        language="zh",
        zone=BEIJING,
        robots="User-agent: *\nDisallow: /private/\nDisallow: /search\n",
    ),
    Outlet(
        key="jinling",
        name="金陵证券报",
        address="127.0.0.3",
        language="zh",
        zone=BEIJING,
        charset="gbk",
        coding="gzip",
    ),
    Outlet(
        key="taiping",
        name="太平洋商報",
        address="127.0.0.4",
        language="zh",
        zone=BEIJING,
        charset="big5",
    ),
    Outlet(
        key="wire",
        name="Meridian Wire",
        address="127.0.0.5",
        language="en",
        zone=LONDON,
        coding="gzip",
    ),
    Outlet(
        key="magazine",
        name="远岸周刊",
        address="127.0.0.6",
        language="zh",
        zone=BEIJING,
        coding="deflate",
    ),
    # The last three publish nothing of their own: their hosts exist for what robots.txt may do,
    # and carry /bulk and /odd like every other.
    Outlet(
        key="slow",
        name="The Slow Gazette",
        address="127.0.0.7",
        language="en",
        zone=LONDON,
        robots="User-agent: *\nCrawl-delay: 2\n",
    ),
    Outlet(
        key="brokenrobots",
        name="The Broken Gate",
        address="127.0.0.8",
        language="en",
        zone=LONDON,
        robots_status=503,
    ),
    Outlet(
        key="plain",
        name="The Plain Paper",
        address="127.0.0.9",
        language="en",
        zone=LONDON,
        robots_status=404,
    ),
)
BY_KEY = {outlet.key: outlet for outlet in OUTLETS}
BY_ADDRESS = {outlet.address: outlet for outlet in OUTLETS}
HOSTS = {outlet.key: outlet.address for outlet in OUTLETS}
