"""Pages of our own: the newsroom's stories, rendered without a server; they ship with the tests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from benchmarks.quality.pages import Page
from tests.site.content import Story
from tests.site.extras import EXTRAS
from tests.site.http import Request, Response
from tests.site.markup import Block, plain
from tests.site.newsroom import Newsroom
from tests.site.outlets import BY_KEY, Outlet
from tests.site.routes import answer

START = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
_BY_THE_ARCHIVE = "placeholder"  # six equal texts; no page by itself shows it


def own_pages() -> list[Page]:
    """Every public story's first page, and every page that must be refused."""
    newsroom = Newsroom(start=START, port=8000)
    stories = [story for story in newsroom.stories.values() if newsroom.is_public(story)]
    return [_story_page(story, newsroom) for story in stories] + list(_refused_pages(newsroom))


def _story_page(story: Story, newsroom: Newsroom) -> Page:
    base = newsroom.base(story.outlet)
    response = _get(story.outlet, story.path, newsroom)
    blocks = story.parts[0]
    return Page(
        id=f"own-{story.slug}",
        url=base + story.path,
        group=story.outlet.language,
        site=story.outlet.key,
        html=response.body,
        content_type=response.content_type,
        zone=story.outlet.zone,
        record={
            "title": story.title,
            "authors": list(story.authors),
            "bodies": [_text(blocks, captions=True), _text(blocks, captions=False)],
        },
        images=tuple(base + block.text for block in blocks if block.kind == "image"),
        published=story.published.isoformat(),
        authorless=not story.authors,
        refusal="paywall" if "paywall" in story.traits else None,
    )


def _refused_pages(newsroom: Newsroom) -> Iterator[Page]:
    for extra in EXTRAS:
        state, _, reason = extra.note.partition(": ")
        if state == "rejected" and reason != _BY_THE_ARCHIVE:
            outlet = BY_KEY[extra.outlet]
            response = _get(outlet, extra.path, newsroom)
            yield Page(
                id=f"own-{extra.path}",
                url=newsroom.base(outlet) + extra.path,
                group=outlet.language,
                site=outlet.key,
                html=response.body,
                content_type=response.content_type,
                refusal=reason,
            )


def _get(outlet: Outlet, path: str, newsroom: Newsroom) -> Response:
    base = newsroom.base(outlet)
    return answer(
        Request(outlet=outlet, method="GET", target=path, headers={}, base=base), newsroom
    )


def _text(blocks: tuple[Block, ...], *, captions: bool) -> str:
    return "\n\n".join(text for block in blocks if (text := _words(block, captions=captions)))


def _words(block: Block, *, captions: bool) -> str:
    if block.kind == "image":
        return plain(block.items[0]) if captions else ""
    lines = block.items or (block.text,)
    return "\n".join(plain(line).replace("\t", " ") for line in lines)
