"""A function of the product that only its tests call is dead: it goes, with them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.rules.trees import tree_of

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("archive", "config", "crawler", "spiders")

Named = tuple[str, str]  # module, name

# What people import into spiders of their own: docs/how-to/write-a-spider.md, tested there.
FOR_PEOPLE = {("spiders.site", "archive_page")}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            yield name.removesuffix(".__init__"), tree_of(path)


def aliases(tree: ast.Module) -> dict[str, str]:
    """What a module's own names stand for: `from archive import times as t`."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            found |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
        elif isinstance(node, ast.Import):
            found |= {a.asname or a.name: a.name for a in node.names}
    return found


def named(module: str, tree: ast.Module) -> Iterator[Named]:
    """Every function that a module imports, names itself, or takes from a module it imported."""
    known = aliases(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.module, alias.name) for alias in node.names)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield module, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield known.get(node.value.id, ""), node.attr


def functions(module: str, tree: ast.Module) -> Iterator[Named]:
    """The functions of a module, but those that a decorator hands to somebody (click, datasette)
    and Python's own hooks."""
    for node in tree.body:
        plain = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.decorator_list
        if plain and not node.name.startswith("__"):
            yield module, node.name


def test_every_function_is_called_by_the_product() -> None:
    product = dict(modules())
    used = {name for module, tree in product.items() for name in named(module, tree)}
    defined = {name for module, tree in product.items() for name in functions(module, tree)}
    assert defined - used == FOR_PEOPLE
