"""Whether a page is a shell that a script fills: nearly no words of its own, and a script."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from archive.model import Reason, Rejection
from crawler.extract.tree import SILENT, parse_html
from crawler.text.charset import decode

# A shell has a header and a footer at most; a short notice of a page that says it is one has more.
_MOST_CHARACTERS = 600
_MOST_BYTES = 2 * 2**20
_CODE = re.compile("^$|module|(?:text|application)/(?:x-)?(?:java|ecma)script", re.IGNORECASE)
_NEEDS_SCRIPT = re.compile(
    r"(?:enable|requires?|need|without|turn on)\W+(?:\w+\W+){0,4}javascript|javascript"
    r"(?:\W+\w+){0,4}\W+(?:disabled|required|enabled)|(?:启用|開啟|开启|啟用|需要)\W*javascript",
    re.IGNORECASE,
)


def may_be_filled(rejection: Rejection) -> bool:
    """Tell whether a refused page lacked words alone: walls, errors and films have theirs."""
    return rejection.reason in (Reason.TOO_SHORT, Reason.INDEX_PAGE)


def is_script_filled(body: bytes, content_type: str) -> bool:
    """Tell whether a browser would see more on a page than its bytes say.

    True where a script runs, and the page has at most a few lines of text, or says itself that it
    needs JavaScript. Data in a script element (JSON-LD) is no script.
    """
    if len(body) > _MOST_BYTES or b"<script" not in body[:_MOST_BYTES].lower():
        return False
    root = parse_html(decode(body, content_type))
    if root is None or not any(map(_runs, root.iter("script"))):
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


def _runs(script: HtmlElement) -> bool:
    return _CODE.search((script.get("type") or "").strip()) is not None
