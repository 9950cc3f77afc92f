"""What two versions of a text have in common, paragraph by paragraph: words, or Han characters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from markupsafe import Markup, escape

from archive.articles.diffs import Piece, diff, elided
from archive.text.strings import without_commands

MOST_CHARS = 200_000  # of two texts together; more would keep a thread busy for long
MOST_PARAGRAPHS = 3_000
_PARTS = re.compile(r"\n\s*\n")
_TAGS = {"same": "{}", "deleted": "<del>{}</del>", "inserted": "<ins>{}</ins>"}

Change = Literal["same", "changed", "came", "went"]


@dataclass(frozen=True, slots=True)
class ParagraphChange:
    """A paragraph of one of two versions, or of both."""

    kind: Change
    pieces: Sequence[Piece]

    @property
    def html(self) -> Markup:
        return _html(self.pieces)

    @property
    def old_html(self) -> Markup:
        return _html([piece for piece in self.pieces if piece.kind != "inserted"])

    @property
    def new_html(self) -> Markup:
        return _html([piece for piece in self.pieces if piece.kind != "deleted"])

    @property
    def excerpt(self) -> Markup:
        """The same with what stayed cut down to what stands beside a change."""
        return _html(list(elided(self.pieces)))


def compare(old: str, new: str) -> list[ParagraphChange] | None:
    """Compare two texts; None where they are too long for that."""
    if len(old) + len(new) > MOST_CHARS:
        return None
    before, after = _paragraphs(old), _paragraphs(new)
    if max(len(before), len(after)) > MOST_PARAGRAPHS:
        return None
    found: list[ParagraphChange] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            found += [_same(paragraph) for paragraph in before[i1:i2]]
        else:
            found += _changed(before[i1:i2], after[j1:j2])
    return found


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in _PARTS.split(without_commands(text)) if part.strip()]


def _same(paragraph: str) -> ParagraphChange:
    return ParagraphChange("same", (Piece("same", paragraph),))


def _changed(before: Sequence[str], after: Sequence[str]) -> Iterator[ParagraphChange]:
    """Pair the paragraphs of a stretch that differs, those alike with each other."""
    left = list(after)
    for old in before:
        alike = next((new for new in left if _are_alike(old, new)), None)
        if alike is None:
            yield ParagraphChange("went", (Piece("deleted", old),))
            continue
        place = left.index(alike)
        for new in left[:place]:
            yield ParagraphChange("came", (Piece("inserted", new),))
        del left[: place + 1]
        yield ParagraphChange("changed", diff(old, alike))
    for new in left:
        yield ParagraphChange("came", (Piece("inserted", new),))


def _are_alike(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() > 0.5 and matcher.quick_ratio() > 0.5


def _html(pieces: Sequence[Piece]) -> Markup:
    return Markup("").join(
        Markup(_TAGS[piece.kind]).format(  # noqa: S704 (constants of ours)
            escape(piece.text).replace("\n", Markup("<br>"))
        )
        for piece in pieces
    )
