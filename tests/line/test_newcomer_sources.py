"""Mistakes that a newcomer makes with sources, and what he is told; the others' tests are apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from tests.line.conftest import Desk
from tests.site.process import Site

pytestmark = pytest.mark.slow
STORY = "/banking/castellan-rate-hedge"


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """`row`: of the list of mistakes. {ledger} and {wire} stand for the newsroom's addresses."""

    row: int
    source: str  # TOML
    command: Sequence[str]
    told: Sequence[str]
    exit_code: int = 0


MISTAKES = (
    Mistake(
        row=5,  # a section page that names its feed as source
        source='url = "{ledger}/section/companies"',
        command=("sources", "check"),
        told=("s: ok", "its page names a feed, which has dates and misses less: {ledger}/feeds"),
    ),
    Mistake(
        row=6,  # an article's address as source
        source=f'url = "{{ledger}}{STORY}"',
        command=("sources", "check"),
        told=(
            "s: its address is an article, not a place where news is listed",
            f"`broadsheet sources add {{ledger}}{STORY}` looks for its outlet's feed",
        ),
        exit_code=3,
    ),
    Mistake(
        row=6,  # …and crawled: none of the nine stories beside it is announced
        source=f'url = "{{ledger}}{STORY}"',
        command=("crawl",),
        told=("s was not read: its address is an article",),
        exit_code=3,
    ),
    Mistake(
        row=17,  # since too short and include wrong: counts for each cause
        source='url = "{ledger}/feeds/rss.xml"\nsince = "2h"\ninclude = ["/markets/"]',
        command=("sources", "check"),
        told=("8 listed, none announced:", "left out by include or exclude", "from before since"),
        exit_code=3,
    ),
    Mistake(
        row=13,  # all sources disabled
        source='url = "{ledger}/feeds/rss.xml"\nenabled = false',
        command=("sources", "list"),
        told=("disabled",),
    ),
)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: f"row-{mistake.row}")
def test_a_mistake_is_told_in_words_that_help(site: Site, desk: Desk, mistake: Mistake) -> None:
    bases = {"{ledger}": site.base("ledger"), "{wire}": site.base("wire")}

    def filled(text: str) -> str:
        for name, base in bases.items():
            text = text.replace(name, base)
        return text

    desk.configure(filled(f'id = "s"\nname = "The Ledger"\n{mistake.source}'))
    output = desk.run(*mistake.command, exit_code=mistake.exit_code)
    for words in mistake.told:
        assert filled(words) in output
