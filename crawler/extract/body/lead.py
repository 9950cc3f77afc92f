"""The lead that stands outside of the text's box: as the page's summary has it."""

from __future__ import annotations

from collections.abc import Sequence

from archive.text.lines import letters
from crawler.extract.body.judge.page_lines import PROSE, Line, PageLines, line_start, terms

_AGREES = 0.7  # of a line's terms, and of the summary's: descriptions are often cut
_SAME = 0.8  # of the terms of both
_MOST_LINES = 40  # between headline and text


def find_lead(page: PageLines, paragraphs: Sequence[str]) -> str:
    """The line between headline and text that the page's own summary repeats; '' without one."""
    if page.headline < 0 or not page.summary or not paragraphs:
        return ""
    first = min(min(page.places.get(line_start(p), [len(page.lines)])) for p in paragraphs[:3])
    start = page.headline + 1
    between = page.lines[start : min(first, start + _MOST_LINES)]
    leads = [line.text for line in between if _is_lead(line, page)]
    held = letters("".join(paragraphs)) if leads else ""
    return next((lead for lead in leads if letters(lead) not in held), "")


def _is_lead(line: Line, page: PageLines) -> bool:
    if line.in_margin or line.linked > 0.3 * len(line.text):
        return False
    if len(line.text) * page.scale < PROSE:
        return False
    said = terms(line.text)
    shared = len(said & page.summary)
    if not line.in_paragraph:  # a headline or a caption, unless the summary is this very line
        whole = shared >= _SAME * max(len(said), len(page.summary))
        return whole and line.is_prose and not line.again and said != page.title
    return shared >= _AGREES * len(said) or (
        shared >= _AGREES * len(page.summary) and shared >= 0.5 * len(said)
    )
