"""The table that ships: an article, a list, and what is told of each."""

import math

from crawler.extract.body.judge.article_odds import (
    ArticleOdds,
    OddsTable,
    Steps,
    is_article,
    is_certain,
    is_settled,
    judge_page,
    odds_table,
)
from crawler.extract.body.judge.features import Features, features_of
from crawler.extract.body.judge.page_features import page_features, read_makeup
from crawler.extract.body.judge.page_lines import read_page
from crawler.extract.body.judge.page_links import link_features
from crawler.extract.head.metadata import read_metadata
from crawler.extract.tree import parse_html
from tests.crawler.extract.body.strange import ENGLISH, TITLE, page, paragraphs

STORY = "https://www.tidewater.example/2026/05/14/harbour-dues-rise-again-10482"
SECTION = "https://www.tidewater.example/markets/"
ITEMS = "".join(
    f'<div><h3><a href="/{n}.html">{line[:90]}</a></h3><p>{line[:120]}…</p>'
    f'<span>1{n} May 2026</span><a href="/{n}.html">Read more</a></div>'
    for n, line in enumerate(ENGLISH * 2)
)


def read(body: str, address: str, title: str, texts: tuple[str, ...]) -> Features:
    tree = parse_html(page(body).decode())
    assert tree is not None
    metadata = read_metadata(tree, address)
    lines, makeup = read_page(tree, metadata, title), read_makeup(tree, metadata, address, title)
    features = page_features(lines, makeup, texts, features_of(lines, texts))
    return features | link_features(tree, address, lines.scale)


def story() -> ArticleOdds:
    return judge_page(read(f"<h1>{TITLE}</h1>{paragraphs()}", STORY, TITLE, ENGLISH))


def front() -> ArticleOdds:
    teasers = tuple(f"{line[:120]}…" for line in ENGLISH * 2)
    return judge_page(read(f"<h1>Markets</h1>{ITEMS}", SECTION, "Markets", teasers))


def test_a_feature_adds_the_number_of_its_step() -> None:
    steps = Steps(at=(1.0, 3.0), adds=(-0.5, 0.25, 2.0))
    assert [steps.of(value) for value in (0.0, 1.0, 1.1, 3.0, 3.5)] == [-0.5, -0.5, 0.25, 0.25, 2.0]
    assert steps.of(math.nan) == 0


def test_log_odds_become_a_probability() -> None:
    known = {"title": Steps(at=(0.5,), adds=(-1.0, 2.0))}
    table = OddsTable(base=1.0, refuse=0.5, certain=0.1, features=known)
    assert judge_page({"title": 0.2}, table) == ArticleOdds(probability=0.5, evidence="title 0.20")
    assert round(judge_page({"title": 0.9}, table).probability, 4) == 0.9526  # 1 / (1 + e^-3)


def test_every_step_has_its_number() -> None:
    features = read(paragraphs(), STORY, TITLE, ENGLISH)
    assert set(odds_table().features) == set(features)
    for steps in odds_table().features.values():
        assert len(steps.adds) == len(steps.at) + 1
        assert list(steps.at) == sorted(steps.at)


def test_an_article_is_likely_and_a_list_is_not() -> None:
    assert is_article(story().probability)
    assert story().probability > 0.95
    assert not is_article(front().probability)


def test_what_was_not_read_weighs_nothing_and_is_read_only_in_doubt() -> None:
    features = read(f"<h1>{TITLE}</h1>{paragraphs()}", STORY, TITLE, ENGLISH)
    lowest = {**features, "alike": 0.0, "below": 1.0}
    some = {name: value for name, value in features.items() if name not in ("alike", "below")}
    assert is_settled(some)
    assert is_article(judge_page(lowest).probability)
    assert judge_page(some) == judge_page({**some, "alike": math.nan, "below": math.nan})
    teasers = tuple(f"{line[:120]}…" for line in ENGLISH * 2)
    listed = read(f"<h1>Markets</h1>{ITEMS}", SECTION, "Markets", teasers)
    assert not is_settled({name: value for name, value in listed.items() if name != "alike"})


def test_what_is_certain_is_less_likely_than_what_is_refused() -> None:
    table = odds_table()
    assert is_certain(table.certain / 2)
    assert not is_certain((table.certain + table.refuse) / 2)
    assert not is_article((table.certain + table.refuse) / 2)


def test_the_evidence_names_what_weighed_most() -> None:
    told = front().evidence
    assert len(told.split(", ")) == 4
    assert {part.split()[0] for part in told.split(", ")} <= set(odds_table().features)
