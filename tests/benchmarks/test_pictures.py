"""When two addresses are one picture, and how many pictures were kept in their order."""

from __future__ import annotations

import pytest

from benchmarks.quality.pictures import kept_in_order, picture_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.com/p/harbour-crane.jpg?w=1200", "https://b.a.com/p/harbour-crane.webp"),
        ("https://a.com/2026/harbour-crane-1024x683.jpg", "https://a.com/2026/harbour-crane.jpg"),
        ("https://a.com/1200/cf3e4662e901/x.jpg", "https://a.com/480/cf3e4662e901/x.jpg.webp"),
        ("https://a.com/w_300,c_fit/harbour-crane.jpg", "https://a.com/w_900,c_fit/harbour-crane"),
        ("https://a.com/1065948_crane-detail.jpg", "https://a.com/1065948_crane-share.jpg"),
        (
            "https://img.a.com/fetch/https://b.com/harbour-crane.jpg",
            "https://b.com/harbour-crane.jpg",
        ),
        ("https://a.com/uploads/2026/Crane.jpg", "https://cdn.a.com/uploads/2026/crane.png"),
    ],
)
def test_sizes_formats_and_hosts_do_not_make_another_picture(one: str, other: str) -> None:
    assert picture_key(one) == picture_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.com/2026/11/crane.jpg", "https://a.com/2026/11/barge.jpg"),
        ("https://a.com/20261123_2_684_01.jpg", "https://a.com/20261123_2_684_02.jpg"),
        ("https://a.com/item/10211616160/1000", "https://a.com/item/10211616161/1000"),
        ("https://a.com/31555000-collage.jpg", "https://a.com/31438214-collage.jpg"),
    ],
)
def test_pictures_of_one_article_stay_apart(one: str, other: str) -> None:
    assert picture_key(one) != picture_key(other)


def _addresses(names: str) -> list[str]:
    return [f"https://a.com/pictures/{name}.jpg" for name in names.split()]


@pytest.mark.parametrize(
    ("gold", "found", "kept"),
    [
        ("harbour market tanker", "harbour market tanker", 3),
        ("harbour market tanker", "tanker harbour market", 2),
        ("harbour market tanker", "banner market banner2", 1),
        ("harbour market", "", 0),
        ("harbour market", "harbour harbour market", 2),
    ],
)
def test_pictures_count_as_kept_when_they_stand_in_the_order_of_the_page(
    gold: str, found: str, kept: int
) -> None:
    assert kept_in_order(_addresses(gold), _addresses(found)) == kept
