"""What deploy/ starts exists, and the units are such as systemd reads."""

from __future__ import annotations

import re
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest
import yaml

from config.model import DaemonSettings
from crawler.run.cli import main

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
SERVICES = ("broadsheet.service", "broadsheet-crawl.service", "broadsheet-worker@.service")


def _unit(name: str) -> ConfigParser:
    """A unit; of a key that stands several times the last one counts here."""
    unit = ConfigParser(strict=False, interpolation=None, comment_prefixes=("#",))
    unit.optionxform = str  # type: ignore[assignment,method-assign]  # keys keep their case
    unit.read(DEPLOY / name)
    return unit


@pytest.mark.parametrize("name", SERVICES)
def test_a_unit_starts_a_command_that_exists(name: str) -> None:
    program, command = _unit(name)["Service"]["ExecStart"].split()
    assert program == "/opt/broadsheet/bin/broadsheet"
    assert command in main.list_commands(None)  # type: ignore[arg-type]


def test_the_services_are_walled_in_alike() -> None:
    daemon, crawl, worker = (
        dict(_unit(name)["Service"]).items() - {("Type", "notify"), ("Type", "oneshot")}
        for name in SERVICES
    )
    assert {key for key, _ in daemon ^ crawl} == {
        *("ExecReload", "ExecStart", "Restart", "RestartPreventExitStatus", "RestartSec"),
        *("SuccessExitStatus", "TimeoutStartSec", "WatchdogSec"),
    }
    assert {key for key, _ in daemon ^ worker} == {
        *("Environment", "EnvironmentFile", "ExecReload", "ExecStart", "StateDirectory"),
        *("StateDirectoryMode", "TimeoutStartSec"),
    }


def test_compose_starts_commands_that_exist_with_options_they_have() -> None:
    composed = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    assert set(composed) == {"redis", "daemon", "worker", "web"}
    for name in ("daemon", "worker", "web"):
        program, command, *options = composed[name]["command"]
        assert program == "broadsheet"
        found = main.get_command(None, command)  # type: ignore[arg-type]
        assert found is not None
        known = {option for param in found.params for option in param.opts}
        assert {option for option in options if option.startswith("--")} <= known


def test_the_image_has_the_broker_s_client_of_the_lock() -> None:
    step = re.search(r"RUN sed -n '(.+)' deploy/", (DEPLOY / "Dockerfile").read_text())
    assert step is not None
    extras = DEPLOY / "requirements" / "extras.txt"
    picked = subprocess.run(
        ["sed", "-n", step[1], str(extras)], capture_output=True, text=True, check=True
    ).stdout
    assert re.fullmatch(r"redis==[\d.]+ \\\n(    --hash=sha256:\w{64}( \\)?\n){2}", picked)


def test_systemd_waits_longer_than_a_stop_may_take() -> None:
    stop = int(_unit("broadsheet.service")["Service"]["TimeoutStopSec"])
    assert stop > DaemonSettings().stop_timeout.total_seconds() + 10


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not here")
def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    for unit in DEPLOY.glob("broadsheet*"):
        text = unit.read_text().replace("/opt/broadsheet/bin/broadsheet", "/bin/true")
        (tmp_path / unit.name).write_text(text)
    verdict = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, tmp_path.iterdir())],
        capture_output=True,
        text=True,
    )
    assert (verdict.returncode, verdict.stderr) == (0, "")


def test_the_image_runs_commands_that_exist() -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    called = re.findall(r'CMD \["broadsheet", "(\w+)"', text)
    assert called == ["status", "daemon"]
    assert set(called) <= set(main.list_commands(None))  # type: ignore[arg-type]


def test_the_image_s_context_has_what_the_package_needs() -> None:
    kept = {
        line.removeprefix("!")
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }
    assert kept == {
        *("LICENSE", "README.md", "pyproject.toml", "tests/site", "deploy/requirements"),
        *("archive", "config", "crawler", "spiders"),
    }
