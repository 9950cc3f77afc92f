"""A page in its site's shell: what is shown on it, lists and tables of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from benchmarks.quality.negatives.layouts import Canvas, Markup

DAY = datetime(2025, 6, 16, 9, 0, tzinfo=UTC)

Page = tuple[str, bytes]  # (path, the page)


def shown(canvas: Canvas, main: Markup, heading: str, head: str = "page_head") -> bytes:
    values: dict[str, str] = {
        "title": canvas.section("page_title", headline=heading),
        "headline": heading,
        "summary": f"{heading}: {canvas.label('newsletter_text')}",
        "href": "/",
        "claims": Markup(""),
    }
    if head == "claimed_head":
        claims = {"@type": "NewsArticle", "headline": heading, "datePublished": DAY.isoformat()}
        values["jsonld"] = Markup(json.dumps(claims, ensure_ascii=False))
    return canvas.document("shell", main, head=canvas.section(head, **values), **values)


def list_of(canvas: Canvas, heading: str, count: int, sentences: int, **more: str) -> Markup:
    """A list of that many stories, or of two or three times as many, with so much of each."""
    item = "teaser" if sentences else "teaser_short"
    teasers = canvas.teasers(item, count * canvas.chance.choice((1, 1, 2, 3)), sentences)
    return canvas.section("list", **{"heading": heading, "intro": "", "teasers": teasers, **more})


def topic(canvas: Canvas, section: str) -> str:
    return canvas.chance.choice(canvas.lists[section])


def table(canvas: Canvas, heading: str, columns: list[str], lines: list[list[str]]) -> bytes:
    head = canvas.joined(canvas.section("head_cell", text=text) for text in columns)
    rows = canvas.joined(
        canvas.section("row", cells=canvas.joined(canvas.section("cell", text=t) for t in line))
        for line in lines
    )
    box = canvas.section("table", heading=heading, columns=head, rows=rows)
    return shown(canvas, box, heading)
