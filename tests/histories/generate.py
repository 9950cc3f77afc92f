"""From a seed to a world."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from random import Random

from tests.histories import plots, plots_many
from tests.histories.maker import Maker
from tests.histories.plots import Plot
from tests.histories.world import HOUR, START, Outlet, World

_NAMES = {
    "a": ("Alpha Wire", "https://www.alphawire.com/"),
    "b": ("Beta Post", "https://www.betapost.net/"),
    "c": ("Gamma Daily", "https://news.gammadaily.org/"),
}
_ZH_NAMES = {"a": "甲报", "b": "乙网", "c": "丙刊"}
_TENANTS = {"a": "https://platform.page/@alpha/", "b": "https://platform.page/@beta/"}

# How often each plot comes, and how many stories it adds (roughly).
_PLOTS: tuple[tuple[Plot, int, int], ...] = (
    (plots.plain, 14, 1),
    (plots.retitled, 8, 1),
    (plots.corrected, 8, 1),
    (plots.reguided, 4, 1),
    (plots.moved, 16, 1),
    (plots.rewritten, 9, 1),
    (plots.sections, 7, 1),
    (plots.headlines, 9, 1),
    (plots.corrected_elsewhere, 10, 1),
    (plots.merged, 4, 2),
    (plots.withdrawn, 6, 1),
    (plots.foreign, 4, 1),
    (plots.evil, 5, 2),
    (plots.mirrored, 8, 2),
    (plots.late_guid, 6, 2),
    (plots_many.notices, 5, 6),
    (plots_many.attachments, 3, 4),
    (plots_many.digests, 4, 4),
    (plots_many.columns, 3, 3),
    (plots_many.live, 4, 4),
    (plots_many.stubs, 2, 5),
    (plots_many.stuck_canonical, 2, 4),
    (plots_many.wall, 4, 8),
    (plots_many.wall_at_a_recheck, 5, 1),
    (plots_many.pinned, 2, 1),
    (plots_many.taken_down_before, 2, 1),
    (plots_many.burst, 9, 13),
)
# What needs a guid of its own in the feed.
_NEED_GUID = (plots.late_guid, plots.reguided, plots_many.live)
# What only pages can show: not of outlets whose feed is the article.
_NEED_PAGES = (
    plots.moved,
    plots.rewritten,
    plots.corrected_elsewhere,
    plots.merged,
    plots.withdrawn,
    plots.evil,
    plots.mirrored,
    plots_many.stubs,
    plots_many.stuck_canonical,
    plots_many.wall,
    plots_many.wall_at_a_recheck,
    plots_many.taken_down_before,
)
# Joined by their dates, which the outlet must give to the minute.
_NEED_MINUTES = (plots.headlines, plots.corrected_elsewhere, plots_many.attachments)
# Where the address says nothing but a session, one page per address is all that there is.
_NEED_ADDRESSES = (plots_many.live, plots.sections)


def world_of(seed: int, homes: Mapping[str, str] | None = None) -> World:
    """`homes`: where the outlets are, by id; None: at addresses that nobody asks."""
    maker = Maker(seed)
    maker.set_clock(maker.rng.randint(6, 10))
    _add_outlets(maker, homes or {})
    room = maker.rng.randint(6, 18)
    weights = [weight for _, weight, _ in _PLOTS]
    while len(maker.stories) < room:
        plot, _, size = maker.rng.choices(_PLOTS, weights)[0]
        outlet = maker.outlets[maker.rng.choice(list(maker.outlets))]
        if size > room + 2 - len(maker.stories) or not _suits(maker, plot, outlet):
            continue
        plot(maker, outlet)
    return maker.world()


def _suits(maker: Maker, plot: Plot, outlet: Outlet) -> bool:
    if plot in _NEED_PAGES and outlet.full:
        return False
    if plot in _NEED_GUID and (outlet.sitemap or outlet.sessions):
        return False
    if plot is plots_many.burst:
        return outlet.window <= 6
    if plot is plots_many.attachments:
        return outlet.full
    if plot is plots_many.live and any(s.plot == "live" for s in maker.stories.values()):
        return False
    if plot in _NEED_MINUTES and (outlet.days_only or not _dates(outlet)):
        return False
    if plot is plots.rewritten and outlet.sessions:
        return False
    return not (plot in _NEED_ADDRESSES and (outlet.sessions or outlet.address != "path"))


def _dates(outlet: Outlet) -> bool:
    return outlet.dated or not (outlet.sitemap or outlet.noisy)


def _add_outlets(maker: Maker, homes: Mapping[str, str]) -> None:
    rng = maker.rng
    tenants = rng.random() < 0.06 and not homes
    names = list(homes or (_TENANTS if tenants else _NAMES))[: rng.choice([1, 2, 2, 3])]
    chinese = rng.random() < 0.4
    for name in names:
        home = homes.get(name) or (_TENANTS[name] if tenants else _NAMES[name][1])
        maker.outlets[name] = _outlet(maker, name, home, chinese, tenants)


def _outlet(maker: Maker, name: str, home: str, chinese: bool, tenant: bool) -> Outlet:
    rng = maker.rng
    kind = rng.choices(
        ["usual", "full", "sitemap", "sessions", "noisy", "aspx", "hash"], [55, 10, 6, 6, 9, 6, 4]
    )[0]
    if tenant:
        kind = "usual"
    counting = kind != "full" and rng.random() < 0.15
    days_only = rng.random() < 0.08
    return Outlet(
        id=name,
        name=_ZH_NAMES[name] if chinese else _NAMES[name][0],
        home=home,
        chinese=chinese,
        window=rng.choice([5, 10, 20, 30]),
        sitemap=kind == "sitemap",
        full=kind in ("full", "hash"),
        noisy=kind == "noisy",
        counting=counting,
        dated=kind == "noisy" or rng.random() < 0.85,
        days_only=days_only,
        etags=rng.random() < 0.6 and not counting,
        sessions=kind == "sessions",
        address={"aspx": "aspx", "hash": "hash"}.get(kind, rng.choice(["path", "slug"])),
        canonical=_canonical(rng, kind),
        outages=_outages(maker),
    )


def _canonical(rng: Random, kind: str) -> str:
    if kind == "sessions":
        return ""
    return rng.choices(["self", "", "front", "section"], [45, 35, 12, 8])[0]


def _outages(maker: Maker) -> tuple[tuple, ...]:
    if not maker.chance(0.15):
        return ()
    since = maker.moment(0)
    length = timedelta(minutes=maker.rng.randint(30, 300))
    return ((max(since, START + HOUR / 60), since + length),)
