"""What passes on a page is told from what the article says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.articles.noise import without_noise

FIRST = "央行周一开展逆回购操作，利率不变。"
TEXT = f"{FIRST}\n{FIRST}\n{FIRST}\n{FIRST}"


@pytest.mark.parametrize(
    "line",
    [
        "更新于 14:32",
        "3分钟前",
        "2026-11-23 14:32:07",
        "阅读 1.2万",
        "评论(12)　点赞(88)",
        "128人参与评论",
        "广告",
        "【广告】新客专享，立即领取",
        "长按二维码关注微信公众号",
        "相关阅读：三大指数收涨",
        "12 minutes ago",
        "Last updated: November 23, 2026 at 9:15 AM ET",
        "This story was last updated at 10:15 GMT.",
        "1.2K views · 48 comments",
        "ADVERTISEMENT — CONTINUE READING BELOW",
        "Sign up for our daily newsletter",
    ],
)
def test_a_line_of_noise_is_dropped(line: str) -> None:
    assert without_noise(f"{line}\n\n{TEXT}") == TEXT
    assert without_noise(f"{TEXT}\n\n{line}") == TEXT


@pytest.mark.parametrize(
    "line",
    [
        "公告于14:32发布，随后股价跳水。",
        "评论称，成交3万手的纪录难以持续。",
        "文章的阅读量达1.2万，引发热议。",
        "The attack happened 12 minutes ago, police told reporters.",
        "The post drew 123 comments within an hour.",
        "Insider sold 12,000 shares",
        "开盘时间9:30",
        "3,021.22",
        "29 November 2026 | 20 January 2027",
        "9:30 a.m. / 7:00 p.m.",
        "Buy now",
        "Notbetrieb ist wieder vorbei",
        "Correction: an earlier version named another fund.",
    ],
)
def test_a_figure_that_the_article_gives_stays(line: str) -> None:
    assert without_noise(f"{TEXT}\n\n{line}") == f"{TEXT}\n{line}"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("By Jane Doe | Updated 14:32", "By Jane Doe | Updated 15:07"),
        ("来源：新华财经 | 阅读 982", "来源：新华财经 | 阅读 1204"),
        ("Markets | 12 minutes ago", "Markets | 2 hours ago"),
    ],
)
def test_a_byline_stays_without_its_clock(one: str, other: str) -> None:
    assert without_noise(f"{one}\n{TEXT}") == without_noise(f"{other}\n{TEXT}")
    assert len(without_noise(f"{one}\n{TEXT}")) > len(TEXT)


def test_another_author_is_no_noise() -> None:
    one, other = f"By Jane Doe | 14:32\n{TEXT}", f"By Ana Ruiz | 14:32\n{TEXT}"
    assert without_noise(one) != without_noise(other)


def test_an_hour_alone_is_noise_at_the_ends_only() -> None:
    assert without_noise(f"14:32\n{TEXT}") == TEXT
    assert without_noise(f"{TEXT}\n14:32\n{TEXT}") == f"{TEXT}\n14:32\n{TEXT}"


def test_an_advertisement_more_leaves_the_date_at_the_end() -> None:
    assert without_noise(f"{TEXT}\n2026-11-23\n" + "广告\n" * 9) == TEXT


@given(
    st.lists(st.sampled_from(["14:32", "广告", "By Jane", FIRST, "阅读 3", "3 | 4"]), max_size=9)
)
def test_what_is_left_holds_no_line_that_was_not_there(lines: list[str]) -> None:
    left = without_noise("\n\n".join(lines)).split("\n")
    assert {line.casefold() for line in left} <= {"", "by jane", "3 | 4", "14:32", FIRST}


def test_a_text_of_very_many_lines_is_read_in_bounded_time() -> None:
    lines = [FIRST] * 3 + ["3 minutes ago"] * 1200 + [FIRST] * 3
    assert without_noise("\n".join(lines)).count("3 minutes ago") == 206
