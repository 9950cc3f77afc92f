"""`broadsheet sources add`: any page of a site leads to the best place where it lists its news."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from tests.crawler.run.terminal.test_pager import on_a_terminal
from tests.line.conftest import Desk
from tests.line.web import XML, Item, Web, article, rss
from tests.site.process import Site


def sources(desk: Desk) -> list[dict[str, object]]:
    found: list[dict[str, object]] = tomllib.loads(desk.config.read_text()).get("source", [])
    return found


def looked(desk: Desk, *arguments: str, exit_code: int = 0) -> dict:
    output = desk.run("sources", "add", *arguments, "--json", exit_code=exit_code)
    return json.loads(output[output.index("[\n") : output.rindex("]") + 1])[0]


def test_the_home_page_leads_to_its_feed_and_that_is_declared(site: Site, desk: Desk) -> None:
    desk.configure()
    output = desk.run("sources", "add", site.url("ledger"), "--yes")
    assert "named in the page's head" in output
    assert "Castellan Bank takes $640m charge as rate hedge unravels (1,7" in output
    assert "Added the-northbridge-ledger (The Northbridge Ledger)" in output
    assert sources(desk) == [
        {
            "id": "the-northbridge-ledger",
            "name": "The Northbridge Ledger",
            "url": site.url("ledger", "/feeds/rss.xml"),
            "kind": "feed",
            "language": "en",
        }
    ]
    assert not desk.data.exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("outlet", "path", "kind", "leads_to", "how"),
    [
        ("ledger", "/section/companies", "feed", "/feeds/rss.xml", "named in the page's head"),
        ("ledger", "/feeds/rss.xml", "feed", "/feeds/rss.xml", "the address itself"),
        ("ledger", "/sitemap.xml", "sitemap", "/sitemap.xml", "the address itself"),
        ("haichuan", "/", "feed", "/rss/091.xml", "linked from the page"),
        ("jinling", "/", "listing", "/", "the address itself"),
        ("wire", "/", "feed", "/atom.xml", "named in the page's head"),
        ("magazine", "/", "feed", "/feed", "at a usual address"),
    ],
)
def test_any_page_leads_to_the_best_place(
    site: Site, desk: Desk, outlet: str, path: str, kind: str, leads_to: str, how: str
) -> None:
    desk.configure()
    best = looked(desk, site.url(outlet, path))["candidates"][0]
    assert (best["kind"], best["url"], best["how"]) == (kind, site.url(outlet, leads_to), how)
    assert best["problem"] == ""
    assert sources(desk) == []  # --json alone adds nothing


@pytest.mark.slow
def test_an_article_leads_to_its_outlet_s_feed_and_is_never_a_source(
    site: Site, desk: Desk
) -> None:
    desk.configure()
    url = site.url("ledger", "/banking/castellan-rate-hedge")
    found = looked(desk, url, "--yes")
    assert found["is_article"] is True
    assert found["added"] == "the-northbridge-ledger"
    assert url not in {candidate["url"] for candidate in found["candidates"]}
    assert sources(desk)[0]["url"] == site.url("ledger", "/feeds/rss.xml")


@pytest.mark.slow
def test_what_is_declared_already_is_named_and_not_added_again(site: Site, desk: Desk) -> None:
    desk.configure()
    desk.run("sources", "add", site.url("wire"), "--yes")
    assert looked(desk, site.url("wire", "/atom.xml"), "--yes")["known_as"] == "meridian-wire"
    desk.run("sources", "add", site.url("wire"), "--kind", "listing", "--yes")
    assert [s["id"] for s in sources(desk)] == ["meridian-wire", "meridian-wire-2"]
    assert {s["name"] for s in sources(desk)} == {"Meridian Wire"}


@pytest.mark.slow
def test_without_yes_and_without_a_person_nothing_is_added(site: Site, desk: Desk) -> None:
    desk.configure()
    before = desk.config.read_text()
    output = desk.run("sources", "add", site.url("wire"), exit_code=2)
    assert "nothing was added: --yes adds the first one" in output
    assert desk.config.read_text() == before


@pytest.mark.slow
def test_a_page_that_names_a_feed_and_an_article_are_told_by_check(site: Site, desk: Desk) -> None:
    story = site.url("ledger", "/banking/castellan-rate-hedge")
    desk.configure(
        f'id = "section"\nname = "L"\nurl = "{site.url("ledger", "/section/companies")}"',
        f'id = "story"\nname = "L"\nurl = "{story}"',
    )
    output = desk.run("sources", "check", exit_code=3)
    assert "section: ok" in output
    named = site.url("ledger", "/feeds/rss.xml")
    assert f"its page names a feed, which has dates and misses less: {named}" in output
    assert "story: its address is an article, not a place where news is listed" in output
    assert f"`broadsheet sources add {story}` looks for its outlet's feed" in output


@pytest.mark.slow
def test_items_that_lead_elsewhere_are_told_and_hosts_are_a_person_s_word(
    web: Web, other_web: Web, desk: Desk
) -> None:
    for n in range(4):
        other_web.put(f"/{n}", article(n))
    feed = rss([Item(url=other_web.url(f"/{n}"), title=f"Story {n}") for n in range(4)])
    address = web.put("/feed.xml", feed, XML)
    desk.configure()
    assert looked(desk, address, "--yes", "--id", "one")["candidates"][0]["hosts"] == ["127.0.0.2"]
    assert "hosts" not in sources(desk)[0]
    desk.configure()
    desk.run("sources", "add", address, "--host", "127.0.0.2", "--name", "Two", "--yes")
    assert (sources(desk)[0]["hosts"], sources(desk)[0]["name"]) == (["127.0.0.2"], "Two")


@pytest.mark.slow
def test_a_page_about_feeds_leads_to_those_that_it_names(web: Web, desk: Desk) -> None:
    for n in range(3):
        web.put(f"/a/{n}", article(n))
    web.put(
        "/m/rss.xml", rss([Item(url=web.url(f"/a/{n}"), title=f"Story {n}") for n in range(3)]), XML
    )
    web.put("/rss", '<html><body><h1>Our feeds</h1><a href="/m/rss.xml">Markets</a></body></html>')
    home = web.put("/", '<html><body><a href="/rss">RSS</a></body></html>')
    desk.configure()
    best = looked(desk, home)["candidates"][0]
    assert (best["url"], best["how"]) == (web.url("/m/rss.xml"), "linked from the page")


@pytest.mark.slow
def test_an_entry_of_the_catalogue_is_tried_and_one_that_fails_is_declared_disabled(
    web: Web, desk: Desk
) -> None:
    for n in range(3):
        web.put(f"/a/{n}", article(n))
    items = [Item(url=web.url(f"/a/{n}"), title=f"Story {n}") for n in range(3)]
    web.put("/hub/cls/telegraph", rss(items), XML)
    desk.configure()
    hub = f"rsshub={web.url('/hub')}"
    output = desk.run("sources", "add", "cls", "stcn-rsshub", "--set", hub, "--yes")
    assert "cls: ok" in output
    assert "stcn-rsshub: HTTP 404" in output
    assert "disabled: `broadsheet sources enable stcn-rsshub`" in output
    cls, stcn = sources(desk)
    assert (cls["url"], cls["hosts"]) == (web.url("/hub/cls/telegraph"), ["cls.cn"])
    assert ("enabled" in cls, stcn["enabled"]) == (False, False)
    assert "(seen: RSSHub lib/routes/cls/telegraph.ts, utils.ts); it worked" in (
        desk.config.read_text()
    )
    assert "It is there already: cls." in desk.run("sources", "add", "cls", "--set", hub, "--yes")


@pytest.mark.slow
def test_an_imported_list_is_tried_where_that_is_asked_for(site: Site, desk: Desk) -> None:
    feeds = (site.url("wire", "/atom.xml"), site.url("wire", "/nothing.xml"))
    outlines = "".join(f'<outline text="Wire" xmlUrl="{url}"/>' for url in feeds)
    opml = desk.folder / "feeds.opml"
    opml.write_text(f"<opml version='2.0'><body>{outlines}</body></opml>")
    desk.configure()
    output = desk.run("sources", "import", str(opml), "--check")
    assert "1 of them disabled" in output
    assert [s.get("enabled", True) for s in sources(desk)] == [True, False]


@pytest.mark.slow
def test_check_gives_json(site: Site, desk: Desk) -> None:
    desk.configure(f'id = "wire"\nname = "W"\nurl = "{site.url("wire", "/atom.xml")}"')
    output = desk.run("sources", "check", "--json")
    (row,) = json.loads(output[output.index("[\n") : output.rindex("]") + 1])
    assert (row["id"], row["ok"], row["kind"], row["announced"]) == ("wire", True, "feed", 7)


@pytest.mark.slow
def test_a_person_is_asked_and_a_config_is_made_where_there_is_none(
    site: Site, tmp_path: Path
) -> None:
    """On a terminal: the second of what was found, and no word about hosts."""
    config = tmp_path / "new" / "broadsheet.toml"
    shown = on_a_terminal(
        *("--config", str(config), "sources", "add", site.url("wire")),
        answers=b"7\n2\n",
    )
    assert "is not public" in shown  # the defaults refuse loopback: nothing to ask
    assert not config.exists()
    config.parent.mkdir()
    config.write_text('[crawl]\nallow_networks = ["127.0.0.0/8"]\ndownload_delay_s = 0.0\n')
    shown = on_a_terminal(
        *("--config", str(config), "sources", "add", site.url("wire")), answers=b"7\n2\n"
    )
    assert "Add which? (1-3, several as 1,2, or n) [1]:" in shown
    assert "A number from 1 to 3, or n." in shown
    (wire,) = tomllib.loads(config.read_text())["source"]
    assert wire["url"] == site.url("wire", "/feed.json")
