"""What several steps read of a page's tree, each read once, when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from lxml.etree import _Element as Element

from crawler.extract.tree import (
    BLOCKS,
    LINE_END,
    LONE_LINE_ENDS,
    MARK,
    SILENT,
    cut_lines,
    raw_seen_text,
    text_sheet,
)

_LINES = text_sheet(
    ends_line=BLOCKS,
    silent=SILENT,
    more=f"""{LONE_LINE_ENDS}
  <xsl:template match="body">
    <xsl:text>{LINE_END}{MARK}{LINE_END}</xsl:text><xsl:apply-templates/>
    <xsl:text>{LINE_END}</xsl:text>
  </xsl:template>""",
)
_PIECES = text_sheet(
    silent=SILENT,
    more=f"""
  <xsl:template match="text()">
    <xsl:copy/><xsl:text>{LINE_END}</xsl:text>
  </xsl:template>""",
)


class PageOutline:
    """A page's lines and names. Its tree must not change as long as it is in use."""

    def __init__(self, tree: Element) -> None:
        self.tree = tree
        self.body = tree.find(".//body")

    @cached_property
    def _marked_lines(self) -> list[str]:
        shown = (" ".join(raw.split()) for raw in cut_lines(_LINES, self.tree))
        return [line for line in shown if line]

    @cached_property
    def lines(self) -> list[str]:
        """The lines that a reader sees, the title's first: one for each block."""
        return [line for line in self._marked_lines if line != MARK]

    @cached_property
    def body_lines(self) -> list[str]:
        marked = self._marked_lines
        return marked[marked.index(MARK) + 1 :] if MARK in marked else []

    @cached_property
    def pieces(self) -> list[str]:
        """The text of each element, and what follows it, apart: what only a style parts."""
        shown = (" ".join(raw.split()) for raw in cut_lines(_PIECES, self.tree))
        return [piece for piece in shown if piece]

    @cached_property
    def text(self) -> str:
        """All text that a reader sees, the title's first, in one: quicker than its lines."""
        return raw_seen_text(self.tree)

    @cached_property
    def _names(self) -> dict[tuple[str | None, str | None], list[Element]]:
        names: dict[tuple[str | None, str | None], list[Element]] = {}
        for element in self.body.iter() if self.body is not None else ():
            name, key = element.get("class"), element.get("id")
            if name or key:
                names.setdefault((name, key), []).append(element)
        return names

    def named(self, is_wanted: Callable[[str, str], bool]) -> list[Element]:
        """The body and its elements whose class and id are wanted, in order.

        Each pair of names is asked about once: the items of a menu have the same.
        """
        wanted = [
            elements
            for (name, key), elements in self._names.items()
            if is_wanted(name or "", key or "")
        ]
        if self.body is None or len(wanted) < 2:
            return [element for elements in wanted for element in elements]
        found = {element for elements in wanted for element in elements}
        return [element for element in self.body.iter() if element in found]
