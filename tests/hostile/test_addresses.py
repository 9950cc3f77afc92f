"""Links to the inside of a network, in every spelling: refused before they are connected to, and
before a proxy sees them (rows 13 and 14 of the case list)."""

from __future__ import annotations

from tests.line.conftest import Desk
from tests.line.proxy import running_proxy
from tests.line.web import Item, Web, article, rss

# What stands in a feed, and what an entry says of it, `%` for the source's own port.
SPELLINGS = {
    "http://169.254.169.254/latest/meta-data/": "link local, RFC 3927",
    "http://127.0.0.1:%/private": "loopback, RFC 1122",
    "http://127.0.0.1.:%/private": "loopback, RFC 1122",
    "http://127.1:%/private": "loopback, RFC 1122",
    "http://2130706433:%/private": "loopback, RFC 1122",
    "http://0x7f000001:%/private": "loopback, RFC 1122",
    "http://0x7f.0.1:%/private": "loopback, RFC 1122",
    "http://0177.0.0.1:%/private": "loopback, RFC 1122",
    "http://１２７.０.０.１:%/private": "loopback, RFC 1122",
    "http://127。0。0。1:%/private": "loopback, RFC 1122",
    "http://reader@127.0.0.1:%/private": "loopback, RFC 1122",
    "http://0:%/private": "this network, RFC 791",
    "http://[::1]:%/private": "loopback, RFC 4291",
    "http://[::ffff:127.0.0.1]:%/private": "leads to 127.0.0.1: loopback, RFC 1122",
    "http://[64:ff9b::7f00:1]:%/private": "leads to 127.0.0.1: loopback, RFC 1122",
    "http://[2002:7f00:1::]/private": "leads to 127.0.0.1: loopback, RFC 1122",
    "http://[2606:4700::5efe:a00:1]/private": "leads to 10.0.0.1: private use, RFC 1918",
    "http://[fec0::1]/private": "site local, RFC 3879",
    "http://[3fff::1]/private": "documentation, RFC 9637",
    "http://192.0.0.192/opc/v2/": "IETF protocol assignments, RFC 6890",
    "http://localhost:%/private": "this machine, RFC 6761",
    "http://a.localhost:%/private": "this machine, RFC 6761",
    "http://metadata.google.internal/v1/": "a name inside a network, which a proxy would resolve",
    "http://printer/private": "a name inside a network, which a proxy would resolve",
}


def _attacks(web: Web) -> dict[str, str]:
    port = web.base.rpartition(":")[2]
    spelled = enumerate(SPELLINGS.items())
    return {f"{url.replace('%', port)}?n={n}": what for n, (url, what) in spelled}


def _configure(desk: Desk, web: Web, proxy: str = "") -> None:
    """A source at 127.0.0.2, the one address that may be connected to."""
    desk.configure(web.source("/feed.xml"), crawl=f'proxy = "{proxy}"' if proxy else "")
    text = desk.config.read_text()
    desk.config.write_text(text.replace("127.0.0.0/8", "127.0.0.2/32"))


def _reasons(desk: Desk) -> dict[str, str]:
    rows = desk.rows("SELECT raw_url, state, reason FROM entries WHERE state != 'archived'")
    assert {state for _, state, _ in rows} == {"forbidden"}
    said = (reason.partition(" is not public: ")[2] for _, _, reason in rows)
    hint = " (see [crawl] allow_networks)"
    return {url: words.removesuffix(hint) for (url, *_), words in zip(rows, said, strict=True)}


def _asked(attacks: dict[str, str]) -> dict[str, str]:
    """As they are asked for: nobody is told a user."""
    return {url.replace("reader@", ""): what for url, what in attacks.items()}


def test_every_spelling_is_refused_before_the_proxy_sees_it(
    web: Web, other_web: Web, desk: Desk
) -> None:
    attacks = _attacks(web)
    web.put("/private", article(1, "The secret page"))
    good = other_web.put("/good", article(2))
    other_web.put("/feed.xml", rss([Item(url=u) for u in (*attacks, good)]), "text/xml")
    with running_proxy() as proxy:
        _configure(desk, other_web, proxy.url)
        desk.crawl()
    assert _reasons(desk) == _asked(attacks)
    assert sorted(url.removeprefix(other_web.base) for url in proxy.asked) == [
        *("/feed.xml", "/good", "/robots.txt")
    ]
    assert web.asked == []
    assert desk.rows("SELECT url FROM articles") == [(good,)]


def test_a_redirect_to_the_inside_ends_before_the_proxy(
    web: Web, other_web: Web, desk: Desk
) -> None:
    private = web.put("/private", article(1, "The secret page")).replace("127.0.0.1", "0x7f.1")
    other_web.refuse("/one", 302, Location=private)
    other_web.refuse("/two", 301, Location="/one")
    links = [Item(url=other_web.url(path)) for path in ("/one", "/two")]
    other_web.put("/feed.xml", rss(links), "text/xml")
    with running_proxy() as proxy:
        _configure(desk, other_web, proxy.url)
        desk.crawl()
    assert sorted(url.removeprefix(other_web.base) for url in proxy.asked) == [
        *("/feed.xml", "/one", "/one", "/robots.txt", "/two")
    ]
    assert set(_reasons(desk).values()) == {"loopback, RFC 1122"}
    assert web.asked == []


def test_without_a_proxy_each_is_refused_as_well(web: Web, other_web: Web, desk: Desk) -> None:
    # The names are left out: none is known here, and a look-up that fails is tried again later.
    inside = {url: what for url, what in _attacks(web).items() if "a name" not in what}
    other_web.put("/feed.xml", rss([Item(url=url) for url in inside]), "text/xml")
    web.put("/private", article(1, "The secret page"))
    _configure(desk, other_web)
    desk.crawl()
    assert _reasons(desk) == _asked(inside)
    assert len(inside) == 22
    assert web.asked == []


def test_a_redirect_to_a_name_that_no_resolver_takes_ends_at_once(web: Web, desk: Desk) -> None:
    names = ("a" * 64 + ".example", "a..example")
    paths = [f"/{number}" for number in range(len(names))]
    for path, name in zip(paths, names, strict=True):
        web.refuse(path, 302, Location=f"http://{name}/")
    web.put("/feed.xml", rss([Item(url=web.url(path)) for path in paths]), "text/xml")
    desk.configure(web.source("/feed.xml"))
    out = desk.crawl()
    reasons = [reason for (reason,) in desk.rows("SELECT reason FROM entries ORDER BY id")]
    assert [reason.partition(":")[0] for reason in reasons] == ["name not found"] * 2
    assert "Traceback" not in out
