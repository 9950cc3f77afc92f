"""Which sources are one outlet, and which pages are a source's own."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from archive.model import SourceState
from archive.schema_growth import HOSTS_OF
from archive.text.hosts import host_of, same_outlet_host, tenant_of

_ANNOUNCERS = """
SELECT s.id, s.url, s.hosts FROM entries AS e JOIN sources AS s ON s.id = e.source_id
WHERE e.url IN (SELECT value FROM json_each(?)) ORDER BY e.id
"""
_OWNERS = """
SELECT s.id, s.hosts FROM source_hosts AS h CROSS JOIN sources AS s ON s.id = h.source_id
WHERE h.host IN (SELECT value FROM json_each(?)) AND s.enabled AND s.id <> ? ORDER BY s.id
"""


def sources_of(conn: sqlite3.Connection, source: SourceState) -> tuple[str, ...]:
    """Give the ids of an outlet's sources: those of one name that share a registrable domain.

    A name alone is anybody's claim. A source whose domain nobody has declared yet shares any.
    """
    rows = conn.execute(
        "SELECT id, domains FROM sources WHERE name = ? ORDER BY id", (source.name,)
    )
    own = frozenset(source.domains)
    others = ((row["id"], frozenset(json.loads(row["domains"]))) for row in rows)
    return tuple(id for id, domains in others if not (own and domains) or own & domains)


def is_of(hosts: Sequence[str], url: str) -> bool:
    """Tell whether a page is on one of these hosts, a source's own, or below one.

    `platform.example/@a` is the host of a tenant: it has the pages of that tenant alone.
    """
    host, tenant = host_of(url), tenant_of(url)
    parts = (own.partition("/") for own in hosts)
    tenants = [mine for own, _, mine in parts if f".{host}".endswith(f".{own}")]
    return host != "" and tenant in tenants


def owner_of(conn: sqlite3.Connection, url: str, *, besides: str = "") -> str | None:
    """Give the enabled source on whose own hosts a page is; None where it is nobody's.

    `besides`: a source that is not asked for.
    """
    labels = host_of(url).split(".")
    above = [".".join(labels[n:]) for n in range(len(labels))]
    rows = conn.execute(_OWNERS, (json.dumps(above), besides))
    return next((row["id"] for row in rows if is_of(json.loads(row["hosts"]), url)), None)


def list_hosts(conn: sqlite3.Connection) -> None:
    """Make `source_hosts` anew, whatever it has: where no trigger has kept it."""
    conn.execute("DELETE FROM source_hosts")
    hosts = HOSTS_OF.format(sources="sources")
    conn.execute(f"INSERT INTO source_hosts(host, source_id) {hosts}")


def list_hosts_of(conn: sqlite3.Connection, source_id: str) -> None:
    """The same for one source; of one that is gone it takes away what is left."""
    conn.execute("DELETE FROM source_hosts WHERE source_id = ?", (source_id,))
    hosts = HOSTS_OF.format(sources="(SELECT id, hosts FROM sources WHERE id = ?)")
    conn.execute(f"INSERT INTO source_hosts(host, source_id) {hosts}", (source_id,))


def bearer_of(
    conn: sqlite3.Connection, url: str, addresses: Sequence[str], *, is_page: bool
) -> str | None:
    """Give the source whose name an article bears: the first that announced it from its own host,
    else the one whose host it is, else of its outlet, else the first that announced it.

    `addresses`: all that led to it. `is_page`: a feed's text about another's page is that feed's.
    On a platform many outlets have one domain: a.substack.com, b.substack.com.
    """
    announcers = conn.execute(_ANNOUNCERS, (json.dumps(addresses),)).fetchall()
    own = (row["id"] for row in announcers if is_of(json.loads(row["hosts"]), url))
    if (found := next(own, None)) is not None:
        return str(found)
    if is_page and (owner := owner_of(conn, url)) is not None:
        return owner  # it has not announced it yet
    host = host_of(url)
    of_outlet = (row["id"] for row in announcers if same_outlet_host(host_of(row["url"]), host))
    first = announcers[0]["id"] if announcers else None
    return next(of_outlet, first)
