"""Who wrote the article, as pages print it and as they tell machines."""

import pytest

from crawler.extract.head.byline import find_authors
from crawler.extract.head.metadata import read_metadata
from crawler.extract.head.persons import persons
from crawler.extract.tree import parse_html

URL = "https://www.tidewater.test/markets/4711.html"


def authors(
    body: str, *, head: str = "", text: str = "", chinese: bool = False
) -> tuple[tuple[str, ...], str]:
    tree = parse_html(f"<html><head>{head}</head><body>{body}</body></html>")
    assert tree is not None
    metadata = read_metadata(tree, URL)
    return find_authors(tree, metadata, url=URL, text=text, chinese=chinese)


def jsonld(author: str) -> str:
    return (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Copper",'
        f' "author": {author}}}</script>'
    )


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("<p>作者：沈若溪&nbsp;&nbsp;\n<a>评论(128)</a></p>", ("沈若溪",)),
        ("<p>2021-12-09 <span>来源：金陵</span> <span>记者 周启明</span></p>", ("周启明",)),
        ("<p>〔記者林怡君／台北報導〕</p>", ("林怡君",)),
        ("<p>記者林怡君、陳志明／台北報導</p>", ("林怡君", "陳志明")),
        ("<p>发表于2014-08-24 21:30| 来源观潮| 作者魏小星</p>", ("魏小星",)),
        ("<p>【文/观潮网专栏作者 王文远】</p>", ("王文远",)),
        ("<p>（作者：方小敏系大学经济学院教授）</p>", ("方小敏",)),
        ("<p>责任编辑：李某某</p><p>最新 评论(3)</p>", ()),
        ("<p>记者从会上了解到，铜价上涨。</p>", ()),
    ],
)
def test_chinese_bylines(body: str, names: tuple[str, ...]) -> None:
    assert authors(body, chinese=True)[0] == names


def test_element_of_the_author_is_read_after_a_byline_that_names_no_person() -> None:
    body = "<p>作者：最新文章</p><p class='author-name'>观山海</p>"
    assert authors(body, chinese=True) == (("观山海",), "byline")


def test_class_of_an_author_marks_the_byline() -> None:
    body = '<p class="c-page-intro__author">von: Ann Lee, Bo Ek | 9.12.2021</p>'
    assert authors(body) == (("Ann Lee", "Bo Ek"), "byline")


def test_posted_on_a_day_by_someone() -> None:
    body = '<div class="meta--author">Posted on September 21, 2020 by Ann Lee</div>'
    assert authors(body)[0] == ("Ann Lee",)


def test_authors_beside_each_other_are_all_taken() -> None:
    one = '<a class="byline-author" href="/{0}">{1}</a>'
    body = f"<div>{one.format('a', 'Ann Lee')} {one.format('b', 'Bo Ek')}</div>"
    assert authors(body)[0] == ("Ann Lee", "Bo Ek")


def test_account_is_an_author_only_where_markup_says_so() -> None:
    assert authors('<a rel="author">seagull</a>')[0] == ("seagull",)
    assert authors("", head='<meta name="author" content="seagull">')[0] == ()


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ('<div class="author">Author: <b>Bo2man</b> am 29.12.2010, 13:36 Uhr</div>', "Bo2man"),
        ('<a rel="author">freeman1984</a>', "freeman1984"),
        ("<p>Posted by Konstantin @ 12:00 am</p>", "Konstantin"),
    ],
)
def test_labelled_account_is_an_author(body: str, name: str) -> None:
    assert authors(body)[0] == (name,)


@pytest.mark.parametrize(
    "body",
    [
        # a desk is named: the sections behind it are no authors
        '<p class="author">von <a>Redaktion</a> in <a>Hyundai</a>, <a>Tests</a></p>',
        '<p class="vcard author"><a>Copper</a> / <a>Metals</a> / <a>Economy</a></p>',
        '<div class="listing-author"><span>Ann Lee</span></div>',
        '<i class="license-author">Ann Lee</i>',
        '<p class="author">By Tidewater Newsroom</p><p>Posted by Admin</p>',
    ],
)
def test_sections_and_other_items_are_no_authors(body: str) -> None:
    assert authors(body)[0] == ()


def test_commenter_is_no_author() -> None:
    body = '<div class="comment-list"><b class="author">Ann Lee</b></div>'
    assert authors(body)[0] == ()


def test_element_of_a_page_with_open_comments_is_read() -> None:
    body = '<div class="post comments-open"><b class="author">Ann Lee</b></div>'
    assert authors(body)[0] == ("Ann Lee",)


def test_label_of_a_card_names_the_author() -> None:
    head = '<meta name="twitter:label1" content="Written by">'
    head += '<meta name="twitter:data1" content="Ann Lee">'
    assert authors("", head=head) == (("Ann Lee",), "meta")


def test_meta_tag_completes_a_first_author() -> None:
    head = jsonld('{"@type": "Person", "name": "Ann Lee"}')
    head += '<meta name="author" content="Ann Lee,Bo Ek">'
    assert authors("", head=head) == (("Ann Lee", "Bo Ek"), "jsonld and meta")


@pytest.mark.parametrize(
    "author",
    ['{"@type": "Organization", "name": "Harbour Wire"}', '{"@type": "Person", "name": "dpa"}'],
)
def test_line_further_down_is_another_articles_where_an_agency_is_named(author: str) -> None:
    assert authors("<p>By Ann Lee</p>", head=jsonld(author))[0] == ()


@pytest.mark.parametrize(
    "claim",
    [
        "Harbour Holding GmbH", "Deutsche Presse-Agentur", "University of Tidewater", "publisher",
        "mf", "wordpressadmin", "Anónimo", "selbst ist der Mann", "12 votes", "News desk",
        "www.x.com", "评论", "观潮证券研究",
    ],
)  # fmt: skip
def test_what_is_no_person(claim: str) -> None:
    assert persons([claim]) == ()


def test_site_is_no_person_in_its_own_spelling() -> None:
    assert persons(["La Marea"], avoid=frozenset({"lamarea"})) == ()


def test_names_with_particles_and_capitals_are_persons() -> None:
    claim = "By Ludwig van der Berg, ANN LEE and Jörg Müller"
    assert persons([claim]) == ("Ludwig van der Berg", "ANN LEE", "Jörg Müller")


def graph(name: str) -> str:
    return (
        '<script type="application/ld+json">{"@graph": [{"@type": "Article", "author":'
        ' {"@id": "https://a.test/#/schema/person/1"}}, {"@type": "Person",'
        f' "@id": "https://a.test/#/schema/person/1", "name": "{name}"}}]}}</script>'
    )


def test_account_that_only_machines_see_is_no_author() -> None:
    assert authors("<p>Copper rose.</p>", head=graph("Ann Lee"))[0] == ()
    hidden = '<div class="author" style="display: none">Ann Lee</div>'
    assert authors(hidden, head=graph("Ann Lee"))[0] == ()


def test_account_whose_name_the_page_prints_is_the_author() -> None:
    body = "<p>LEE, Ostend</p>"
    assert authors(body, head=graph("Ann Lee")) == (("Ann Lee",), "jsonld")


def test_single_word_of_a_meta_tag_is_an_account() -> None:
    assert authors("", head='<meta name="author" content="Tango">')[0] == ()


def test_author_of_a_cited_work_is_not_the_articles() -> None:
    cited = '<div itemprop="citation"><meta itemprop="author" content="Bo Ek"></div>'
    head = '<meta name="citation_author" content="Ann Lee">'
    assert authors(cited, head=head)[0] == ("Ann Lee",)


@pytest.mark.parametrize(
    "body",
    [
        "<p>Ann Lee | 09.12.2021 - Update: 10.12.2021</p>",
        "<p>09.12.2021 - Ann Lee</p>",
        "<p>World | By Ann Lee | December 9, 2021</p>",
        "<div>By</div><div>Ann Lee</div>",
        "<p>ByAnn Lee</p>",
        "<p>Text von Ann Lee Illustration von Bo Ek</p>",
        "<p>By The Tidewater Press</p><p>Written by: Ann Lee</p>",
    ],
)
def test_bylines_without_a_mark(body: str) -> None:
    assert authors(body) == (("Ann Lee",), "text")


def test_margin_that_holds_the_headline_too_is_none() -> None:
    body = '<div class="content sidebar"><h1>Copper</h1><span class="author">Ann Lee</span></div>'
    assert authors(body)[0] == ("Ann Lee",)


def test_editor_who_signs_as_author_too_is_none() -> None:
    body = "<p>来源：求真网 作者：陈小峰 责任编辑：陈小峰</p><p>(作者：方小敏北京大学教授)</p>"
    assert authors(body, chinese=True)[0] == ("方小敏",)


@pytest.mark.parametrize(
    "claim",
    ["Donnerstag", "Alle Beiträge", "Eingestellt von", "LBCI", "Forst - LWF", "Anadolu Ajansı"],
)
def test_what_stands_beside_a_byline_is_no_person(claim: str) -> None:
    assert persons([claim]) == ()


def test_name_told_twice_without_a_space_is_one_name() -> None:
    assert persons(["Ann LeeAnn Lee"]) == ("Ann Lee",)


def test_broadcasters_region_is_no_person() -> None:
    assert persons(["Bo Ek, MDR THÜRINGEN"], avoid=frozenset({"mdr"})) == ("Bo Ek",)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("本报记者 周启明\n\n铜价上涨。\n\n市场平静。", ("周启明",)),
        ("铜价上涨。\n\n市场平静。\n\n（记者 沈若溪）", ("沈若溪",)),
    ],
)
def test_a_byline_in_the_text_itself_is_read(text: str, names: tuple[str, ...]) -> None:
    assert authors("", text=text, chinese=True) == (names, "text")


def test_a_chinese_name_that_only_a_meta_tag_or_an_authors_element_has_is_read() -> None:
    meta = '<meta name="author" content="沈若溪 周启明">'
    assert authors("<p>铜价。</p>", head=meta, chinese=True)[0] == ("沈若溪", "周启明")
    element = '<div class="author">魏小星 | 观潮</div>'
    assert authors(element, chinese=True)[0] == ("魏小星",)


@pytest.mark.parametrize(
    "body",
    [
        # a label that only an element parts from the name
        '<a class="art__author" href="/u/lee"><span>By</span>Ann Lee </a>',
        '<li class="author"><i>Author</i><b>Ann Lee</b></li>',
        '<div class="post-author"><em>Written by</em><strong>Ann Lee</strong></div>',
        '<p class="autor"><b>Von</b><span>Ann Lee</span></p>',
        '<span class="byline">AuthorAnn Lee</span>',
        # a day that only an element parts from it
        '<p class="byline">By <a href="/lee">Ann Lee</a><span>December 28, 2016</span></p>',
        '<div class="author"><span>Ann Lee</span><time>3 Mar 2021</time></div>',
        '<div class="byline">Ann Lee<span>Updated 3:15 PM</span></div>',
        '<span class="author">By Ann LeeMonday, 3 May</span>',
        # where and when
        '<p class="author">Written by <a>Ann Lee</a> in <a>Ports</a> on 1 June 2019 at 8 PM</p>',
        '<p class="byline">By Ann Lee for The Tidewater</p>',
        '<p class="post-author">Posted by <a>Ann Lee</a> under <a>Ferries</a> on 9 May</p>',
        '<p class="author">Rédigé par <a>Ann Lee</a> dans <a>Ports</a> le 4 mars 2016 à 18:20</p>',
        '<p class="credits">By <a rel="author" href="/lee">Ann Lee</a></p>',
        '<p class="meta-author">Posted by Ann Lee at 9:30</p>',
        # a link beside it
        '<div class="byline"><div class="author">By Ann Lee</div><a href="/b">Full Bio</a></div>',
        '<div><a class="author">Ann Lee</a> <a class="author">View Profile</a></div>',
    ],
)  # fmt: skip
def test_what_stands_beside_a_name_is_told_apart_from_it(body: str) -> None:
    assert authors(body) == (("Ann Lee",), "byline")


@pytest.mark.parametrize(
    "body",
    [
        "<ul><li><b>Datum</b> 28.04.2023</li><li><b>Autorin/Autor</b> Ann Lee</li></ul>",
        "<dl><dt>Author</dt><dd>Ann Lee</dd><dt>Topic</dt><dd>Copper</dd></dl>",
        "<table><tr><td>Auteur :</td><td>Ann Lee</td></tr></table>",
        "<p><b>Autor:</b> Ann Lee</p>",
        "<div>Verfasserin: Ann Lee</div>",
        "<p>Author: Ann Lee, 3 March 2021</p>",
        "<p>Ein Interview von Ann Lee</p>",
        "<p>Analysis by Ann Lee</p>",
    ],
)  # fmt: skip
def test_label_and_name_of_a_list_of_facts(body: str) -> None:
    assert authors(body) == (("Ann Lee",), "text")


@pytest.mark.parametrize(
    "text", ["Author Ann Lee said copper would rise.", "By Ann Lee's count, nine ships came."]
)
def test_label_in_running_text_is_no_byline(text: str) -> None:
    assert authors(f"<p>{text}</p>")[0] == ()


@pytest.mark.parametrize(
    ("claim", "names"),
    [
        ("Ann Lee (ale), Bo Ek (boe), Per Lind, Oslo", ("Ann Lee", "Bo Ek", "Per Lind")),
        ("Ann Lee [al] and Bo Ek, New York", ("Ann Lee", "Bo Ek")),
        ("Ann Lee (Ostend)", ("Ann Lee",)),
        ("Redaktion (Ann Lee)", ("Ann Lee",)),
        ("ann@tidewater.test (Ann Lee)", ("Ann Lee",)),
        ("Ann Lee (mailto:ann@tidewater.test)", ("Ann Lee",)),
        ("Ann Lee <ann@tidewater.test>", ("Ann Lee",)),
        ("박준석 기자 외 1명", ("박준석",)),
        ("Ann Lee Updated", ("Ann Lee",)),
        ("Ann LeeDecember", ("Ann Lee",)),
        ("Theresa May", ("Theresa May",)),
        ("Regan September", ("Regan",)),
        ("Jan Ek and April Ross", ("Jan Ek", "April Ross")),
        ("Byron Parker", ("Byron Parker",)),
    ],
)
def test_signs_places_days_and_addresses_are_no_part_of_a_name(
    claim: str, names: tuple[str, ...]
) -> None:
    assert persons([claim]) == names


@pytest.mark.parametrize(
    "claim",
    [
        "Full Bio", "View Profile", "More Stories", "Follow Us", "About the Author",
        "Read Full Story", "Suche Erweiterte Suche", "The Tidewater Post", "Monday November",
        "Letzte Aktualisierung",
        "Leitender Wirtschaftsredakteur", "民意调查", "綜合編譯",
    ],
)  # fmt: skip
def test_phrases_of_menus_and_buttons_are_no_persons(claim: str) -> None:
    assert persons([claim]) == ()


COPYRIGHT = "<footer>© 2024 Marlowe Grant. All rights reserved.</footer>"


def test_byline_is_believed_where_the_tag_names_the_publisher() -> None:
    head = '<meta name="author" content="Marlowe Grant"><script type="application/ld+json">'
    head += '{"@type": "NewsArticle", "publisher": {"name": "Marlowe Grant"}}</script>'
    head += '<meta property="og:site_name" content="Harbour Weekly">'
    body = '<p class="byline">By <a href="/l">Ann Lee</a></p>'
    assert authors(body, head=head) == (("Ann Lee",), "byline")


def test_byline_and_one_tag_outweigh_the_tag_that_names_the_publisher() -> None:
    head = '<meta name="author" content="Marlowe Grant">'
    head += '<meta property="article:author" content="Ann Lee">'
    body = f'<p class="byline">By <a href="/l">Ann Lee</a></p>{COPYRIGHT}'
    assert authors(body, head=head) == (("Ann Lee",), "meta and byline")


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("", COPYRIGHT),
        ("", "<p>Copyright Marlowe Grant 2024</p>"),
        ('<meta name="DC.Publisher" content="Marlowe Grant">', ""),
    ],
)
def test_name_that_only_a_tag_and_the_copyright_line_give_is_the_publishers(
    head: str, body: str
) -> None:
    tag = '<meta name="author" content="Marlowe Grant">'
    assert authors(body, head=tag + head)[0] == ()
    assert authors("<p>Text.</p>", head=tag)[0] == ("Marlowe Grant",)


@pytest.mark.parametrize(
    ("claimed", "printed", "names"),
    [
        ("Ann", '<p class="author">By Ann Lee</p>', ("Ann Lee",)),
        ("Ann", "<p class='label'>By</p><p class='full-name'>Ann Lee</p>", ("Ann Lee",)),
        ("Ann Lee", '<p class="byline">By Bo Ek, Ann Lee</p>', ("Bo Ek", "Ann Lee")),
        ("Ann Lee", '<p class="byline">By Bo Ek</p>', ("Ann Lee",)),
        ("Ann Lee", '<p class="byline">Ann Lee, Harbour Wire News</p>', ("Ann Lee",)),
    ],
)
def test_printed_byline_completes_what_machines_are_told(
    claimed: str, printed: str, names: tuple[str, ...]
) -> None:
    head = jsonld(f'{{"@type": "Person", "name": "{claimed}"}}')
    assert authors(printed, head=head)[0] == names


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("<p>桐江新闻记者 林晓舟</p>", ("林晓舟",)),
        ("<div>观潮日报首席记者林晓舟 沈若溪</div>", ("林晓舟", "沈若溪")),
        ("<p>《觀潮》特約記者 張曉舟</p>", ("張曉舟",)),
        ("<ul><li>作者：</li><li>林晓舟</li></ul>", ("林晓舟",)),
        ("<td>本报记者 林晓舟 2025年08月26日 <a>[上一篇]</a></td>", ("林晓舟",)),
        ("<p>记者 林晓舟 记者 沈若溪</p>", ("林晓舟", "沈若溪")),
        ("<p><span>来源：观潮</span><span>作者：林晓舟</span><a>打印</a></p>", ("林晓舟",)),
        ("<p><small>作者:</small>林晓舟、沈若溪<small>点击:</small>9</p>", ("林晓舟", "沈若溪")),
        ("<p>觀潮 記者<a href='/a'>張文</a>／報導</p>", ("張文",)),
        ("<p>【記者周啟文／綜合報導】</p>", ("周啟文",)),
        ("<p>作者：李小飞刀</p>", ("李小飞刀",)),
        ("<p><a>作者：往期来信</a></p>", ()),
        ('<div class="side"><a href="/d">记者调查</a> <a href="/m">作者：民意调查</a></div>', ()),
        ("<p>观潮日报记者 现场直击</p>", ()),
        ("<p>多位记者 高度关注</p>", ()),
    ],
)
def test_chinese_byline_in_a_line_of_its_own(body: str, names: tuple[str, ...]) -> None:
    assert authors(body, chinese=True)[0] == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("经销商对记者感叹，眼下伺服电机价格又涨了。", ()),
        ("有业内人士告诉记者 高明，铜价还会上涨。", ()),
        ("记者张三了解到，铜价上涨。", ()),
        ("多名經銷商向記者表示，銅價上漲。", ()),
        ("记者 张三 北京报道\n\n铜价上涨。", ("张三",)),
        ("观潮日报记者 张三丰 郑州报道\n\n铜价上涨。", ("张三丰",)),
        ("記者 張三 李四 台北報導\n\n銅價上漲。", ("張三", "李四")),
        ("（记者 张三 李四）铜价上涨。", ("张三", "李四")),
        ("本报记者 王 浩 李晓晴\n\n铜价上涨。", ("王浩", "李晓晴")),
        ("本报记者 欧阳文静 通讯员 王五\n\n铜价上涨。", ("欧阳文静", "王五")),
        ("每经记者 王五 每经编辑 赵六\n\n铜价上涨。", ("王五",)),
    ],
)
def test_reporter_who_signs_is_told_from_one_in_the_text(text: str, names: tuple[str, ...]) -> None:
    assert authors("", text=text, chinese=True)[0] == names
