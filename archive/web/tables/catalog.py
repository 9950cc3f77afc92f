"""What Datasette is told of an archive's tables: which there are for people, and what they hold.

A table or view that is not named here is of the program: it is hidden, a click away. A facet is
declared where an index answers it, or where the table is small: one that reads every row takes
longer than the page (tests/archive/web/tables/test_catalog.py asks SQLite).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class TableWords:
    """A table for people. `columns`: those that its list begins with, () for all of them."""

    description: str
    columns: tuple[str, ...] = ()
    facets: tuple[str, ...] = ()
    newest: str = ""  # the column by which it is sorted, the largest first
    label: str = ""  # the column that stands for a row in others
    units: Mapping[str, str] = field(default_factory=dict)  # pint's names
    search: bool = False  # whether it has the archive's search box


@dataclass(frozen=True, slots=True, kw_only=True)
class TableGroup:
    """Tables that answer one kind of question."""

    title: str
    tables: Mapping[str, TableWords]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveQuery:
    """A canned query: Datasette shows it under its title, and asks for what `:name`s it has."""

    title: str
    description: str
    sql: str


_LIST = ("title", "source_name", "published", "language", "section", "revision", "copy_of")
_STATE = ("url", "source_id", "title", "announced", "state", "reason", "closed", "article_id")

GROUPS = (
    TableGroup(
        title="What was published",
        tables={
            "stories": TableWords(
                description="Articles that are no copy of another outlet’s; copies counts the other"
                " outlets that carried it.",
                columns=("id", *_LIST[:-1], "copies", "withdrawn"),
                newest="published",
                search=True,
            ),
            "articles": TableWords(
                description="Every article, copies included; copy_of leads to the story.",
                columns=(*_LIST, "withdrawn"),
                facets=("source_id",),
                newest="published",
                label="title",
            ),
            "revisions": TableWords(
                description="Every version of every article, the current one included.",
                columns=("article_id", "number", "seen", "kind", "title"),
            ),
            "article_diffs": TableWords(
                description="Two versions side by side; the number leads to what was changed.",
                columns=("article_id", "number", "seen", "kind", "old_title", "new_title"),
            ),
            "images": TableWords(
                description="The pictures that articles lead to: kept, refused and why, or owed.",
                columns=("url", "state", "reason", "type", "bytes", "width", "height", "fetched"),
                newest="id",
                units={"bytes": "byte"},
            ),
            "article_images": TableWords(description="Which articles lead to which pictures."),
            "mentions": TableWords(
                description="Which articles name which securities, and how that was known.",
                facets=("code",),
            ),
            "instruments": TableWords(
                description="The securities that articles named.",
                facets=("exchange",),
                newest="last_seen",
                label="name",
            ),
        },
    ),
    TableGroup(
        title="Where it comes from",
        tables={
            "sources": TableWords(
                description="What is polled, how it fares, and when it is looked at again.",
                columns=(
                    *("name", "kind", "status", "status_reason", "last_success", "last_new"),
                    *("next_due", "interval_s", "url"),
                ),
                facets=("status", "kind"),
                label="name",
                units={"interval_s": "s"},
            ),
            "entries": TableWords(
                description="Every address that a source announced, what became of it, and why.",
                columns=_STATE,
                facets=("state",),
                newest="id",
                label="title",
            ),
            "coverage": TableWords(
                description="By source and UTC day: what was announced, and what came of it."
                " late: seconds from an article’s date to its announcement, the median.",
            ),
            "gaps": TableWords(
                description="Times of which a source’s news may be missing, and why.",
                facets=("why",),
                newest="started",
            ),
            "visits": TableWords(
                description="Every look at a source: what was answered, and what it brought.",
                facets=("status",),
                newest="id",
                units={"bytes": "byte", "seconds": "s"},
            ),
            "visit_days": TableWords(
                description="Older visits, summed by day.", units={"bytes": "byte"}
            ),
            "health_changes": TableWords(
                description="When a source began to fail, fell silent, or came back.",
                facets=("status",),
                newest="id",
            ),
            "absences": TableWords(
                description="Times in which nobody could look at any source.", newest="started"
            ),
            "subscriptions": TableWords(description="Feeds that are pushed to us by a hub."),
        },
    ),
    TableGroup(
        title="What was decided",
        tables={
            "changes": TableWords(
                description="The numbered events of the archive; /-/events.json follows them.",
                newest="seq",
            ),
            "holds": TableWords(
                description="What a guess keeps back until broadsheet held releases or refuses it.",
                columns=("at", "reason", "outlet", "entry_id", "article_id", "looks"),
                newest="id",
            ),
            "cluster_changes": TableWords(
                description="Which articles joined or left a story later, and why.", newest="id"
            ),
            "story_links": TableWords(description="Stories that say the contrary of each other."),
            "tombstones": TableWords(
                description="Addresses that were taken down here.", newest="at"
            ),
            "runs": TableWords(description="The crawls.", newest="id"),
        },
    ),
)
TABLES = {name: words for group in GROUPS for name, words in group.tables.items()}

QUERIES = {
    "search_articles": ArchiveQuery(
        title="Search",
        description="Words that must all occur, Chinese or English, parted by spaces; best match"
        " first.",
        sql="select id, published, source, title, snippet, url from search"
        " where q = json_quote(:q) order by rank limit 100",
    ),
    "headline_changes": ArchiveQuery(
        title="Headlines that were changed",
        description="The latest first; the number leads to the whole difference.",
        sql="select article_id, number, seen, kind, old_title, new_title from article_diffs"
        " where old_title <> new_title order by seen desc, article_id limit 200",
    ),
    "what_is_owed": ArchiveQuery(
        title="What is owed, and what became no article",
        description="Entries per source, state and reason.",
        sql="select source_id, state, reason, count(*) as entries,"
        " max(coalesce(closed, announced)) as latest from entries"
        " where state not in ('archived', 'copy') group by 1, 2, 3"
        " order by entries desc, state desc limit 200",
    ),
    "what_may_be_missing": ArchiveQuery(
        title="What may be missing",
        description="Gaps that nothing has closed, the latest first. missing is an estimate.",
        sql="select source_id, started, ended, why, missing, found, detail from gaps"
        " where healed is null and not windowless order by started desc limit 200",
    ),
    "sources_in_trouble": ArchiveQuery(
        title="Sources that are not well",
        description="Those that fail, fell silent, moved, are blocked or gone.",
        sql="select id as source_id, status, status_reason, last_success, next_due from sources"
        " where status in ('failing', 'silent', 'moved', 'gone', 'blocked')"
        " order by status, failures desc, id limit 200",
    ),
}
