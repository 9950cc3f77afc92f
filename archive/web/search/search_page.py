"""The page /-/search: ranked, with the place that shows why, what the hits are, or why none is.

Its saved form is a feed of the newest: the same address with .atom or .feed.json.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup, escape

from archive.errors import QueryError
from archive.search.answer import Hit, Order, find
from archive.search.empty_answers import MOST, explain_nothing
from archive.search.facets import Facets, facets_of
from archive.search.query import Node, parse
from archive.text.strings import without_commands
from archive.web.face.answers import View
from archive.web.face.cards import Card, feed_item, gather_cards, other_outlets
from archive.web.face.face import Face
from archive.web.face.facet_lines import FacetLine
from archive.web.face.feed_formats import Feed, FeedItem
from archive.web.face.typography import lang_tag
from archive.web.search.histogram import histogram_of
from archive.web.search.question import (
    MAX_PAGE,
    Question,
    address_of,
    node_of,
    question_of,
    without_excess,
)

PAGE, FEED, LINES = 20, 40, 8  # hits of a page and of a feed, lines of a facet
STEM = "/-/search"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownHit:
    """A hit as it is shown. `title` and `snippet` have what was looked for in <mark>."""

    card: Card
    title: Markup
    snippet: Markup
    copy_id: int | None
    copy_outlet: str


def search_page(conn: sqlite3.Connection, face: Face) -> View:
    """Answer /-/search?q=&order=&copies=1&source=&outlet=&section=&lang=&code=&day=&after=&before=
    &page=."""
    question = question_of(face)
    values: dict[str, object] = {
        "question": question,
        "orders": list(Order),
        "address": lambda **changes: address_of(face, question, **changes),
        "chosen": [
            (name, value, address_of(face, question, **{name: ""}))
            for name, value in question.narrow
        ],
    }
    try:
        node = node_of(question, face)
    except QueryError as error:
        values |= {"problem": str(error), "question": without_excess(question)}
        return View(template="search.html", status=400, values=values)
    feed = Feed(
        title=question.query or face.say("Search"),
        path=address_of(face, question),
        stem=STEM,
        items=_items(conn, node, question, face) if "format" in face.asked else (),
    )
    if node is None:
        return View(template="search.html", values=values)
    if "format" not in face.asked:
        values |= _answer(conn, node, question, face)
    values["rows_url"] = face.table("stories", _search=str(node))
    return View(template="search.html", values=values, feed=feed)


def _items(
    conn: sqlite3.Connection, node: Node | None, question: Question, face: Face
) -> tuple[FeedItem, ...]:
    if node is None:
        return ()
    hits = find(conn, node, limit=FEED, copies=question.copies, order=Order.NEWEST)
    cards = gather_cards(conn, [hit.id for hit in hits])
    return tuple(feed_item(cards[hit.id], face) for hit in hits)


def _answer(
    conn: sqlite3.Connection, node: Node, question: Question, face: Face
) -> dict[str, object]:
    start = (question.page - 1) * PAGE
    hits = find(
        conn, node, limit=PAGE + 1, offset=start, copies=question.copies, order=question.order
    )
    cards = gather_cards(conn, [hit.id for hit in hits[:PAGE]])
    stories = {card.story: card for card in cards.values()}
    found: dict[str, object] = {
        "hits": [_shown(hit, cards[hit.id]) for hit in hits[:PAGE]],
        "others": other_outlets(conn, stories),
        "start": start,
        "more": len(hits) > PAGE and question.page < MAX_PAGE,
        "last_page": len(hits) > PAGE and question.page == MAX_PAGE,
        "read_as": without_commands(str(parse(question.query) or "")),
    }
    if not hits and question.page == 1:
        return found | {"nothing": explain_nothing(conn, node), "many": MOST}
    try:
        facets = facets_of(conn, node, copies=question.copies)
    except Exception as error:
        # sqlite3's, or pysqlite3's: the hits are there, what they are was not counted in time
        if "interrupted" not in str(error):
            raise
        return found | {"facets": None}
    return found | {
        "facets": facets,
        "facet_lists": _facet_lists(facets, question, face),
        "histogram": histogram_of(facets.hours, question, face),
    }


def _facet_lists(
    facets: Facets, question: Question, face: Face
) -> list[tuple[str, list[FacetLine]]]:
    """Give the facets that have something to choose between, by their names."""
    securities = [
        (each.code, each.articles, f"{each.name} {each.code}".strip()) for each in facets.securities
    ]
    lists = [
        (face.say("Outlet"), "outlet", [(name, n, name) for name, n in facets.outlets]),
        (face.say("Section"), "section", [(name, n, name) for name, n in facets.sections]),
        (
            face.say("Language"),
            "lang",
            [(name, n, face.language_named(name)) for name, n in facets.languages if name],
        ),
        (face.say("Security"), "code", securities),
    ]
    shown = [(label, _lines(name, values, question, face)) for label, name, values in lists]
    return [(label, lines) for label, lines in shown if len(lines) > 1 or _is_chosen(lines)]


def _lines(
    name: str, values: Iterable[tuple[str, int, str]], question: Question, face: Face
) -> list[FacetLine]:
    asked = dict(question.narrow).get(name)
    return [
        FacetLine(
            name=without_commands(words),
            tag=face.language.tag if name == "lang" else lang_tag(words, ""),
            number=number,
            href=address_of(face, question, **{name: "" if value == asked else value}),
            chosen=value == asked,
        )
        for value, number, words in list(values)[:LINES]
    ]


def _is_chosen(lines: Iterable[FacetLine]) -> bool:
    return any(line.chosen for line in lines)


def _shown(hit: Hit, card: Card) -> ShownHit:
    return ShownHit(
        card=card,
        title=_marked(hit.title, hit.title_marks),
        snippet=_marked(hit.snippet, hit.snippet_marks),
        copy_id=hit.copy.id if hit.copy else None,
        copy_outlet=without_commands(hit.copy.outlet) if hit.copy else "",
    )


def _marked(text: str, places: tuple[tuple[int, int], ...]) -> Markup:
    """Give HTML that shows `text` as it is, with <mark> round the places."""
    html, at = Markup(""), 0
    for start, end in places:
        html += escape(without_commands(text[at:start]))
        html += Markup("<mark>{}</mark>").format(without_commands(text[start:end]))
        at = end
    return html + escape(without_commands(text[at:]))
