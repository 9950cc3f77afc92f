"""Strings that SQLite keeps whole, and that command nobody who shows them."""

from __future__ import annotations

import re

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # NUL ends SQL's length(); a surrogate can't encode


def is_storable(text: str) -> bool:
    return _UNSTORABLE.search(text) is None


def storable(text: str) -> str:
    """Return the text without NUL characters and lone surrogates."""
    return _UNSTORABLE.sub("", text)


# C0 and C1 controls, DEL, and the signs that embed, override or isolate a direction of writing: a
# terminal, an editor or a page obeys these instead of showing them. Marks of direction (U+200E,
# U+200F) stay: Arabic and Hebrew are written with them, and they turn nothing round.
_COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# What an ESC commands stands behind it (ECMA-48): the sequences CSI, `ESC [31m`, and OSC, a title
# or a link up to BEL or ST. In markup, the ESC may be a reference.
_ESC = r"(?:\x1b|&#(?:0*27|[xX]0*1[bB]);?)"
_SEQUENCE = re.compile(
    rf"(?:{_ESC}\[|\x9b(?=[0-9;?]))[0-?]*[ -/]*[@-~]"
    rf"|(?:{_ESC}\]|\x9d)[^\x00-\x1f\x9c]{{0,2000}}(?:\x07|\x9c|\x1b\\)"
)
_SEQUENCE_SIGNS = ("\x1b", "\x9b", "\x9d")
_SEQUENCE_REFERENCE = re.compile("&#(?:27|x1[bB])")
# They part nothing that is seen. U+200C and U+200D stay: letters and emoji are joined by them.
_UNSEEN = re.compile("[\u200b\u2060\ufeff]")
_BLANKS = re.compile("[\x0b\x0c\x1c-\x1f\x85]|\r\n?")  # controls that part words or lines


def has_commands(text: str) -> bool:
    return _COMMANDS.search(text) is not None


def is_clean(text: str) -> bool:
    """Tell whether neither `without_commands` nor `without_unseen` would change a text."""
    return _COMMANDS.search(text) is None and (text.isascii() or _UNSEEN.search(text) is None)


def without_commands(text: str) -> str:
    """Return the text without control characters (but tab and newline) and bidirectional overrides;
    what parts words or lines is a blank or a newline."""
    if not has_commands(text):
        return text
    return _COMMANDS.sub("", _BLANKS.sub(_blank, without_sequences(text)))


def without_sequences(text: str) -> str:
    """Return text or markup without a terminal's control sequences, which are words without ESC."""
    signed = any(sign in text for sign in _SEQUENCE_SIGNS)
    if signed or _SEQUENCE_REFERENCE.search(text) is not None:
        return _SEQUENCE.sub("", text)
    return text


def without_unseen(text: str) -> str:
    """Return a title or a name without the signs of no width that join and shape nothing."""
    return text if text.isascii() else _UNSEEN.sub("", text)


def _blank(found: re.Match[str]) -> str:
    return "\n" if found[0].startswith("\r") else " "
