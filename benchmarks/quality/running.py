"""Every system over every page, in turns, so that all share the same noise."""

from __future__ import annotations

import gc
import logging
import time
import warnings
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

from benchmarks.quality.pages import Page
from benchmarks.quality.systems import SYSTEMS, Prediction

PROCESSES = 2
_PARAGRAPH = (
    "<p>On day {0} copper rose in thin trade, dealers in pit {0} said, as mine {0} in the north"
    " reopened after a strike of {0} weeks.</p>"
)  # each its own: a text that repeats itself is refused, and what follows is never loaded
_WARM_UP = (
    "<html><head><title>Copper rose on Monday</title></head><body><article><h1>Copper rose</h1>"
    + "".join(_PARAGRAPH.format(n) for n in range(2, 11))
    + "</article></body></html>"
).encode()
# too short for anyone's first attempt: the word lists of a second one are loaded
_WARM_UP_SHORT = (
    b"<html><head><title>Copper rose</title></head><body><div>Copper rose on Monday.</div>"
    b"<div><p>Menu</p><p>Markets</p></div></body></html>"
)

Predictions = dict[str, dict[str, Prediction]]  # system → page id → what it said


def predict(pages: Sequence[Page], names: Sequence[str]) -> Predictions:
    """Ask each system for each page; within a page they follow one another in one process.

    The order rotates from page to page: whoever comes second finds warm caches.
    """
    turns = [
        list(names[n % len(names) :]) + list(names[: n % len(names)]) for n in range(len(names))
    ]
    with ProcessPoolExecutor(
        PROCESSES, mp_context=get_context("forkserver"), initializer=_warm_up, initargs=(names,)
    ) as pool:
        orders = [turns[number % len(turns)] for number in range(len(pages))]
        answers = list(pool.map(_ask_all, pages, orders, chunksize=5))
    return {
        name: {page.id: answer[name] for page, answer in zip(pages, answers, strict=True)}
        for name in names
    }


def _warm_up(names: Sequence[str]) -> None:
    """Imports and tables are loaded once per process, not on some page's account."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    for html in (_WARM_UP, _WARM_UP_SHORT) * 3:
        page = Page(id="", url="https://example.com/a", group="en", site="", html=html)
        _ask_all(page, names)
    gc.freeze()  # the tables stay; a collection looks at one page's objects only


def _ask_all(page: Page, names: Sequence[str]) -> dict[str, Prediction]:
    html = page.read()
    return {name: _ask(name, page, html) for name in names}


def _ask(name: str, page: Page, html: bytes) -> Prediction:
    gc.collect()  # each pays for its own garbage, not for that of whoever came before
    began = time.process_time()
    try:
        found = SYSTEMS[name].extract(html, page)
    except Exception as error:  # what a page does to a library is what we count here
        found = Prediction(error=f"{type(error).__name__}: {error}"[:200])
    return replace(found, seconds=time.process_time() - began)
