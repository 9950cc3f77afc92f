"""How each outlet prints an article and a section front."""

from __future__ import annotations

from collections.abc import Callable

from . import haichuan, jinling, ledger, magazine, taiping, wire
from .view import View

ARTICLE: dict[str, Callable[[View], str]] = {
    "ledger": ledger.article,
    "haichuan": haichuan.article,
    "jinling": jinling.article,
    "taiping": taiping.article,
    "wire": wire.article,
    "magazine": magazine.article,
}
