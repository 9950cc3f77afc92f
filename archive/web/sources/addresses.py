"""Which address leads to which page of this room."""

from __future__ import annotations

from archive.web.face.answers import Handler, answer_with
from archive.web.reading.routes import FORMAT
from archive.web.sources.security_page import securities_page, security_page
from archive.web.sources.source_page import source_page
from archive.web.sources.sources_page import sources_page

SOURCE_ADDRESSES: list[tuple[str, Handler]] = [
    (r"^/-/sources$", answer_with(sources_page)),
    (rf"^/-/source/(?P<source>[^/]+?){FORMAT}$", answer_with(source_page)),
    (r"^/-/securities$", answer_with(securities_page)),
    (rf"^/-/security/(?P<code>[^/]+?){FORMAT}$", answer_with(security_page)),
]
