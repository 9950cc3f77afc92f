"""The triggers that number every event of an article, whoever writes it.

An event keeps in `detail.was` what it changed as it stood before, so that the archive at any moment
is today's rows with the later events undone. Texts are not among that: a version that another one
follows is copied into `superseded` whole.
"""

from __future__ import annotations

from collections.abc import Iterable

from archive.articles.columns import COLUMNS, VERSIONED

# Beside what is not of the article but of its page, its next look, or the file's place.
UNDATED = frozenset(
    {
        "id",
        "checked",
        "page_id",
        "fingerprint",
        "markdown_path",
        "page_url",
        "page_etag",
        "page_last_modified",
        "first_seen",
        "next_check",
        "attempt",
    }
)
_BY_THEMSELVES = frozenset({"withdrawn", "held", "copy_of", "lead_reason"})
BODY = ("text", "markdown")  # what `was` leaves to `superseded`
DATED = tuple(c.name for c in COLUMNS if c.name not in UNDATED)
_SAID = tuple(name for name in DATED if name not in _BY_THEMSELVES)

_AT = """max(coalesce((SELECT at FROM _moment), strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    coalesce((SELECT at FROM changes ORDER BY seq DESC LIMIT 1), ''))"""


def _was(columns: Iterable[str], *, elsewhere: Iterable[str] = ()) -> str:
    """Give SQL for what changed, as JSON; NULL for what stands `elsewhere`."""
    apart = frozenset(elsewhere)
    each = " UNION ALL ".join(
        f"SELECT '{name}' AS k, {'NULL' if name in apart else f'old.{name}'} AS v"
        f" WHERE old.{name} IS NOT new.{name}"
        for name in columns
    )
    return f"json((SELECT json_group_object(k, v) FROM ({each})))"  # noqa: S608


def _differs(columns: Iterable[str]) -> str:
    return " OR ".join(f"old.{name} IS NOT new.{name}" for name in columns)


def _event(kind: str, detail: str, *, row: str = "new") -> str:
    return (
        "INSERT INTO changes(at, kind, article_id, number, detail)"  # noqa: S608
        f" VALUES ({_AT}, {kind}, {row}.id, {row}.revision, {detail});"
    )


def _on_update(name: str, columns: Iterable[str], when: str, body: str) -> str:
    return (
        f"CREATE TRIGGER {name} AFTER UPDATE OF {', '.join(columns)} ON articles\n"
        f"WHEN {when} BEGIN\n  {body} END;\n"
    )


def _of_one(name: str, column: str, kind: str, detail: str = "") -> str:
    was = f"json_object('was', json_object('{column}', old.{column}){detail})"
    return _on_update(name, [column], f"old.{column} IS NOT new.{column}", _event(kind, was))


_NEW_VERSION = "new.revision IS NOT old.revision"
_KIND_OF_SAID = """coalesce((SELECT via FROM _moment),
    CASE WHEN old.source_id IS NOT new.source_id THEN 'attributed'
    WHEN old.url IS NOT new.url THEN 'moved'
    WHEN old.published IS NOT new.published THEN 'redated' ELSE 'extraction' END)"""

_TRIGGERS = {
    "changes_new": "CREATE TRIGGER changes_new AFTER INSERT ON articles BEGIN\n  "  # noqa: S608
    + _event("coalesce((SELECT via FROM _moment), 'new')", "'{}'")
    + " END;\n",
    "articles_seen": """CREATE TRIGGER articles_seen AFTER INSERT ON articles
WHEN new.first_seen = '' BEGIN
  UPDATE articles SET first_seen = fetched, version_seen = iif(version_seen = '', fetched,
    version_seen) WHERE id = new.id; END;
""",  # of what any other client writes
    "changes_version": _on_update(
        "changes_version",
        ["revision"],
        _NEW_VERSION,
        _event(
            "coalesce((SELECT via FROM _moment), new.version_kind)",
            f"json_object('was', {_was(_SAID, elsewhere=BODY)})",
        ),
    ),
    "changes_said": _on_update(
        "changes_said",
        _SAID,
        f"new.revision IS old.revision AND ({_differs(_SAID)})",
        _event(_KIND_OF_SAID, f"json_object('was', {_was(_SAID)})"),
    ),
    "changes_withdrawn": _of_one(
        "changes_withdrawn", "withdrawn", "iif(new.withdrawn IS NULL, 'returned', 'withdrawn')"
    ),
    "changes_held": _of_one(
        "changes_held",
        "held",
        "iif(new.held IS NULL, 'released', 'held')",
        ", 'reason', coalesce(new.held, old.held)",
    ),
    "changes_copy": _of_one(
        "changes_copy",
        "copy_of",
        "iif(new.copy_of IS NULL, 'left', 'copied')",
        ", 'story', coalesce(new.copy_of, old.copy_of)",
    ),
    "changes_lead": _of_one("changes_lead", "lead_reason", "'led'", ", 'reason', new.lead_reason"),
    "changes_gone": "CREATE TRIGGER changes_gone BEFORE DELETE ON articles BEGIN\n"  # noqa: S608
    "  UPDATE changes SET detail = '{}' WHERE article_id = old.id;\n  "
    + _event("'forgotten'", "'{}'", row="old")
    + " END;\n",
    "changes_reopened": f"""CREATE TRIGGER changes_reopened AFTER UPDATE OF state ON entries
WHEN old.state <> 'owed' AND new.state IS NOT old.state AND new.reason IS NOT 'forgotten' BEGIN
  INSERT INTO changes(at, kind, article_id, number, detail) VALUES ({_AT}, 'reopened',
    old.article_id, NULL, json_object('entry', old.id, 'state', new.state, 'was', json_object(
      'state', old.state, 'reason', old.reason, 'closed', old.closed))); END;
""",  # noqa: S608
    "articles_superseded": f"""CREATE TRIGGER articles_superseded AFTER UPDATE OF revision
ON articles WHEN new.revision > old.revision BEGIN
  INSERT INTO superseded(article_id, number, seen, kind, {", ".join(VERSIONED)})
  VALUES (old.id, old.revision, old.version_seen, old.version_kind,
    {", ".join(f"old.{name}" for name in VERSIONED)}); END;
""",  # noqa: S608
}

DROP = "".join(f"DROP TRIGGER IF EXISTS {name};\n" for name in _TRIGGERS)
CREATE = "".join(_TRIGGERS.values())
