"""The one query grammar: what a person types in `broadsheet search`, Datasette or sqlite-utils.

    央行 降准            all words must occur; Chinese needs no spaces, a run is a phrase
    "federal reserve"    as it stands; prefix*: words that begin so
    a OR b   a AND b     OR joins the words beside it, AND binds tighter than OR
    -word   NOT word     must not occur
    ( … )                what belongs together
    title:… text:…       only there
    source:… outlet:…    carried by a source, by id or name; by an outlet, copies of it counted too
    code:…               a security, 300778 or 300778.XSHE
    section:… lang:…     of a section, in a language; author:… origin:… name a part of what is there
    tag:…                with a tag
    after:… before:…     published on that day or later, before that day (UTC); 2021-12, 2021,
                         or a time such as 2021-12-09T14:42:00Z
    seen-after:… seen-before:…  the same of when it first came here

A word and a colon that is none of these is an error; in quotation marks it is a word.
Full-width forms of letters and signs, and “ ” 「 」, count as the ASCII ones.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from archive.errors import QueryError
from archive.search.folding import CJK_CHARACTER, unspaced, words_of

MAX_QUERY = 1000  # characters: a paragraph; FTS5 takes far more
MAX_DEPTH = 20  # parentheses within parentheses; FTS5 refuses expressions 256 levels deep


class Field(StrEnum):
    """What may stand before a colon."""

    TITLE = "title"
    TEXT = "text"
    SOURCE = "source"
    OUTLET = "outlet"
    CODE = "code"
    AUTHOR = "author"
    SECTION = "section"
    TAG = "tag"
    LANG = "lang"
    ORIGIN = "origin"
    AFTER = "after"
    BEFORE = "before"
    SEEN_AFTER = "seen-after"
    SEEN_BEFORE = "seen-before"


DAYS = frozenset({Field.AFTER, Field.BEFORE, Field.SEEN_AFTER, Field.SEEN_BEFORE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word or phrase in the index's own form, with spaces between its words; never empty."""

    words: str
    prefix: bool = False
    column: Field | None = None  # TITLE, TEXT; None: either

    def __str__(self) -> str:
        return _labelled(self.column, f'"{unspaced(self.words)}"' + "*" * self.prefix)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """A condition on anything but words; the value of one of DAYS is ISO 8601, a day or a time."""

    field: Field
    value: str

    def __str__(self) -> str:
        return _labelled(self.field, f'"{self.value}"')


@dataclass(frozen=True, slots=True)
class Not:
    """What must not hold; never another Not."""

    node: Node

    def __str__(self) -> str:
        return f"NOT {self.node}"


@dataclass(frozen=True, slots=True)
class All:
    """Two or more that must hold."""

    nodes: tuple[Node, ...]

    def __str__(self) -> str:
        return f"({' AND '.join(map(str, self.nodes))})"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Two or more of which one must hold."""

    nodes: tuple[Node, ...]

    def __str__(self) -> str:
        return f"({' OR '.join(map(str, self.nodes))})"


Node = Word | Filter | Not | All | AnyOf

_TOKEN = re.compile(
    r'(?P<open>\()|(?P<close>\))|"(?P<phrase>[^"]*)"?(?P<star>\*?)|(?P<minus>-+)(?=[^\s-])'
    rf"|(?P<field>(?i:{'|'.join(Field)})):\s*"
    r"|(?P<unknown>[A-Za-z]+(?:[-_][A-Za-z]+)*):(?=[^\s/:])"
    r'|(?P<operator>AND|OR|NOT)(?=[\s()"]|$)|(?P<word>[^\s"()]+)'
)
_SIGNS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    **dict.fromkeys(map(ord, "“”„‟「」『』"), '"'),
    **dict.fromkeys([0, 2, 3, 0x200B], " "),  # what SQL, our marks and the index can't tell apart
    0x3000: " ",
}
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_DATE = re.compile(r"(\d{4})年?(?:[-/.]?(\d{1,2})月?(?:[-/.]?(\d{1,2})日?)?)?")


def parse(query: str, *, column: Field | None = None) -> Node | None:
    """Read a query, its words in any column or in `column`; None when it asks for nothing.

    Closes what is left open and passes over signs that lead nowhere. Raises QueryError where it is
    too long or too deep, and for a date that is none.
    """
    if len(query) > MAX_QUERY:
        raise QueryError(
            f"the query has {len(query):,} characters: shorten it to {MAX_QUERY:,} or fewer"
        )
    # a lone surrogate can't be given to SQLite at all
    text = query.encode("utf-8", "ignore").decode().translate(_SIGNS)
    return _Parser(list(_TOKEN.finditer(text))).everything(column)


class _Parser:
    """Recursive descent, loosest first: sequence, OR, AND, NOT, then a word or parentheses."""

    def __init__(self, tokens: list[re.Match[str]]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    def everything(self, column: Field | None) -> Node | None:
        nodes = []
        while self._at < len(self._tokens):
            nodes.append(self._sequence(column))
            self._take("close")  # one too many
        return _joined(All, nodes)

    def _sequence(self, field: Field | None) -> Node | None:
        nodes = []
        while self._at < len(self._tokens) and not self._next("close"):
            nodes.append(self._either(field))
        return _joined(All, nodes)

    def _either(self, field: Field | None) -> Node | None:
        nodes = [self._both(field)]
        while self._take_operator("OR"):  # also one that leads nowhere
            nodes.append(self._both(field))
        return _joined(AnyOf, nodes)

    def _both(self, field: Field | None) -> Node | None:
        nodes = [self._negated(field)]
        while self._take_operator("AND") or self._next_operator("NOT"):
            nodes.append(self._negated(field))
        return _joined(All, nodes)

    def _negated(self, field: Field | None) -> Node | None:
        negated = False
        while self._take("minus") or self._take_operator("NOT"):
            negated = not negated
        node = self._one(field)
        if node is None or not negated:
            return node
        return node.node if isinstance(node, Not) else Not(node)

    def _one(self, field: Field | None) -> Node | None:
        if self._take("open"):
            return self._deeper(field)
        if token := self._take("field"):
            return self._labelled(Field(token["field"].lower()))
        if token := self._take("unknown"):
            raise QueryError(_unknown(token["unknown"]))
        if token := self._take("phrase"):
            return _leaf(field, token["phrase"], prefix=bool(token["star"]))
        if token := self._take("word"):
            return _leaf(field, token["word"].rstrip("*"), prefix=token["word"].endswith("*"))
        return None

    def _labelled(self, field: Field) -> Node | None:
        """Read what follows a field: a word, a phrase, or several in parentheses."""
        if any(self._next(kind) for kind in ("open", "phrase", "word")):
            return self._one(field)
        return None

    def _deeper(self, field: Field | None) -> Node | None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise QueryError(f"more than {MAX_DEPTH} parentheses within each other: take some away")
        node = self._sequence(field)
        self._take("close")
        self._depth -= 1
        return node

    def _next(self, kind: str) -> re.Match[str] | None:
        if self._at < len(self._tokens):
            token = self._tokens[self._at]
            return token if token[kind] is not None else None
        return None

    def _take(self, kind: str) -> re.Match[str] | None:
        token = self._next(kind)
        self._at += token is not None
        return token

    def _next_operator(self, *names: str) -> bool:
        token = self._next("operator")
        return token is not None and token["operator"] in names

    def _take_operator(self, *names: str) -> bool:
        found = self._next_operator(*names)
        self._at += found
        return found


def _leaf(field: Field | None, text: str, *, prefix: bool) -> Node | None:
    if field in (None, Field.TITLE, Field.TEXT):
        return _word(field, text, prefix)
    value = " ".join(text.split()) + "*" * prefix
    if not value:
        return None
    if field in DAYS:
        value = _day(field, value)
    return Filter(field=field, value=value)


def _unknown(name: str) -> str:
    near = difflib.get_close_matches(name.lower(), list(Field), n=1)
    meant = f"did you mean {near[0]}:? " if near else ""
    return (
        f"there is no field {name}: {meant}Fields are {', '.join(Field)}; to look for the word with"
        f' its colon put it in quotation marks: "{name}:…"'
    )


def _word(column: Field | None, text: str, prefix: bool) -> Word | None:
    words = words_of(text)
    if not any(char.isalnum() for char in words):
        return None
    # the index has each CJK character as a word of its own, which begins with nothing else
    return Word(words=words, prefix=prefix and not CJK_CHARACTER.match(words[-1]), column=column)


def _day(field: Field, value: str) -> str:
    """Give the first day of what is named: a day, a month, a year; or the time that it is."""
    if _TIME.fullmatch(value):
        return value
    found = _DATE.fullmatch(value.rstrip("*"))
    try:
        year, month, day = (int(part or 1) for part in found.groups()) if found else (0, 0, 0)
        return date(year, month, day).isoformat()
    except ValueError as error:
        raise QueryError(
            f"{field}: wants a date such as 2021-12-09, 2021-12 or 2021, not {value!r}"
        ) from error


def _joined(kind: type[All | AnyOf], nodes: Sequence[Node | None]) -> Node | None:
    """Put what was found under one node, each once, its own kind opened up; None for nothing."""
    flat: dict[Node, None] = {}
    for node in nodes:
        if isinstance(node, All | AnyOf) and isinstance(node, kind):
            flat |= dict.fromkeys(node.nodes)
        elif node is not None:
            flat[node] = None
    return kind(tuple(flat)) if len(flat) > 1 else next(iter(flat), None)


def _labelled(field: Field | None, text: str) -> str:
    return f"{field}:{text}" if field else text
