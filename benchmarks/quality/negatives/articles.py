"""A story as its family prints it."""

from __future__ import annotations

import html
import json
from dataclasses import replace
from typing import Any

from benchmarks.quality.negatives.layouts import Canvas, Family, Markup
from benchmarks.quality.negatives.stories import Block, Story, make_story


def article(family: Family, shape: str, seed: str = "") -> tuple[Story, str, bytes]:
    """(the story with what the page tells of it, its address, the page); another for each seed."""
    name = f"{shape} {seed}".strip()
    story = make_story(family.language, shape, f"{family.name} {name}", family.zone)
    if family.head["authors"] == "none":
        story = replace(story, authors=())
    if "[[standfirst_box]]" not in family.sections["article"]:
        story = replace(story, standfirst="")
    canvas = Canvas(
        family, f"article {name}", {"headline": story.headline, "closing": story.closing}
    )
    path = canvas.address(story.slug, story.published)
    values = _values(canvas, story, path)
    main = canvas.section("article", **values)
    if shape == "rail":
        main = canvas.joined([canvas.section("rail_above"), main, canvas.section("rail_below")])
    page = canvas.document("shell", main, **values)
    return story, f"https://{family.head['host']}{path}", page


def _values(canvas: Canvas, story: Story, path: str) -> dict[str, str]:
    """What the sections of an article may name; a box of something absent is empty."""
    values: dict[str, str] = {
        "title": canvas.section("article_title", headline=story.headline),
        "href": path,
        "date": canvas.shown(story.published),
        "iso": story.published.isoformat(),
        "summary": story.standfirst or story.blocks[0].lines[0],
        "first_author": story.authors[0] if story.authors else "",
        "names": ", ".join(story.authors),
        "jsonld": _claims(canvas.family, story),
        "caption": story.caption,
        "bio": story.bio,
        "standfirst": story.standfirst,
        "count": str(len(story.comments)),
        "body": _body(canvas, story),
    }
    values["authors"] = Markup(
        canvas.family.head["author_join"]
        .strip('"')
        .join(canvas.section("author_item", text=name) for name in story.authors)
    )
    values["comments"] = canvas.joined(
        canvas.section("comment_item", who=who, text=what, n=str(n))
        for n, (who, what) in enumerate(story.comments)
    )
    boxes = {
        "byline": story.authors,
        "bio_box": story.authors,
        "standfirst_box": story.standfirst,
        "comments_box": story.comments,
        "meter": story.shape == "metered",
        "author_meta": story.authors,
    }
    for box, present in boxes.items():
        values[box] = canvas.section(box, **values) if present else Markup("")
    values["head"] = canvas.section("article_head", **values)
    return values


def _body(canvas: Canvas, story: Story) -> Markup:
    """The text, with what the site sets between its third and fourth part."""
    blocks: list[str] = [_block(canvas, block) for block in story.blocks]
    if story.shape == "linked":
        blocks = [_linked(canvas, block) for block in blocks]
    return canvas.joined([*blocks[:3], canvas.section("interjection"), *blocks[3:]])


def _linked(canvas: Canvas, block: str) -> str:
    """Every company is a link to its prices."""
    for n, name in enumerate(canvas.lists["company"]):
        shown = html.escape(name)
        block = block.replace(shown, canvas.section("inline_link", text=name, n=str(n)))
    return block


def _block(canvas: Canvas, block: Block) -> Markup:
    if block.kind == "ul":
        items = canvas.joined(canvas.section("li", text=line) for line in block.lines)
        return canvas.section("ul", items=items)
    if block.kind == "table":
        return canvas.section("figures", rows=_rows(canvas, block.lines))
    if len(block.lines) > 1:
        return canvas.section(block.kind, text=block.lines[0], more=block.lines[1])
    return canvas.section(block.kind, text=block.lines[0])


def _rows(canvas: Canvas, lines: tuple[str, ...]) -> Markup:
    cells = [[canvas.section("cell", text=cell) for cell in line.split("\t")] for line in lines]
    return canvas.joined(canvas.section("row", cells=canvas.joined(row)) for row in cells)


def _claims(family: Family, story: Story) -> Markup:
    """JSON-LD, as an outlet's system writes it."""
    claims: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "LiveBlogPosting" if story.shape == "live" else "NewsArticle",
        "headline": story.headline,
        "datePublished": story.published.isoformat(),
        "publisher": {"@type": "Organization", "name": family.head["site"]},
    }
    if story.authors:
        claims["author"] = [{"@type": "Person", "name": name} for name in story.authors]
    if story.shape == "metered":
        claims["isAccessibleForFree"] = False
    return Markup(json.dumps(claims, ensure_ascii=False))
