"""What a list may be narrowed to, as lines that lead there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetLine:
    """A value of a facet: where it narrows to, or, where it is asked for, what takes it back."""

    name: str
    tag: str  # `lang` of it
    number: int
    href: str
    chosen: bool
