"""The text of a document, and plain text out of the markup that documents carry in their fields."""

from __future__ import annotations

import html
import re
import zlib
from html.entities import html5

from archive.text.strings import storable, without_sequences
from crawler.text.charset import decode

GZIP_MAGIC = b"\x1f\x8b"
MAX_DOCUMENT_BYTES = 50 * 1024 * 1024  # sitemaps.org's limit for one sitemap, uncompressed

_XML_ENCODING = re.compile(r"(<\?xml[^>]{0,200}?)\s+encoding\s*=\s*[\"'][^\"'>]{0,60}[\"']")
_AMPERSAND = re.compile(r"&(?:(#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)?")
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
# allowed by no version of XML, and sent by feeds that paste from word processors
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# the tags that stand in titles; `<Q3>` in a plain title is no tag
_INLINE_TAG = re.compile(
    r"</?(?:a|abbr|b|big|br|cite|code|div|em|font|h[1-6]|i|img|li|mark|p|q|s|small|span|strong|sub|sup"
    r"|td|tr|u|ul)\b[^<>]*>",
    re.IGNORECASE,
)
_ANY_TAG = re.compile(r"<[!/]?[A-Za-z-][^<>]*>")


class TooLarge(ValueError):
    """A compressed document that unpacks to more than MAX_DOCUMENT_BYTES."""


def unpacked(body: bytes) -> bytes:
    """Unpack gzip, known by its magic bytes and not by a name; a damaged end is left out.

    Raises TooLarge before more than MAX_DOCUMENT_BYTES are held.
    """
    if not body.startswith(GZIP_MAGIC):
        return body
    parts: list[bytes] = []
    room = MAX_DOCUMENT_BYTES
    while body.startswith(GZIP_MAGIC):
        member = zlib.decompressobj(wbits=31)
        try:
            part = member.decompress(body, room + 1)
        except zlib.error:
            break
        room -= len(part)
        if room < 0:
            raise TooLarge(f"unpacks to more than {MAX_DOCUMENT_BYTES // 2**20} MB")
        parts.append(part)
        body = member.unused_data
    return b"".join(parts)


def document_text(body: bytes, content_type: str) -> str:
    """Decode a document whatever its labels claim, without what no XML parser accepts."""
    return _CONTROL.sub("", without_sequences(decode(body, content_type))).lstrip()


def xml_bytes(text: str) -> bytes:
    """Encode as UTF-8, with an XML declaration that says so by saying nothing.

    Bare ampersands and the entities of HTML, the commonest faults of feeds and sitemaps, are
    mended: a parser that goes on behind them loses the word that follows, which in an address is a
    parameter.
    """
    text = _with_ampersands(text[: text.rfind(">") + 1])  # an address cut short is another address
    head = _XML_ENCODING.sub(r"\1", text[:400], count=1)
    return (head + text[400:]).encode("utf-8", "replace")


def _with_ampersands(text: str) -> str:
    """Mend ampersands outside CDATA, where they are right."""
    first, *rest = text.split("<![CDATA[")
    parts = [_AMPERSAND.sub(_mended, first)]
    for section in rest:
        inside, end, outside = section.partition("]]>")
        parts += ("<![CDATA[", inside, end, _AMPERSAND.sub(_mended, outside))
    return "".join(parts)


def _mended(ampersand: re.Match[str]) -> str:
    name = ampersand[1]
    if name is None:
        return "&amp;"
    if name.startswith("#"):
        return ampersand[0] if _is_allowed(name) else ""
    if name in _XML_ENTITIES:
        return ampersand[0]
    char = html5.get(f"{name};")
    return html.escape(char) if char else f"&amp;{name};"


def _is_allowed(reference: str) -> bool:
    """Whether XML allows the character that `#10` or `#xA` names (XML 1.0 §2.2)."""
    code = int(reference[2:], 16) if reference[1] in "xX" else int(reference[1:])
    if code < 0x20:
        return code in (0x9, 0xA, 0xD)
    return code < 0xD800 or 0xDFFF < code < 0xFFFE or 0xFFFF < code < 0x110000


def one_line(text: str) -> str:
    """Give a title or a name as one line of plain text: entities decoded, inline tags removed."""
    text = without_sequences(text)
    plain = html.unescape(_INLINE_TAG.sub(" ", text)) if "<" in text or "&" in text else text
    return " ".join(storable(plain).split())


def text_length(markup: str) -> int:
    """Count the characters a reader sees of a piece of HTML."""
    return len("".join(html.unescape(_ANY_TAG.sub("", markup)).split()))


def paragraphs(text: str) -> str:
    """Turn plain text into HTML paragraphs, one a line."""
    lines = (line.strip() for line in text.splitlines())
    return "".join(f"<p>{html.escape(line)}</p>" for line in lines if line)
