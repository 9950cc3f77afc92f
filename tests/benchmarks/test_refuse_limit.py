"""The limit below which a page is refused, found by the sites that are learned from."""

from __future__ import annotations

from benchmarks.judge.examples import Example
from benchmarks.judge.limit import refuse_limit, train


def example(number: int, *, is_list: bool, looks: float, layout: str = "plain") -> Example:
    """A page of its own site, with one feature that tells lists from articles: 0 a list's."""
    features = {"linked_lines": 0.0, "title": looks, "size": number % 7 / 7}
    return Example(
        page=f"{layout} {number} {is_list}", site=f"{number}.example", group="en", layout=layout,
        finder="first", weight=3.0, features=features,
        of_page={**features, **dict.fromkeys(("summary", "title_size", "alike", "below"), 0.0),
                 **dict.fromkeys(("at_root", "depth", "slug", "number", "query"), 1.0)},
        is_list=is_list, f1=None if is_list else 1.0,
    )  # fmt: skip


def pages(like_lists: int) -> list[Example]:
    """400 articles, so many of which look like a list, and 400 lists."""
    articles = [example(n, is_list=False, looks=float(n >= like_lists)) for n in range(400)]
    return articles + [example(n, is_list=True, looks=0.0) for n in range(400, 800)]


def test_the_one_article_of_four_hundred_that_looks_like_a_list_may_be_refused() -> None:
    assert refuse_limit(pages(1)) > 0.5


def test_two_may_not_so_that_the_limit_is_below_what_lists_have() -> None:
    assert 0 < refuse_limit(pages(2)) < 0.3


def test_of_articles_without_a_page_one_of_twenty_may_be_refused() -> None:
    bare = [example(n, is_list=False, looks=float(n % 20 > 0), layout="bare") for n in range(200)]
    more = [example(900, is_list=False, looks=0.0, layout="bare")]
    assert refuse_limit(pages(0) + bare) > 0.5 > refuse_limit(pages(0) + bare + more)


def test_a_trained_model_has_the_limit_that_its_own_sites_give() -> None:
    known = pages(1)
    assert train(known).odds.refuse == round(refuse_limit(known), 3)
