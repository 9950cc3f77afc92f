"""Times as a person at the terminal reads them: in the zone of `[web] timezone`."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

UTC_NAMES = frozenset({"UTC", "Etc/UTC", "Etc/UCT", "Zulu"})


def shown_time(moment: datetime | None, zone: str, *, seconds: bool = False) -> str:
    """Write "2026-11-29 08:00Z", where `zone` is another "2026-11-29 16:00+08:00"; None: "".

    With `seconds` as one word, "2026-11-29T16:00:00+08:00", which --as-of takes as it is.
    """
    if moment is None:
        return ""
    local = moment.astimezone(ZoneInfo(zone))
    written = f"{local:%Y-%m-%dT%H:%M:%S}" if seconds else f"{local:%Y-%m-%d %H:%M}"
    offset = f"{local:%z}"
    return f"{written}Z" if zone in UTC_NAMES else f"{written}{offset[:3]}:{offset[3:5]}"
