"""Output in a locale that can't show it is escaped as JSON has it, and never a traceback."""

from __future__ import annotations

import io
import json
import sys

import pytest

from crawler.run.terminal.streams import print_anywhere


@pytest.mark.parametrize(
    ("encoding", "written"),
    [
        ("ascii", rb"\u592e\u884c \ud83d\ude00 \u2500"),
        ("latin-1", rb"\u592e\u884c \ud83d\ude00 \u2500"),
        ("gbk", "央行 ".encode("gbk") + rb"\ud83d\ude00 " + "─".encode("gbk")),
        ("utf-8", "央行 😀 ─".encode()),
    ],
)
def test_what_can_t_be_shown_is_escaped(
    monkeypatch: pytest.MonkeyPatch, encoding: str, written: bytes
) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding))
    print_anywhere()
    sys.stdout.write("央行 😀 ─")
    sys.stdout.flush()
    assert raw.getvalue() == written
    assert json.loads(f'"{written.decode(encoding)}"') == "央行 😀 ─"
