"""What the feed said and what the page says become one article, field by field.

| field | precedence |
|---|---|
| title | the page's, unless it is empty or only the site's name; then the feed's |
| published | the page's with a time (JSON-LD, meta, microdata, text), the feed's or sitemap's with
  a time, the page's day, the feed's day, the URL's, announced |
| updated | the page's, else the feed's |
| authors | the page's byline, else the feed's |
| summary, image | the page's, else the feed's |
| section | the source's, the page's, else the feed's first category |
| tags | the page's and the feed's, without repeats |
| language | the source's config, the page's claim and text, else the feed's |
| text | the page's; the feed's full text where the page is refused (see `_stands_in`), or shows
  that text and another one was taken |
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from archive.model import FOREIGN_FEED, Article, Entry, Reason, Rejection
from archive.text.headlines import shows_headline, told_by
from archive.text.lines import letters
from archive.text.words import count_words
from config.model import Source
from crawler.extract.article import extract_article
from crawler.extract.body.body import Body, body_of_fragment
from crawler.extract.body.images import shown_image
from crawler.extract.body.site_lines import Learned
from crawler.extract.head.metadata import plain_value
from crawler.extract.head.persons import persons
from crawler.extract.head.section_tags import find_language, language_code
from crawler.extract.page import Page, refuse_length
from crawler.extract.tree import is_chinese, lines, parse_html
from crawler.text.addresses import canonical_url, speaks_for
from crawler.text.dates import read_moment
from crawler.text.image_addresses import image_url
from crawler.text.page_address import is_above, is_front_page, is_section

# Beyond these a page means us harm, or its template is broken: they keep a row readable.
MAX_TITLE_CHARS, MAX_SUMMARY_CHARS, MAX_LABEL_CHARS, MAX_LABELS = 1000, 4000, 200, 100
_FUTURE = timedelta(hours=1)  # design.md §5.3: a later time than this is no evidence
_DOORS = re.compile(
    r"[/.](?:log-?in|sign-?in|sign-?up|consent|subscribe|register|account|auth|sso|captcha|challenge"
    r"|errors?|404|not-?found|paywall)(?=[/.?]|$)",
    re.IGNORECASE,
)
_MINUTE = timedelta(minutes=1)  # pages tell no seconds
_FULL_TEXT_WEIGHT = 120  # words; a feed's teaser is shorter
_FULL_TEXT_RATIO = 2  # and a full text is at least twice the summary, when both are given
_UNSHOWN = frozenset({"og", "title", "twitter"})  # what gives a title that no heading shows
_TOLD = 0.6  # of a headline's words: it is the text's
_REPLACEABLE = frozenset(
    {
        Reason.TOO_SHORT, Reason.PAYWALL, Reason.LOGIN_WALL, Reason.INDEX_PAGE,
        Reason.ERROR_PAGE, Reason.PARSER_ERROR, Reason.NOT_HTML, Reason.VIDEO, Reason.ELSEWHERE,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Evidence:
    """One claim of the time of publication, for settling."""

    when: datetime
    origin: str
    claim: str
    timed: bool


def extract_page(page: Page) -> Article | Rejection:
    """Extract a fetched page and merge what its entry carried; runs in a worker process.

    The article's `published` is never None. The feed's full text stands in for a page that is
    refused, where the entry is the outlet's own (`speaks_for`).
    """
    source, entry = page.source, page.entry
    if source.full_content == "feed":
        return article_from_entry(
            entry, source=source, fetched=page.fetched, boilerplate=page.boilerplate
        )
    found = extract_article(
        page.body,
        url=page.url,
        content_type=page.content_type,
        language=source.language,
        zone=source.zone() if source.timezone or source.language else None,
        rules=source.body,
        boilerplate=page.boilerplate,
        feed_text=entry.content if _stands_in(entry, source) else "",
    )
    if astray := _astray(page, found):
        found = Rejection(reason=Reason.ELSEWHERE, detail=astray)
    if isinstance(found, Article):
        return _merged(found, entry, source, page.fetched)
    if found.reason in _REPLACEABLE:
        standing = None
        where = entry.url if found.reason is Reason.ELSEWHERE else page.url  # where it led
        if speaks_for(source.url, where, source.hosts):
            standing = stand_in(
                entry, source=source, fetched=page.fetched, boilerplate=page.boilerplate
            )
        if standing is not None:
            walled = found.reason in (Reason.PAYWALL, Reason.LOGIN_WALL)
            return replace(standing, paywalled=walled)
    if found.article is not None:
        return replace(found, article=_merged(found.article, entry, source, page.fetched))
    return found


def article_from_entry(
    entry: Entry, *, source: Source, fetched: datetime, boilerplate: Collection[str] = frozenset()
) -> Article | Rejection:
    """Make an article of the feed's own full text (its summary, where that is all there is).

    However short: the caller, or `full_content = "feed"`, decides that the entry is the
    article. A flash may be all title; rejected as too short only where that is missing, too.
    """
    html = entry.content or entry.summary
    title = plain_value(entry.title)
    chinese = source.language.lower().startswith("zh") or is_chinese(f"{title} {plain_value(html)}")
    try:
        learned = Learned.of(boilerplate, source.body)
        body = body_of_fragment(
            html, base=entry.raw_url, title=title, chinese=chinese, learned=learned
        )
    except (ValueError, TypeError, RecursionError) as error:  # see extract_article
        return Rejection(reason=Reason.PARSER_ERROR, detail=f"{type(error).__name__}: {error}")
    if body is None and not title:
        return Rejection(reason=Reason.TOO_SHORT, detail="the feed's entry has no text")
    body = body or Body(text="", markdown="", images=(), origin="fragment")
    if too_long := refuse_length([body.text]):
        return too_long
    speaks = speaks_for(source.url, entry.url, source.hosts)
    text_from = "feed" if speaks else FOREIGN_FEED
    article = Article(
        url=entry.url,
        title=title or body.text.split("\n\n")[0][:80],
        text=body.text,
        markdown=body.markdown,
        images=body.images,
        image=body.images[0] if body.images else "",
        evidence=(("title", "feed" if title else "text"), ("text", text_from)),
        boilerplate=body.boilerplate,
    )
    return _merged(article, entry, source, fetched)


def _astray(page: Page, found: Article | Rejection) -> str:
    """Say where a page led that is not the one announced; '' where it may be that.

    A redirect may end at a front page, above the address that was asked for, at a login or consent
    page. And one page stands for all items whose addresses differ by what no server is told.
    """
    entry, landed, asked = page.entry, canonical_url(page.url), canonical_url(page.entry.raw_url)
    known = isinstance(found, Article) and entry.title != ""
    shown = isinstance(found, Article) and shows_headline(found.title, "", entry.title)
    if landed.partition("#")[0] != asked.partition("#")[0]:
        if is_front_page(landed.partition("?")[0]) and not is_front_page(asked) and not shown:
            return "the front page"
        if known and not shown and (is_above(landed, asked) or is_section(landed)):
            return f"a section, {landed}"
        if known and not shown and _DOORS.search(landed):
            return f"a page of another kind, {landed}"
    elif known and not shown and "#" in entry.url:
        return "a page that doesn't show its headline"
    return ""


def stand_in(
    entry: Entry, *, source: Source, fetched: datetime, boilerplate: Collection[str] = frozenset()
) -> Article | None:
    """The feed's full text for a page that can't be had; None where it may not stand in."""
    if not _stands_in(entry, source):
        return None
    standing = article_from_entry(entry, source=source, fetched=fetched, boilerplate=boilerplate)
    return standing if isinstance(standing, Article) else None


def _stands_in(entry: Entry, source: Source) -> bool:
    """Whether the entry carries a full text and may speak for its URL (design.md §4)."""
    if source.full_content == "page" or not speaks_for(source.url, entry.url, source.hosts):
        return False
    full, teaser = _weight_of(entry.content), _weight_of(entry.summary)
    differs = plain_value(entry.summary) != plain_value(entry.content)
    return full >= _FULL_TEXT_WEIGHT and (not differs or full >= _FULL_TEXT_RATIO * teaser)


def _weight_of(html: str) -> int:
    tree = parse_html(f"<div>{html}</div>") if html.strip() else None
    return count_words(" ".join(lines(tree))) if tree is not None else 0


def _merged(article: Article, entry: Entry, source: Source, fetched: datetime) -> Article:
    tags = (*article.tags, *(plain_value(category) for category in entry.categories))
    section = source.section or article.section or next(iter(entry.categories), "")
    image = article.image or _feed_image(entry)
    published = _settled(article, entry, source, fetched)
    known = {tag.casefold(): tag for tag in reversed(tags) if tag and len(tag) <= MAX_LABEL_CHARS}
    merged = replace(
        article,
        title=_title(article, entry, source)[:MAX_TITLE_CHARS],
        authors=(article.authors or persons(entry.authors))[:MAX_LABELS],
        published=published.when,
        published_from=published.origin,
        published_claimed=published.claim,
        updated=article.updated or entry.updated,
        language=_language(article, entry, source),
        section=plain_value(section)[:MAX_LABEL_CHARS],
        tags=tuple(known.values())[::-1][:MAX_LABELS],
        summary=(article.summary or _plain(entry.summary))[:MAX_SUMMARY_CHARS],
        image=image,
    )
    return replace(merged, evidence=_evidence(merged, article, entry, source))


def _title(article: Article, entry: Entry, source: Source) -> str:
    """The page's title without the outlet's name; the feed's where the page has none of its own."""
    announced, gave = plain_value(entry.title), dict(article.evidence).get("title", "")
    host = (urlsplit(article.url).hostname or "").removeprefix("www.")
    sites = {letters(name) for name in (source.name, host, host.split(".")[0])} | {""}
    if letters(article.title) in sites or gave == "site" or _only_feed_tells(article, entry):
        return announced or article.title
    name, joint = re.escape(source.name), r"\s*[-_|｜–—·•»]+\s*"
    bare = re.sub(rf"{joint}{name}\s*$|^\s*{name}{joint}", "", article.title, flags=re.I)
    return bare or article.title


def _only_feed_tells(article: Article, entry: Entry) -> bool:
    """Whether the feed's headline is that of the text, and the page's says nothing of it.

    Templates of flash news name every page by the site, its slogan or the column.
    """
    gave = dict(article.evidence).get("title", "").partition(",")[0].split(" and ")
    if not _UNSHOWN.issuperset(gave) or not article.text:
        return False
    if shows_headline(article.title, "", entry.title):
        return False
    told = told_by(entry.title, article.text)
    return told >= _TOLD and told - told_by(article.title, article.text) >= _TOLD


def _language(article: Article, entry: Entry, source: Source) -> str:
    if given := language_code(source.language):
        return given
    detected = is_chinese(article.text)
    feed = language_code(entry.language)
    if article.language:
        return article.language
    if feed and (feed == "zh") == detected:
        return feed
    return find_language(None, article.text, "")[0]


def _plain(html: str) -> str:
    """A feed's summary as one line of text; '' when it is as long as an article."""
    tree = parse_html(f"<div>{html}</div>") if html.strip() else None
    text = " ".join(lines(tree)) if tree is not None else ""
    return text if len(text) <= 1000 else ""


def _feed_image(entry: Entry) -> str:
    """The picture that the feed names for the entry, else the first that its markup shows."""
    for address in entry.images:
        if named := image_url(entry.raw_url, address):
            return named
    markup = f"<div>{entry.content}{entry.summary}</div>"
    tree = parse_html(markup) if "<img" in markup.lower() else None
    shown = (
        (shown_image(image, entry.raw_url) for image in tree.iter("img"))
        if tree is not None
        else ()
    )
    return next(filter(None, shown), "")


def _settled(article: Article, entry: Entry, source: Source, fetched: datetime) -> _Evidence:
    """Choose the time of publication; design.md §5.3 says what to do without evidence.

    A time more than an hour after the fetch can't be. What a whole document tells of the source's
    clock was taken off when it was announced; for a page that is alone with its claim it is tried
    as the source's local time mislabelled GMT, then replaced by the announced time. The claim is
    kept either way.
    """
    announced = entry.announced or fetched
    evidence = _chosen(article, entry, source)
    if evidence is None:
        return _Evidence(when=announced, origin="announced", claim=entry.published_raw, timed=True)
    if evidence.when <= fetched + _FUTURE:
        return evidence
    # as it was stated: a page's time comes in the zone of its readers
    zone = source.zone(article.language or entry.language)
    moment = read_moment(evidence.claim, zone)
    stated = moment.when if moment else evidence.when
    local = stated.replace(tzinfo=zone)
    if stated.utcoffset() == timedelta(0) and local <= fetched + _FUTURE:
        return replace(evidence, when=local)
    return replace(evidence, when=announced, origin="announced")


def _chosen(article: Article, entry: Entry, source: Source) -> _Evidence | None:
    page, feed = _page_evidence(article, source), _feed_evidence(entry, source)
    if page and feed and _is_by_the_same_clock(page, feed, entry, source):
        page = None
    ranked = [e for e in (page, feed) if e and e.timed] + [e for e in (page, feed) if e]
    by_url = [e for e in ranked if e.origin == "url"]
    return next((e for e in ranked if e.origin != "url"), by_url[0] if by_url else None)


def _is_by_the_same_clock(page: _Evidence, feed: _Evidence, entry: Entry, source: Source) -> bool:
    """Whether the page repeats a claim of the feed whose clock was found to be wrong."""
    claim = read_moment(entry.published_raw, source.zone(entry.language))
    if claim is None or abs(claim.when - feed.when) < _MINUTE:
        return False
    return page.timed and abs(claim.when - page.when) < _MINUTE


def _page_evidence(article: Article, source: Source) -> _Evidence | None:
    if article.published is None:
        return None
    moment = read_moment(article.published_claimed, source.zone())
    at_midnight = article.published.time() == datetime.min.time()
    return _Evidence(
        when=article.published,
        origin=article.published_from,
        claim=article.published_claimed,
        timed=moment.timed if moment else not at_midnight,
    )


def _feed_evidence(entry: Entry, source: Source) -> _Evidence | None:
    if entry.published is None:
        return None
    moment = read_moment(entry.published_raw, source.zone(), now=entry.announced)
    return _Evidence(
        when=entry.published,
        origin="sitemap" if source.kind == "sitemap" else "feed",
        claim=entry.published_raw,
        timed=moment.timed if moment else entry.published.time() != datetime.min.time(),
    )


def _evidence(
    merged: Article, page: Article, entry: Entry, source: Source
) -> tuple[tuple[str, str], ...]:
    """What gave each field of the merged article: the page's evidence where its word stands."""
    told = "feed" if speaks_for(source.url, page.url, source.hosts) else FOREIGN_FEED
    found = dict(page.evidence)
    if merged.published_from != page.published_from:
        found["published"] = merged.published_from
    if merged.published_from in ("feed", "sitemap") and told == FOREIGN_FEED:
        found["published"] = FOREIGN_FEED
    if merged.title != page.title and merged.title == plain_value(entry.title):
        found["title"] = "feed"
    for name in ("authors", "updated", "summary", "image"):
        if getattr(merged, name) and not getattr(page, name):
            found[name] = told
    if merged.section != page.section:
        found["section"] = "source" if source.section else told
    if len(merged.tags) > len(page.tags):
        added = f"{told} ({len(merged.tags) - len(page.tags)})"  # the last ones
        found["tags"] = " and ".join(filter(None, (found.get("tags"), added)))
    if merged.language:
        found["language"] = _language_evidence(merged, page, entry, source)
    return tuple(found.items())


def _language_evidence(merged: Article, page: Article, entry: Entry, source: Source) -> str:
    if language_code(source.language):
        return "source"
    if page.language:
        return dict(page.evidence)["language"]
    return "feed" if merged.language == language_code(entry.language) else "text"
