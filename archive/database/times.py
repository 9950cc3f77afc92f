"""Times as the archive stores them: ISO 8601 in UTC, whole seconds; text order is time order."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from typing import overload


@overload
def to_text(moment: datetime) -> str: ...
@overload
def to_text(moment: None) -> None: ...
def to_text(moment: datetime | None) -> str | None:
    """Write an aware datetime as `2021-12-09T14:42:00Z`; a naive one is a ValueError."""
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise ValueError(f"the archive takes aware datetimes, not {moment!r}")
    with suppress(OverflowError):  # a feed's 0001-01-01T00:00+08:00 must not stop a visit
        moment = moment.astimezone(UTC)
    return moment.replace(microsecond=0, tzinfo=None).isoformat() + "Z"


@overload
def from_text(text: str) -> datetime: ...
@overload
def from_text(text: None) -> None: ...
@lru_cache(maxsize=256)
def from_text(text: str | None) -> datetime | None:
    """Read what `to_text` wrote, as an aware UTC datetime."""
    if text is None:
        return None
    return datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)
