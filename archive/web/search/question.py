"""What the address of a search asks for, and the query that means: words, and what narrows them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from archive.errors import QueryError
from archive.search.answer import Order
from archive.search.query import MAX_QUERY, All, Field, Filter, Node, parse
from archive.web.face.face import Face

MAX_PAGE = 50  # who looks further narrows the query
# Parameters that narrow, each with its field; the days are the reader's
_NARROW = {
    "source": Field.SOURCE,
    "outlet": Field.OUTLET,
    "section": Field.SECTION,
    "lang": Field.LANG,
    "code": Field.CODE,
}
_DAYS = ("day", "after", "before")
_MOST_CHARS = 200  # of what narrows a search, and of a query too long that are shown
_NUMBER = re.compile("[1-9][0-9]{0,3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A search as its address asks for it. `narrow`: (parameter, value) of what is not empty."""

    query: str
    narrow: tuple[tuple[str, str], ...]
    order: Order
    copies: bool
    page: int

    def parts(self) -> dict[str, str | int]:
        """Give the parameters of the address but for the page."""
        order = "" if self.order is Order.BEST else self.order.value
        return {"q": self.query, **dict(self.narrow), "order": order, "copies": int(self.copies)}


def question_of(face: Face) -> Question:
    """Read an address; what makes no sense there counts as absent."""
    asked = face.asked
    order, page = asked.get("order", ""), asked.get("page", "")
    return Question(
        query=" ".join(asked.get("q", "").split()),
        narrow=tuple(
            (name, asked[name].strip())
            for name in (*_NARROW, *_DAYS)
            if asked.get(name, "").strip()
        ),
        order=Order(order) if order in list(Order) else Order.BEST,
        copies=asked.get("copies") == "1",
        page=min(int(page), MAX_PAGE) if _NUMBER.fullmatch(page) else 1,
    )


def node_of(question: Question, face: Face) -> Node | None:
    """Give the query that a question means, None where it asks for nothing. Raises QueryError."""
    words = parse(question.query)
    nodes = [] if words is None else list(words.nodes) if isinstance(words, All) else [words]
    for name, value in question.narrow:
        nodes += _narrowing(name, value, face)
    if not nodes:
        return None
    return nodes[0] if len(nodes) == 1 else All(tuple(dict.fromkeys(nodes)))


def without_excess(question: Question) -> Question:
    """Give a question that is too long to be asked as it is shown: its beginning."""
    query = question.query
    shown = query if len(query) <= MAX_QUERY else f"{query[:_MOST_CHARS]}…"
    return replace(question, query=shown, narrow=())


def address_of(face: Face, question: Question, **changes: str | int | None) -> str:
    """Give the address of a question with `changes`, from its first page."""
    parts: dict[str, str | int | None] = {**question.parts(), **changes}
    return face.url("/-/search", **{name: value for name, value in parts.items() if value})


def _narrowing(name: str, value: str, face: Face) -> list[Node]:
    if len(value) > _MOST_CHARS:
        raise QueryError(f"{name} has {len(value):,} characters: {_MOST_CHARS} are the most")
    if name in _NARROW:
        return [Filter(field=_NARROW[name], value=value)]
    begins, ends = face.bounds(_day(name, value))
    after, before = Filter(field=Field.AFTER, value=begins), Filter(field=Field.BEFORE, value=ends)
    if name == "before":  # that day is not in it
        return [Filter(field=Field.BEFORE, value=begins)]
    return [after, before] if name == "day" else [after]


def _day(name: str, value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise QueryError(f"{name} is a day such as 2021-12-09, not {value[:40]!r}") from error
