"""The rules between folders (docs/architecture.md), kept by import-linter."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rules.test_sizes import PACKAGES, ROOT
from tests.rules.trees import nodes_of

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LAYERS = PROJECT["tool"]["importlinter"]["contracts"][0]["layers"]


def _imported(path: Path) -> Iterator[str]:
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _lint(folder: Path, cache: Path) -> subprocess.CompletedProcess[str]:
    lint_imports = Path(sys.executable).parent / "lint-imports"
    return subprocess.run(
        [lint_imports, "--cache-dir", cache],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
    )


def test_each_folder_imports_only_what_it_may(tmp_path: Path) -> None:
    run = _lint(ROOT, tmp_path)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_floor_of_text_knows_nothing_else_of_the_archive() -> None:
    """import-linter can't forbid a folder the rest of its own package."""
    foreign = {
        f"{path.name}: {name}"
        for path in (ROOT / "archive" / "text").glob("*.py")
        for name in _imported(path)
        if name.split(".")[0] in PACKAGES and not name.startswith("archive.text.")
    }
    assert foreign == set()


def test_every_folder_has_its_layer() -> None:
    folders = [path.parent for path in (ROOT / "crawler").glob("*/__init__.py")]
    named = {f"crawler.{folder.name}" for folder in folders} | {*PACKAGES} - {"crawler"}
    assert set(LAYERS) == named


@pytest.mark.parametrize(
    "new", ["archive/novel.py", "archive/upkeep/merge/novel.py", "config/novel.py"]
)
def test_a_module_that_nobody_named_is_kept_from_the_pure_folders(new: str, tmp_path: Path) -> None:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / new).write_text("NOVEL = 1\n")
    module = new.removesuffix(".py").replace("/", ".")
    with (tmp_path / "crawler" / "extract" / "head" / "title.py").open("a") as file:
        file.write(f"from {module} import NOVEL\n")
    run = _lint(tmp_path, tmp_path / "cache")
    assert run.returncode == 1
    assert f"crawler.extract.head.title -> {module}" in run.stdout
