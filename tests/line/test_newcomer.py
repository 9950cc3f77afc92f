"""Mistakes that a newcomer makes, each with what is said: one row a mistake.

Those about sources and tables are in tests/crawler/run (test_sources, terminal/).
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.line.conftest import LIMIT_S, Desk, feed
from tests.site.process import Site

ROOT = Path(__file__).resolve().parents[2]


def configured(desk: Desk, site: Site, *more: str, crawl: str = "") -> Desk:
    desk.configure(feed(site, "wire", "/atom.xml", "wire", *more), crawl=crawl)
    return desk


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "exit_code", "said"),
    [
        (
            ("scrapy", "crawl", "feed", "-a", "sorce=wire"),
            2,
            "-a sorce: the spider feed has no such argument; did you mean source?",
        ),
        (("scrapy", "crawl", "feed", "-a", "source=wier"), 2, "unknown source: wier"),
        (("crawl", "wier"), 2, "unknown source wier: did you mean wire?"),
        (("search", "auther:Poe"), 1, "there is no field auther: did you mean author:? Fields are"),
        (("search", "--jsno", "x"), 2, "No such option"),
        (("backup", "/nope/x.tar"), 2, "there is no folder /nope: make it first"),
        (
            ("export", "--format", "csv", "--query", "after:foo", "-"),
            1,
            "after: wants a date such as 2021-12-09",
        ),
    ],
)
def test_a_mistake_is_told_with_what_to_do(
    desk: Desk, site: Site, command: tuple[str, ...], exit_code: int, said: str
) -> None:
    configured(desk, site)
    if command[0] in ("search", "backup", "export"):
        desk.crawl()
    output = desk.run(*command, exit_code=exit_code)
    assert said in output
    assert "Traceback" not in output
    assert "id,url" not in output  # no header before the refusal
    assert not Path("/nope").exists()


@pytest.mark.slow
def test_what_is_missing_or_matches_nothing_is_told_once(desk: Desk, site: Site) -> None:
    desk.configure(
        feed(site, "wire", "/atom.xml", "wire", 'body = { css = "div.no-such-box" }'),
    )
    text = desk.config.read_text()
    desk.config.write_text(text.replace('contact = "test@example.org"\n', ""))
    checked = desk.run("sources", "check", "wire")
    output = desk.crawl()
    assert output.count("[crawl] contact is empty") == 1
    rule = "[source.body] css = 'div.no-such-box' matched nothing: the body was found without it"
    assert output.count(f"WARNING crawler.fetch.house.page_ends: wire: {rule}") == 1
    assert f"\n  {rule}\n" in checked
    assert f"\nwire: {rule}\n" in output  # and below the summary


@pytest.mark.slow
def test_a_config_that_asks_for_nothing_is_told_what_to_do(desk: Desk, site: Site) -> None:
    configured(desk, site, "enabled = false")
    assert "one is disabled (wire); `broadsheet sources enable wire`" in desk.crawl(exit_code=2)
    desk.configure()
    told = desk.crawl(exit_code=2)
    assert "no source is enabled: run `broadsheet sources add ADDRESS`, or add a [[source]]" in told
    configured(desk, site, 'market_hours = "NYSE"')
    wrong = desk.crawl(exit_code=2)
    assert 'market_hours: no exchange "NYSE": did you mean "XNYS"? Give its ISO 10383' in wrong
    assert not desk.data.exists()


@pytest.mark.slow
def test_two_configs_share_no_archive_unsaid(desk: Desk, site: Site, tmp_path: Path) -> None:
    configured(desk, site)
    environ = {k: v for k, v in os.environ.items() if not k.startswith("BROADSHEET_")}
    process = subprocess.run(
        [sys.executable, "-P", "-m", "crawler.run.cli", "crawl"],
        cwd=tmp_path,  # its broadsheet.toml is found there
        env=environ | {"XDG_CONFIG_HOME": str(tmp_path / "none")},
        capture_output=True,
        text=True,
        check=True,
    )
    if (ROOT / "data").is_dir() and not (tmp_path / "data").is_dir():
        assert f"`mkdir {tmp_path}/data`, and it has" in process.stderr
    else:
        assert (tmp_path / "data").is_dir()


@pytest.mark.slow
def test_ctrl_c_in_the_first_seconds_is_silent(desk: Desk, site: Site) -> None:
    """Sent to the whole group, as a terminal does, at moments over the first four seconds."""
    configured(desk, site)
    site.post({"do": "delay", "host": "wire", "path": "*", "seconds": 3})
    moments = [0.4, 0.8, 1.2, 1.6, 2.0, 2.4, 2.8, 3.4]
    random.shuffle(moments)
    for moment in moments:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "crawler.run.cli", "crawl"],
            cwd=ROOT,
            env=os.environ
            | {"BROADSHEET_CONFIG": str(desk.config), "BROADSHEET_DATA": str(desk.data)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            process.communicate(timeout=moment)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=LIMIT_S)
        assert process.returncode in (0, 130, -signal.SIGINT), (moment, out, err)
        # before our first line runs, Python itself has the word
        if "crawler/run/terminal/group.py" in err or "crawler/run/cli.py" not in err:
            assert "Traceback" not in err, (moment, err)


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_output_in_any_locale_is_no_traceback(desk: Desk, site: Site, encoding: str) -> None:
    configured(desk, site)
    desk.crawl()
    there = Desk(folder=desk.folder, environ={"PYTHONIOENCODING": encoding, "LC_ALL": "C"})
    for command in (["search", "央行"], ["stats"], ["sources", "list"], ["show", "1"], ["status"]):
        output = there.run(*command, exit_code=None)
        assert "Traceback" not in output
    posted = there.run("export", "--format", "jsonl", "-")
    assert posted.count('"id": ') >= 1
