"""No module of the product imports itself by way of others, in whatever place the import stands."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.rules.test_sizes import PACKAGES, ROOT
from tests.rules.trees import nodes_of

# Imports inside functions: what a command needs is loaded when it runs (`search` must answer at
# once), what the pool's workers need in the workers. Optional packages are not counted.
# Three of them since `daemon`, `status` and `worker` know a broker; 23 since `search`, `held` and
# their like start without pydantic, Markdown's parser and the archive's rules for writing.
DEFERRED = 169
OPTIONAL = frozenset(
    {"apprise", "duckdb", "exchange_calendars", "mcp", "pandas", "playwright", "polars"}
    | {"pyarrow", "redis", "scrapy_playwright"}
)
NEEDS_ONE = "crawler.run.redis.client"  # ours, on top of an optional package


def _modules() -> dict[str, Path]:
    paths = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    names = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in paths}
    return {name.removesuffix(".__init__"): path for name, path in names.items()}


def _targets(node: ast.AST, known: dict[str, Path]) -> Iterator[str]:
    """The modules of ours that one import statement loads."""
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and node.module:
        below = [f"{node.module}.{alias.name}" for alias in node.names]
        names = [name if name in known else node.module for name in below]
    else:
        return
    yield from (name for name in names if name in known)


def _imports(known: dict[str, Path]) -> dict[str, set[str]]:
    return {
        name: {target for node in nodes_of(path) for target in _targets(node, known)} - {name}
        for name, path in known.items()
    }


def _in_circles(imports: dict[str, set[str]]) -> set[str]:
    """The modules that are left when those that import, or are imported by, nothing left go."""
    left = {name: set(targets) for name, targets in imports.items()}
    while True:
        imported = {target for targets in left.values() for target in targets}
        going = {n for n, targets in left.items() if not targets & left.keys() or n not in imported}
        if not going:
            return set(left)
        left = {name: targets - going for name, targets in left.items() if name not in going}


def test_no_module_imports_itself_by_way_of_others() -> None:
    assert _in_circles(_imports(_modules())) == set()


def test_a_circle_is_found() -> None:
    imports = {"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}
    assert _in_circles(imports) == {"b", "c"}


def test_no_more_imports_are_put_off_until_a_function_is_called() -> None:
    put_off = [
        f"{name}:{node.lineno}"
        for name, path in _modules().items()
        for function in nodes_of(path)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom) and not _is_optional(node)
    ]
    assert len(put_off) <= DEFERRED, put_off


def _is_optional(node: ast.Import | ast.ImportFrom) -> bool:
    names = (
        [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
    )
    return all(name == NEEDS_ONE or name.partition(".")[0] in OPTIONAL for name in names)
