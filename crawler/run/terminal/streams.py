"""Standard output in any locale: what it can't show is escaped, and ends no command."""

from __future__ import annotations

import codecs
import io
import sys

_NAME = "broadsheet.escape"


def print_anywhere() -> None:
    """Let standard output and error take any text, whatever their encoding (LANG=C, ASCII)."""
    codecs.register_error(_NAME, _escape)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_NAME)


def _escape(error: UnicodeError) -> tuple[str, int]:
    r"""Give the characters as JSON has them (\u592e; two of these beyond U+FFFF), so that `--json`
    stays JSON, and says the same."""
    assert isinstance(error, UnicodeEncodeError)
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass").hex()
    return "".join(rf"\u{units[i : i + 4]}" for i in range(0, len(units), 4)), error.end
