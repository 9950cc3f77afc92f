"""Whether two addresses show the same picture, and how many of a page's pictures were kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

_SIZE = re.compile(
    r"[-_.@,]*(?<![a-z0-9])(?:\d{1,4}x\d{1,4}|[wh][_=]?\d{2,4}|\d{2,4}[wh]"
    r"|(?:width|height)[_=-]?\d+)(?![a-z0-9])|^\d{2,4}$",
    re.I,
)
_EXTENSIONS = re.compile(r"(?:\.(?:jpe?g|png|gif|webp|avif|image))+$", re.I)
_NUMBER = re.compile(r"\d{6,}(?=[-_])")
_DAY = re.compile(r"(?:19|20)\d{6}")
_ENOUGH = 9  # letters and digits; a shorter name (`image`, `Peter`) needs its folder


def picture_key(url: str) -> str:
    """What is left of an address when host, query, size and format are gone.

    CMSs write the size into the query, into a folder (`/1200/`) or into the file's name
    (`-1024x683`, `w_1200`). Of the rest the end of the path counts, as many parts as it takes to
    say something. A number of six digits that begins the name is the picture's own, unless it is
    a day; what follows it is the variant.
    """
    path = unquote(unquote(urlsplit(url).path))
    if nested := list(re.finditer(r"https?:/+", path)):
        path = urlsplit(path[nested[-1].start() :]).path
    key = ""
    for part in reversed(path.lower().split("/")):
        name = _SIZE.sub("", _EXTENSIONS.sub("", part.strip("-_.,~"))).strip("-_.,~")
        if not key and (number := _NUMBER.match(name)) and not _DAY.match(name):
            return number.group()
        key = f"{name}/{key}" if key and name else key or name
        if len(re.findall(r"[^\W_]", key)) >= _ENOUGH:
            break
    return key


def kept_in_order(gold: Sequence[str], found: Sequence[str]) -> int:
    """How many gold pictures the longest common subsequence has."""
    wanted, given = distinct(gold), distinct(found)
    row = [0] * (len(given) + 1)
    for picture in wanted:
        previous = row
        row = [0]
        for column, other in enumerate(given):
            same = picture == other
            row.append(previous[column] + 1 if same else max(previous[column + 1], row[-1]))
    return row[-1]


def distinct(urls: Sequence[str]) -> list[str]:
    """The pictures' keys, each at its first place: a lead picture may return in the body."""
    return list(dict.fromkeys(picture_key(url) for url in urls))
