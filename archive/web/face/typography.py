"""What type needs to know of a text: its language, where a headline may break, where a deck ends.

Pure. Everything that comes out is text, or Markup that was escaped here.
"""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from archive.search.folding import SIMPLIFIED
from archive.text.han import HAN, KANA_HANGUL, has_han

_TAG = re.compile("[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{2,8})*")
_HAN = re.compile(f"[{HAN}]")
_OTHERS = re.compile(f"[{KANA_HANGUL}]")
_BLANKS = re.compile("[ \u3000]+")
_MARKUP = re.compile("<[^>]*>")
_TRADITIONAL = 0.12  # share of a text's Han characters from which on it is traditional
_FITS_EM = 14.2  # of the narrowest column that has headlines
_FLASH_CHARS = 150  # a text of so few is shown whole
_SEEN = 400  # characters of a text that tell its language


def lang_tag(text: str, language: str) -> str:
    """Give HTML's `lang` of an outlet's words; `language` is the article's, '' where unknown.

    A name without Han characters in a Chinese article is English; the archive says only `zh` of
    both scripts, which break and look otherwise.
    """
    said = language if _TAG.fullmatch(language) else ""
    if said and not said.lower().startswith("zh"):
        return said
    han = _HAN.findall(text[:_SEEN])
    if not han:
        return "en"
    if not said and _OTHERS.search(text[:_SEEN]):
        return "ja" if re.search("[\u3040-\u30ff]", text[:_SEEN]) else "ko"
    traditional = sum(ord(character) in SIMPLIFIED for character in han)
    return "zh-Hant" if traditional > _TRADITIONAL * len(han) else "zh-Hans"


def clauses(title: str | Markup) -> Markup:
    """Keep the clauses of a Chinese headline, which a blank parts, on a line each where all fit."""
    html = escape(title)
    parts = [part for part in _BLANKS.split(str(html)) if part]
    if len(parts) < 2 or not has_han(str(html)):
        return html
    bare = [_MARKUP.sub("", part) for part in parts]
    whole = all(part.count("<ins") == part.count("</ins") for part in parts)
    if not whole or max(map(_width, bare)) > _FITS_EM:
        return html
    return Markup(" ").join(
        Markup('<span class="clause">{}</span>').format(Markup(part))  # noqa: S704 (escaped above)
        for part in parts
    )


def _width(text: str) -> float:
    """Give the width in em: a Han character is as wide as high, a letter about half."""
    return sum(1 if ord(character) > 0x2E80 else 0.55 for character in text)


def opening(text: str, weight: int) -> str:
    """Give the beginning of a text, ended at a sentence or a word; Han count as two letters."""
    line = " ".join(text.split())
    left, end = 2 * weight, 0
    for character in line:
        left -= 2 if ord(character) > 0x2E80 else 1
        if left < 0:
            break
        end += 1
    if end == len(line):
        return line
    cut = line[:end]
    sentence = max(cut.rfind(sign) for sign in "。！？") + 1 or max(cut.rfind(". "), -1) + 1
    if sentence > end // 2:
        return cut[:sentence]
    if not has_han(cut[-8:]):
        cut = cut.rpartition(" ")[0] or cut
    return f"{cut.rstrip(' ,;:、，；：')}…"


def is_flash(text: str) -> bool:
    """Tell flash news, shown whole: a text of a sentence or two, which its headline may repeat."""
    return len(text.strip()) <= _FLASH_CHARS


def is_shouted(text: str) -> bool:
    """Tell a line in capitals, as wires write them: it is set smaller."""
    return text.isupper() and text.isascii() and len(text) > 20
