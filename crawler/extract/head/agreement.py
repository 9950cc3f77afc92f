"""What several sources on a page say of one thing, and which of it is believed. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate(Generic[T]):
    """One source's answer. `weight`: how much it counts, beside the others of its field.

    `origin` is what `Article.evidence` calls the source; two of one origin are one witness.
    """

    value: T
    origin: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Generic[T]):
    """The candidate that is believed, those that say the same, and those that say otherwise."""

    chosen: Candidate[T]
    agreed: tuple[Candidate[T], ...]  # with the chosen one, in their order
    against: tuple[Candidate[T], ...]

    @property
    def evidence(self) -> str:
        """`jsonld and byline`: two witnesses; `meta, not jsonld`: one said otherwise."""
        first = self.chosen.origin
        others = [c.origin for c in self.agreed if c.origin != first]
        told = " and ".join(dict.fromkeys((first, *others)))
        denied = dict.fromkeys(c.origin for c in self.against)
        denying = " nor ".join(origin for origin in denied if origin not in (first, *others))
        return f"{told}, not {denying}" if denying else told


def believe(
    candidates: Sequence[Candidate[T]], is_same: Callable[[T, T], bool]
) -> Decision[T] | None:
    """Believe the answer with the most weight behind it; of equals, the one that stands first.

    Behind an answer stands each origin that gives the same, once, with its greatest weight.
    None without candidates.
    """
    best: Decision[T] | None = None
    most = 0.0
    for candidate in candidates:
        agreed = tuple(c for c in candidates if is_same(candidate.value, c.value))
        if (weight := _weight(agreed)) > most:
            against = tuple(c for c in candidates if c not in agreed)
            best, most = Decision(chosen=candidate, agreed=agreed, against=against), weight
    return best


def _weight(agreed: Sequence[Candidate[T]]) -> float:
    by_origin: dict[str, float] = {}
    for candidate in agreed:
        known = by_origin.get(candidate.origin, 0.0)
        by_origin[candidate.origin] = max(known, candidate.weight)
    return sum(by_origin.values())
