"""The rule between folders (docs/architecture.md), kept by import-linter."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = ("archive", "config", "crawler", "spiders")


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_each_folder_imports_only_those_below_it(tmp_path: Path) -> None:
    lint_imports = Path(sys.executable).parent / "lint-imports"
    run = subprocess.run(
        [lint_imports, "--cache-dir", tmp_path], cwd=ROOT, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_floor_of_text_knows_nothing_else_of_the_archive() -> None:
    """import-linter can't forbid a folder the rest of its own package."""
    foreign = {
        f"{path.name}: {name}"
        for path in (ROOT / "archive" / "text").glob("*.py")
        for name in imported(path)
        if name.split(".")[0] in OURS and not name.startswith("archive.text.")
    }
    assert foreign == set()
