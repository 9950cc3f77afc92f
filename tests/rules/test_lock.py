"""pyproject.toml, uv.lock and deploy/requirements/ agree: `.ci/lock` brings them together."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "deploy" / "requirements"
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
PACKAGES: list[dict[str, Any]] = LOCK["package"]
[OURS] = [package for package in PACKAGES if package["name"] == "broadsheet"]

Asked = tuple[str, str, frozenset[str], str]  # name, versions, extras, the extra that asks for it
Pin = tuple[str, str]  # name, version


def asked(requirement: str, extra: str = "") -> Asked:
    wanted = Requirement(requirement)
    name = canonicalize_name(wanted.name)
    return name, str(wanted.specifier), frozenset(wanted.extras), extra


def asked_in_lock(entry: dict[str, Any]) -> Asked:
    extra = re.fullmatch(r"extra == '(\w+)'", entry.get("marker", "extra == 'none'"))
    versions = str(Requirement(f"x{entry.get('specifier', '')}").specifier)
    assert extra is not None
    asker = "" if extra[1] == "none" else extra[1]
    return entry["name"], versions, frozenset(entry.get("extras", ())), asker


def pinned(name: str) -> dict[Pin, set[str]]:
    """What a file of deploy/requirements installs, with the hashes of each."""
    text = re.sub(r"#.*\n", "", (FOLDER / name).read_text(encoding="utf-8"))
    found = {}
    for package in re.split(r"\n(?! )", text.strip()):
        pin = re.match(r"([\w.-]+)==([\w.+!-]+)", package)
        assert pin is not None, package
        found[pin[1], pin[2]] = set(re.findall(r"--hash=(sha256:[0-9a-f]{64})", package))
    return found


def locked() -> dict[Pin, set[str]]:
    return {
        (package["name"], package["version"]): {
            file["hash"]
            for file in (package.get("sdist"), *package.get("wheels", ()))
            if file is not None
        }
        for package in PACKAGES
    }


def closure(*asked: dict[str, Any]) -> set[str]:
    """The names of everything that these bring along; no markers are asked, so on any system."""
    names: set[str] = set()
    seen: set[tuple[str, str]] = set()
    todo = [(entry["name"], extra) for entry in asked for extra in ("", *entry.get("extra", ()))]
    while todo:
        name, extra = todo.pop()
        if (name, extra) not in seen:
            seen.add((name, extra))
            names.add(name)
            todo += brought_by(name, extra)
    return names


def brought_by(name: str, extra: str) -> Iterator[tuple[str, str]]:
    for package in PACKAGES:
        if package["name"] == name:
            group = package.get("optional-dependencies", {}) if extra else package
            for entry in group.get(extra or "dependencies", ()):
                yield entry["name"], ""
                yield from ((entry["name"], more) for more in entry.get("extra", ()))


def test_the_lock_is_of_this_pyproject() -> None:
    project = PYPROJECT["project"]
    extras = project["optional-dependencies"]
    wanted = {asked(each) for each in project["dependencies"]}
    wanted |= {asked(each, extra) for extra, listed in extras.items() for each in listed}
    assert wanted == {asked_in_lock(entry) for entry in OURS["metadata"]["requires-dist"]}
    build = {asked(each) for each in PYPROJECT["dependency-groups"]["build"]}
    assert build == {asked_in_lock(e) for e in OURS["metadata"]["requires-dev"]["build"]}
    assert PYPROJECT["project"]["requires-python"] == LOCK["requires-python"]


@pytest.mark.parametrize("name", ["run.txt", "dev.txt", "extras.txt", "build.txt"])
def test_what_pip_installs_is_what_is_locked(name: str) -> None:
    known = locked()
    assert {pin: hashes for pin, hashes in pinned(name).items() if hashes != known.get(pin)} == {}


@pytest.mark.parametrize(
    ("files", "extra", "group"),
    [
        (("run.txt",), "", ""),
        (("run.txt", "dev.txt"), "dev", "build"),
        (("run.txt", "extras.txt"), "all", ""),
    ],
)
def test_nothing_that_is_needed_is_missing(files: tuple[str, ...], extra: str, group: str) -> None:
    roots = OURS["dependencies"] + OURS["optional-dependencies"].get(extra, [])
    roots += OURS["dev-dependencies"].get(group, [])
    installed = {name for file in files for name, _ in pinned(file)}
    assert installed == closure(*roots) - {"pip"}  # datasette asks for one; every venv has its own


def test_a_wheel_is_built_of_what_is_locked() -> None:
    names = {name for name, _ in pinned("build.txt")}
    assert names == closure(*OURS["dev-dependencies"]["build"])


def test_no_other_index_than_pypi_is_named() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "uv.lock", *FOLDER.iterdir())]
    hosts = {host for text in texts for host in re.findall(r"\w+:/+([^/\"\s]*)", text)}
    assert hosts == {"pypi.org", "files.pythonhosted.org"}
