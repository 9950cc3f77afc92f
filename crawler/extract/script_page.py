"""Whether a page is a shell that a script fills: nearly no words of its own, and a script."""

from __future__ import annotations

import re

from crawler.extract.tree import SILENT, parse_html
from crawler.text.charset import decode

# A shell has a header and a footer at most; a short notice of a page that says it is one has more.
_MOST_CHARACTERS = 600
_MOST_BYTES = 2 * 2**20
_NEEDS_SCRIPT = re.compile(
    r"(?:enable|requires?|need|without|turn on)\W+(?:\w+\W+){0,4}javascript|javascript"
    r"(?:\W+\w+){0,4}\W+(?:disabled|required|enabled)|(?:启用|開啟|开启|啟用|需要)\W*javascript",
    re.IGNORECASE,
)


def is_script_filled(body: bytes, content_type: str) -> bool:
    """Tell whether a browser would see more on a page than its bytes say.

    True where a script is loaded or written in, and the page has at most a few lines of text, or
    says itself that it needs JavaScript.
    """
    if len(body) > _MOST_BYTES or b"<script" not in body[:_MOST_BYTES].lower():
        return False
    root = parse_html(decode(body, content_type))
    if root is None or root.find(".//script") is None:
        return False
    shown = sum(
        len(" ".join(text.split()))
        for element in root.iter()
        if isinstance(element.tag, str) and element.tag not in SILENT and element.tag != "title"
        for text in (element.text or "", *(child.tail or "" for child in element))
    )
    if shown <= _MOST_CHARACTERS:
        return True
    said = " ".join("".join(note.itertext()) for note in root.iter("noscript"))
    return shown <= 2 * _MOST_CHARACTERS and _NEEDS_SCRIPT.search(said) is not None
