"""The commands' tables over rows that are hard to fit: long ids, Chinese names, long reasons."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from rich.console import Console, RenderableType

from archive.held.rows import Hold
from archive.sources.coverage import CoverageDay
from archive.upkeep.overview import ClusterRow
from config.catalog import matching
from config.model import Source
from crawler.discover.site.candidates import Listing
from crawler.fetch.tally import Tally
from crawler.run.commands import copies, coverage, held, sources, sources_catalog, status
from crawler.run.source_trial import TrialResult
from crawler.run.status.report import SourceReport, StatusReport, Summary
from crawler.run.status.source_lines import SourceLine
from crawler.run.terminal.progress import summary_table
from crawler.run.terminal.trial_report import trial_table

AT = datetime(2026, 11, 29, 8, tzinfo=UTC)
ZONE = "Asia/Shanghai"
IDS = ("haichuan-091", "ledger-companies", "jinling-json")
NAMES = ("海川财经网", "The Northbridge Ledger", "金陵证券报")
WHY = "HTTP 503: Service Unavailable, again and again since this morning"
KINDS = ("feed", "listing", "json")
WIDTHS = (60, 80, 120)


def captured(drawn: RenderableType, width: int) -> str:
    """What a terminal of that many columns shows, its own padding left out."""
    console = Console(width=width, markup=False, emoji=False, highlight=False, no_color=True)
    with console.capture() as capture:
        console.print(drawn)
    return "".join(f"{line.rstrip()}\n" for line in capture.get().splitlines())


def source_list(width: int) -> RenderableType:
    lines = [
        SourceLine(
            id=source_id,
            name=name,
            kind=kind,
            url=f"https://{source_id}.example/",
            enabled=kind != "json",
            articles=articles,
            owed=articles // 7,
            last_success="2026-11-29T07:45:00Z",
            last_new=None,
            next_due=None,
            status="failing" if kind == "listing" else "ok",
            status_reason=WHY if kind == "listing" else "",
            offset_s=None,
            clock="",
        )
        for source_id, name, kind, articles in zip(IDS, NAMES, KINDS, (12, 12_345, 0), strict=True)
    ]
    return sources._table(lines, ZONE)


def status_picture(width: int) -> RenderableType:
    rows = tuple(
        SourceReport(
            id=source_id,
            name=name,
            kind="feed",
            enabled=True,
            status=state,
            reason=why,
            remark="",
            offset_s=None,
            troubled=bool(why),
            failures=float(bool(why)),
            failed_visits=int(bool(why)),
            failing_since="2026-11-29T06:30:00Z" if why else None,
            moved_to=None,
            last_success="2026-11-29T07:45:00Z",
            last_new="2026-11-28T08:00:00Z",
            next_due="2026-11-29T08:12:00Z",
            overdue=False,
            rhythm="every ~12 min",
            interval_s=720,
            usual_gap_s=None,
            hub="",
            articles=12,
            articles_today=3,
            owed=1234,
            gaps=0,
            missing=0,
            latency=(),
            last_gap="",
        )
        for source_id, name, state, why in zip(
            IDS, NAMES, ("ok", "failing", "quiet"), ("", WHY, ""), strict=True
        )
    )
    counts = {"ok": 1, "troubled": 1, "failing": 0, "articles_today": 9, "owed": 3702}
    report = StatusReport(
        at="2026-11-29T08:00:00Z",
        summary=Summary(sources=3, owed_unvisited=0, held=0, **counts),
        process=None,
        last_run=None,
        sources=rows,
        free_bytes=None,
        short_of_room=False,
    )
    return status.picture(report, narrow=width < status._WIDE)


def crawl_summary(width: int) -> RenderableType:
    counts = (8, 24, 14), (20, 9, 1), (5, 5, 5)
    return summary_table(
        Tally(
            source_id=source_id,
            visited=1,
            found=found,
            new=new,
            archived=archived,
            revised=1,
            unchanged=2,
            copies=3,
            near_copies=1,
            rejected=2,
            forbidden=1,
            postponed=4,
        )
        for source_id, (found, new, archived) in zip(IDS, counts, strict=True)
    )


def coverage_table(width: int) -> RenderableType:
    refused = (("forbidden: HTTP 451", 1), ("rejected: too short: 57 characters", 3))
    return coverage._table(
        CoverageDay(
            source_id=source_id,
            day="2026-11-28",
            announced=1200,
            archived=1180,
            rejected=3,
            forbidden=1,
            failed=0,
            gone=0,
            owed=16,
            late=540,
            gaps=1,
            refused=refused,
        )
        for source_id in IDS
    )


def copies_table(width: int) -> RenderableType:
    titles = (
        "央行宣布下调存款准备金率",
        "Castellan Bank takes $640m charge as rate hedge unravels",
    )
    return copies._table(
        [
            ClusterRow(
                id=number,
                title=title,
                published=AT,
                origin="",
                lead_reason="named as origin by two others",
                copies=2,
                outlets=NAMES,
            )
            for number, title in enumerate(titles, start=104_998)
        ],
        ZONE,
    )


def held_table(width: int) -> RenderableType:
    return held._table(
        [
            Hold(
                id=number,
                at=AT,
                reason="the same text under three titles, none of which it shows",
                entry_id=1,
                article_id=None,
                outlet=name,
                version=False,
                url=f"https://{source_id}.example/a/1",
                title="三家上市公司同日停牌 环海港口群整合提速",
                source=source_id,
            )
            for number, (source_id, name) in enumerate(zip(IDS, NAMES, strict=True), start=31)
        ],
        ZONE,
    )


def catalogue(width: int) -> RenderableType:
    return sources_catalog._table([*matching(["证券时报"]), *matching(["sec", "filings"])])


def checked(width: int) -> RenderableType:
    results = [
        TrialResult(
            source=Source(id=source_id, name=name, url=f"https://{source_id}.example/"),
            kind="feed",
            listed=Listing(found=8),
            problem=problem,
        )
        for source_id, name, problem in zip(IDS, NAMES, ("", WHY, ""), strict=True)
    ]
    return trial_table(results, [("cls", "财联社", "not tried: blanks: rsshub")])


TABLES: dict[str, Callable[[int], RenderableType]] = {
    "sources-list": source_list,
    "status": status_picture,
    "crawl": crawl_summary,
    "coverage": coverage_table,
    "copies-list": copies_table,
    "held-list": held_table,
    "sources-catalog": catalogue,
    "sources-check-all": checked,
}
