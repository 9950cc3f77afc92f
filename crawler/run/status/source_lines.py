"""The sources as people ask for them: the config's word, joined with the archive's memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from archive.database.times import to_text
from archive.model import SourceState, SourceStatus
from archive.upkeep.overview import SourceCounts
from config.essentials import SourceEssentials
from crawler.timing.offset_words import in_words

_NO_COUNTS = SourceCounts(articles=0, owed=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """One source. Times are the archive's text form; None: never, or not planned."""

    id: str
    name: str
    kind: str  # '' until the first visit detects it
    url: str
    enabled: bool
    articles: int
    owed: int
    last_success: str | None
    last_new: str | None
    next_due: str | None
    status: str  # a SourceStatus, or "new" for a source that was not visited yet
    status_reason: str
    offset_s: int | None  # by which its dates run ahead, as was learned; null: by none
    clock: str  # the same in words; '' where it is right


def source_lines(
    sources: Sequence[SourceEssentials],
    states: Mapping[str, SourceState],
    counts: Mapping[str, SourceCounts],
) -> list[SourceLine]:
    """Give the configured sources in their order, then the rows that no config declares."""
    configured = [
        _configured(source, states.get(source.id), counts.get(source.id, _NO_COUNTS))
        for source in sources
    ]
    ids = {source.id for source in sources}
    undeclared = [
        _undeclared(states[i], counts.get(i, _NO_COUNTS), _gone(states[i], sources, states))
        for i in sorted(states.keys() - ids)
    ]
    return configured + undeclared


def _gone(
    state: SourceState,
    sources: Sequence[SourceEssentials],
    states: Mapping[str, SourceState],
) -> str:
    """Why a source is in the archive alone; where its id was changed by hand, what to do."""
    heir = next((source.id for source in sources if source.url == state.url), None)
    if heir is None:
        return "no longer in the config"
    if heir in states:
        return f"no longer in the config, where {heir} has its address"
    rename = f"`broadsheet sources rename {state.id} {heir}`"
    return f"no longer in the config, where {heir} has its address: {rename} keeps them one source"


def _configured(
    source: SourceEssentials, state: SourceState | None, counts: SourceCounts
) -> SourceLine:
    """The config is newer than the row until a crawl has declared it: its `enabled` counts."""
    status = str(state.status) if state else "new"
    reason = (state.status_reason or "") if state else ""
    if not source.enabled:
        status, reason = str(SourceStatus.DISABLED), ""
    elif status in (SourceStatus.DISABLED, SourceStatus.REMOVED):
        status, reason = str(SourceStatus.OK), ""
    if status == SourceStatus.OK and state and not state.last_success:
        status = "new"  # a crawl of other sources has declared it
    return SourceLine(
        id=source.id,
        name=source.name,
        kind=source.kind or (state.kind if state else ""),
        url=source.url,
        enabled=source.enabled,
        articles=counts.articles,
        owed=counts.owed,
        last_success=to_text(state.last_success) if state else None,
        last_new=to_text(state.last_new) if state else None,
        next_due=to_text(state.next_due) if state and source.enabled else None,
        status=status,
        status_reason=reason,
        offset_s=state.offset_s if state else None,
        clock=_clock(state),
    )


def _undeclared(state: SourceState, counts: SourceCounts, gone: str) -> SourceLine:
    """A removed source, or one that `page` and `warc` file under."""
    files_only = state.kind in ("page", "warc")
    return SourceLine(
        id=state.id,
        name=state.name,
        kind=state.kind,
        url=state.url,
        enabled=False,
        articles=counts.articles,
        owed=counts.owed,
        last_success=to_text(state.last_success),
        last_new=to_text(state.last_new),
        next_due=None,
        status=str(state.status if files_only else SourceStatus.REMOVED),
        status_reason=(state.status_reason or "") if files_only else gone,
        offset_s=state.offset_s,
        clock=_clock(state),
    )


def _clock(state: SourceState | None) -> str:
    return in_words(state.offset_s) if state and state.offset_s is not None else ""
