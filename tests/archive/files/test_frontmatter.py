from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from archive.files.frontmatter import Post, is_plain, render, scalars, yaml_lines

POST = Post(
    title="人工智能_国家队_再扩容：郑州入围，东北城市首次入列",
    categories=("金融", "证券时报网", "要闻"),
    image="https://picsum.photos/400/300?random=896",
    author="证券时报网",
    date=datetime(2021, 12, 9, 14, 42, tzinfo=UTC),
    link="https://news.example.cn/djjd/202112/t20211209_1.html",
    source="stcn",
    updated=datetime(2021, 12, 9, 15, 0, tzinfo=UTC),
    revision=2,
    lang="zh",
    body="国家新一代人工智能创新发展试验区再添新军。\n",
)

# Titles that lose a post or change silently in Hexo when they are not quoted, and worse.
HOSTILE = [
    "Fed: rates up",
    "[快讯] A股收盘",
    "# hash",
    "null",
    "2021-12-09",
    "It's 'over'",
    'He said "no"',
    "{{ x }}",
    "a\\nb \\",
    "@home",
    "- item",
    "---",
    "",
    " padded ",
    "y",
    "0o17",
    "12:30:45",
    "1_000.5",
    "=",
    "line\u2028separator",
    "\ufeffbom",
    "600519",
    "ends with:",
    "a #b",
]

STRINGS = st.one_of(
    st.text(),
    st.sampled_from(HOSTILE),
    st.text(alphabet="-:#'\"\\{}[]&*!|>%@`?,.~=<+0123456789eExoT_ \n\r\ty\x00\x85\u2028\ufeff中a"),
)


def front_matter(text: str) -> dict[str, object]:
    head, _, _ = text.removeprefix("---\n").partition("\n---\n")
    values = yaml.safe_load(head)
    assert isinstance(values, dict)
    return values


def test_sample_article_has_the_lines_of_the_sample_byte_for_byte() -> None:
    lines = render(POST).encode().split(b"\n")[1:11]
    assert (
        b"\n".join(lines)
        == (
            "title: '人工智能_国家队_再扩容：郑州入围，东北城市首次入列'\n"
            "categories: \n"
            " - 金融\n"
            " - 证券时报网\n"
            " - 要闻\n"
            "headimg: 'https://picsum.photos/400/300?random=896'\n"
            "author: 证券时报网\n"
            "comments: false\n"
            "date: Thu, 09 Dec 2021 14:42:00 GMT\n"
            "thumbnail: 'https://picsum.photos/400/300?random=896'"
        ).encode()
    )


def test_file_begins_with_the_front_matter_and_ours_follows_the_samples_keys() -> None:
    post = replace(POST, securities=("300778.XSHE", "600519.XSHG"), also=("https://b.example/1",))
    lines = render(post).split("\n")
    assert lines[0] == "---"
    assert lines[11:] == [
        "link: https://news.example.cn/djjd/202112/t20211209_1.html",
        "source: stcn",
        "updated: Thu, 09 Dec 2021 15:00:00 GMT",
        "revision: 2",
        "securities:",
        " - 300778.XSHE",
        " - 600519.XSHG",
        "also:",
        " - https://b.example/1",
        "lang: zh",
        "disableNunjucks: true",
        "---",
        "",
        "国家新一代人工智能创新发展试验区再添新军。",
        "",
    ]


def test_empty_lists_are_present() -> None:
    values = front_matter(render(POST))
    assert values["securities"] == []
    assert values["also"] == []


def test_date_of_another_zone_is_written_in_gmt() -> None:
    beijing = timezone(timedelta(hours=8))
    text = render(replace(POST, date=datetime(2021, 12, 10, 0, 30, tzinfo=beijing)))
    assert "\ndate: Thu, 09 Dec 2021 16:30:00 GMT\n" in text


def test_quotation_marks_in_a_title_are_doubled() -> None:
    assert "\ntitle: 'It''s \"over\"'\n" in render(replace(POST, title='It\'s "over"'))


def one_line(text: str) -> str:
    return yaml_lines([text])[0]


def test_line_ends_become_spaces_and_control_characters_go() -> None:
    assert one_line("a\r\nb\tc\x00d\x1b[0m\x7f\ud800") == "a b cd[0m"


@pytest.mark.parametrize("text", ["金融", "证券时报网", "36氪", "Reuters, Inc.", "300778.XSHE"])
def test_ordinary_names_stay_plain(text: str) -> None:
    assert scalars([text]) == [text]


@pytest.mark.parametrize(
    "text", ["no", "600519", "1e3", "2021-12-09", "Fed: up", "a #b", "", " a", "~", "- a", ".5"]
)
def test_what_yaml_reads_as_something_else_is_quoted(text: str) -> None:
    assert scalars([text]) == [f"'{text}'"]


@given(STRINGS)
@example("line\u2028separator")
def test_plain_scalars_are_read_as_that_very_string(text: str) -> None:
    if is_plain(line := one_line(text)):
        assert yaml.safe_load(f"- {line}") == [line]


@given(title=STRINGS, author=STRINGS, names=st.tuples(STRINGS, STRINGS, STRINGS), tag=STRINGS)
def test_yaml_gives_back_the_very_strings(
    title: str, author: str, names: tuple[str, str, str], tag: str
) -> None:
    post = replace(POST, title=title, author=author, categories=names, also=(tag,), lang=tag)
    values = front_matter(render(post))
    assert values["title"] == one_line(title)
    assert values["author"] == one_line(author)
    assert values["categories"] == yaml_lines(names)
    assert values["also"] == [one_line(tag)]
    assert values["lang"] == one_line(tag)


@given(body=st.one_of(st.text(), st.just("---\ntitle: forged\n---\n")), title=STRINGS)
def test_no_body_reaches_the_front_matter(body: str, title: str) -> None:
    values = front_matter(render(replace(POST, body=body, title=title)))
    assert list(values)[-1] == "disableNunjucks"
    assert values["link"] == POST.link


def test_body_that_begins_with_a_rule_starts_no_second_front_matter() -> None:
    text = render(replace(POST, body="\n---\ntitle: forged\n---\n"))
    assert text.endswith("\n---\n\n***\ntitle: forged\n---\n")


def test_control_characters_leave_the_body_and_line_ends_are_unix() -> None:
    assert render(replace(POST, body="a\r\nb\x00\n")).endswith("\n---\n\na\nb\n")
