"""Bytes to text as browsers do it, and repaired where a label contradicts the bytes."""

from __future__ import annotations

import codecs
import re
from collections import Counter

from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    resolve_encoding,
)

# w3lib reads a declaration in the first 4 kB; portals put scripts before it
_LATE_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{3,20})", re.I)
_LATE_META_BYTES = 40_000
_SAMPLE_BYTES = 20_000  # of 60,000 no page of the corpus is read otherwise, and GBK takes 0.6 ms

_ASCII = re.compile(r"[\x00-\x7f]+")
_ISO_2022 = re.compile(rb"\x1b[$(]")

# labels of the WHATWG table that Python's codecs do not know
_LABELS = {
    "x-gbk": "gb18030",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "ks_c_5601-1987": "cp949",
    "ksc5601": "cp949",
    "windows-949": "cp949",
    "x-x-big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "unicode-1-1-utf-8": "utf-8",
    "x-cp1252": "cp1252",
    "x-user-defined": "cp1252",
}

# Without a byte order mark, as WHATWG reads the label; Python's codecs of these names ask for one.
_UNMARKED = {"utf-16": "utf-16-le", "utf-32": "utf-32-le"}

# the characters a page in each script can't do without; a wrong codec yields rare ones instead
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过"
    "子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体"
    "這個國時來們於對會發動說產後學經進實體與為過種無業關資報導財經濟證券場將約"
    "业关与资报导财济证券场将约日月公司市新元亿万，。、：；“”「」"
    "のにはをたがでてとしれさいるあり한국이다의가을는에고기지사"
)
_GUESSES = ("gb18030", "big5hkscs", "cp932", "cp949")
_PLAUSIBLE = 0.08  # real Chinese has 0.2-0.4 of its characters in _COMMON, a wrong codec under 0.03


def decode(body: bytes, content_type: str = "") -> str:
    """Return the text of a page or document; never raises, stray bytes become U+FFFD.

    The byte order mark wins, then the Content-Type header, then the meta tag or XML
    declaration, labels read as the WHATWG Encoding standard does (gb2312 and gbk are gb18030,
    iso-8859-1 is windows-1252). A label that contradicts the bytes loses: valid UTF-8 is UTF-8,
    and what doesn't read as language in its declared encoding is tried in the others.
    """
    bom_encoding, bom = read_bom(body)
    if bom_encoding and bom:
        return _clean(body[len(bom) :].decode(bom_encoding, "replace"))
    if (text := _valid_utf8(body)) is not None:
        return _clean(text)
    return _clean(body.decode(_encoding(body, content_type), "replace"))


def _clean(text: str) -> str:
    text = text.removeprefix("\ufeff")
    return text.replace("\x00", "") if "\x00" in text else text


def _valid_utf8(body: bytes) -> str | None:
    """UTF-8 by its bytes; None also for UTF-16 without a mark and for ISO-2022 escapes."""
    # one byte is sought ten times as fast as two
    if b"\x00" in body[:1000] or (b"\x1b" in body and _ISO_2022.search(body)):
        return None
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _encoding(body: bytes, content_type: str) -> str:
    """Choose the encoding of bytes that are not valid UTF-8."""
    declared = _declared(body, content_type)
    sample = _sample(body)
    for encoding in declared:
        if _reads_well(sample, encoding):
            return encoding
    if best := _guess(sample):
        return best
    # mostly UTF-8 with stray bytes, or an encoding without any of our scripts
    return declared[0] if declared else _western(sample)


def _declared(body: bytes, content_type: str) -> list[str]:
    """Name the declared encodings, the most trusted first, without repeats."""
    found = [
        _header(content_type),
        _usable(html_body_declared_encoding(body), body),
        _usable(_late_meta(body), body),
    ]
    return list(dict.fromkeys(_UNMARKED.get(e, e) for e in found if e))


def _header(content_type: str) -> str | None:
    label = re.search(r"charset\s*=\s*[\"']?([\w-]+)", content_type, re.I)
    return http_content_type_encoding(content_type) or (_resolve(label[1]) if label else None)


def _late_meta(body: bytes) -> str | None:
    match = _LATE_META.search(body[:_LATE_META_BYTES])
    return _resolve(match[1].decode("ascii", "ignore")) if match else None


def _resolve(label: str) -> str | None:
    return _LABELS.get(label.lower()) or resolve_encoding(label)


def _usable(encoding: str | None, body: bytes) -> str | None:
    """A meta tag that is readable as ASCII can't be in UTF-16 (WHATWG HTML, prescan)."""
    if encoding and encoding.startswith(("utf-16", "utf-32")) and b"\x00" not in body[:1000]:
        return "utf-8"
    return encoding


def _sample(body: bytes) -> bytes:
    """The part of the body that tells encodings apart, from its first byte beyond ASCII."""
    match = re.search(rb"[\x80-\xff]", body)
    return body[match.start() : match.start() + _SAMPLE_BYTES] if match else body[:_SAMPLE_BYTES]


def _reads_well(sample: bytes, encoding: str) -> bool:
    """Whether the bytes are language in this encoding: few errors, and characters in use."""
    text = _decoded(sample, encoding)
    foreign = _foreign(text)
    if not foreign:
        return True
    if text.count("\ufffd") > 0.05 * len(foreign) + 2:
        return False
    if _is_multibyte(encoding):
        return encoding == "utf-8" or _common_share(foreign) >= _PLAUSIBLE
    return not _guess(sample)


def _guess(sample: bytes) -> str | None:
    """Name the East Asian encoding in which the bytes are language, if there is one."""
    shares = {encoding: _share(sample, encoding) for encoding in _GUESSES}
    best = max(shares, key=lambda encoding: shares[encoding])
    return best if shares[best] >= _PLAUSIBLE else None


def _share(sample: bytes, encoding: str) -> float:
    text = _decoded(sample, encoding)
    foreign = _foreign(text)
    errors = text.count("\ufffd")
    if not foreign or errors > 0.05 * len(foreign) + 2:
        return 0.0
    return _common_share(foreign) - errors / len(foreign)


def _foreign(text: str) -> str:
    return _ASCII.sub("", text)


def _common_share(foreign: str) -> float:
    counts = Counter(foreign)  # a text has far fewer different characters than characters
    return sum(count for char, count in counts.items() if char in _COMMON) / len(foreign)


def _decoded(sample: bytes, encoding: str) -> str:
    # incremental: the cut at the sample's end is no error
    return codecs.getincrementaldecoder(encoding)("replace").decode(sample)


def _is_multibyte(encoding: str) -> bool:
    return encoding.replace("_", "-").startswith(
        ("utf", "gb", "big5", "euc", "iso2022", "iso-2022", "shift", "cp932", "cp949", "hz")
    )


def _western(sample: bytes) -> str:
    """UTF-8 with a few stray bytes, or windows-1252 (the WHATWG default)."""
    text = _decoded(sample, "utf-8")
    bad = text.count("\ufffd")
    return "utf-8" if len(_foreign(text)) - bad > 2 * bad else "cp1252"
