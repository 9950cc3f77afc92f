"""The article's body: candidates, their features, a judge, and the winner as Markdown and text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lxml import etree
from lxml.etree import _Element as Element

from archive.text.words import count_words
from config.model import BodyRules
from crawler.extract.body.bare_text import unwrap_layout_tables, wrap_loose_text
from crawler.extract.body.candidates import TextCandidate, finders, of_claim, selected
from crawler.extract.body.cleaning import clean_body, drop
from crawler.extract.body.judge.article_odds import (
    ArticleOdds,
    is_article,
    is_settled,
    judge_page,
)
from crawler.extract.body.judge.features import Features, features_of
from crawler.extract.body.judge.judge import NO_TEXT, Opinion, expected_f1, is_better, is_sure
from crawler.extract.body.judge.page_features import (
    PageMakeup,
    page_features,
    read_makeup,
)
from crawler.extract.body.judge.page_lines import PageLines, is_prose, line_start, read_page
from crawler.extract.body.judge.page_links import link_features
from crawler.extract.body.lead import find_lead
from crawler.extract.body.markdown import mark_quotes, markdown, settle_links, text_blocks
from crawler.extract.body.media import place_media
from crawler.extract.body.scope import read_scope
from crawler.extract.body.search.script_text import hidden_html
from crawler.extract.body.site_lines import NOTHING, Learned, learned_blocks, learned_images
from crawler.extract.body.tail import cut_tail
from crawler.extract.head.metadata import Metadata
from crawler.extract.tree import lines, parse_html

_LIVE = "LiveBlogPosting"  # schema.org
_TYPED_LIVE = etree.XPath(f"boolean(//@itemtype[contains(., '{_LIVE}')])")
_KEPT, _MORE = 0.8, 1.5  # of a text, by one that has it and more
_SHOWN, _HAD = 0.7, 0.5  # of the prose of a feed's text: by its page, by the text found
_RESCUE_BELOW = 60  # words: below this the page is a teaser or a script shows its text


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What an article says, twice, and the images in it in order."""

    text: str  # paragraphs separated by a blank line
    markdown: str
    images: tuple[str, ...]
    origin: str  # what found it: rules, container, box, page, readable, fragment, jsonld ...
    boilerplate: tuple[str, ...] = ()  # learned lines and images that were taken out
    unlearned: str = ""  # the text with these lines still in it: a byline may be among them
    opinion: Opinion = field(default=Opinion())


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What is known of the article when its body is looked for."""

    base: str
    title: str
    chinese: bool
    learned: Learned = NOTHING
    names: tuple[str, ...] = ()  # whom the page claims as its authors
    url: str = ""
    feed: str = ""  # HTML: the full text that the outlet's own feed carried


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """The page that candidates are held to."""

    tree: Element
    page: PageLines
    makeup: PageMakeup
    head: Head


@dataclass(slots=True)
class _Best:
    """The best candidate so far."""

    candidate: TextCandidate | None = None
    paragraphs: list[str] = field(default_factory=list)
    features: Features = field(default_factory=dict)
    expected: float = NO_TEXT
    live: bool = False  # the page says that its text is many entries

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)

    def odds(self, seen: _Seen) -> ArticleOdds:
        features = page_features(seen.page, seen.makeup, self.paragraphs, self.features)
        if not is_settled(features):
            features |= link_features(seen.tree, seen.head.url, seen.page.scale)
        return judge_page(features)


def find_body(tree: Element, metadata: Metadata, head: Head, rules: BodyRules) -> Body | None:
    """Find the body and judge it; None when there is none. Removes what the user's rules say.

    Each search is asked only while the best text so far is doubted. Of a page that says it is a
    live blog the introduction alone may look well: all are asked, and one that has more is taken.
    """
    _remove(tree, rules)
    page = read_page(tree, metadata, head.title)
    makeup = read_makeup(tree, metadata, head.url, head.title)
    seen = _Seen(tree=tree, page=page, makeup=makeup, head=head)
    best = _Best(live=_is_live(tree, metadata))
    for find in finders(tree, chinese=head.chinese, rules=rules, live=best.live):
        _consider(best, find(), seen)
        if is_sure(best.expected) and not best.live:
            break
    if not (rules.css or rules.xpath):
        _hear_feed(best, seen)
        _rescue(best, tree, metadata, seen)
    if best.candidate is None:
        return None
    odds = best.odds(seen)
    _lead(best, page)
    body = render_body(best.candidate, head)
    opinion = Opinion(expected=best.expected, article=odds.probability, evidence=odds.evidence)
    return replace(body, opinion=opinion) if body else None


def _hear_feed(best: _Best, seen: _Seen) -> None:
    """Take the feed's full text where the page shows it and the text so far has little of it.

    A page that doesn't show it is another one, or the feed's is; a text that has it and more is
    the whole of what the feed cuts.
    """
    tree = parse_html(f"<div>{seen.head.feed}</div>") if seen.head.feed else None
    if tree is None:
        return
    page = seen.page
    prose = {line_start(text): len(text) for text in lines(tree) if is_prose(text, page.scale)}
    whole, kept = sum(prose.values()), {line_start(text) for text in best.paragraphs}
    shown = sum(size for start, size in prose.items() if start in page.places)
    had = sum(size for start, size in prose.items() if start in kept)
    if whole and shown >= _SHOWN * whole and had < _HAD * whole:
        found = _Best()
        _consider(found, _of_fragment(seen.head.feed, "page and feed"), seen)
        _take(best, found if found.candidate else best)


def _lead(best: _Best, page: PageLines) -> None:
    """Put a lead before the text that stands outside of its box."""
    if best.candidate is not None and (lead := find_lead(page, best.paragraphs)):
        paragraph = best.candidate.blocks.makeelement("p")
        paragraph.text = lead
        best.candidate.blocks.insert(0, paragraph)


def _consider(best: _Best, candidate: TextCandidate | None, seen: _Seen) -> None:
    """Clean a candidate's blocks, judge them, and keep it if it is better."""
    if candidate is None:
        return
    head, page = seen.head, seen.page
    clean_body(candidate.blocks, title=head.title, chinese=head.chinese, names=head.names)
    for block in cut_tail(candidate.blocks, page):
        drop(block)
    if not (paragraphs := text_blocks(candidate.blocks)):
        return
    features = features_of(page, paragraphs)
    found = _Best(candidate, paragraphs, features, expected_f1(features), live=best.live)
    if best.live and best.candidate is not None:
        more = _has_more(paragraphs, best.paragraphs)
        better = more and is_article(found.odds(seen).probability)
    else:
        better = is_better(found.expected, best.expected)
    if better:
        _take(best, found)


def _take(best: _Best, found: _Best) -> None:
    best.candidate, best.paragraphs = found.candidate, found.paragraphs
    best.features, best.expected = found.features, found.expected


def _is_live(tree: Element, metadata: Metadata) -> bool:
    claim = metadata.article.get("@type")
    types = claim if isinstance(claim, list) else [claim]
    return _LIVE in types or bool(_TYPED_LIVE(tree))


def _has_more(paragraphs: list[str], known: list[str]) -> bool:
    """Whether a text has nearly all paragraphs of another, and half as much again."""
    there, size = frozenset(paragraphs), sum(map(len, known))
    kept = sum(len(paragraph) for paragraph in known if paragraph in there)
    return kept >= _KEPT * size and sum(map(len, paragraphs)) >= _MORE * size


def _rescue(best: _Best, tree: Element, metadata: Metadata, seen: _Seen) -> None:
    """Where hardly any text was found: the JSON-LD's articleBody, or what a script would show.

    Not the other way round: the claim is often cut short.
    """
    found = count_words(best.text)
    if found >= _RESCUE_BELOW:
        return
    for candidate in _hidden(tree, metadata, found):
        other = _Best()
        _consider(other, candidate, seen)
        if count_words(other.text) > found:
            _take(best, other)
            return


def _hidden(tree: Element, metadata: Metadata, found: int) -> Iterator[TextCandidate]:
    claim = metadata.article.get("articleBody")
    if isinstance(claim, str) and count_words(claim) >= 3 * found + 20:
        yield of_claim(claim)
    hidden, origin = hidden_html(tree, at_least=max(_RESCUE_BELOW, 3 * found))
    if hidden and (candidate := _of_fragment(hidden, origin)):
        yield candidate


def _of_fragment(html: str, name: str) -> TextCandidate | None:
    tree = parse_html(f"<html><body><article>{html}</article></body></html>")
    if tree is None:
        return None
    unwrap_layout_tables(tree)
    wrap_loose_text(tree)
    return TextCandidate(name, read_scope(tree), tree)


def body_of_fragment(
    html: str, *, base: str, title: str, chinese: bool, learned: Learned = NOTHING
) -> Body | None:
    """Turn the HTML of a feed's full text into a body: everything in it is the article."""
    candidate = _of_fragment(html, "fragment")
    if candidate is None:
        return None
    clean_body(candidate.blocks, title=title, chinese=chinese)
    return render_body(candidate, Head(base=base, title=title, chinese=chinese, learned=learned))


def _remove(tree: Element, rules: BodyRules) -> None:
    for selector in rules.remove:
        for element in selected(tree, selector):
            if element.getparent() is not None:
                element.drop_tree()  # type: ignore[attr-defined]


def render_body(candidate: TextCandidate, head: Head) -> Body | None:
    """Render a candidate whose blocks are clean; None where nothing but learned lines is left."""
    blocks, scope = candidate.blocks, candidate.scope
    unlearned = "\n\n".join(text_blocks(blocks))
    lines = _take_out(learned_blocks(blocks, head.learned))
    settle_links(blocks, head.base)
    text = "\n\n".join(text_blocks(blocks)) if lines else unlearned
    if not text:
        return None
    mark_quotes(blocks)
    images = place_media(blocks, scope, head.base, head.title) if scope is not None else ()
    site_images = _take_out(learned_images(blocks, head.learned))
    return Body(
        text=text,
        markdown=markdown(blocks),
        images=tuple(image for image in images if not head.learned.image(image)),
        origin=candidate.name,
        boilerplate=(*lines, *site_images),
        unlearned=unlearned,
    )


def _take_out(found: list[tuple[Element, str]]) -> tuple[str, ...]:
    for block, _ in found:
        drop(block)
    return tuple(dict.fromkeys(known for _, known in found))
