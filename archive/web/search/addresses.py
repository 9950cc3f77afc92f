"""Which address leads to the search page."""

from __future__ import annotations

from archive.web.face.answers import Handler, answer_with
from archive.web.reading.routes import FORMAT
from archive.web.search.search_page import STEM, search_page

SEARCH_ADDRESSES: list[tuple[str, Handler]] = [(rf"^{STEM}{FORMAT}$", answer_with(search_page))]
