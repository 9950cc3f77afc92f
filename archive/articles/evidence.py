"""The evidence that two pages of an outlet are one article, and that one isn't what it was. Pure.

Each rule takes what is known and gives the reason in words; '' where it doesn't hold. Strongest
first (design.md §4, "the same article"): the address, a redirect, a guid, a canonical link, the
text, a near text. A rule that is a single sign never joins: the sign must agree with what the page
itself says.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from archive.articles.revisions import likeness_form
from archive.text.headlines import (
    have_other_numbers,
    last_segment,
    numbers_in,
    shows_headline,
    slug_words,
    tells_slug,
)
from archive.text.hosts import differ_by_query
from archive.text.sentences import first_sentence, share_in_common, share_of

WITHIN = timedelta(days=2)  # between two publications, or since it was last seen
MIN_CHARS = 200  # a shorter text may honestly recur: "Markets are closed today."
KEPT = 0.2  # of an article's sentences that its page shows, whatever its title has become
HALF = 0.5
SAME_ADDRESS = "same address"
SAME_MINUTE = "same guid and minute"
BY_SESSION = "same address but for its parameters, title and date"
RELEASED = "released by hand"  # an address of a row that is one for itself, whatever leads to it
# Evidence that is no word of the page: what it shows must be asked for.
OF_ADDRESS = (SAME_ADDRESS, "redirect to the same number", "redirect to the same slug")
_TIME = re.compile(r"\d\s?[:：]\s?\d\d|\d\s?[时點点]|T\d{4}|\d{10}")
_MIDNIGHT = re.compile(r"(?<![\d:+-])0?0:00(?![:.]?0*[1-9])")  # a bare date, written as a time
_OF_LISTS, _JUST_NOW = ("feed", "sitemap"), timedelta(minutes=5)
_NO_CLAIM = ("", "announced", "url")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is compared: of a page that was fetched, or of an article that is stored."""

    title: str
    text: str
    text_hash: str
    byline: str = ""
    day: date | None = None  # of publication, as claimed; UTC
    minute: datetime | None = None  # the same, with a time of day
    by_page: bool = False  # the page itself claims it, and no list that it stands in

    @classmethod
    def of(
        cls,
        title: str,
        text: str,
        text_hash: str,
        *,
        byline: str,
        published: datetime,
        published_from: str,
        claim: str,
        fetched: datetime,
    ) -> Told:
        claimed = published_from not in _NO_CLAIM
        if published_from in _OF_LISTS and abs(fetched - published) < _JUST_NOW:
            claimed = False  # some feeds date every item by the time of the poll
        timed = claimed and _TIME.search(claim) is not None and not _MIDNIGHT.search(claim)
        return cls(
            title=title,
            text=text,
            text_hash=text_hash,
            byline=byline,
            day=published.astimezone(UTC).date() if claimed else None,
            minute=published.replace(second=0, microsecond=0) if timed else None,
            by_page=published_from not in _OF_LISTS,
        )

    @property
    def moment(self) -> date | None:
        """As exactly as it claims when it was published: the minute, else the day."""
        return self.minute or self.day

    def has_bare_day_of(self, other: Told) -> bool:
        """Whether both claim one day, and neither a time of it."""
        return self.day is not None and self.day == other.day and not (self.minute or other.minute)

    def has_text_of(self, other: Told) -> bool:
        return bool(self.text.strip()) and self.text_hash == other.text_hash

    def has_half_of(self, other: Told) -> bool:
        """Whether it has the same text, or half of its sentences in common with it."""
        return self.has_text_of(other) or share_in_common(self.text, other.text) >= HALF

    def has_title_of(self, other: Told) -> bool:
        title = likeness_form(self.title)
        return title != "" and title == likeness_form(other.title)

    def has_beginning_of(self, other: Told) -> bool:
        """Whether first sentence and byline are the same, neither empty."""
        first, byline = first_sentence(self.text), self.byline.casefold()
        alike = byline == other.byline.casefold() and first == first_sentence(other.text)
        return "" not in (first, byline) and alike

    def has_minute_of(self, other: Told) -> bool:
        return self.minute is not None and self.minute == other.minute


def by_guid(page: Told, stored: Told) -> str:
    """A guid that only counts comes back, so title, text or claimed minute must agree."""
    if page.has_title_of(stored):
        return "same guid and title"
    if page.has_half_of(stored):
        return "same guid and text"
    if page.has_beginning_of(stored):
        return "same guid, first sentence and byline"
    return SAME_MINUTE if page.has_minute_of(stored) else ""


def by_redirect(page: Told, *, led: str, asked: str, headline: str, stored: Told | None) -> str:
    """A redirect is believed where it ends at the article that was asked for.

    `led`: where it ended. `asked`: the address that was fetched. `headline`: as announced.
    `stored`: the article that was at `asked`.
    """
    if headline and _is_headline_of(page, headline):
        return "redirect to the announced headline"
    if stored is not None:
        if _is_headline_of(page, stored.title):
            return "redirect to the stored headline"
        if page.has_half_of(stored):
            return "redirect to the stored text"
        if page.by_page and page.has_minute_of(stored):
            return "redirect to the same minute"
        if page.has_beginning_of(stored):
            return "redirect to the same first sentence and byline"
    if numbers_in(asked) & numbers_in(led) or last_segment(asked) == last_segment(led) != "":
        return OF_ADDRESS[1]
    # where a text is stored, it knows better what half a slug's words may mean
    if stored is not None and not share_in_common(page.text, stored.text):
        return ""
    return OF_ADDRESS[2] if tells_slug(page.title, led, slug_words(asked)) else ""


def by_session(page: Told, stored: Told, *, url: str, known: str) -> str:
    """One address but for its parameters, as of a session. `article?id=` has others, too, so that
    title and claimed minute must agree; and half the text, but where there is hardly any. Where
    both claim a bare day, half the text must agree in any case."""
    if not page.has_title_of(stored) or not differ_by_query(url, known):
        return ""
    if page.has_minute_of(stored) and min(len(page.text), len(stored.text)) < MIN_CHARS:
        return BY_SESSION
    dated = page.has_minute_of(stored) or page.has_bare_day_of(stored)
    return BY_SESSION if dated and page.has_half_of(stored) else ""


def is_story_of(page: Told, stored: Told) -> bool:
    """Tell whether a page that an old address led to tells the old article's story by itself: what
    makes one of two that are archived both."""
    return (
        page.has_title_of(stored)
        or page.has_half_of(stored)
        or (page.by_page and page.has_minute_of(stored))
        or page.has_beginning_of(stored)
    )


def by_canonical(page: Told, stored: Told) -> str:
    """A title is easily written: half the sentences of the longer text must agree."""
    common = min(share_of(page.text, stored.text), share_of(stored.text, page.text))
    return "canonical link and text" if common >= HALF else ""


def by_text(page: Told, stored: Told) -> str:
    """The very same text, with the same title or the same claimed minute; a short one with both."""
    if len(page.text) < MIN_CHARS:
        alike = page.text_hash == stored.text_hash and page.has_title_of(stored)
        return "same title, minute and text" if alike and page.has_minute_of(stored) else ""
    if not page.has_text_of(stored):
        return ""
    if page.has_title_of(stored):
        return "same text and title"
    return "same text and minute" if page.has_minute_of(stored) else ""


def by_near_text(page: Told, stored: Told) -> str:
    """For a text that is near in the sense of copies: no number, day or name of its own."""
    if len(page.text) < MIN_CHARS:
        return ""
    if page.has_minute_of(stored):
        return "near text and minute"
    return "near text, first sentence and byline" if page.has_beginning_of(stored) else ""


def is_another(
    page: Told,
    stored: Told,
    *,
    headline: str,
    guid: str,
    guids: Collection[str],
    address: str,
    apart: bool = False,
) -> bool:
    """Tell whether an address has been given to another article: a live page, a bulletin.

    Title, claimed day, four of five sentences and the guid are all other. `guid`: under which the
    page was announced; `guids`: those of the stored article. A guid that is the address, or that is
    missing, tells nothing: then the page must show the headline that is announced now. `apart`: its
    feed announced it beside what is stored, so that the day needs not tell, nor half a headline.
    """
    if page.has_title_of(stored):
        return False
    if not apart and (page.day == stored.day or None in (page.day, stored.day)):
        return False
    if not apart and _is_headline_of(page, stored.title, in_text=False):
        return False
    if share_in_common(page.text, stored.text) > KEPT:
        return False
    if guid and guid != address:
        return guid not in guids
    return headline != "" and shows_headline(page.title, page.text, headline)


def _is_headline_of(page: Told, headline: str, *, in_text: bool = True) -> bool:
    """A standing headline with the day in it comes back over another text."""
    shown = shows_headline(page.title, page.text if in_text else "", headline)
    return shown and not have_other_numbers(page.title, headline)


def is_same_page(page: Told, stored: Told, headline: str, *, shared: bool = False) -> bool:
    """Tell whether a page may revise what is stored of it: a wall shows nothing of it.

    `headline`: as announced now. `shared`: its address was given to other articles, too, so that
    half a headline's words aren't enough.
    """
    is_news = likeness_form(headline) not in ("", likeness_form(stored.title))
    if is_news and shows_headline(page.title, page.text, headline):
        return True
    common = share_of(stored.text, page.text)
    if shared:
        return common >= KEPT or page.has_title_of(stored)
    # of two standing headlines half the words may be the same: the day, or a sentence, must be, too
    alike = shows_headline(page.title, page.text, stored.title)
    dated = page.by_page and page.day is not None and page.day == stored.day
    related = dated or common > 0 or page.has_title_of(stored)
    return common >= KEPT or (alike and related)
