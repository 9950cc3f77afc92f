"""What is no article is refused with its reason."""

import pytest

from archive.model import Article, Reason, Rejection
from crawler.extract.article import extract_article
from tests.crawler.extract.pages import CHINESE_PARAGRAPHS, ENGLISH_PARAGRAPHS, english

CARDS = "".join(
    f"<div><a href=/n/{n}><h3>Company {n} lifts its dividend after a record quarter</h3></a>"
    f"<p>{ENGLISH_PARAGRAPHS[n % 4]}</p></div>"
    for n in range(8)
)
ITEMS = "".join(
    f"<div><h3><a href=/n/{n}.html>第{n}条要闻：市场关注的一则重要消息</a></h3>"
    f"<p>{CHINESE_PARAGRAPHS[n % 4]}</p></div>"
    for n in range(8)
)


def reason(body: str, head: str = "<title>Tidewater Post</title>") -> Reason:
    page = f"<html><head>{head}</head><body>{body}</body></html>".encode()
    found = extract_article(page, url="http://a.test/tag/earnings")
    assert isinstance(found, Rejection), found
    return found.reason


@pytest.mark.parametrize(
    "body",
    [
        f"<main>{CARDS}</main>",
        f"<h1>Earnings</h1><main>{CARDS}</main>",
        f"<h1>要闻</h1>{ITEMS}",
        "<a href=/x>link</a> " * 500,
        "<a href=/x>Read the story here.</a> " * 30_000,
    ],
)
def test_teasers_and_bare_links_are_an_index_page(body: str) -> None:
    assert reason(body) is Reason.INDEX_PAGE


def test_article_before_teasers_is_an_article() -> None:
    page = english().decode().replace("<footer>", f"<div>{CARDS}</div><footer>").encode()
    assert isinstance(extract_article(page, url="http://a.test/n/1"), Article)


@pytest.mark.parametrize(
    "body",
    [
        """<h1>We value your privacy</h1><p>We and our 842 partners store information such as
        cookies on your device and process personal data. Accept all, or manage them.</p>""",
        """<h1>Le respect de votre vie privée</h1><p>Nous et nos 842 partenaires lisons des données
        personnelles sur votre appareil. Vous pouvez accepter ou refuser ces traceurs.</p>""",
    ],
)
def test_consent_form_is_a_wall(body: str) -> None:
    assert reason(body) is Reason.PLACEHOLDER


@pytest.mark.parametrize(
    "body",
    [
        f"<h1>Page not found</h1><p>Try our latest stories instead.</p>{CARDS}",
        "<h2>抱歉，您访问的页面不存在或已被删除</h2><p>您可以返回首页，给您带来的不便敬请谅解。</p>",
    ],
)
def test_headline_of_an_error_makes_an_error_page(body: str) -> None:
    assert reason(body) is Reason.ERROR_PAGE


def test_video_with_a_description_is_no_article() -> None:
    body = """<h1>Watch: the rate decision</h1><video src=/v.mp4></video><p>The governor explains
    in two minutes and with three charts why the bank kept its rate, what wages and prices did
    and when a first cut could come.</p>"""
    assert reason(body) is Reason.VIDEO


def test_cookie_bar_over_teasers_is_no_beginning_of_an_article() -> None:
    bar = """<div role="dialog"><p>We and our 214 partners store and access information on your
    device for tailored advertising. You may accept all cookies, refuse them or choose.</p></div>"""
    assert reason(f"{bar}<main><h1>Earnings</h1>{CARDS}</main>") is Reason.INDEX_PAGE


def refused(body: str, head: str = "<title>Tidewater Post</title>") -> Rejection:
    page = f"<html><head>{head}</head><body>{body}</body></html>".encode()
    found = extract_article(page, url="http://a.test/n/10482.html")
    assert isinstance(found, Rejection), found
    return found


def test_what_words_alone_refuse_is_a_guess_and_keeps_its_text() -> None:
    text = "Please try again in an hour: the desk is under maintenance, its team of nine told us."
    found = refused(f"<h1>We will be back</h1><p>{text}</p>")
    assert found.reason is Reason.ERROR_PAGE
    assert found.article is not None
    assert text in found.article.text


@pytest.mark.parametrize(
    "body",
    [
        "<p>Please try again.</p>",  # three words are no article, whatever they say
        (
            "<h1>404: page not found</h1><p>This story may have been moved, so look for it on the"
            " front page or search for a word of its headline.</p>"
        ),
    ],
)
def test_what_is_said_twice_or_says_nothing_is_certain(body: str) -> None:
    assert refused(body, "<title>404: page not found</title>").article is None


def test_a_wall_that_machines_are_told_of_too_is_certain() -> None:
    text = f"<p>{ENGLISH_PARAGRAPHS[0]}</p><p>Subscribe to continue reading.</p>"
    claim = '<meta name="article:content_tier" content="locked">'
    assert refused(text).article is not None
    assert refused(text, f"<title>Tidewater Post</title>{claim}").article is None


@pytest.mark.parametrize("depth", [300, 60_000])
def test_a_page_nested_deeper_than_the_parser_reads_is_told_as_that(depth: int) -> None:
    story = "".join(f"<p>{text}</p>" for text in ENGLISH_PARAGRAPHS)
    page = english(body=f"{'<div>' * depth}{story}{'</div>' * depth}")
    found = extract_article(page, url="http://a.test/n/1001.html")
    assert isinstance(found, Rejection)
    assert found.reason is Reason.PARSER_ERROR
    assert found.detail.startswith("nested more than 256 elements deep: ")
