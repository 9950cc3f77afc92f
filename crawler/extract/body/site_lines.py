"""What was learned of a site, taken out of one of its pages: recurring lines and images."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from lxml.etree import _Element as Element

from archive.text.lines import image_key, letters
from config.model import BodyRules
from crawler.extract.tree import select

# A page of which more than this is known is not an article with a few of the site's lines in it
# but something else (a stump, a wall, a template for figures): taking lines out makes it worse.
MAX_SHARE = 0.3
_LINES = " | ".join(f".//{tag}" for tag in ("p", "head", "quote", "item", "row", "code"))
_LOWEST = 7  # below any h1 to h6


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """The lines (by their letters) and images (by address) of a source's site."""

    lines: Mapping[str, str] = field(default_factory=dict)
    images: Mapping[str, str] = field(default_factory=dict)
    keep: tuple[re.Pattern[str], ...] = ()

    @classmethod
    def of(cls, boilerplate: Collection[str], rules: BodyRules) -> Learned:
        """Index what the archive learned; nothing where the source's `learn` is false."""
        if not boilerplate or not rules.learn:
            return cls()
        images = {key: line for line in boilerplate if (key := image_key(line))}
        lines = {letters(line): line for line in boilerplate if not image_key(line)}
        return cls(lines=lines, images=images, keep=tuple(map(re.compile, rules.keep)))

    def line(self, line: str) -> str:
        """The learned line that this one is; '' when it is none, or to be kept."""
        known = self.lines.get(letters(line), "")
        return "" if known and self._is_kept(line) else known

    def image(self, address: str) -> str:
        """The learned address that this one is; '' when it is none, or to be kept."""
        known = self.images.get(image_key(address), "")
        return "" if known and self._is_kept(address) else known

    def _is_kept(self, text: str) -> bool:
        return any(pattern.search(text) for pattern in self.keep)


NOTHING = Learned()


def learned_blocks(body: Element, learned: Learned) -> list[tuple[Element, str]]:
    """Find the blocks of an extracted body that are learned lines, each with its line.

    None when they are more than MAX_SHARE of the text. A subhead counts only if nothing of the
    article stands under it: daily reports have the same subheads, and so do advertisements. A
    table's row with several cells never does: tables of figures have the same heads.
    """
    if not learned.lines:
        return []
    found = _without_leading_heads(
        (block, learned.line(_line(block))) for block in select(body, _LINES) if _line(block)
    )
    taken = sum(len(letters(_line(block))) for block, _ in found)
    whole = len(letters(_line(body)))
    return found if taken <= MAX_SHARE * whole else []


def learned_images(body: Element, learned: Learned) -> list[tuple[Element, str]]:
    """Find the images of a body that are learned ones, each with its learned address."""
    graphics = select(body, ".//graphic") if learned.images else []
    named = ((graphic, learned.image(graphic.get("src") or "")) for graphic in graphics)
    return [(graphic, known) for graphic, known in named if known]


def _without_leading_heads(
    blocks: Iterable[tuple[Element, str]],
) -> list[tuple[Element, str]]:
    found: list[tuple[Element, str]] = []
    below = 0  # level of what the article has under the place we are at; 0: nothing
    for block, known in reversed(list(blocks)):
        level = _level(block)
        if known and not _is_figures(block) and not 0 < level < below:
            found.append((block, known))
        else:
            below = level or _LOWEST + 1
    chosen = {block for block, _ in found}  # a quote with one paragraph is found twice
    return [pair for pair in found[::-1] if chosen.isdisjoint(pair[0].iterancestors())]


def _level(block: Element) -> int:
    """The level of a subhead, of which bold paragraphs are the lowest; 0 for all else."""
    if block.find(".//ref") is not None:  # leads away from the article
        return 0
    if block.tag == "head":
        rend = block.get("rend") or ""
        return int(rend[1:]) if re.fullmatch(r"h[1-6]", rend) else _LOWEST - 1
    bold = (hi for hi in block.iter("hi") if hi.get("rend") == "#b")
    is_bold = block.tag == "p" and letters(_line(block)) in {letters(_line(hi)) for hi in bold}
    return _LOWEST if is_bold else 0


def _is_figures(block: Element) -> bool:
    rows = [block] if block.tag == "row" else select(block, "ancestor::row")
    return any(len(row) > 1 for row in rows)


def _line(block: Element) -> str:
    return " ".join("".join(map(str, block.itertext())).split())
