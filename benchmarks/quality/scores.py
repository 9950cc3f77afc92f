"""From predictions to figures: per page, and per group of pages."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.quality.pages import ANY_REASON, Page
from benchmarks.quality.pictures import distinct, kept_in_order
from benchmarks.quality.systems import SYSTEMS, Prediction

MEASURES = (
    "body", "segments", "title", "date", "time", "author", "wrong_author", "persons",
    "no_person", "images", "extra_images", "refusal", "false_refusal", "holds",
)  # fmt: skip
_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_HAN}]|[^\W{_HAN}]+")
COUNTS = ("empty", "refused", "errors")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One system on one page. `shares` are 0 to 1 and are averaged; `counts` are summed;
    `segments` are the (true, false, missed) of with/without; `pictures` (ours, not the gold's)."""

    id: str
    group: str
    site: str
    seconds: float
    shares: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    segments: tuple[int, int, int] | None = None
    pictures: tuple[int, int] | None = None

    def told(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """`figures`: percent, but for the counts and `ms` (CPU per page); `pages` per measure."""

    pages: int
    figures: dict[str, float]
    measured: dict[str, int]


def load_scorer(path: Path) -> ModuleType:
    """The corpus' own score.py."""
    spec = importlib.util.spec_from_file_location("corpus_score", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["corpus_score"] = module
    spec.loader.exec_module(module)
    return module


def score_corpus(
    scorer: ModuleType, system: str, pages: Sequence[Page], found: Mapping[str, Prediction]
) -> list[Row]:
    lines = {
        page.id: {
            "title": found[page.id].title,
            "text": found[page.id].text,
            "date": found[page.id].published,
            "authors": list(found[page.id].authors),
        }
        for page in pages
    }
    scored = scorer.score([page.record for page in pages], lines)
    rows = []
    for page, line in zip(pages, scored, strict=True):
        shares, segments = _as_shares(line)
        shares |= _person_shares(page, found[page.id], scorer)
        rows.append(_row(system, page, found[page.id], shares, segments))
    return rows


def _person_shares(page: Page, found: Prediction, scorer: ModuleType) -> dict[str, float]:
    """As the corpus' scorer counts authors, but by our labels: an agency or a desk is no person."""
    if page.persons is None:
        return {}
    if not page.persons:
        return {"no_person": float(bool(found.authors))}
    return {"persons": float(scorer.author_f1(list(page.persons), list(found.authors)))}


def _as_shares(line: dict[str, Any]) -> tuple[dict[str, float], tuple[int, int, int] | None]:
    named = ("title", "date", "author")
    shares: dict[str, float] = {name: float(line[name]) for name in named if name in line}
    if "body" in line:
        shares["body"] = line["body"][2]
    return shares, line["wtwo"][:3] if "wtwo" in line else None


def _row(
    system: str,
    page: Page,
    found: Prediction,
    shares: dict[str, float],
    segments: tuple[int, int, int] | None,
) -> Row:
    """Add to the scorer's shares what it does not know: times, pictures, names that are none."""
    gives = SYSTEMS[system].gives
    expected = page.refusal is None and not page.no_article
    if page.refusal is not None:
        shares = {"refusal": float(_rightly_refused(page.refusal, found))}
    else:
        shares |= _own_measures(page, found)
    return Row(
        id=page.id,
        group=page.group,
        site=page.site,
        seconds=found.seconds,
        shares={name: share for name, share in shares.items() if name in gives},
        counts={
            "empty": int(expected and not found.text.strip()),
            "refused": int(expected and bool(found.refused)),
            "errors": int(bool(found.error)),
        },
        segments=segments if "segments" in gives else None,
        pictures=_pictures(page, found) if "extra_images" in gives else None,
    )


def _rightly_refused(reason: str, found: Prediction) -> bool:
    return bool(found.refused) and reason in (ANY_REASON, found.refused.partition(":")[0])


def _own_measures(page: Page, found: Prediction) -> dict[str, float]:
    shares = {} if page.no_article else {"false_refusal": float(bool(found.refused))}
    if page.authorless:
        shares["wrong_author"] = float(bool(found.authors))
    if page.published is not None:
        shares["time"] = float(right_time(page, found.published))
    if page.images:
        shares["images"] = kept_in_order(page.images, found.images) / len(distinct(page.images))
    return shares


def score_own(system: str, pages: Sequence[Page], found: Mapping[str, Prediction]) -> list[Row]:
    """Our own pages, whose gold is exact: the title, the minute, every name, every picture."""
    return [
        _row(system, page, found[page.id], _own_shares(page, found[page.id]), None)
        for page in pages
    ]


def _own_shares(page: Page, found: Prediction) -> dict[str, float]:
    gold = page.record
    if page.refusal is not None:
        return {}  # what it must be refused for is no text
    return {
        "body": max(body_f1(body, found.text) for body in gold["bodies"]),
        "title": float(found.title == gold["title"]),
        "author": float(list(found.authors) == gold["authors"]),
        **({"date": float(_same_day(gold["date"], found.published))} if "date" in gold else {}),
    }


def _same_day(label: str, published: str) -> bool:
    """The day in the label's own zone."""
    if not published:
        return False
    wanted, found = datetime.fromisoformat(label), datetime.fromisoformat(published)
    there = found.astimezone(wanted.tzinfo) if found.tzinfo else found
    return there.date() == wanted.date()


def body_f1(gold: str, text: str) -> float:
    """The harmonic mean of precision and recall over words; in Chinese, over characters.

    As the corpus' scorer counts. Letters alone would call every text of one language alike.
    """
    wanted, given = (Counter(_WORD.findall(words.lower())) for words in (gold, text))
    shared = sum((wanted & given).values())
    total = sum(wanted.values()) + sum(given.values())
    return 2 * shared / total if total else 1.0


def right_time(page: Page, published: str) -> bool:
    """Whether the minute is that of the label.

    A label without zone is compared with the wall clock that was read: extraction is told UTC
    where a page names no zone, so it reads as UTC. "no time" is right as midnight or as nothing.
    """
    found = datetime.fromisoformat(published) if published else None
    if page.published == "no time":
        return found is None or (found.hour, found.minute) == (0, 0)
    return found is not None and any(
        _same_minute(datetime.fromisoformat(label), found)
        for label in (page.published or "", *page.also_published)
    )


def _same_minute(label: datetime, found: datetime) -> bool:
    if label.tzinfo is None or found.tzinfo is None:
        label, found = label.replace(tzinfo=None), found.replace(tzinfo=None)
    return label.replace(second=0, microsecond=0) == found.replace(second=0, microsecond=0)


def _pictures(page: Page, found: Prediction) -> tuple[int, int] | None:
    if page.images is None or page.refusal is not None:
        return None
    given, wanted = distinct(found.images), set(distinct(page.images))
    return len(given), sum(key not in wanted for key in given)


def summarise(rows: Sequence[Row]) -> dict[str, Summary]:
    """The figures of all pages and of each language group."""
    groups = {"all": list(rows)}
    for row in rows:
        groups.setdefault(row.group, []).append(row)
    order = ("all", "zh", "en", "other")
    return {name: _summary(groups[name]) for name in order if name in groups}


def _summary(rows: Sequence[Row]) -> Summary:
    figures: dict[str, float] = {}
    measured: dict[str, int] = {}
    for name in MEASURES:
        if shares := [row.shares[name] for row in rows if name in row.shares]:
            figures[name], measured[name] = 100 * sum(shares) / len(shares), len(shares)
    if segments := [row.segments for row in rows if row.segments]:
        right, false, missed = (sum(column) for column in zip(*segments, strict=True))
        figures["segments"] = 200 * right / max(1, 2 * right + false + missed)
        measured["segments"] = len(segments)
    if pictures := [row.pictures for row in rows if row.pictures]:
        given, extra = (sum(column) for column in zip(*pictures, strict=True))
        figures["extra_images"], measured["extra_images"] = (
            100 * extra / max(1, given),
            len(pictures),
        )
    figures |= {name: float(sum(row.counts[name] for row in rows)) for name in COUNTS}
    figures["ms"] = 1000 * sum(row.seconds for row in rows) / max(1, len(rows))
    return Summary(pages=len(rows), figures=figures, measured=measured)
