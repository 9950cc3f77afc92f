"""No command line of ours has Python look for modules in the working directory."""

from __future__ import annotations

import ast
import re
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = ("archive", "config", "crawler", "spiders", "tests", "benchmarks")
PROSE = ("Makefile", ".ci/run", "*.md", "docs/**/*.md", "deploy/*")
_UNSAFE = re.compile(r"python(?:3[.\d]*)?\)? -m \w")


def test_every_documented_python_m_has_the_safe_path() -> None:
    paths = [path for pattern in PROSE for path in ROOT.glob(pattern) if path.is_file()]
    assert len(paths) > 40
    bare = [path.name for path in paths if _UNSAFE.search(path.read_text(encoding="utf-8"))]
    assert bare == []


def test_every_python_m_that_the_code_starts_has_the_safe_path() -> None:
    bare = []
    for path in (path for folder in CODE for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.List | ast.Tuple) and _runs_a_module(node.elts):
                bare.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert bare == []


def _runs_a_module(words: list[ast.expr]) -> bool:
    said = [ast.unparse(word) for word in words]
    return any(pair == ("sys.executable", "'-m'") for pair in pairwise(said))
