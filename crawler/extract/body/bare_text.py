"""Text that stands loose in a box, cut by <br>, becomes paragraphs.

Pages of the 2000s and many feeds have no <p>: `text<br><br>text` in a table cell. trafilatura
takes such a box for one run of text, or drops what stands between its elements.
"""

from __future__ import annotations

from lxml.etree import _Element as Element

from crawler.extract.tree import BLOCKS, SILENT

BOXES = frozenset({"div", "td", "section", "article", "main", "body", "form", "center"})
_SEPARATE = (BLOCKS | SILENT) - {"br"}


def wrap_loose_text(tree: Element) -> None:
    """Put every run of inline content that lies directly in a box into a <p> (in place)."""
    for box in list(tree.iter(*BOXES)):
        if _is_loose(box):
            _wrap(box)


def _is_loose(box: Element) -> bool:
    return bool((box.text or "").strip()) or any((child.tail or "").strip() for child in box)


def _wrap(box: Element) -> None:
    children, leading = list(box), box.text
    for child in children:
        box.remove(child)
    box.text = None
    paragraph = _append_text(box, None, leading)
    for child in children:
        tail, child.tail = child.tail, None
        if child.tag == "br":
            paragraph = None
        elif _is_separate(child):
            paragraph = None
            box.append(child)
        else:
            paragraph = paragraph if paragraph is not None else _open(box)
            paragraph.append(child)
        paragraph = _append_text(box, paragraph, tail)


def _append_text(box: Element, paragraph: Element | None, text: str | None) -> Element | None:
    if not text or (paragraph is None and not text.strip()):
        return paragraph
    paragraph = paragraph if paragraph is not None else _open(box)
    if len(paragraph):
        paragraph[-1].tail = (paragraph[-1].tail or "") + text
    else:
        paragraph.text = (paragraph.text or "") + text
    return paragraph


def _open(box: Element) -> Element:
    paragraph = box.makeelement("p")
    box.append(paragraph)
    return paragraph


def _is_separate(child: Element) -> bool:
    """Whether an element ends a run of inline content: a block, or one that holds a block."""
    return child.tag in _SEPARATE or next(child.iter(*_SEPARATE), None) is not None
