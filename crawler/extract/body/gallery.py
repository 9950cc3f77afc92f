"""The pictures of a page that is a gallery: a list whose items are pictures."""

from __future__ import annotations

from lxml.etree import _Element as Element

from crawler.extract.body.images import edition_key, shown_image
from crawler.extract.body.media import MAX_MEDIA
from crawler.text.addresses import absolute

_LEAST = 3
_MOST_CHARS = 300  # beside a picture: its caption


def gallery_images(tree: Element, base: str) -> tuple[str, ...]:
    """The addresses of the longest list of pictures that lead nowhere but to themselves.

    Asked for pages whose text has no picture beside it: what a slide show displays one by one
    lies in such a list, and a list of teasers links to other articles.
    """
    lists = ([_picture(item, base) for item in each.iterchildren("li")] for each in _lists(tree))
    whole = [list(dict.fromkeys(found)) for found in lists if found and all(found)]
    longest = max(whole, key=len, default=[])
    return tuple(longest[:MAX_MEDIA]) if len(longest) >= _LEAST else ()


def _lists(tree: Element) -> list[Element]:
    return [each for each in tree.iter("ul", "ol") if each.find(".//img") is not None]


def _picture(item: Element, base: str) -> str:
    """The one picture of a list's item; '' where it has several, links elsewhere or is a text."""
    pictures = [shown for image in item.iter("img") if (shown := shown_image(image, base))]
    if len(set(pictures)) != 1 or len("".join(map(str, item.itertext()))) > _MOST_CHARS:
        return ""
    links = (absolute(base, link.get("href") or "") for link in item.iter("a"))
    away = any(link and edition_key(link) != edition_key(pictures[0]) for link in links)
    return "" if away else pictures[0]
