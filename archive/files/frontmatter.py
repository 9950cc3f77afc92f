"""The text of one Markdown file, from plain values: the front matter Hexo reads, then the body.

The first ten lines have the keys, order and form of the posts that the archive continues; what
is ours follows them. Which scalars need quotes was tried on PyYAML (YAML 1.1) and on Hexo's
js-yaml: an unquoted `Fed: up` loses a post there without an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

# What a reader of YAML takes for a line's end; in a file of ours it becomes a space.
_BREAKS = re.compile(r"\r\n|[\n\r\t\v\f\x85]")
# C0, C1, lone surrogates and the two non-characters: no YAML reader accepts them. Overrides of
# the direction of writing: an editor would show what follows in another order.
_CONTROLS = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
# Characters that single quotes can't hold: YAML 1.1 folds the separators, and drops a BOM.
_ESCAPED = re.compile("[\u2028\u2029\ufeff]")

_INDICATORS = "-?:,[]{}#&*!|>'\"%@`"
# Wider than YAML's own numbers and dates (1.1 and 1.2, sexagesimal, 0x, 1_000, 2021-12-09T14:42Z):
# a needless pair of quotes is harmless, a code read as a number is not.
_NUMBERLIKE = re.compile(r"[-+.]*\d[\dA-Fa-fOoXxTtZz_:.,+\- ]*|[-+]?\.(?:inf|nan)|\.+", re.I)
_WORDS = frozenset(["~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "=", "<<"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Everything a file says; `date` and `updated` are aware. Strings may hold anything."""

    title: str
    categories: tuple[str, ...]
    image: str
    author: str
    date: datetime
    link: str
    source: str
    updated: datetime
    revision: int
    securities: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    lang: str = ""
    withdrawn: datetime | None = None  # when its site was seen to have taken it down
    body: str = ""


def render(post: Post) -> str:
    """Write the whole file. Equal posts give equal bytes; it ends with what the body ends with."""
    title, image = map(quoted, yaml_lines((post.title, post.image)))
    author, link, source, lang, *names = scalars(
        (post.author, post.link, post.source, post.lang, *post.categories)
    )
    lines = [
        "---",
        f"title: {title}",
        "categories: ",  # the space stands in the sample
        *(f" - {name}" for name in names),
        f"headimg: {image}",
        f"author: {author}",
        "comments: false",
        f"date: {rfc_1123(post.date)}",
        f"thumbnail: {image}",
        f"link: {link}",
        f"source: {source}",
        f"updated: {rfc_1123(post.updated)}",
        f"revision: {post.revision}",
        *_list("securities", post.securities),
        *_list("also", post.also),
        f"lang: {lang}",
        *([f"withdrawn: {rfc_1123(post.withdrawn)}"] if post.withdrawn else []),
        # Without it one `{% x %}` in a body aborts the whole Hexo site.
        "disableNunjucks: true",
        "---",
        "",
        _body(post.body),
    ]
    return "\n".join(lines)


def yaml_lines(texts: Iterable[str]) -> list[str]:
    """The strings a file holds for `texts`: control characters removed, line ends made spaces."""
    return [_CONTROLS.sub("", _BREAKS.sub(" ", text)) for text in texts]


def quoted(text: str) -> str:
    """Write one of `yaml_lines` in single quotes, or in double ones where these can't hold it."""
    if _ESCAPED.search(text):
        text = text.replace("\\", "\\\\").replace('"', '\\"')
        return '"' + _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + '"'
    return "'" + text.replace("'", "''") + "'"


def scalars(texts: Iterable[str]) -> list[str]:
    """Write each plain where every YAML reader gives that very string back, else quoted."""
    return [line if is_plain(line) else quoted(line) for line in yaml_lines(texts)]


def is_plain(text: str) -> bool:
    """Whether an unquoted `text` is read as itself by YAML 1.1 and by js-yaml (YAML 1.2)."""
    return bool(
        text
        and text == text.strip()
        and text[0] not in _INDICATORS
        and not text.endswith(":")
        and ": " not in text
        and " #" not in text
        and not _ESCAPED.search(text)
        and not _NUMBERLIKE.fullmatch(text)
        and text.lower() not in _WORDS
    )


def rfc_1123(moment: datetime) -> str:
    """Write a date as RFC 1123 does (`Thu, 09 Dec 2021 14:42:00 GMT`), as Hexo and Hugo read it."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def _list(key: str, items: tuple[str, ...]) -> list[str]:
    if not items:
        return [f"{key}: []"]
    return [f"{key}:", *(f" - {item}" for item in scalars(items))]


def _body(markdown: str) -> str:
    body = _CONTROLS.sub("", markdown.replace("\r\n", "\n").replace("\r", "\n"))
    # A body that begins with a rule would look like a second front matter; `***` is the same rule.
    return re.sub(r"\A\s*(?:-{3,}|;{3,})[ \t]*(?=\n|\Z)", "***", body)
