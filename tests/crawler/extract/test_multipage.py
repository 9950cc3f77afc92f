"""Articles in parts."""

import pytest

from archive.model import Article
from crawler.extract.article import extract_article
from crawler.extract.multipage import join_parts
from tests.crawler.extract.pages import CHINESE_PARAGRAPHS, chinese


def next_of(link: str, url: str = "http://a.test/n/1001.html") -> str:
    text = f"<p>{''.join(CHINESE_PARAGRAPHS)}</p>"
    found = extract_article(chinese(body=text, after=link), url=url)
    assert isinstance(found, Article)
    return found.next_page


@pytest.mark.parametrize(
    ("link", "url", "expected"),
    [
        ("<a href='1001_2.html'>下一页</a>", "http://a.test/n/1001.html", "/n/1001_2.html"),
        ("<a href='1001_3.html'>下一页</a>", "http://a.test/n/1001_2.html", "/n/1001_3.html"),
        ("<a href='?page=2'>Next page</a>", "http://a.test/n/rates", "/n/rates?page=2"),
        ("<link rel=next href='/n/1001/2'>", "http://a.test/n/1001", "/n/1001/2"),
        ("<a href='1001_2.html'>2</a>", "http://a.test/n/1001.html", "/n/1001_2.html"),
        ("<a href='1001_2.html'>2</a>", "http://a.test/n/1001.html?utm_source=x", "/n/1001_2.html"),
        ("<a href='1001_2.html'>2</a>", "http://a.test/n/1001.html?mod=rss", "/n/1001_2.html"),
        ("<a href='//a.test/n/a-2.html'>2</a>", "http://a.test:80/n/a.html#top", "/n/a-2.html"),
        ("<a href='?id=5&p=2'>2</a>", "http://a.test/n/v.asp?id=5&spm=1", "/n/v.asp?id=5&p=2"),
        (
            "<link rel=canonical href='/n/rates?id=5'><a href='?id=5&page=2'>2</a>",
            *("http://a.test/n/rates?id=5&mod=rss", "/n/rates?id=5&page=2"),
        ),
    ],
)
def test_next_part_of_the_same_article_is_found(link: str, url: str, expected: str) -> None:
    assert next_of(link, url) == "http://a.test" + expected


@pytest.mark.parametrize(
    "link",
    [
        "<a href='1002.html'>下一篇</a>",
        "<a href='1002.html'>下一页</a>",
        "<link rel=next href='/n/1002.html'>",
        "<a href='http://b.test/n/1001_2.html'>下一页</a>",
        "<a href='1001_2.html'>评论</a>",
        "<link rel=canonical href='/n/1000.html'><a href='1000_2.html'>2</a>",
        "<a href='javascript:void(0)'>下一页</a>",
    ],
)
def test_another_article_is_no_next_part(link: str) -> None:
    assert next_of(link) == ""


def part(*paragraphs: str, **fields: object) -> Article:
    text = "\n\n".join(paragraphs)
    known = {"url": "http://a.test/1", "title": "标题", "text": text, "markdown": text}
    return Article(**(known | fields))  # type: ignore[arg-type]


def test_parts_are_joined_without_their_repeated_head() -> None:
    first = part("导语", CHINESE_PARAGRAPHS[0], next_page="http://a.test/2", authors=("周明远",))
    joined = join_parts([first, part("导语", CHINESE_PARAGRAPHS[1])])
    assert joined.text == f"导语\n\n{CHINESE_PARAGRAPHS[0]}\n\n{CHINESE_PARAGRAPHS[1]}"
    assert (joined.next_page, joined.authors) == ("", ("周明远",))


def test_part_that_repeats_the_whole_article_adds_nothing() -> None:
    first = part(*CHINESE_PARAGRAPHS)
    assert join_parts([first, first]).text == first.text
