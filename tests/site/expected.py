"""What an archive must hold, in the newsroom's own words: literals for tests.

Nothing here was ever read back from a page: it comes from the stories' own files.
"""

from __future__ import annotations

from .channels import announcers
from .content import Story
from .extras import EXTRAS
from .markup import plain, sentences
from .newsroom import Newsroom
from .outlets import HOSTS


def expectations(newsroom: Newsroom) -> list[dict[str, object]]:
    doubled = _doubled(newsroom)
    stories = [_of_story(story, newsroom, doubled) for story in newsroom.stories.values()]
    return stories + [
        {
            "host": HOSTS[extra.outlet],
            "path": extra.path,
            "url": f"http://{HOSTS[extra.outlet]}:{newsroom.port}{extra.path}",
            "title": extra.title,
            "state": extra.note,
            "channels": list(extra.labels),
        }
        for extra in EXTRAS
    ]


def _of_story(story: Story, newsroom: Newsroom, doubled: set[str]) -> dict[str, object]:
    paragraphs = story.paragraphs
    return {
        "slug": story.slug,
        "host": story.outlet.address,
        "outlet": story.outlet.name,
        "path": story.path,
        "url": newsroom.url(story),
        "title": story.title,
        "authors": list(story.authors),
        "published": story.published.astimezone(story.outlet.zone).isoformat(),
        "updated": story.updated.isoformat() if story.updated else None,
        "language": story.outlet.language,
        "section": story.section,
        "tags": list(story.tags),
        "first": sentences(paragraphs[0])[0],
        "last": sentences(paragraphs[-1])[-1],
        "paragraphs": len(paragraphs),
        "subheads": [plain(block.text) for block in story.blocks if block.kind == "h"],
        "body": "\n\n".join(paragraphs),
        "image": newsroom.base(story.outlet) + story.image if story.image else "",
        "parts": len(story.parts),
        "repeats": story.repeats,
        "traits": sorted(story.traits),
        "channels": sorted(story.channels),
        "announced_by": announcers(story),
        "public": newsroom.is_public(story),
        "state": _state(story, doubled),
    }


def _state(story: Story, doubled: set[str]) -> str:
    """Of two equal texts in one outlet, whichever is fetched first is archived."""
    if "paywall" in story.traits:
        return "rejected: paywall"
    return "archived or copy" if story.slug in doubled else "archived"


def _doubled(newsroom: Newsroom) -> set[str]:
    """Both of every pair of stories that are one text under two addresses of one outlet."""
    doubles = [story for story in newsroom.stories.values() if "double" in story.traits]
    return {story.slug for story in doubles} | {story.repeats for story in doubles}
