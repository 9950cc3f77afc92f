"""The address /-/events.json: the archive's numbered events, for programs that follow it."""

from __future__ import annotations

import re
import sqlite3
from typing import Any

from datasette import Response  # type: ignore[import-untyped]

from archive.asof.changes import change_fields, changes_since
from archive.model import Change, ChangeKind
from archive.web.face.answers import METHODS, find_archive
from archive.web.face.sound_rows import sound_rows

PATH = "/-/events.json"
MOST = 1000  # events of one answer
_NUMBER = re.compile("[0-9]{1,18}")


async def events_page(datasette: Any, request: Any) -> Any:
    """Answer ?since=SEQ&kind=…&limit=…: the events after a number, oldest first.

    `next` is the number to go on from: who asks with it gets every event once. `more`: whether
    there are further ones already.
    """
    if request.method not in METHODS:
        allow = {"Allow": ", ".join(METHODS)}
        return Response.json({"error": "events are only read"}, status=405, headers=allow)
    name = await find_archive(datasette)
    if name is None:
        return Response.json({"error": "There is no archive here."}, status=404)
    await datasette.ensure_permissions(
        request.actor, [("view-table", (name, "changes")), ("view-database", name)]
    )
    since, limit = request.args.get("since") or "0", request.args.get("limit") or str(MOST)
    kinds = request.args.getlist("kind")
    known = [kind.value for kind in ChangeKind]
    if not (_NUMBER.fullmatch(since) and _NUMBER.fullmatch(limit)):
        return Response.json({"error": "since and limit are numbers"}, status=400)
    if not set(kinds) <= set(known):
        return Response.json({"error": f"kind is one of {', '.join(known)}"}, status=400)
    most = max(1, min(int(limit), MOST))
    wanted = [ChangeKind(kind) for kind in kinds]
    found = await datasette.get_database(name).execute_fn(
        lambda conn: _events(conn, int(since), wanted, most + 1)
    )
    events = found[:most]
    return Response.json(
        {
            "events": [change_fields(change) for change in events],
            "next": events[-1].seq if events else int(since),
            "more": len(found) > most,
        }
    )


def _events(
    conn: sqlite3.Connection, since: int, kinds: list[ChangeKind], limit: int
) -> list[Change]:
    with sound_rows(conn):
        return list(changes_since(conn, since, kinds=kinds, limit=limit))
