"""What a fetched article is to the archive: new, revised, unchanged or a copy. Pure."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from archive.model import Article, Verdict
from archive.noise import without_noise
from archive.slips import only_slips, without_shared_ends
from archive.text.words import count_words

_SAME_PUNCTUATION = str.maketrans("“”„«»‘’‚、。‐‑‒–—―−", '"""""\'\'\',.-------')
_BLANK = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]+")
MOST_RETURNS = 2  # A, B, A, B are four revisions; further returns to A or B make none


Content = tuple[str, str]  # title, text


class RevisionKind(StrEnum):
    """Why a version differs from the one before."""

    FIRST = "first"
    EDIT = "edit"
    MINOR = "minor"  # punctuation, space, case, slips of the pen: no fact
    EXTRACTION = "extraction"  # the page is the same, today's extraction reads it otherwise


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of an article, as it is compared. `markdown` matters only where it is stored."""

    title: str
    text: str
    markdown: str
    content_hash: str
    text_hash: str

    @classmethod
    def of(cls, title: str, text: str, markdown: str = "") -> Version:
        folded_title, folded_text = fold(title), fold(text)
        return cls(
            title=title,
            text=text,
            markdown=markdown,
            content_hash=_digest(f"{folded_title}\0{folded_text}"),
            text_hash=_digest(folded_text),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is stored under the address that was fetched."""

    content_hash: str
    word_count: int
    paywalled: bool
    returns: int  # stored revisions that have the content now fetched, noise apart
    same_but_boilerplate: bool = False  # they differ by lines of the site, learned in between
    same_but_noise: bool = False  # they differ by clocks, counters, advertisements


def decide(article: Article, version: Version, *, known: Known | None, is_copy: bool) -> Verdict:
    """Judge a fetched article against what is stored.

    UNCHANGED too: other noise round the same text, a site that flaps between versions already
    stored twice, the stump that a paywall left of a text which is stored whole, and a text that was
    stored with the site's own lines, before these were learned.
    """
    if known is None:
        return Verdict.COPY if is_copy else Verdict.NEW
    if known.content_hash == version.content_hash:
        return Verdict.UNCHANGED
    if known.same_but_boilerplate or known.same_but_noise:
        return Verdict.UNCHANGED
    if known.returns >= MOST_RETURNS:
        return Verdict.UNCHANGED
    if article.paywalled and not known.paywalled and count_words(article.text) < known.word_count:
        return Verdict.UNCHANGED
    return Verdict.REVISED


def differ_by_noise(one: Content, other: Content) -> bool:
    """Tell whether two versions are one but for clocks, counters and advertisements."""
    if fold(one[0]) != fold(other[0]):
        return False
    text, another = without_shared_ends(without_noise(one[1]), without_noise(other[1]))
    return fold(text) == fold(another)


def kind_of_change(old: Version, new: Version) -> RevisionKind:
    """Tell a correction of the wording from one of what is said; noise counts for neither."""
    alike = only_slips(old.title, new.title) and only_slips(
        without_noise(old.text), without_noise(new.text)
    )
    return RevisionKind.MINOR if alike else RevisionKind.EDIT


def fold(text: str) -> str:
    """Normalise for comparison: NFKC, case, blanks dropped, one form of each punctuation mark."""
    folded = unicodedata.normalize("NFKC", text.translate(_SAME_PUNCTUATION)).casefold()
    return _BLANK.sub("", folded)


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
