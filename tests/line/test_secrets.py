"""A source's headers and cookies: for its own domain, and for nobody's eyes."""

from __future__ import annotations

from tests.line.conftest import Desk
from tests.line.web import Item, Web, article, rss
from tests.site.bulk import article_text

_TOKEN, _SESSION, _FROM_ENV = "tok-5d41402a", "ses-7b52009b", "env-9e107d9d"
_SECRETS = f"""\
headers = {{ X-Api-Key = "{_TOKEN}", Authorization = "env:DESK_SECRET" }}
cookies = {{ session = "{_SESSION}" }}"""


def _carried(web: Web) -> dict[str, set[str]]:
    """Which of the secrets came with the requests for each path."""
    return {
        path: {s for s in (_TOKEN, _SESSION, _FROM_ENV) if s in " ".join(headers.values())}
        for path, headers in web.asked
        if path != "/robots.txt"
    }


def test_secrets_go_to_the_sources_own_domain_only_and_are_written_nowhere(
    web: Web, other_web: Web, desk: Desk
) -> None:
    own = web.put("/own", article(1), **{"Set-Cookie": f"session={_SESSION}-renewed; Path=/"})
    foreign = other_web.put("/foreign", article(2))
    away = web.refuse("/away", 302, Location=other_web.put("/landed", article(3)))
    back = other_web.refuse("/back", 302, Location=web.put("/home", article(4)))
    thin = web.put("/thin", "<html><p>Soon.</p></html>")
    broken = web.refuse("/broken", 500)
    titles = {away: article_text(3)[0], back: article_text(4)[0]}  # a redirect must end at these
    pages = (own, foreign, away, back, thin, broken)
    items = [Item(url=url, title=titles.get(url, "")) for url in pages]
    web.put("/feed.xml", rss(items))
    desk.configure(web.source("/feed.xml", _SECRETS))
    desk.environ = {"DESK_SECRET": f"Bearer {_FROM_ENV}"}
    output = desk.crawl()
    output += desk.run("sources", "show", "s") + desk.run("stats")
    all_three = {_TOKEN, _SESSION, _FROM_ENV}
    assert _carried(web) == dict.fromkeys(
        ("/feed.xml", "/own", "/away", "/home", "/thin", "/broken"), all_three
    )
    assert _carried(other_web) == dict.fromkeys(("/foreign", "/landed", "/back"), frozenset())
    assert desk.one("SELECT count(*) FROM articles") == 4
    for secret in all_three:
        assert secret not in output
        files = [path for path in desk.data.rglob("*") if path.is_file()]
        assert [path for path in files if secret.encode() in path.read_bytes()] == []


def test_secrets_are_not_shown_where_a_visit_fails_or_the_config_is_wrong(
    web: Web, desk: Desk
) -> None:
    web.refuse("/feed.xml", 401)
    desk.environ = {"DESK_SECRET": _FROM_ENV}
    desk.configure(web.source("/feed.xml", _SECRETS))
    output = desk.run("crawl", exit_code=3)
    desk.configure(web.source("/feed.xml", _SECRETS, 'intervall = "5m"'))
    output += desk.run("crawl", exit_code=2)
    assert "HTTP 401" in output
    assert [s for s in (_TOKEN, _SESSION, _FROM_ENV) if s in output] == []
