"""The weights that ship, and what is made of them."""

from crawler.extract.body.judge.features import Features, features_of
from crawler.extract.body.judge.judge import NO_TEXT, Opinion, expected_f1, is_better, weights
from crawler.extract.body.judge.page_lines import read_page
from crawler.extract.head.metadata import read_metadata
from crawler.extract.tree import parse_html
from tests.crawler.extract.body.strange import ENGLISH, TITLE, URL, page, paragraphs


def read(body: str, texts: tuple[str, ...]) -> Features:
    tree = parse_html(page(body).decode())
    assert tree is not None
    return features_of(read_page(tree, read_metadata(tree, URL), TITLE), texts)


def test_every_feature_has_its_weights() -> None:
    assert set(weights().features) == set(read(paragraphs(), ENGLISH))


def test_the_whole_text_is_better_than_a_part_and_than_menus() -> None:
    body = f"<h1>{TITLE}</h1>{paragraphs()}"
    whole, part = expected_f1(read(body, ENGLISH)), expected_f1(read(body, ENGLISH[3:]))
    menu = expected_f1(read(body, ("Section 1 Section 2 Section 3",)))
    assert whole > part > menu > NO_TEXT


def test_a_later_candidate_must_be_better_by_the_margin() -> None:
    margin = weights().margin
    assert is_better(0.8, NO_TEXT)
    assert not is_better(0.8 + margin / 2, 0.8)
    assert is_better(0.8 + 2 * margin, 0.8)


def test_confidence_is_both_sums_together() -> None:
    assert Opinion(expected=0.9, article=0.5).confidence == 0.45
    assert Opinion(expected=1.2, article=0.5).confidence == 0.5
    assert Opinion().confidence == 0
