"""What pyproject.toml asks for is what the product uses."""

from __future__ import annotations

import ast
import re
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.rules.trees import nodes_of

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PACKAGES = ("archive", "config", "crawler", "spiders")
NOT_IMPORTED = {"lxml-html-clean"}  # trafilatura's, named for the sake of old pips


def normal(name: str) -> str:
    """Give the name of a requirement as PEP 503 compares it: `scrapy>=2.19` is `scrapy`."""
    return re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", name, maxsplit=1)[0]).lower()


def imported() -> set[str]:
    """The distributions that modules of the product import."""
    distributions = packages_distributions()
    found: set[str] = set()
    for path in (path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        for node in nodes_of(path):
            if isinstance(node, ast.ImportFrom):
                found.add((node.module or "").split(".")[0])
            elif isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
    return {normal(name) for module in found for name in distributions.get(module, ())}


def test_every_run_time_dependency_is_imported_by_the_product() -> None:
    asked = {normal(name) for name in PROJECT["dependencies"]}
    assert asked - imported() == NOT_IMPORTED
