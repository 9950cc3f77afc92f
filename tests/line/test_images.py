"""Pictures of archived articles: fetched after all else, kept once, refused for a reason."""

from __future__ import annotations

from hashlib import sha256

import pytest

from tests.line.conftest import Desk
from tests.line.web import Item, Web, article, rss
from tests.site.images import SVG, bomb, png

pytestmark = pytest.mark.slow

KEEP = "[images]\nkeep = true\nmax_mb = 1"
_HOW = "SELECT state, reason FROM images WHERE url = ?"


def _pictures(*addresses: str) -> str:
    figures = "".join(f'<figure><img src="{a}" alt="Shown"></figure>' for a in addresses)
    return article(1).replace("</p><p>", f"</p>{figures}<p>", 1)


def test_what_may_harm_is_refused_with_its_reason(web: Web, desk: Desk) -> None:
    web.put("/good.png", png(64, 36), "image/jpeg")
    web.put("/bomb.png", bomb(60_000), "image/png")
    web.put("/script.png", SVG, "image/svg+xml")
    web.put("/page.png", "<!DOCTYPE html><p>none</p>", "image/png")
    web.put("/large.png", png(64, 36) + bytes(3 << 20), "image/png")
    web.refuse("/within.png", 302, Location="http://10.0.0.1/secret.png")
    names = ("good", "bomb", "script", "page", "large", "within", "missing")
    urls = {name: web.url(f"/{name}.png") for name in names}
    urls["private"] = "http://169.254.169.254/latest.png"
    web.put("/a", _pictures(*urls.values()))
    web.put("/feed.xml", rss([Item(url=web.url("/a"))]))
    desk.configure(web.source("/feed.xml"), crawl=KEEP)
    desk.crawl()
    hint = "(see [crawl] allow_networks)"
    assert {name: desk.rows(_HOW, url)[0] for name, url in urls.items()} == {
        "good": ("kept", None),
        "bomb": ("refused", "too many pixels: 60000 × 60000"),
        "script": ("refused", "no picture that is kept: SVG, which may run scripts"),
        "page": ("refused", "no picture that is kept: HTML"),
        "large": ("refused", "too large: over [images] max_mb"),
        "within": ("refused", f"10.0.0.1 is not public: private use, RFC 1918 {hint}"),
        "private": ("refused", f"169.254.169.254 is not public: link local, RFC 3927 {hint}"),
        "missing": ("owed", "HTTP 404"),
    }
    digest = sha256(png(64, 36)).hexdigest()
    name = f"{digest[:2]}/{digest[2:]}.png"
    kept = [path for path in (desk.data / "images").rglob("*") if path.is_file()]
    assert kept == [desk.data / "images" / name]
    (file,) = desk.files()
    assert f"![Shown](../../../images/{name})" in file.read_text()
    assert (file.parent / f"../../../images/{name}").read_bytes() == png(64, 36)
