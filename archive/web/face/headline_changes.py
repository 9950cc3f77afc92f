"""What an outlet made of its headline: what went, what came, and whether that says anything."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup, escape

from archive.articles.diffs import Piece, diff
from archive.text.strings import without_commands

# What says only that the article was updated, at either end of a headline
_MARKER = re.compile(
    r"^\s*(?:[（(【\[]?(?:更新|最新|快讯|修正|重发)\d*[）)】\]:：]?\s*|(?i:update|refile|corrected|recast)"
    r"(?:\s*\d+)?\s*[-–—:]\s*)|\s*[（(【\[](?:更新|修正|updated?|corrected)[）)】\]]\s*$"
)
_ENDING = re.compile(r"\s*[-–—_|｜]\s*[^-–—_|｜]{2,24}$")  # the outlet's name, in most
# What says nothing: signs and blanks, but for those that make another number of it
_SIGNS = re.compile(r"[.+−-](?!\d)|[^\w%‰$€£¥.+−-]|_")
MOST_CHARS = 600  # of two headlines that are compared character by character


@dataclass(frozen=True, slots=True)
class HeadlineChange:
    """A changed headline, as HTML: the old one with what went in <b>, the new one with <ins>."""

    old: Markup
    new: Markup
    both: Markup  # in one line, with <del> and <ins>
    only_marked: bool  # nothing but a marker of updates, punctuation, or an outlet's name


def headline_change(old: str, new: str) -> HeadlineChange:
    """Compare two headlines: by words, or characters where Han are written."""
    old, new = without_commands(old), without_commands(new)
    if len(old) + len(new) > MOST_CHARS:
        pieces = [Piece("deleted", old), Piece("inserted", new)]
    else:
        pieces = diff(old, new)
    return HeadlineChange(
        old=_html(pieces, without="inserted"),
        new=_html(pieces, without="deleted"),
        both=_html(pieces),
        only_marked=is_only_marked(old, new),
    )


def changed_headline(before: Iterable[str], title: str) -> HeadlineChange | None:
    """Give what became of the last headline that said something else; `before`: newest first."""
    old = next((old for old in before if not is_only_marked(old, title)), None)
    return None if old is None else headline_change(old, title)


def is_only_marked(old: str, new: str) -> bool:
    """Tell whether two headlines say the same: a marker of updates, signs, blanks, case or what
    follows a dash at the end apart."""
    one, other = _said(old), _said(new)
    return (
        one == other or _said(_ENDING.sub("", old)) == other or one == _said(_ENDING.sub("", new))
    )


def _said(title: str) -> str:
    return _SIGNS.sub("", unicodedata.normalize("NFKC", _MARKER.sub("", title))).casefold()


def _html(pieces: Iterable[Piece], *, without: str = "") -> Markup:
    tags = {
        "same": "{}",
        "deleted": "<b>{}</b>" if without else "<del>{}</del>",
        "inserted": "<ins>{}</ins>",
    }
    return Markup("").join(
        Markup(tags[piece.kind]).format(escape(piece.text))  # noqa: S704 (constants of ours)
        for piece in pieces
        if piece.kind != without
    )
