"""The tree of our errors is one file, and drawn there as it is."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator

from archive import errors
from archive.errors import BroadsheetError
from tests.rules.test_sizes import PACKAGES, ROOT, files
from tests.rules.trees import nodes_of

OURS = {
    name
    for name, value in vars(errors).items()
    if inspect.isclass(value) and issubclass(value, BroadsheetError)
}


def _drawn(error: type[BroadsheetError], indent: str = "") -> Iterator[str]:
    kinds = sorted(
        (kind for kind in error.__subclasses__() if kind.__module__ == errors.__name__),
        key=lambda kind: kind.__name__,
    )
    for kind in kinds:
        last = kind is kinds[-1]
        yield f"{indent}{'└' if last else '├'}── {kind.__name__}"
        yield from _drawn(kind, indent + ("    " if last else "│   "))


def test_the_tree_is_drawn_as_it_is() -> None:
    tree = "\n    ".join(["BroadsheetError", *_drawn(BroadsheetError)])
    assert f"    {tree}\n\n" in str(errors.__doc__)


def test_no_error_of_ours_stands_elsewhere() -> None:
    elsewhere = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in files(PACKAGES)
        if path != ROOT / "archive" / "errors.py"
        for node in nodes_of(path)
        if isinstance(node, ast.ClassDef)
        if OURS & {ast.unparse(base).rpartition(".")[2] for base in node.bases}
    ]
    assert elsewhere == []


def test_every_error_says_what_it_means() -> None:
    assert [name for name in OURS if not vars(errors)[name].__dict__.get("__doc__")] == []
