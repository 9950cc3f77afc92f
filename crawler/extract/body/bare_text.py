"""Text that stands loose in a box, cut by <br>, becomes paragraphs; a table for layout, boxes.

Pages of the 2000s and many feeds have no <p>: `text<br><br>text` in a table cell. trafilatura
takes such a box for one run of text, drops what stands between its elements, and makes of a page
that is laid out in a table one row of Markdown.
"""

from __future__ import annotations

from lxml.etree import _Element as Element

from crawler.extract.tree import BLOCKS, SILENT, whole_text

BOXES = frozenset({"div", "td", "section", "article", "main", "body", "form", "center"})
_WRAPPED = BOXES - {"td"}  # a cell of figures is a cell; those for layout were made boxes
_LOOKS = frozenset({"span", "font", "b", "strong", "em", "i"})
_PROSE_CHARS, _LINE_CHARS = 300, 40
_SEPARATE = (BLOCKS | SILENT) - {"br"}


def unwrap_layout_tables(tree: Element) -> None:
    """Make boxes of the cells of every table that holds no figures, in place.

    It has no heads, and a table within it, at most one cell a row, or prose in several lines.
    """
    for table in list(tree.iter("table")):
        if is_layout_table(table):
            parts = [p for p in table.iter("tbody", "thead", "tr", "td") if _is_of(p, table)]
            for part in [table, *parts]:
                part.tag = "div"


def _is_of(part: Element, table: Element) -> bool:
    return next(part.iterancestors("table"), None) is table


def has_layout_table(tree: Element) -> bool:
    return any(is_layout_table(table) for table in tree.iter("table"))


def is_layout_table(table: Element) -> bool:
    if next(table.iter("th", "caption"), None) is not None:
        return False
    if next(table.iterdescendants("table"), None) is not None:
        return True
    cells = [cell for cell in table.iter("td") if whole_text(cell).strip()]
    rows = {cell.getparent() for cell in cells}
    return len(rows) == len(cells) or any(_is_prose(cell) for cell in cells)


def _is_prose(cell: Element) -> bool:
    """Whether a cell holds what a table of figures has no room for."""
    inside = sum(1 for _ in cell.iter("p", "br", "ul", "ol", "h2", "h3", "blockquote"))
    return inside > 1 and len(whole_text(cell).strip()) > _PROSE_CHARS


def wrap_loose_text(tree: Element) -> None:
    """Put every run of inline content that lies directly in a box into a <p> (in place)."""
    for holder in list(tree.iter(*_LOOKS)):
        if _is_separate(holder):  # <font> around paragraphs is a box
            holder.tag = "div"
    for box in list(tree.iter(*_WRAPPED)):
        if _is_loose(box):
            _wrap(box)


def _is_loose(box: Element) -> bool:
    """Whether a line lies in a box itself: bare, or in an element for its looks."""
    if (box.text or "").strip() or any((child.tail or "").strip() for child in box):
        return True
    return any(
        child.tag in _LOOKS and len(whole_text(child)) >= _LINE_CHARS and not _is_separate(child)
        for child in box
    )


def _wrap(box: Element) -> None:
    children, leading = list(box), box.text
    in_lines = _is_in_lines(children)
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
            is_next = paragraph is None or (in_lines and child.tag in _LOOKS)
            paragraph = _open(box) if is_next or paragraph is None else paragraph
            paragraph.append(child)
        paragraph = _append_text(box, paragraph, tail)


def _is_in_lines(children: list[Element]) -> bool:
    """Whether a box's lines are elements side by side: spans that a style sheet makes blocks."""
    lines = [child for child in children if child.tag in _LOOKS and not (child.tail or "").strip()]
    long = [line for line in lines if len(whole_text(line)) >= 2 * _LINE_CHARS]
    return len(long) > 1 and all(line.get("class") == long[0].get("class") for line in long)


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
