"""Persons' elements that are far too long, left out before another's regular expression reads them.

feedparser looks for an address in each author, in time that grows with the square of its length:
80 KB took two minutes. Linear in the text, whatever it holds.
"""

from __future__ import annotations

import re

LONGEST = 2000  # characters of an author's element, with the elements in it
_PERSON = re.compile(
    r"<((?:[\w.-]{1,40}:)?(?:author|creator|contributor|publisher|owner|name|email|managingeditor"
    r"|webmaster))(?:\s[^<>]{0,2000})?>",
    re.IGNORECASE,
)
_BLANKS = re.compile(r"\s{64,}")
_ROOT = re.compile(r"<\w")


def without_long_names(text: str) -> tuple[str, int]:
    """Give the document without what is in such elements, and how many there were."""
    kept: list[str] = []
    unclosed: set[str] = set()
    position = left_out = 0
    for opened in _PERSON.finditer(text):
        begin, name = opened.end(), opened[1]
        if begin < position or name in unclosed:
            continue
        closing = f"</{name}"
        if text.find(closing, begin, begin + LONGEST + len(closing)) >= 0:
            continue
        end = text.find(closing, begin)
        if end < 0:
            unclosed.add(name)  # looked for once: else every opening tag reads to the end
            continue
        kept.append(text[position:begin])
        position, left_out = end, left_out + 1
    return "".join((*kept, text[position:])), left_out


def without_blank_head(text: str) -> str:
    """Cut the blanks short that stand before the root: feedparser's search for a DOCTYPE there
    takes the square of their number."""
    root = _ROOT.search(text)
    begin = root.start() if root else len(text)
    return _BLANKS.sub("\n", text[:begin]) + text[begin:]
