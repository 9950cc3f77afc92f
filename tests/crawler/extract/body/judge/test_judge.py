"""The weights that ship, and what is made of them."""

from crawler.extract.body.judge.features import features_of
from crawler.extract.body.judge.judge import (
    NO_TEXT,
    Opinion,
    is_article,
    is_better,
    judge_text,
    weights,
)
from crawler.extract.body.judge.page_lines import read_page
from crawler.extract.head.metadata import read_metadata
from crawler.extract.tree import parse_html
from tests.crawler.extract.body.strange import ENGLISH, TITLE, URL, page, paragraphs


def judged(body: str, texts: tuple[str, ...]) -> Opinion:
    tree = parse_html(page(body).decode())
    assert tree is not None
    return judge_text(features_of(read_page(tree, read_metadata(tree, URL), TITLE), texts))


def test_every_feature_has_its_weights() -> None:
    tree = parse_html(page(paragraphs()).decode())
    assert tree is not None
    features = features_of(read_page(tree, read_metadata(tree, URL), TITLE), ENGLISH)
    assert set(weights().features) == set(features)


def test_the_whole_text_is_better_than_a_part_and_than_menus() -> None:
    body = f"<h1>{TITLE}</h1>{paragraphs()}"
    whole, part = judged(body, ENGLISH), judged(body, ENGLISH[3:])
    menu = judged(body, ("Section 1 Section 2 Section 3",))
    assert whole.expected > part.expected > menu.expected
    assert is_article(whole)
    assert 0 <= menu.confidence < part.confidence < whole.confidence <= 1


def test_a_later_candidate_must_be_better_by_the_margin() -> None:
    best = Opinion(expected=0.8, article=0.9)
    margin = weights().margin
    assert is_better(best, NO_TEXT)
    assert not is_better(Opinion(expected=0.8 + margin / 2), best)
    assert is_better(Opinion(expected=0.8 + 2 * margin), best)


def test_the_evidence_names_features_with_their_values() -> None:
    told = judged(f"<h1>{TITLE}</h1>{paragraphs()}", ENGLISH).evidence
    assert len(told.split(", ")) == 4
    name, value = told.split(", ")[0].split()
    assert name in weights().features
    assert float(value) >= -1
