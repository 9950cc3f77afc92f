"""The box that a site's templates name as the article's text.

trafilatura looks for it too, but after it has cleaned, converted and copied the whole page four
times. On three pages of four the box alone gives the same text in a third of the time.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from functools import lru_cache

from lxml.etree import _Element as Element
from lxml.etree import strip_elements, strip_tags
from lxml.html import HtmlElement

from crawler.extract.tree import parse_html, whole_text

_BOXES = ("article", "div", "main", "section")
# trafilatura.xpaths.BODY_XPATH (2.3) without its last stage, any <main>, which holds too much
_TEXT_CLASS = re.compile(
    r"^(?:post|entry)$|post[-_]text|post-body|post-?entry|post[-_]?content|postContent"
    r"|post_inner_wrapper|article-?text|articleText|(?:entry|page|text|article|art)-content"
    r"|article__content|article(?:-|__)?body|articleBody|ArticleContent|body-text"
    r"|article__container"
)
_TEXT_ID = re.compile(
    r"^articleContent$|(?:entry|article|art)-content|article__content|article(?:-|__)?body"
    r"|articleBody|body-text"
)
_STORY_CLASS = re.compile(
    r"^(?:postarea|art-postcontent|text|cell|story)$|^article |post-bodycopy|story-?content"
    r"|(?:theme|blog|section|single)-content|single-post|main-column|wpb_text_column|story-body"
    r"|field-body|(?i:fulltext)"
)
_STORY_ID = re.compile(r"^(?:article|story)$|^primary|story-body")
_CONTENT_CLASS = re.compile(
    r"^content$|content[-_]main|content(?:-|__)body|[Mm]ain-[Cc]ontent|[Pp]age-[Cc]ontent"
)
_CONTENT_ID = re.compile(r"^content$|content-main|content-body|contentBody|[Mm]ain-[Cc]ontent")
_STAGES = 4
_MOST_PARTS = 30
_MIN_PART = 1_000  # characters; posts of a forum and cards have fewer
_HEADLINES = ("h1", "h2", "h3")
# trafilatura removes these too, but after it has searched them for comments and more
_NEVER_TEXT = (
    "script", "style", "svg", "noscript", "iframe", "picture", "video", "audio", "object",
    "canvas", "button", "select", "input", "link", "aside", "nav", "footer",
)  # fmt: skip
# trafilatura removes these before it looks
_MARGINS = ("aside", "footer", "nav", "figure", "noscript", "template", "button", "dialog", "menu")


def text_boxes(tree: Element) -> Iterator[Element]:
    """Yield the first box of each kind of name, the plainest kind first, none within another."""
    found: list[Element | None] = [None] * _STAGES
    for box in tree.iter(*_BOXES):
        stage = _stage(box)
        if stage < _STAGES and found[stage] is None and not _is_marginal(box):
            found[stage] = box
            if stage == 0:
                yield box
    for stage, candidate in enumerate(found):
        plainer = [box for box in found[:stage] if box is not None]
        if stage and candidate is not None and not _is_within(candidate, plainer):
            yield candidate


def _is_within(box: Element, others: list[Element]) -> bool:
    return any(ancestor in others for ancestor in box.iterancestors())


def _stage(box: Element) -> int:
    """How plainly a box is named: 0 the text, 1 <article>, 2 a story, 3 content, 4 not at all."""
    named = _stage_by_name(box.get("class") or "", box.get("id") or "")
    if named == 0 or box.get("itemprop") == "articleBody":
        return 0
    if box.tag == "article":
        return 1
    return 2 if box.get("role") == "article" else named


@lru_cache(4096)  # a site's pages have the same few hundred classes
def _stage_by_name(name: str, key: str) -> int:
    if _TEXT_CLASS.search(name) or _TEXT_ID.search(key):
        return 0
    if _STORY_CLASS.search(name) or _STORY_ID.search(key):
        return 2
    return 3 if _CONTENT_CLASS.search(name) or _CONTENT_ID.search(key) else _STAGES


def _is_marginal(box: Element) -> bool:
    return next(box.iterancestors(*_MARGINS), None) is not None


def alone(box: Element) -> HtmlElement:
    """A page that holds a copy of the box, with the further parts of its text, and nothing else."""
    document = parse_html("<html><body></body></html>")
    assert document is not None
    twin = copy.deepcopy(box)
    twin.tail = None
    for part in _further_parts(box):
        twin.extend(list(copy.deepcopy(part)))
    document[0].append(twin)
    strip_elements(document, *_NEVER_TEXT, with_tail=False)
    strip_tags(document, "embed", "source")  # void, which libxml2 doesn't know: text follows inside
    return document


def _further_parts(box: Element) -> list[Element]:
    """The boxes of the same name that go on with the text, where advertisements cut it.

    They stand side by side under one roof, and what holds the further ones has no headline outside
    of the text: in a list of articles each has its own.
    """
    name = box.get("class") or ""
    if not _TEXT_CLASS.search(name):
        return []
    twins = [b for b in box.getroottree().iter(box.tag) if b.get("class") == name]
    if len(twins) < 2 or len(twins) > _MOST_PARTS or any(box in b.iterancestors() for b in twins):
        return []
    roof = _roof(twins)
    further = [twin for twin in twins if twin is not box]
    if max(len(whole_text(part)) for part in further) < _MIN_PART:
        return []
    return [] if any(_has_own_headline(part, roof) for part in further) else further


def _roof(boxes: list[Element]) -> Element:
    """The lowest element that holds all boxes."""
    shared = list(boxes[0].iterancestors())
    for box in boxes[1:]:
        above = set(box.iterancestors())
        shared = [ancestor for ancestor in shared if ancestor in above]
    return shared[0]


def _has_own_headline(box: Element, roof: Element) -> bool:
    """Whether what holds a box under the roof is an article with a headline beside the box."""
    wrapper = box
    for ancestor in box.iterancestors():
        if ancestor is roof:
            break
        if ancestor.tag == "article":
            return True
        wrapper = ancestor
    inside = set(box.iter(*_HEADLINES))
    return any(heading not in inside for heading in wrapper.iter(*_HEADLINES))
