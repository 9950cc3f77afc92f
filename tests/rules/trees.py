"""The product's syntax trees: each file is read once, whichever rules ask for it."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    """Every node of the file, as `ast.walk` gives them."""
    return tuple(ast.walk(tree_of(path)))
