"""Limits that keep the code readable: lines of a file, lines of a function, annotations."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.rules.trees import nodes_of

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("archive", "config", "crawler", "spiders")
CODE = (*PACKAGES, "tests", "benchmarks")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def files(folders: tuple[str, ...]) -> Iterator[Path]:
    for folder in folders:
        yield from (ROOT / folder).rglob("*.py")


def functions(folders: tuple[str, ...]) -> Iterator[tuple[str, Function]]:
    for path in files(folders):
        for node in nodes_of(path):
            if isinstance(node, Function):
                yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", node


def lines(node: Function) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def is_annotated(node: Function) -> bool:
    given = node.args
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    bare = [a for a in named if a and not a.annotation and a.arg not in ("self", "cls")]
    makes_none = node.name == "__init__" and len(named) > 1  # as mypy takes it
    return (node.returns is not None or makes_none) and not bare


def test_no_file_is_longer_than_400_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for path in files(CODE)
        if (count := len(path.read_text(encoding="utf-8").split("\n")) - 1) > 400
    }
    assert long == {}


def test_no_class_is_longer_than_250_lines() -> None:
    long = {
        f"{path.relative_to(ROOT)} {node.name}": count
        for path in files(PACKAGES)
        for node in nodes_of(path)
        if isinstance(node, ast.ClassDef)
        and (count := (node.end_lineno or node.lineno) - node.lineno + 1) > 250
    }
    assert long == {}


def test_no_function_is_longer_than_50_lines() -> None:
    long = {name: count for name, node in functions(CODE) if (count := lines(node)) > 50}
    assert long == {}


def test_every_function_is_annotated() -> None:
    assert [name for name, node in functions(PACKAGES) if not is_annotated(node)] == []
