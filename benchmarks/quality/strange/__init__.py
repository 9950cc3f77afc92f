"""Strange pages: for each kind of page that extraction once read wrong, two more of our own.

pages/ has them; gold.toml has one table a page:

- `kind`: the trait, named as the case it stands for; `language`: zh, en, other; `url`;
- `title`, `authors`, `published` (the day), `paywalled`: as they must come out, where it is told;
- `text_has`, `text_not`, `text_once`: pieces that must, must not, must once be in the text;
- `paragraphs`: how many the text has.

Written without a look at the rules of extraction. They are measured and never trained on.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """What a page must give; None: the page says nothing of it."""

    title: str | None = None
    authors: tuple[str, ...] | None = None
    published: str | None = None
    paywalled: bool | None = None
    text_has: tuple[str, ...] = ()
    text_not: tuple[str, ...] = ()
    text_once: tuple[str, ...] = ()
    paragraphs: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StrangePage:
    name: str
    kind: str
    language: str
    url: str
    right: Right
    html: bytes = field(repr=False)


def strange_pages() -> Iterator[StrangePage]:
    """All of them, by name."""
    golds = tomllib.loads((HERE / "gold.toml").read_text(encoding="utf-8"))
    for name, gold in golds.items():
        known = {key: gold.pop(key) for key in ("kind", "language", "url")}
        right = {key: tuple(v) if isinstance(v, list) else v for key, v in gold.items()}
        html = (HERE / "pages" / f"{name}.html").read_bytes()
        yield StrangePage(name=name, html=html, right=Right(**right), **known)
