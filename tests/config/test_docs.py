"""docs/reference/config.md and the how-to stay true."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest
from pydantic import BaseModel

from config.load import parse_config
from config.model import (
    ArchiveSettings,
    BodyRules,
    CrawlSettings,
    DaemonSettings,
    HealthSettings,
    ListRules,
    MarkdownSettings,
    PagesSettings,
    ScheduleSettings,
    Source,
    WebSettings,
    WebSubSettings,
)
from config.tables import shipped_text

DOCS = Path(__file__).resolve().parents[2] / "docs"
REFERENCE = (DOCS / "reference" / "config.md").read_text(encoding="utf-8")
SECTIONS = {
    "archive": ArchiveSettings,
    "crawl": CrawlSettings,
    "schedule": ScheduleSettings,
    "markdown": MarkdownSettings,
    "pages": PagesSettings,
    "daemon": DaemonSettings,
    "health": HealthSettings,
    "websub": WebSubSettings,
    "web": WebSettings,
}
TABLES: dict[str, type[BaseModel]] = {
    **{f"[{name}]": model for name, model in SECTIONS.items()},
    "[[source]]": Source,
    "[source.list]": ListRules,
    "[source.body]": BodyRules,
}


def rows(heading: str) -> list[list[str]]:
    part = REFERENCE.partition(f"## `{heading}`\n")[2].partition("\n## ")[0]
    lines = [line.split("|")[1:-1] for line in part.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in cells] for cells in lines]


@pytest.mark.parametrize("heading", TABLES)
def test_the_reference_lists_every_key_in_the_order_of_the_model(heading: str) -> None:
    keys = [row[0].strip("`") for row in rows(heading)]
    assert keys == list(TABLES[heading].model_fields)


@pytest.mark.parametrize("section", SECTIONS)
def test_the_reference_gives_the_shipped_defaults(section: str) -> None:
    part = shipped_text().partition(f"[{section}]\n")[2].partition("\n\n")[0]
    shipped = dict(row.split(" = ", 1) for row in part.splitlines() if re.match(r"[a-z_]+ = ", row))
    given = {row[0].strip("`"): row[1].strip("`") for row in rows(f"[{section}]") if row[1]}
    assert given == shipped


def test_the_reference_gives_a_source_s_defaults() -> None:
    given = [f"{row[0].strip('`')} = {row[1].strip('`')}" for row in rows("[[source]]") if row[1]]
    text = '[[source]]\nid = "a"\nname = "A"\nurl = "https://a.com/"\n'
    (plain,) = parse_config(text, name="b.toml").source
    (spelt,) = parse_config(text + "\n".join(given), name="b.toml").source
    assert len(given) == 16
    assert spelt == plain


def test_the_sources_of_the_how_to_are_valid() -> None:
    guide = (DOCS / "how-to" / "add-a-source.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^ +\[\[source\]\]\n(?:^ +\S.*\n)+", guide, flags=re.MULTILINE)
    config = parse_config("\n".join(map(textwrap.dedent, blocks)), name="b.toml")
    assert [source.id for source in config.source] == ["example", "example-list", "example-json"]
