"""From a row of `articles` to the post its file holds, and the path it gets."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from dataclasses import dataclass
from typing import Self
from urllib.parse import unquote

from archive.database.times import from_text
from archive.files.bodies import html_body, markdown_body, with_addresses
from archive.files.frontmatter import Post
from archive.images.rows import kept_images

PLACEHOLDER_IMAGE = "https://picsum.photos/400/300?random={n}"
SLUG_LENGTH = 60

_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_KEYS = ("markdown.enabled", "markdown.body", "markdown.placeholder_image", "markdown.images")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSettings:
    """What every file depends on besides its article; kept in table `settings`."""

    enabled: bool = True
    body: str = "markdown"  # or "html"
    placeholder_image: str = PLACEHOLDER_IMAGE
    images: str = ""  # what stands before the name of a kept picture; "" where none is kept

    @classmethod
    def read(cls, conn: sqlite3.Connection) -> Self:
        """Read the stored settings; the defaults where none were stored yet."""
        rows = conn.execute("SELECT key, value FROM settings WHERE key IN (?, ?, ?, ?)", _KEYS)
        stored = dict(rows.fetchall())
        return cls(
            enabled=stored.get(_KEYS[0], "1") == "1",
            body=stored.get(_KEYS[1], "markdown"),
            placeholder_image=stored.get(_KEYS[2], PLACEHOLDER_IMAGE),
            images=stored.get(_KEYS[3], ""),
        )

    def store(self, conn: sqlite3.Connection) -> None:
        values = (str(int(self.enabled)), self.body, self.placeholder_image, self.images)
        conn.executemany(
            "INSERT INTO settings (key, value) VALUES (?, ?)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            zip(_KEYS, values, strict=True),
        )


def gather_post(conn: sqlite3.Connection, article: sqlite3.Row, settings: FileSettings) -> Post:
    """Gather what the article's file says, from the database alone."""
    local = _local_images(conn, article["id"], settings.images) if settings.images else {}
    markdown = with_addresses(article["markdown"], local) if local else article["markdown"]
    image = article["image"] or placeholder(settings.placeholder_image, article["id"])
    return Post(
        title=article["title"],
        categories=(article["category"], article["source_name"], section(article)),
        image=local.get(image, image),
        author=article["author"] or article["source_name"],
        date=from_text(str(article["published"])),
        link=article["url"],
        source=article["source_id"],
        updated=from_text(_updated(conn, article)),
        revision=article["revision"],
        securities=_column(conn, _SECURITIES, article["id"]),
        also=_column(conn, _COPIES, article["id"]),
        lang=article["language"],
        withdrawn=from_text(article["withdrawn"]),
        body=_BODIES[settings.body](markdown),
    )


def _local_images(conn: sqlite3.Connection, article_id: int, folder: str) -> dict[str, str]:
    """Where the pictures that are kept lie, as the file says it, by their addresses."""
    kept = kept_images(conn, article_id)
    return {url: folder + image.file.name for url, image in kept.items()}


def section(article: sqlite3.Row) -> str:
    """The third category: the row's section, else the headline section of its language."""
    return article["section"] or ("要闻" if article["language"].startswith("zh") else "News")


def placeholder(template: str, article_id: int) -> str:
    """The image of an article that has none; `{n}` is its id mod 1000."""
    return template.replace("{n}", str(article_id % 1000))


def new_path(article: sqlite3.Row) -> str:
    """Choose the path of a new story: `2021/12/2021-12-09-896-a-slug.md`, by its UTC date.

    The id makes it unique: two posts with one permalink overwrite each other in Hexo.
    """
    date = str(article["published"])[:10]
    slug = make_slug(article["title"], article["url"])
    return f"{date[:4]}/{date[5:7]}/{date}-{article['id']}-{slug}.md"


def make_slug(title: str, url: str) -> str:
    """Make [a-z0-9-]{1,60} of the title, else of the URL's last segment, else `article`.

    A title written mostly in another script gives none: of `A股收盘` only `a` would be left.
    """
    folded = _fold(title)
    slug = _ascii(folded)
    foreign = sum(map(str.isalpha, _NOT_ASCII.findall(folded)))
    if len(slug) > foreign:
        return slug
    return _ascii(_fold(re.sub(r"\.[A-Za-z]{1,5}$", "", _last_segment(url)))) or "article"


_SECURITIES = (
    "SELECT code FROM mentions WHERE article_id = ? GROUP BY code ORDER BY sum(count) DESC, code"
)
_COPIES = "SELECT url, id FROM articles WHERE copy_of = ? ORDER BY id"
_BODIES = {"markdown": markdown_body, "html": html_body}


def _updated(conn: sqlite3.Connection, article: sqlite3.Row) -> str:
    """The site's word for its last change; else when we saw the last one; else the date."""
    if article["updated"] or article["revision"] == 1:
        return str(article["updated"] or article["published"])
    seen = conn.execute(
        "SELECT max(seen) AS seen FROM revisions WHERE article_id = ? AND number = ?",
        (article["id"], article["revision"]),
    ).fetchone()[0]
    return str(seen or article["published"])


def _last_segment(url: str) -> str:
    path = re.split("[?#]", url.partition("://")[2])[0].partition("/")[2]
    return unquote(path.rstrip("/").rpartition("/")[2])


def _column(conn: sqlite3.Connection, query: str, article_id: int) -> tuple[str, ...]:
    return tuple(row[0] for row in conn.execute(query, (article_id,)))


def _fold(text: str) -> str:
    """Full-width letters become ASCII, accents go: `Ｆｅｄ` and `café` are `Fed` and `cafe`."""
    if text.isascii():
        return text
    parts = unicodedata.normalize("NFKD", text)
    return "".join(char for char in parts if not unicodedata.combining(char))


def _ascii(folded: str) -> str:
    """Cut at a word's end where that keeps most of it."""
    slug = re.sub(r"[^a-z0-9]+", "-", folded.lower()).strip("-")
    if len(slug) <= SLUG_LENGTH:
        return slug
    head = slug[: SLUG_LENGTH + 1].rpartition("-")[0]
    return head if len(head) > SLUG_LENGTH // 2 else slug[:SLUG_LENGTH]
