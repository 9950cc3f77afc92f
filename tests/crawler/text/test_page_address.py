from __future__ import annotations

import pytest

from crawler.text.page_address import Filing, file_page, is_above, is_apart


@pytest.mark.parametrize(
    ("fetched", "claimed", "filing"),
    [
        # its own path without the query, or on the desktop host
        (
            ("https://x.com/a?id=1",),
            "https://x.com/a",
            Filing(url="https://x.com/a", aliases=("https://x.com/a?id=1",), claimed=True),
        ),
        (
            ("https://m.x.com/a",),
            "https://www.x.com/a",
            Filing(url="https://www.x.com/a", aliases=("https://m.x.com/a",), claimed=True),
        ),
        # another path, or another query: evidence, which names nothing
        (
            ("https://x.com/@evil/1",),
            "https://x.com/@victim/1",
            Filing(url="https://x.com/@evil/1", claim="https://x.com/@victim/1"),
        ),
        (
            ("https://x.com/a?id=1",),
            "https://x.com/a?id=2",
            Filing(url="https://x.com/a?id=1", claim="https://x.com/a?id=2"),
        ),
        # another host, or the front page: nothing
        (("https://evil.com/1",), "https://bank.com/1", Filing(url="https://evil.com/1")),
        (("https://x.com/a/1",), "https://x.com/", Filing(url="https://x.com/a/1")),
        # redirects
        (
            ("https://t.co/x", "https://x.com/1"),
            "",
            Filing(url="https://x.com/1", aliases=("https://t.co/x",), led=True),
        ),
        (
            ("http://x.com/1", "https://www.x.com/1?s=2"),
            "",
            Filing(url="https://www.x.com/1?s=2", aliases=("https://x.com/1",)),
        ),
        (
            ("https://x.com/old", "https://x.com/new"),
            "https://x.com/old",
            Filing(url="https://x.com/old", aliases=("https://x.com/new",), led=True),
        ),
    ],
)
def test_under_what_address_a_page_is_filed(
    fetched: tuple[str, ...], claimed: str, filing: Filing
) -> None:
    assert file_page(fetched, claimed) == filing


def test_what_was_announced_apart_keeps_its_own_address() -> None:
    own = "https://x.com/article.aspx?utm_id=1001"
    assert file_page((own,), "https://x.com/article.aspx", entry_url=own) == Filing(url=own)
    item = "https://x.com/live#guid=7"
    assert file_page(("https://x.com/live",), "", entry_url=item) == Filing(url=item)
    assert not is_apart("https://x.com/article.aspx?id=7")


@pytest.mark.parametrize(
    ("url", "other", "above"),
    [
        ("https://x.com/", "https://y.com/a", True),
        ("https://x.com/news", "https://x.com/news/2021/a", True),
        ("https://x.com/new", "https://x.com/news/2021/a", False),
        ("https://y.com/news", "https://x.com/news/2021/a", False),
    ],
)
def test_a_section_is_above_its_articles(url: str, other: str, above: bool) -> None:
    assert is_above(url, other) is above
