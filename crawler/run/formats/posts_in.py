"""Read posts with Hexo front matter, as the user's earlier site and our own files have it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import yaml

from archive.errors import UnreadablePost
from archive.files.bodies import html_fragment
from archive.model import Article, Entry, Rejection
from archive.upkeep.importing import ImportedPost
from config.model import Source
from crawler.extract.with_entry import article_from_entry
from crawler.text.addresses import canonical_url
from crawler.text.dates import parse_date

MAX_BYTES = 20 * 2**20
_FRONT_MATTER = re.compile(r"\A\ufeff?\s*---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)(.*)\Z", re.S)
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_PLACEHOLDER = "picsum.photos"  # the sample's image of a post that has none


def post_files(folder: Path) -> Iterator[Path]:
    """Yield the Markdown files below a folder in the order of their names, hidden ones left out."""
    for path in sorted(folder.rglob("*.md")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden:
            yield path


def read_post(path: Path, folder: Path, *, now: datetime) -> ImportedPost:
    """Read one post; raises UnreadablePost."""
    content = _content(path)
    fields, body = _parts(content)
    name = path.relative_to(folder).as_posix()
    categories = _list(fields, "categories")
    outlet = categories[1] if len(categories) > 1 else _text(fields, "author")
    if not outlet:
        raise UnreadablePost("no outlet: the second of its categories, or the author, names it")
    source = _text(fields, "source")
    return ImportedPost(
        path=name,
        content=content,
        article=_article(fields, body, name, outlet, now),
        outlet=outlet,
        category=categories[0] if categories else "",
        source=source if _ID.fullmatch(source) else "",
    )


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UnreadablePost(f"larger than {MAX_BYTES // 2**20} MB")
        return path.read_bytes()
    except OSError as error:
        raise UnreadablePost(error.strerror or str(error)) from error


def _parts(content: bytes) -> tuple[Mapping[str, object], str]:
    """Split a file into its front matter, all of it text and lists of text, and its body."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadablePost(f"not UTF-8: {error.reason} at byte {error.start}") from error
    found = _FRONT_MATTER.match(text)
    if found is None:
        raise UnreadablePost("no front matter between two lines of ---")
    try:
        fields = yaml.load(found[1], Loader=yaml.BaseLoader)  # noqa: S506  # makes text only
    except (yaml.YAMLError, RecursionError) as error:
        raise UnreadablePost(f"front matter that is no YAML: {_first_line(error)}") from error
    if not isinstance(fields, dict):
        raise UnreadablePost("front matter without keys")
    return fields, found[2]


def _article(
    fields: Mapping[str, object], body: str, name: str, outlet: str, now: datetime
) -> Article:
    url = canonical_url(_text(fields, "link")) or f"post:{outlet}/{name}"
    claimed = _text(fields, "date")
    published = parse_date(claimed, UTC)
    if published is None:
        raise UnreadablePost(f"no date: {claimed!r}" if claimed else "no date")
    is_html = body.lstrip().startswith("<")
    entry = Entry(
        url=url,
        raw_url=url,
        title=_text(fields, "title"),
        published=published,
        content=body if is_html else html_fragment(body),
    )
    read = article_from_entry(entry, source=_source(outlet, _text(fields, "lang")), fetched=now)
    if isinstance(read, Rejection):
        raise UnreadablePost(f"no text: {read}")
    author, image = _text(fields, "author"), _text(fields, "headimg")
    return replace(
        read,
        authors=() if author in ("", outlet) else tuple(re.split(r"、|, ", author)),
        published=published,
        published_from="meta",
        published_claimed=claimed,
        updated=parse_date(_text(fields, "updated"), UTC),
        section=_section(fields),
        image="" if _PLACEHOLDER in image else image,
        markdown=read.markdown if is_html else body,
        evidence=(("title", "file"), ("text", "file")),
    )


def _source(outlet: str, language: str) -> Source:
    """The source that the words for a post's text are read as: its items are the articles."""
    return Source(
        id="import",
        name=outlet,
        url="https://posts.invalid/",
        language=language,
        full_content="feed",
    )


def _section(fields: Mapping[str, object]) -> str:
    categories = _list(fields, "categories")
    return categories[2] if len(categories) > 2 else ""


def _text(fields: Mapping[str, object], key: str) -> str:
    value = fields.get(key)
    return " ".join(value.split()) if isinstance(value, str) else ""


def _list(fields: Mapping[str, object], key: str) -> list[str]:
    value = fields.get(key)
    values = value if isinstance(value, list) else [value]
    return [item for item in values if isinstance(item, str) and item]


def _first_line(error: Exception) -> str:
    return next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)
