"""Certificates as evidence on our own clock: one that is far off hears no time over TLS."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from tests.line.authority import DAY, Authority
from tests.line.conftest import Desk
from tests.line.web import Item, Web, article, rss, running_web

pytestmark = [pytest.mark.slow]

NOT_YET, EXPIRED, VALID = (DAY, 90 * DAY), (-90 * DAY, -DAY), (-DAY, 90 * DAY)


@contextmanager
def _hosts(folder: Path, *validities: tuple[timedelta, timedelta]) -> Iterator[tuple[Desk, str]]:
    """A host for each, with one story, and the desk that trusts who signed them."""
    authority = Authority(folder)
    desk = Desk(folder=folder, environ={"SSL_CERT_FILE": str(authority.path)})
    with ExitStack() as opened:
        sources = []
        for number, (begins, ends) in enumerate(validities):
            address = f"127.0.1.{number + 1}"
            tls = authority.certify(address, begins=begins, ends=ends)
            web: Web = opened.enter_context(running_web(address, tls=tls))
            link = web.put("/story", article(number))
            web.put("/feed.xml", rss([Item(url=link)]), "text/xml")
            sources.append(web.source("/feed.xml", id=f"s{number}", name=f"Daily {number}"))
        desk.configure(*sources)
        out = desk.crawl(exit_code=0 if set(validities) == {VALID} else 3)
        yield desk, " ".join(out.split())


def test_certificates_of_all_that_are_not_valid_yet_tell_of_our_clock(tmp_path: Path) -> None:
    with _hosts(tmp_path, *[NOT_YET] * 4) as (desk, out):
        told = "this machine's clock is behind, as the certificates of 3 of 3 hosts tell: set it"
        assert out.count(told) == 1
        status = desk.run("status")
    assert "This machine's clock was behind, as certificates tell, in that run: set it" in status
    (errors,) = desk.rows("SELECT DISTINCT error FROM visits")
    assert str(errors[0]).startswith("TLS failure: certificate is not yet valid")
    failures = desk.rows("SELECT failures FROM sources ORDER BY failures")
    assert failures == [(0.0,), (0.0,), (1.0,), (1.0,)], "of the first two nobody knew better"


def test_a_few_that_have_expired_are_their_own_fault(tmp_path: Path) -> None:
    with _hosts(tmp_path, EXPIRED, EXPIRED, VALID, VALID, VALID) as (desk, out):
        assert "clock" not in desk.run("status")
    assert "this machine's clock" not in out
    assert desk.one("SELECT count(*) FROM articles") == 3
    assert desk.rows("SELECT id FROM sources WHERE failures = 1.0") == [("s0",), ("s1",)]
    assert desk.rows("SELECT DISTINCT error FROM visits WHERE error IS NOT NULL") == [
        ("TLS failure: certificate has expired",)
    ]


def test_a_certificate_of_a_stranger_is_refused_by_its_name(tmp_path: Path) -> None:
    with _hosts(tmp_path, VALID) as (desk, _):
        assert desk.one("SELECT count(*) FROM articles") == 1
        stranger = Desk(folder=tmp_path / "stranger")
        stranger.folder.mkdir()
        stranger.config.write_text(desk.config.read_text("utf-8"), "utf-8")
        stranger.crawl(exit_code=3)
    error = stranger.one("SELECT error FROM visits")
    assert error == "TLS failure: unable to get local issuer certificate"
    assert stranger.one("SELECT count(*) FROM articles") == 0
