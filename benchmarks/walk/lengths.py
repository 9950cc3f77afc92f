"""How long the product's functions are, in lines of code."""

from __future__ import annotations

import ast
import io
import statistics
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("archive", "config", "crawler", "spiders")
_NO_CODE = {
    *(tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT),
    tokenize.ENDMARKER,
}

Function = ast.FunctionDef | ast.AsyncFunctionDef
Documented = ast.Module | ast.ClassDef | Function


def median_and_p90() -> dict[str, float]:
    """Measure every function of the product."""
    lengths = [length for path in _files() for length in function_lengths(path.read_text("utf-8"))]
    return {"median": statistics.median(lengths), "p90": statistics.quantiles(lengths, n=10)[-1]}


def function_lengths(source: str) -> Iterator[int]:
    """Give the lines of code of each function, the inner ones once more by themselves.

    The signature counts, its decorators, blank lines, comments and docstrings don't.
    """
    tree = ast.parse(source)
    code = _code_lines(source) - _docstring_lines(tree)
    for node in ast.walk(tree):
        if isinstance(node, Function):
            yield len(code.intersection(range(node.lineno, (node.end_lineno or 0) + 1)))


def _files() -> Iterator[Path]:
    for folder in PRODUCT:
        yield from (ROOT / folder).rglob("*.py")


def _code_lines(source: str) -> set[int]:
    return {
        line
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type not in _NO_CODE
        for line in range(token.start[0], token.end[0] + 1)
    }


def _docstring_lines(tree: ast.Module) -> set[int]:
    return {
        line
        for node in ast.walk(tree)
        if isinstance(node, Documented) and ast.get_docstring(node) is not None
        for line in range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1)
    }
