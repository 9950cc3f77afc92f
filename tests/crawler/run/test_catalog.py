"""`broadsheet sources catalog`, and what `add` and `check` take from it."""

from __future__ import annotations

import json
from pathlib import Path

from config.model import Config
from crawler.run.commands.check import _everything
from tests.crawler.run.sample import CONFIG, Broadsheet


def test_the_catalogue_is_searched_by_words(broadsheet: Broadsheet) -> None:
    rows = json.loads(broadsheet("sources", "catalog", "sec", "press", "--json").stdout)
    assert [(row["id"], row["blanks"], row["checked"]) for row in rows] == [
        ("sec-press", ["contact"], "never")
    ]
    assert "stcn-kx" in broadsheet("sources", "catalog", "证券时报").stdout
    nothing = broadsheet("sources", "catalog", "tulips")
    assert (nothing.stdout, nothing.stderr) == ("", "Nothing of the kind is in the catalogue.\n")


def test_a_name_that_is_neither_address_nor_entry_gets_a_near_spelling(
    broadsheet: Broadsheet, config_file: Path
) -> None:
    result = broadsheet("sources", "add", "stcm", "--yes")
    assert result.exit_code == 2
    assert "stcm is no address, and no name of the catalogue: did you mean stcn?" in result.stderr
    result = broadsheet("sources", "add", "cls", "--yes")
    assert "cls has blanks: rsshub\nFill in --set rsshub=…. Nothing was changed." in result.stderr
    result = broadsheet("sources", "add", "fed", "https://fed.example/")
    assert "addresses and names of the catalogue go in two commands" in result.stderr
    assert config_file.read_text() == CONFIG


def test_check_all_takes_what_is_disabled_and_what_the_catalogue_has_beside() -> None:
    own = {"id": "own", "name": "O", "url": "https://www.federalreserve.gov/feeds/press_all.xml"}
    config = Config.model_validate({"source": [own | {"enabled": False}]})
    sources, untried = _everything(config)
    ids = [source.id for source in sources]
    assert ids[0] == "own"
    assert "fed" not in ids  # its address is that of `own`
    assert {"fed-monetary", "stcn", "caixin"} <= set(ids)
    assert ("cls", "财联社", "not tried: blanks: rsshub") in untried
    assert "sec-press" in {source_id for source_id, _, _ in untried}  # no contact is set
