"""Whatever a user writes is a config, or a report of what is wrong with it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from archive.errors import ConfigError
from config.load import parse_config
from config.model import (
    ArchiveSettings,
    BodyRules,
    CrawlSettings,
    ListRules,
    MarkdownSettings,
    PagesSettings,
    ScheduleSettings,
    Source,
)

TABLES: dict[str, type[BaseModel]] = {
    "[archive]": ArchiveSettings,
    "[crawl]": CrawlSettings,
    "[schedule]": ScheduleSettings,
    "[markdown]": MarkdownSettings,
    "[pages]": PagesSettings,
    "[[source]]": Source,
    "[source.list]": ListRules,
    "[source.body]": BodyRules,
}
# each once made a library below raise something else than a ValueError, or might
TRAPS = (
    *("Asia", "../x", "\0", "a{99999999999999}", "(" * 300, "[[", "9" * 300 + "s", "36600d"),
    *("//a[\0]", "li[", "http://[", "http://[::1", "http://x:99999", "::1/129", "env:", "env:X"),
    *("* * * * 99999999999999999999", "*/9999999999 * * * *", "5-1 * * * *", "0001-01-01"),
)
TEXT = st.text(
    st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"], exclude_characters="\x7f"),
    max_size=8,
)
VALUES = st.recursive(
    st.sampled_from(TRAPS) | TEXT | st.booleans() | st.integers(-(2**63), 2**63 - 1),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)


@st.composite
def configs(draw: st.DrawFn) -> str:
    text = ""
    for heading, model in TABLES.items():
        known = [key for key in model.model_fields if f"[source.{key}]" not in TABLES]
        keys = draw(st.sets(st.sampled_from([*known, "x"]), max_size=6))
        rows = [f"{key} = {json.dumps(draw(VALUES))}" for key in keys]
        text += "\n".join([heading, *rows, ""])
    return text


def outcome(text: str, environ: dict[str, str] | None) -> str:
    """What can be seen of the config, or the report."""
    try:
        return repr(parse_config(text, name="b.toml", environ=environ))
    except ConfigError as error:
        return str(error)


@pytest.mark.filterwarnings("ignore::FutureWarning")  # of re, for "[["
@given(configs(), st.sampled_from([None, {}, {"X": "hunter2"}]))
def test_any_values_are_a_config_or_a_report(text: str, environ: dict[str, str] | None) -> None:
    seen = outcome(text, environ)
    assert seen.startswith(("Config(", "The configuration has "))
    assert "hunter2" not in seen
