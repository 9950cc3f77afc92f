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
    stories = [_of_story(story, newsroom) for story in newsroom.stories.values()]
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


def _of_story(story: Story, newsroom: Newsroom) -> dict[str, object]:
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
        "traits": sorted(story.traits),
        "channels": sorted(story.channels),
        "announced_by": announcers(story),
        "public": newsroom.is_public(story),
        "state": _state(story),
    }


def _state(story: Story) -> str:
    if "paywall" in story.traits:
        return "rejected: paywall"
    return "copy" if any(trait.startswith("double") for trait in story.traits) else "archived"
