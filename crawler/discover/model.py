"""What a source's document announced."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta

from archive.model import Document, Entry
from config.model import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """When a feed asks to be visited (RSS 2.0 `ttl`, `skipHours`, `skipDays`; RSS 1.0 `sy:`)."""

    ttl: timedelta | None = None  # not sooner than this after the last visit
    skip_hours: frozenset[int] = frozenset()  # 0-23, GMT
    skip_days: frozenset[int] = frozenset()  # 0 is Monday, GMT

    def text(self) -> str:
        """The form in which the archive keeps them."""
        if self == _NONE:
            return "{}"
        ttl_s = None if self.ttl is None else self.ttl.total_seconds()
        fields = {
            "ttl_s": ttl_s,
            "skip_hours": sorted(self.skip_hours),
            "skip_days": sorted(self.skip_days),
        }
        return json.dumps({name: value for name, value in fields.items() if value})

    @classmethod
    def parse(cls, text: str) -> Hints:
        """Read what `text` gave. Anything else is no hint: the next document tells."""
        if text == "{}":  # of nearly all sources, at each visit
            return _NONE
        try:
            fields = json.loads(text)
            return cls(
                ttl=timedelta(seconds=fields["ttl_s"]) if "ttl_s" in fields else None,
                skip_hours=frozenset(fields.get("skip_hours", ())),
                skip_days=frozenset(fields.get("skip_days", ())),
            )
        except (ValueError, TypeError, AttributeError, OverflowError):
            return cls()


_NONE = Hints()


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovered:
    """A document read: its entries, or in `error` why it is unreadable ('' when it was read)."""

    kind: Kind
    title: str = ""
    entries: tuple[Entry, ...] = ()
    documents: tuple[Document, ...] = ()  # children of a sitemap index
    next_page: str = ""  # absolute URL of the next page: of a listing, an endpoint, older items
    error: str = ""
    found: int = 0  # items listed, those without a usable address included
    unaddressed: int = 0  # of these, without one
    beyond: int = 0  # of these, behind the most that a document may list; 1 where none counted them
    overlong: int = 0  # persons' elements that were left out for their length
    hints: Hints = Hints()
    hub: str = ""  # absolute URL of the WebSub hub that pushes this feed
    topic: str = ""  # the feed's address as that hub knows it (rel=self)
