"""What a crawl has done so far, counted per source; the crawl writes it, progress reads it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from archive.model import EntryState, Saved, Verdict


@dataclass(slots=True, kw_only=True)
class Tally:
    """The counts of one source. Mutable: one event loop owns it."""

    source_id: str
    name: str = ""
    status: str = (
        ""  # '' before the first visit, then "visiting", "ok", "not modified", "failed", "on hold"
    )
    visited: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)  # what those came to, as in `status`
    found: int = 0  # items the documents listed
    new: int = 0  # entries announced for the first time
    known: int = 0  # listed, and announced before
    unaddressed: int = 0  # listed without an address that a page can have: announced they are not
    deferred: int = 0  # left for the next visit by max_owed
    pages: int = 0  # article pages fetched, whatever became of them
    archived: int = 0
    near_copies: int = 0  # of these, copies of stories that were there before
    revised: int = 0
    unchanged: int = 0
    copies: int = 0
    rejected: int = 0
    held: int = 0  # kept back by a guess: `broadsheet held`
    forbidden: int = 0
    failed: int = 0  # closed as failed or gone
    postponed: int = 0  # owed again, after a failure that a retry may cure
    checked: int = 0  # archived articles that were looked at again, whatever was found
    withdrawn: int = 0  # of these, taken down by their site
    reasons: Counter[str] = field(default_factory=Counter)  # "rejected: too short" -> 3
    note: str = ""  # of the last visit: a gap before it, or that its list has no window
    error: str = ""  # of the last visit, '' when it was answered and readable
    remark: str = ""  # what was odd about it all the same
    rule: str = ""  # of [source.body], that matched nothing on a page


_COUNT_OF_STATE = {
    EntryState.OWED: "postponed",
    EntryState.ARCHIVED: "unchanged",
    EntryState.COPY: "copies",
    EntryState.REJECTED: "rejected",
    EntryState.HELD: "held",
    EntryState.FORBIDDEN: "forbidden",
    EntryState.GONE: "failed",
    EntryState.FAILED: "failed",
}
_COUNT_OF_VERDICT = {
    Verdict.NEW: "archived",
    Verdict.REVISED: "revised",
    Verdict.UNCHANGED: "unchanged",
    Verdict.COPY: "copies",
}
_WITHOUT_REASON = frozenset({EntryState.ARCHIVED, EntryState.COPY})


class Tallies:
    """The tallies of a crawl by source id; a source appears when it is first mentioned."""

    def __init__(self) -> None:
        self.tallies: dict[str, Tally] = {}
        self.pushes: Counter[str] = Counter()  # what hubs pushed (WebSub): see fetch/pushed.py

    def of(self, source_id: str, name: str = "") -> Tally:
        """Give the source's tally, made on demand; `name` is kept once known."""
        tally = self.tallies.get(source_id)
        if tally is None:
            tally = self.tallies[source_id] = Tally(source_id=source_id)
        tally.name = name or tally.name or source_id
        return tally

    def visiting(self, source_id: str, name: str = "") -> None:
        self.of(source_id, name).status = "visiting"

    def visited(
        self, source_id: str, *, status: int | None, error: str = "", remark: str = ""
    ) -> None:
        """Count an answered or failed visit. `status` is HTTP's, None without an answer.

        `error` says why the source could not be read; a status that is neither 2xx nor 304
        is an error by itself. `remark`: what was odd about a visit that was read.
        """
        tally = self.of(source_id)
        tally.visited += 1
        well = status is not None and (200 <= status < 300 or status == 304)
        wrong = "no answer" if status is None else "" if well else f"HTTP {status}"
        tally.error = error or wrong
        tally.remark = remark
        tally.status = "failed" if tally.error else "not modified" if status == 304 else "ok"
        tally.outcomes[tally.status] += 1

    def put_off(self, source_id: str, reason: str) -> None:
        """A source isn't visited now: its host asked to be left alone."""
        tally = self.of(source_id)
        tally.status, tally.error = "on hold", reason

    def announced(
        self,
        source_id: str,
        *,
        found: int,
        new: int,
        deferred: int = 0,
        dropped: int = 0,
        unaddressed: int = 0,
        note: str = "",
    ) -> None:
        """Count what a document of a visit brought: its first, a child sitemap, a page 2.

        `dropped`: of what was found, by include, exclude and since. `note`: `Entered.note`.
        """
        tally = self.of(source_id)
        tally.note = note or tally.note
        tally.found += found
        tally.new += new
        tally.deferred += deferred
        tally.unaddressed += unaddressed
        tally.known += max(found - dropped - unaddressed - new - deferred, 0)

    def fetched(self, source_id: str) -> None:
        """Count one article page that was answered."""
        self.of(source_id).pages += 1

    def saved(self, source_id: str, saved: Saved) -> None:
        """Count what the archive did with an article."""
        if saved.verdict is None or (saved.held and saved.verdict is Verdict.NEW):
            state = EntryState.HELD if saved.held else EntryState.REJECTED
            self.closed(source_id, state, saved.held or str(saved.rejected or ""))
            return
        self._count(source_id, _COUNT_OF_VERDICT[saved.verdict])
        if saved.cluster is not None:
            self._count(source_id, "near_copies")

    def looked(self, source_id: str, saved: Saved | None = None, *, is_gone: bool = False) -> None:
        """Count a look at an archived article. `saved`: what the archive did with its page."""
        self._count(source_id, "checked")
        if is_gone:
            self._count(source_id, "withdrawn")
        if saved is not None and saved.verdict is Verdict.REVISED:
            self._count(source_id, "revised")

    def closed(self, source_id: str, state: EntryState, reason: str = "") -> None:
        """Count an entry that ended in `state`; OWED means postponed.

        Reasons are grouped by what stands before their first colon: the rest is the detail of
        one page ("too short: 57 characters").
        """
        self._count(source_id, _COUNT_OF_STATE[state])
        if state not in _WITHOUT_REASON:
            label = "postponed" if state is EntryState.OWED else str(state)
            cause = reason.partition(":")[0].strip() or "no reason given"
            self.of(source_id).reasons[f"{label}: {cause}"] += 1

    def total(self, counter: str) -> int:
        """Sum one counter, such as "archived", over all sources."""
        return self.totals((counter,))[counter]

    def totals(self, counters: Iterable[str]) -> dict[str, int]:
        """Sum each counter over all sources."""
        tallies = self.tallies.values()
        return {name: sum(getattr(tally, name) for tally in tallies) for name in counters}

    def reasons(self) -> Counter[str]:
        """All reasons over all sources, "state: reason" -> count."""
        return sum((tally.reasons for tally in self.tallies.values()), Counter[str]())

    def all_answered(self) -> bool:
        """Say whether every visited source answered 2xx or 304 and was readable (exit code 0)."""
        return not any(tally.error for tally in self.tallies.values())

    def _count(self, source_id: str, counter: str) -> None:
        tally = self.of(source_id)
        setattr(tally, counter, getattr(tally, counter) + 1)
