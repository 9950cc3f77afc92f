"""What a fetched article is to the archive: new, revised, unchanged or a copy. Pure."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from archive.articles.noise import without_noise
from archive.model import Article, Verdict
from archive.text.han import CJK
from archive.text.words import count_words

_SAME_PUNCTUATION = str.maketrans("“”„«»‘’‚、。‐‑‒–—―−", '"""""\'\'\',.-------')
_UNSEEN = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad]+")
_BLANK = re.compile(r"\s+")
_PARTS_NO_WORDS = re.compile(rf"(?<![^\W{CJK}]) | (?![^\W{CJK}])")

# What stands before a content hash: by which normalisation it was made. None: by `fold`, until 0.1.
CONTENT_MARK = "2:"
_MARK = re.compile(r"\d+:")

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
        words = _words(text)
        return cls(
            title=title,
            text=text,
            markdown=markdown,
            content_hash=CONTENT_MARK + _digest(f"{_words(title)}\0{words}"),
            text_hash=_digest(_without_case_and_blanks(words)),
        )

    def says(self, title: str, text: str, content_hash: str) -> bool:
        """Tell whether a stored version has this very content, whoever made its hash."""
        if not content_hash.startswith(CONTENT_MARK):
            content_hash = Version.of(title, text).content_hash
        return content_hash == self.content_hash


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is stored under the address that was fetched."""

    same: bool  # the very content that was fetched
    word_count: int
    paywalled: bool
    returns: int  # stored revisions that have the content now fetched, noise apart
    told: bool = False  # its text is only what another site's feed says
    hearsay: bool = False  # so is what was fetched now
    same_but_boilerplate: bool = False  # they differ by lines of the site, learned in between
    same_but_noise: bool = False  # they differ by clocks, counters, advertisements
    by_content: bool = False  # known under another address, by what it says
    may_change: bool = True  # False: whatever it says is no edit of the article


def decide(article: Article, known: Known) -> Verdict:
    """Judge a fetched article against what is stored of it.

    UNCHANGED too: other noise round the same text, a site that flaps between versions already
    stored twice, the stump that a paywall left of a text which is stored whole, and a text that was
    stored with the site's own lines, before these were learned. Nor does another site's feed revise
    what a page says of itself. COPY: the same under another address.
    """
    if known.by_content and (known.same or not known.may_change):
        return Verdict.COPY
    if not known.may_change:
        return Verdict.UNCHANGED
    if known.same or known.same_but_boilerplate or known.same_but_noise:
        return Verdict.UNCHANGED
    if known.hearsay and not known.told:
        return Verdict.UNCHANGED
    if known.returns >= MOST_RETURNS:
        return Verdict.UNCHANGED
    of_page = not known.told or known.hearsay  # else what stands there is another site's word
    shorter = count_words(article.text) < known.word_count
    if article.paywalled and not known.paywalled and shorter and of_page:
        return Verdict.UNCHANGED
    return Verdict.REVISED


def differ_by_noise(one: Content, other: Content) -> bool:
    """Tell whether two versions are one but for clocks, counters and advertisements."""
    if _words(one[0]) != _words(other[0]):
        return False
    from archive.articles.wording import without_shared_ends  # whoever reads pays for no rules

    text, another = without_shared_ends(without_noise(one[1]), without_noise(other[1]))
    return _words(text) == _words(another)


def kind_of_change(old: Version, new: Version) -> RevisionKind:
    """Tell a correction of the wording from one of what is said; noise counts for neither."""
    from archive.articles.wording import only_wording

    alike = only_wording(old.title, new.title) and only_wording(
        without_noise(old.text), without_noise(new.text)
    )
    return RevisionKind.MINOR if alike else RevisionKind.EDIT


def is_hash_of(content_hash: str, title: str, text: str) -> bool:
    """Tell whether a stored content hash is of this content, by the normalisation that made it.

    One that only a later program knows how to make is not judged: True.
    """
    if content_hash.startswith(CONTENT_MARK):
        return content_hash == Version.of(title, text).content_hash
    if _MARK.match(content_hash):
        return True
    return content_hash == _digest(f"{likeness_form(title)}\0{likeness_form(text)}")


def likeness_form(text: str) -> str:
    """Normalise for what may be alike: as `_words`, case and all blanks dropped."""
    return _without_case_and_blanks(_words(text))


def _words(text: str) -> str:
    """Normalise for comparison: NFKC, one form of each punctuation mark, one blank between words.

    A blank beside a mark or a Han character says nothing.
    """
    normal = unicodedata.normalize("NFKC", text.translate(_SAME_PUNCTUATION))
    return _PARTS_NO_WORDS.sub("", _BLANK.sub(" ", _UNSEEN.sub("", normal)))


def _without_case_and_blanks(words: str) -> str:
    return words.casefold().replace(" ", "")


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
