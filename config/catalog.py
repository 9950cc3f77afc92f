"""The catalogue: known sources, each with where it was seen. None is used unless it is added.

The files of config/catalog declare sources as a config does, with three keys more: `seen`,
`checked` and `note`. `{name}` in an address or a header is a blank that its user fills in;
`{contact}` is filled from `[crawl] contact`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files
from urllib.parse import quote

from archive.errors import ConfigError
from config.model import Source

CONTACT = "contact"
_OWN = ("seen", "checked", "note")  # keys that no [[source]] has
_BLANK = re.compile(r"\{([a-z]+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogEntry:
    """A known source. `table` is its `[[source]]`, perhaps with blanks."""

    table: Mapping[str, object]
    seen: str  # where the address and the shape were found
    checked: str  # the day on which it was seen to work, or "never"
    note: str = ""

    @property
    def id(self) -> str:
        return str(self.table["id"])

    @property
    def blanks(self) -> tuple[str, ...]:
        """What its user must fill in, in their order; the contact, which the config has, too."""
        return tuple(dict.fromkeys(name for text in self._texts() for name in _BLANK.findall(text)))

    def _texts(self) -> Iterator[str]:
        yield str(self.table["url"])
        headers = self.table.get("headers", {})
        assert isinstance(headers, Mapping)
        yield from (str(value) for value in headers.values())

    def declared(self, values: Mapping[str, str]) -> dict[str, object]:
        """Give the `[[source]]` with its blanks filled in. Raises ConfigError for one that isn't.

        A word goes into the address percent-encoded, an address (an RSSHub's) as it is.
        """
        missing = [name for name in self.blanks if not values.get(name)]
        if missing:
            raise ConfigError([f"{self.id} has blanks: {', '.join(missing)}"], advice=_how(missing))
        table = dict(self.table)
        table["url"] = _BLANK.sub(lambda found: _in_address(values[found[1]]), str(table["url"]))
        if isinstance(headers := table.get("headers"), Mapping):
            table["headers"] = {
                name: _BLANK.sub(lambda found: values[found[1]], str(value))
                for name, value in headers.items()
            }
        return table


def _how(missing: Sequence[str]) -> str:
    named = [f"--set {name}=…" for name in missing if name != CONTACT]
    told = [f"fill in {' '.join(named)}"] if named else []
    if CONTACT in missing:
        told.append("set [crawl] contact: the site wants to know who asks")
    return f"{'; '.join(told)[:1].upper()}{'; '.join(told)[1:]}. Nothing was changed."


def _in_address(value: str) -> str:
    return value.rstrip("/") if "://" in value else quote(value, safe="")


@lru_cache(maxsize=1)
def catalog() -> tuple[CatalogEntry, ...]:
    """Give all entries, in the order of the files."""
    return tuple(
        _entry(table)
        for file in sorted((files("config") / "catalog").iterdir(), key=lambda file: file.name)
        if file.name.endswith(".toml")
        for table in tomllib.loads(file.read_text(encoding="utf-8"))["source"]
    )


def _entry(table: dict[str, object]) -> CatalogEntry:
    own = {key: str(table[key]) for key in _OWN if key in table}
    return CatalogEntry(table={k: v for k, v in table.items() if k not in own}, **own)


def in_catalog(source_id: str) -> CatalogEntry | None:
    return next((entry for entry in catalog() if entry.id == source_id), None)


def near_in_catalog(source_id: str) -> str:
    """The id that was probably meant; '' where none is alike."""
    alike = get_close_matches(source_id, [entry.id for entry in catalog()], n=1)
    return alike[0] if alike else ""


def matching(words: Sequence[str]) -> list[CatalogEntry]:
    """Give the entries in which all words occur: in id, name, address, section, kind or note."""
    wanted = [word.casefold() for word in words]
    return [entry for entry in catalog() if all(word in _text_of(entry) for word in wanted)]


def _text_of(entry: CatalogEntry) -> str:
    keys = ("id", "name", "url", "section", "kind", "language")
    return " ".join([*(str(entry.table.get(key, "")) for key in keys), entry.note]).casefold()


def as_source(entry: CatalogEntry, values: Mapping[str, str]) -> Source:
    """Give an entry as the config would read it. Raises ConfigError for a blank."""
    return Source.model_validate(entry.declared(values))
