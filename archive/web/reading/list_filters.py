"""What a list is narrowed to: an outlet, a section, a language; and to what it may be."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass
from typing import Self

from archive.text.strings import without_commands
from archive.web.face.face import Face
from archive.web.face.facet_lines import FacetLine
from archive.web.face.typography import lang_tag

MOST_CHARS = 200  # of a value: a longer one is nobody's name
LINES = 7  # of a facet
PARAMETERS = ("outlet", "section", "lang")
# Of a row of `articles`, named with all three parameters of `Narrowing.values`
MATCHES = (
    "(:outlet = '' OR source_name = :outlet) AND (:section = '' OR section = :section)"
    " AND (:lang = '' OR language = :lang)"
)
_COUNTED = """
SELECT source_name, section, language, count(*) AS number FROM articles
WHERE published >= :since AND published < :until AND held IS NULL GROUP BY 1, 2, 3
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """What an address narrows its list to; '' where it doesn't."""

    outlet: str = ""
    section: str = ""
    lang: str = ""

    @classmethod
    def of(cls, face: Face) -> Self:
        return cls(**{name: face.asked.get(name, "")[:MOST_CHARS] for name in PARAMETERS})

    def __bool__(self) -> bool:
        return any(self.values().values())

    def values(self) -> dict[str, str]:
        return {"outlet": self.outlet, "section": self.section, "lang": self.lang}


def narrowing_lists(
    conn: sqlite3.Connection, face: Face, path: str, since: str, until: str
) -> list[tuple[str, list[FacetLine]]]:
    """Give the facets of what was published in a time, by their names: those that have something to
    choose between, or are chosen."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in PARAMETERS}
    for row in conn.execute(_COUNTED, {"since": since, "until": until}):
        counts["outlet"][row["source_name"]] += row["number"]
        counts["section"][row["section"]] += row["number"]
        counts["lang"][row["language"]] += row["number"]
    asked = Narrowing.of(face).values()
    labels = {
        "outlet": face.say("Outlet"),
        "section": face.say("Section"),
        "lang": face.say("Language"),
    }
    lists = [(labels[name], _lines(name, counts[name], asked, face, path)) for name in PARAMETERS]
    return [
        (label, lines)
        for label, lines in lists
        if len(lines) > 1 or any(line.chosen for line in lines)
    ]


def _lines(
    name: str, counted: Counter[str], asked: dict[str, str], face: Face, path: str
) -> list[FacetLine]:
    largest = sorted(counted.items(), key=lambda each: (-each[1], each[0]))
    values = [value for value, _ in largest if value][:LINES]
    if asked[name] and asked[name] not in values:
        values.insert(0, asked[name])
    return [
        FacetLine(
            name=face.language_named(value) if name == "lang" else without_commands(value),
            tag=face.language.tag if name == "lang" else lang_tag(value, ""),
            number=counted[value],
            chosen=value == asked[name],
            href=face.url(path, **(asked | {name: "" if value == asked[name] else value})),
        )
        for value in values
    ]
