"""A document that comes whole each time, the same as before: HTTP knows no 304 of it."""

from __future__ import annotations

from tests.line.conftest import Desk
from tests.line.web import XML, Web

FEED = """<rss version="2.0"><channel><title>Daily</title>
<item><title>Copper rises on supply fears</title><link>{base}/gone/1</link></item>
<item><title>Rates are left where they were</title><link>{base}/gone/2</link></item>
</channel></rss>"""


def test_a_document_that_came_the_same_is_read_again_by_other_rules_alone(
    web: Web, desk: Desk
) -> None:
    web.put("/feed", FEED.format(base=web.base), XML)
    desk.configure(web.source("/feed"))
    desk.crawl()
    desk.crawl()
    visits = desk.rows("SELECT status, found, new, bytes > 0 FROM visits ORDER BY id")
    assert visits == [(200, 2, 2, 1), (200, 0, 0, 1)]
    desk.configure(web.source("/feed", "exclude = ['/gone/1$']"))
    desk.crawl()
    assert desk.rows("SELECT found, dropped, new FROM visits ORDER BY id")[2] == (2, 1, 0)
