"""Few rooms, few doors, one meaning a name: docs/decisions/house.md has the reasons."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.rules.trees import nodes_of, tree_of

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("archive", "config", "crawler", "spiders")
COMMANDS = "crawler/run/commands"  # one file a command
MOST = 16

# Each names an activity by its noun, which only looks like a participle.
ACTIVITIES = {
    *("announcing", "cleaning", "crawling", "forgetting", "folding", "importing", "indexing"),
    *("bookkeeping", "closing", "opening", "planning", "stopping", "vetting", "wording"),
    "pairing",
    # What is fetched without a source that announced it; what the glossary calls owed.
    *("unannounced", "owed"),
    *("json_feed", "feed", "listing"),  # a feed; a page that lists
}
# Two of one name, and why that confuses nobody. A command is named after what it starts: those are
# left out as a whole.
SAME = {
    "host_of",  # the host of an address in both; the archive's doesn't know the IDNA forms
}


def modules() -> Iterator[tuple[Path, ast.Module]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT), tree_of(path)


def test_no_room_has_more_than_16_modules() -> None:
    rooms: defaultdict[str, int] = defaultdict(int)
    for path, _ in modules():
        rooms[path.parent.as_posix()] += path.name != "__init__.py"
    assert {room: n for room, n in rooms.items() if n > MOST and room != COMMANDS} == {}


def test_every_room_says_what_may_enter() -> None:
    silent = [str(p) for p, tree in modules() if p.name == "__init__.py" and not doc(tree)]
    assert silent == []


def test_the_architecture_names_every_module() -> None:
    told = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    rooms = told[told.index("## The rooms") :]
    named = set(re.findall(r"`(\w+)`", rooms))
    found = {p.stem for p, _ in modules() if p.parent.as_posix() not in (COMMANDS, "config")}
    assert found - named - {"__init__"} == set()


def doc(tree: ast.Module) -> str:
    return ast.get_docstring(tree) or ""


def test_no_file_is_named_by_a_participle() -> None:
    looks_so = {path.stem for path, _ in modules() if re.search(r"(ing|ed)$", path.stem)}
    assert looks_so - ACTIVITIES == set()


def test_no_import_gives_a_module_of_ours_another_name() -> None:
    ours = {str(path)[:-3].replace("/", ".") for path, _ in modules()}
    renamed = [
        f"{path}: {ast.unparse(node)}"
        for path, _ in modules()
        for node in nodes_of(ROOT / path)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
        if name.asname and f"{getattr(node, 'module', '')}.{name.name}" in ours
    ]
    assert renamed == []


def test_a_data_folder_s_files_are_named_in_one_place() -> None:
    named = {
        str(path)
        for path, _ in modules()
        for node in nodes_of(ROOT / path)
        if isinstance(node, ast.Constant)
        and node.value in {"archive.db", "pages.db", "daemon.sock", "websub.key", "lock"}
    }
    assert named == {"archive/folder.py"}


def test_no_public_name_has_two_meanings() -> None:
    made: defaultdict[str, list[str]] = defaultdict(list)
    for path, tree in modules():
        if path.parent.as_posix() == COMMANDS:
            continue
        for name in {n.name for n in tree.body if isinstance(n, DEFINES)}:
            made[name].append(str(path))
    twice = {name: paths for name, paths in made.items() if len(paths) > 1 and name[0] != "_"}
    assert {name: paths for name, paths in twice.items() if name not in SAME} == {}


DEFINES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
