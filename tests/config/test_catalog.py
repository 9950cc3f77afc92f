"""The catalogue: valid, told where from, and with its blanks filled in by its user alone."""

from __future__ import annotations

import pytest

from archive.errors import ConfigError
from config.catalog import as_source, catalog, in_catalog, matching, near_in_catalog
from config.edit import add_sources
from config.load import load_config
from config.model import Source

VALUES = {
    "rsshub": "https://rsshub.me.example/",
    "contact": "ada@example.org",
    "symbol": "AAPL",
    "cik": "0000320193",
    "word": "固态电池",
    "channel": "热点",
    "list": "65",
    "rss": "G1QFDERJ",
}


def test_every_entry_is_a_source_once_its_blanks_are_filled_in() -> None:
    sources = [as_source(entry, VALUES) for entry in catalog()]
    assert len({source.id for source in sources}) == len(sources) == 76
    assert all("{" not in source.url for source in sources)
    assert {name for entry in catalog() for name in entry.blanks} == set(VALUES)


def test_every_entry_says_where_it_was_seen_and_that_nobody_checked_it() -> None:
    assert {entry.checked for entry in catalog()} == {"never"}
    assert all(len(entry.seen) > 10 for entry in catalog())


def test_sources_of_one_address_stand_there_once() -> None:
    urls = [str(entry.table["url"]) for entry in catalog()]
    assert len(set(urls)) == len(urls)


def test_an_address_goes_in_as_it_is_and_a_word_percent_encoded() -> None:
    cls, search = in_catalog("cls"), in_catalog("eastmoney-search")
    assert cls is not None
    assert search is not None
    assert as_source(cls, VALUES).url == "https://rsshub.me.example/cls/telegraph"
    assert "%E5%9B%BA%E6%80%81%E7%94%B5%E6%B1%A0" in as_source(search, VALUES).url


def test_a_blank_that_is_not_filled_in_is_named_with_what_to_do() -> None:
    company = in_catalog("sec-company")
    assert company is not None
    assert company.blanks == ("cik", "contact")
    with pytest.raises(ConfigError) as raised:
        company.declared({})
    assert str(raised.value) == (
        "The configuration has a problem:\n  sec-company has blanks: cik, contact\n"
        "Fill in --set cik=…; set [crawl] contact: the site wants to know who asks. "
        "Nothing was changed."
    )
    assert as_source(company, VALUES).headers["User-Agent"] == (
        "Broadsheet news archive ada@example.org"
    )


def test_words_find_entries_and_a_slip_its_neighbour() -> None:
    assert [entry.id for entry in matching(["证券时报", "快讯"])] == ["stcn-kx"]
    assert [entry.id for entry in matching(["SEC.gov", "press"])] == ["sec-press"]
    assert matching(["nothing of the kind"]) == []
    assert near_in_catalog("stcm") == "stcn"
    assert near_in_catalog("qqqqqq") == ""


def test_all_of_them_make_one_valid_config(tmp_path) -> None:
    path = tmp_path / "broadsheet.toml"
    path.write_text("")
    tables = [entry.declared(VALUES) for entry in catalog()]
    add_sources(path, tables, [entry.seen for entry in catalog()])
    loaded = load_config(path).source
    assert loaded == tuple(Source.model_validate(table) for table in tables)
