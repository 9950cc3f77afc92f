"""A source's secrets travel as names, "env:NAME"; whoever fetches has the values.

Values that stand in the config itself never leave the house: it fetches such a source by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from config.model import Source

_BEGINS = "env:"


def travels(as_written: Source) -> bool:
    """Whether a source's headers and cookies, as the config has them, hold nothing secret."""
    return all(value.startswith(_BEGINS) for value in _values(as_written))


def missing(source: Source, environ: Mapping[str, str]) -> tuple[str, ...]:
    """The environment variables that a source's secrets name, and nobody has set."""
    names = (value.removeprefix(_BEGINS) for value in _values(source) if value.startswith(_BEGINS))
    return tuple(dict.fromkeys(name for name in names if not environ.get(name, "").strip()))


def resolved(source: Source, environ: Mapping[str, str]) -> Source:
    """The source with values in the place of names, of which none is `missing`."""
    if not any(_values(source)):
        return source
    return source.model_copy(
        update={
            "headers": _resolved(source.headers, environ),
            "cookies": _resolved(source.cookies, environ),
        }
    )


def _resolved(table: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    return {
        name: environ[value.removeprefix(_BEGINS)].strip() if value.startswith(_BEGINS) else value
        for name, value in table.items()
    }


def _values(source: Source) -> Iterator[str]:
    yield from source.headers.values()
    yield from source.cookies.values()
