"""The table of SECURITY.md names tests that are there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.rules.trees import tree_of

TESTS = Path(__file__).resolve().parents[1]
TABLE = (TESTS.parent / "SECURITY.md").read_text("utf-8")
NAMED = re.findall(r"`([\w/]+\.py)::(\w+)`", TABLE)


def functions(file: str) -> set[str]:
    path = TESTS / file
    if not path.is_file():
        return set()
    tree = tree_of(path)
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_each_test_that_is_named_is_there() -> None:
    assert len(NAMED) > 50
    assert [f"{file}::{name}" for file, name in NAMED if name not in functions(file)] == []


def test_every_row_has_a_defence_and_a_test() -> None:
    rows = [line for line in TABLE.splitlines() if re.match(r"\| (?!attacker|-)", line)]
    cells = [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows]
    assert [row for row in cells if len(row) != 4 or not all(row[1:]) or "::" not in row[3]] == []
