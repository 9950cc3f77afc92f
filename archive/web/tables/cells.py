"""Links from Datasette's tables to the reading pages: of an article, a story, a source, a security.

What has a row of its own keeps the link to that, too.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from datasette import hookimpl  # type: ignore[import-untyped]
from markupsafe import Markup

from archive.text.strings import without_commands
from archive.web.tables.metadata import shows_archive

# Where a title stands for the article in the row's `id`; elsewhere for the one in `article_id`.
_OF_ARTICLES = frozenset({"articles", "stories", "search"})
_TITLES = frozenset({"title", "old_title", "new_title"})
_PAGES = {
    "article_id": ("article", "articles"),
    "other_id": ("article", "articles"),
    "copy_of": ("story", "articles"),
    "story": ("story", "articles"),
    "source_id": ("source", "sources"),
    "code": ("security", "instruments"),
}
# Where a version is numbered, and where its article's number stands beside
_NUMBERED = {"revision": "id", "number": "article_id"}
_BOTH = Markup('<a href="{}">{}</a> <a class="row-link" href="{}">{}</a>')

_OUTSIDE = Markup('<a href="{}" rel="external nofollow noopener noreferrer">{}</a>')


@hookimpl  # type: ignore[untyped-decorator]
def render_cell(
    row: Any, value: Any, column: str, table: str | None, database: str, datasette: Any
) -> Markup | None:
    """Give a cell as a link; None where Datasette's own form is as good."""
    if not shows_archive(datasette, database) or value is None or value == "":
        return None
    if column in _PAGES:
        return _to_page(datasette, database, column, value)
    if column in _TITLES:
        article = _article_of(row, table)
        return None if article is None else _link(datasette, f"/-/article/{article}", str(value))
    if column in _NUMBERED:
        return _to_difference(datasette, row, column, value)
    if column == "url" and str(value).lower().startswith(("http://", "https://")):
        shown = without_commands(str(value))
        return _OUTSIDE.format(value, shown)
    return None


def page_of_row(table: str, key: str) -> str:
    """Give the reading page of a row, '' where it has none."""
    if table in ("articles", "stories"):
        return f"/-/article/{key}"
    if table in ("sources", "instruments"):
        return f"/-/{'source' if table == 'sources' else 'security'}/{quote(key, safe='')}"
    return ""


def _to_page(datasette: Any, database: str, column: str, value: Any) -> Markup:
    kind, table = _PAGES[column]
    label = value
    if isinstance(value, dict):  # an expanded foreign key
        value, label = value["value"], value["label"] or value["value"]
    page = f"/-/{kind}/{quote(str(value), safe='')}"
    if label == value:
        return _link(datasette, page, str(value))
    to_row = datasette.urls.row(database, table, str(value))
    to_page = datasette.urls.path(page)
    return _BOTH.format(to_page, without_commands(str(label)), to_row, value)


def _article_of(row: Any, table: str | None) -> int | None:
    names = row.keys()
    key = "article_id" if "article_id" in names else "id"
    if key not in names or (key == "id" and table not in _OF_ARTICLES and "snippet" not in names):
        return None
    value = row[key]
    if isinstance(value, dict):
        value = value["value"]
    return value if isinstance(value, int) else None


def _to_difference(datasette: Any, row: Any, column: str, value: Any) -> Markup | None:
    names = row.keys()  # a Row looks for values
    if _NUMBERED[column] not in names:
        return None
    article = row[_NUMBERED[column]]
    if isinstance(article, dict):
        article = article["value"]
    if not isinstance(value, int) or not isinstance(article, int) or value < 2:
        return None
    return _link(datasette, f"/-/article/{article}/diff?to={value}", str(value))


def _link(datasette: Any, path: str, words: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(datasette.urls.path(path), without_commands(words))
