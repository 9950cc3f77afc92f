"""Bodies: containers, images and the site's own lines."""

import pytest

from archive.model import Article
from crawler.extract.article import extract_article
from crawler.extract.body.body import body_of_fragment
from crawler.extract.body.boilerplate import is_boilerplate
from crawler.extract.body.candidates import of_claim
from crawler.extract.body.markdown import text_blocks
from crawler.extract.head.persons import persons
from tests.crawler.extract.pages import CHINESE_PARAGRAPHS, HEADLINES, chinese

URL = "http://a.test/n/1001.html"


def article(page: bytes) -> Article:
    found = extract_article(page, url=URL)
    assert isinstance(found, Article), found
    return found


def test_text_broken_by_br_in_nested_tables_is_cut_into_paragraphs() -> None:
    soup = "<br><br>".join(CHINESE_PARAGRAPHS)
    page = f"""<html><body><table><tr><td><table><tr><td>{HEADLINES}</td></tr></table></td>
    <td><table><tr><td>{soup}</td></tr></table></td></tr></table></body></html>"""
    assert article(page.encode("gb18030")).text == "\n\n".join(CHINESE_PARAGRAPHS)


def test_hidden_wechat_body_is_read() -> None:
    paragraphs = "".join(f"<p>{p}</p>" for p in CHINESE_PARAGRAPHS)
    body = f'<div id="js_content" style="visibility: hidden; opacity: 0">{paragraphs}</div>'
    assert article(chinese(body=body)).text == "\n\n".join(CHINESE_PARAGRAPHS)


def test_images_of_related_news_are_not_the_articles() -> None:
    teasers = "".join(f"<p><a href=/{n}><img src=/t{n}.jpg>第{n}条</a></p>" for n in range(6))
    assert article(chinese(after=f"<div>{teasers}</div>")).images == ()


@pytest.mark.parametrize(
    "image",
    [
        "<img data-original='/i/1' src='/loading.gif'>",
        "<img src='data:image/gif;base64,R0' data-src='http://a.test/i/1'>",
        "<img srcset='/i/s 300w, /i/1 900w'>",
        "<img src='/i/1'>",
    ],
)
def test_lazy_images_have_their_real_address(image: str) -> None:
    first, second, *rest = CHINESE_PARAGRAPHS
    body = f"<p>{first}</p><p>{image}</p><p>{second}</p>" + "".join(f"<p>{p}</p>" for p in rest)
    assert article(chinese(body=body)).images == ("http://a.test/i/1",)


def test_tracking_pixel_is_no_image() -> None:
    body = "".join(f"<p>{p}<img src=/p.gif width=1 height=1></p>" for p in CHINESE_PARAGRAPHS)
    assert article(chinese(body=body)).images == ()


def test_fragment_keeps_markup_and_drops_scripts() -> None:
    html = "Rates <b>rise</b> again.<script>x()</script><p>See <a href='/b'>the note</a>.</p>"
    found = body_of_fragment(html, base="http://a.test/", title="", chinese=False)
    assert found is not None
    assert found.text == "Rates rise again.\n\nSee the note."
    assert found.markdown == "Rates **rise** again.\n\nSee [the note](http://a.test/b)."


@pytest.mark.parametrize(
    "line",
    [
        "（责任编辑：李某）",
        "相关阅读：央行降准",
        "来源：新华社",
        "扫描二维码关注我们",
        "未经授权不得转载",
    ],
)
def test_chinese_site_lines_are_boilerplate(line: str) -> None:
    assert is_boilerplate(line, place=9, chinese=True, title="")


@pytest.mark.parametrize(
    "line",
    [
        "作者认为，市场有望继续回升。",
        "编辑部昨日搬入新址，员工表示满意。",
        "来源国的关税将下调一成。",
    ],
)
def test_prose_that_begins_like_a_site_line_stays(line: str) -> None:
    assert not is_boilerplate(line, place=9, chinese=True, title="")


@pytest.mark.parametrize(
    "line",
    [
        *("Sign up for our newsletter", "Related: Fed holds", "Advertisement", "Share this"),
        *("Advertisement 2", "Werbung", "Lesedauer: 4 Minuten", "5 Kommentare", "Tags: ports, tin"),
        "By providing your email address, you have read and agree to our terms.",
        *("You must be logged in to post a comment.", "This website uses cookies. More."),
        *("Updated at 1:23 p.m.", "Like this story? Share it with a friend!"),
    ],
)
def test_english_site_lines_are_boilerplate(line: str) -> None:
    assert is_boilerplate(line, place=9, chinese=False, title="")


@pytest.mark.parametrize(
    "line",
    [
        *("By the end of March rates had doubled.", "Subscribers doubled.", "More banks failed."),
        *("Updated figures are due in May.", "Cookies are baked at four in the morning."),
        "Anzeigen wurden gegen drei Banken erstattet.",
    ],
)
def test_english_prose_stays(line: str) -> None:
    assert not is_boilerplate(line, place=1, chinese=False, title="")


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("By Ann Lee and Bo Ek", ("Ann Lee", "Bo Ek")),
        ("Ann Lee, Senior Reporter", ("Ann Lee",)),
        ("赵一鸣、钱二", ("赵一鸣", "钱二")),
        ("Reuters", ()),
        ("The Newsroom Staff", ()),
        ("观潮财经网", ()),
        ("https://facebook.com/tidewater", ()),
    ],
)
def test_byline_is_its_persons(claim: str, expected: tuple[str, ...]) -> None:
    assert persons([claim]) == expected


def test_a_text_that_only_json_ld_has_is_cut_at_its_line_ends() -> None:
    claim = "  Rates  rise.\n\n\nBonds fall.\r\nGold holds.\n "
    assert text_blocks(of_claim(claim).blocks) == ["Rates rise.", "Bonds fall.", "Gold holds."]
    assert text_blocks(of_claim(" \n ").blocks) == []


def test_addresses_that_lead_nowhere_leave_their_words() -> None:
    desk, us = '<a href="mailto:d@a.test">the desk</a>', '<a href="javascript:x()">us</a>'
    words = "Ask {} or {}, said the bank, as long as the offer stands, and that is until Friday."
    found = body_of_fragment(f"<p>{words.format(desk, us)}</p>", base=URL, title="x", chinese=False)
    assert found is not None
    assert found.markdown == words.format("the desk", "us")


@pytest.mark.parametrize(
    ("line", "chinese"),
    [
        ("By Jane Ellison in London", False),
        ("Published March 3, 2021, 4:15 p.m.", False),
        ("Thursday, 9 December 2021", False),
        ("2021-12-09 14:42 来源：观潮财经 阅读 1.2万", True),
    ],
)
def test_a_byline_or_a_date_is_the_sites_at_the_head_and_the_articles_below(
    line: str, chinese: bool
) -> None:
    assert is_boilerplate(line, place=0, chinese=chinese, title="")
    assert not is_boilerplate(line, place=5, chinese=chinese, title="")


def test_the_title_said_again_is_the_sites() -> None:
    assert is_boilerplate("The Bank waits!", place=1, chinese=False, title="The bank waits")
    assert not is_boilerplate("The Bank waits!", place=9, chinese=False, title="The bank waits")


@pytest.mark.parametrize(
    "image",
    [
        '"https://a.test/lead.jpg"',
        '{"@type": "ImageObject", "url": "https://a.test/lead.jpg"}',
        '{"@type": "ImageObject", "contentUrl": "https://a.test/lead.jpg"}',
        '[{"url": "https://a.test/lead.jpg"}, "https://a.test/other.jpg"]',
    ],
)
def test_the_image_of_json_ld_leads_in_whatever_form(image: str) -> None:
    head = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline":'
        f' "前三季度经济增长百分之五点二", "image": {image}}}</script>'
    )
    assert article(chinese(head=head)).image == "https://a.test/lead.jpg"
