"""Parts of a page that were sent late, put where a browser's script would put them.

React 18 streams a page: at the end of the body stands `<div hidden id="S:1">`, and
`$RC("B:1", "S:1")` moves its content to where `<template id="B:1">` holds its place; `$RS("S:1",
"P:1")` does so for a segment. The text is hidden from no reader.
"""

from __future__ import annotations

import re

from lxml.etree import _Element as Element

from crawler.extract.tree import select

# by the attributes: an expression for elements would look at each one's, five times as long
_PARTS = "//@id[starts-with(., 'S:')]/parent::*"
_MOVES = re.compile(r"""\$R[CS]\(\s*["']([^"']{1,40})["']\s*,\s*["']([^"']{1,40})["']""")
_PART = re.compile(r"S:[\w:-]{1,20}")


def place_streams(tree: Element) -> None:
    """Move every streamed part to its place, in place; those without a place are shown as they are.

    A part may hold the place of another: they are moved in the order in which they were sent.
    """
    parts = {part.get("id") or "": part for part in select(tree, _PARTS)}
    parts = {name: part for name, part in parts.items() if _PART.fullmatch(name)}
    if not parts:
        return
    placed = _places(tree)
    for name, part in parts.items():
        part.attrib.pop("hidden", "")
        wanted = placed.get(name, (f"B:{name[2:]}", f"P:{name[2:]}"))
        hold = next((found for key in wanted for found in _held(tree, key)), None)
        if hold is not None and part not in hold.iterancestors():
            _replace(hold, part)


def _places(tree: Element) -> dict[str, tuple[str, ...]]:
    """Which part belongs where, by the calls in the page's scripts."""
    placed: dict[str, tuple[str, ...]] = {}
    for script in tree.iter("script"):
        for one, other in _MOVES.findall(script.text or ""):
            name, hold = (one, other) if one.startswith("S:") else (other, one)
            placed[name] = (hold,)
    return placed


def _held(tree: Element, key: str) -> list[Element]:
    return select(tree, "//template[@id=$key]", key=key)


def _replace(hold: Element, part: Element) -> None:
    parent = hold.getparent()
    if parent is None:
        return
    part.drop_tree()  # type: ignore[attr-defined]  # what follows it stays
    part.tail, hold.tail = hold.tail, None
    del part.attrib["id"]
    parent.replace(hold, part)
