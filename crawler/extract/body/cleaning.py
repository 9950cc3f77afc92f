"""Taking out of an extracted body what the site put there: its own lines, its second printing."""

from __future__ import annotations

from collections.abc import Sequence

from lxml.etree import _Element as Element

from archive.text.lines import letters
from crawler.extract.body.boilerplate import ends_article, is_boilerplate
from crawler.extract.body.residue import residue, strip_handles
from crawler.extract.tree import whole_text

_LONG_LINE, _REPEATED = 20, 0.9
_KEPT_BLOCKS = ("p", "head", "quote", "item", "row", "code")


def clean_body(body: Element, *, title: str, chinese: bool, names: Sequence[str] = ()) -> None:
    """Take the site's own lines out of the body, and all that follows a list of other articles.

    `names` are the authors' as the page claims them: a box about one closes many texts.
    """
    _split_at_breaks(body)
    strip_handles(body)
    place, ended = 0, False
    for block in list(body.iter(*_KEPT_BLOCKS)):
        if block.tag == "code" and next(block.iterancestors("p", "item"), None) is not None:
            continue  # words of its line
        line = " ".join(whole_text(block).split())
        if not line or block.getparent() is None:
            continue
        ended = ended or (place > 0 and ends_article(line, chinese=chinese))
        if ended or is_boilerplate(line, place=place, chinese=chinese, title=title):
            drop(block)
        else:
            place += 1
    for block in residue(body, names):
        drop(block)
    _drop_second_printing(body)


def _split_at_breaks(body: Element) -> None:
    """Make every line of a paragraph a paragraph: what is a site's own is one of its lines."""
    for paragraph in list(body.iter("p")):
        if paragraph.find("lb") is not None:
            _split(paragraph)


def _split(paragraph: Element) -> None:
    tail, paragraph.tail = paragraph.tail, None
    part = paragraph
    for child in list(paragraph):
        if child.tag == "lb":
            part.addnext(following := paragraph.makeelement("p"))
            part = following
            part.text = child.tail
            child.tail = None
            paragraph.remove(child)
        elif part is not paragraph:
            part.append(child)
    part.tail = tail


def _drop_second_printing(body: Element) -> None:
    """Keep one of a text that stands twice, for the screen and for the printer.

    A line or two may be meant to return, and a list's entries; here the first line of the text
    does, and from there on hardly a line is new.
    """
    blocks = list(body)
    keys = [letters(whole_text(block)) for block in blocks]
    long = [key for key in keys if len(key) >= _LONG_LINE]
    if len(set(long)) < 2 or long[0] not in long[1:]:
        return
    start = long.index(long[0], 1)
    first = set(long[:start])
    if sum(key in first for key in long[start:]) < _REPEATED * max(len(long) - start, len(first)):
        return
    seen: set[str] = set()
    for block, key in zip(blocks, keys, strict=True):
        if key in seen:
            drop(block)
        seen.add(key)


def drop(block: Element) -> None:
    parent = block.getparent()
    if parent is None:
        return
    if block.tail and block.tail.strip():
        previous = block.getprevious()
        if previous is not None:
            previous.tail = (previous.tail or "") + block.tail
        else:
            parent.text = (parent.text or "") + block.tail
    parent.remove(block)
