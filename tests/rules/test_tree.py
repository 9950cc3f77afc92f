"""The top of the tree holds what the design names, and nothing else."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMED = {
    *("archive", "benchmarks", "config", "crawler", "deploy", "docs", "spiders", "tests"),
    *("CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.md", "SECURITY.md"),
    *("Makefile", "mkdocs.yml", "pyproject.toml", "scrapy.cfg", "uv.lock"),
    *(".ci", ".dockerignore", ".gitignore"),
}


def test_every_top_level_entry_is_one_that_the_design_names() -> None:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a clone: what belongs to the tree is not known")
    command = [git, "-c", f"safe.directory={ROOT}", "ls-files", "--cached", "--others"]
    listing = subprocess.run(
        [*command, "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert {line.split("/")[0] for line in listing.stdout.splitlines()} - NAMED == set()
