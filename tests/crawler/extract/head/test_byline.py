"""Who wrote the article, as pages print it and as they tell machines."""

import pytest

from crawler.extract.head.byline import find_authors
from crawler.extract.head.metadata import read_metadata
from crawler.extract.outline import PageOutline
from crawler.extract.tree import parse_html

URL = "https://www.tidewater.test/markets/4711.html"


def authors(
    body: str, *, head: str = "", text: str = "", chinese: bool = False
) -> tuple[tuple[str, ...], str]:
    tree = parse_html(f"<html><head>{head}</head><body>{body}</body></html>")
    assert tree is not None
    metadata = read_metadata(tree, URL)
    return find_authors(PageOutline(tree), metadata, url=URL, text=text, chinese=chinese)


def jsonld(author: str) -> str:
    return (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Copper",'
        f' "author": {author}}}</script>'
    )


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


def test_labelled_line_counts_where_only_a_template_names_the_publisher() -> None:
    head = '<meta name="author" content="Tidewater Newsroom">'
    assert authors("<h5><em>Von Ann Lee</em></h5>", head=head) == (("Ann Lee",), "text")
    assert authors("<p>Alta Floresta | 9 Dec 2021</p>", head=head)[0] == ()


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


PROSE = (
    "Copper rose in thin trade on Monday, dealers in the pit said, as the mine reopened.",
    "Tin followed it, and so did lead, while zinc fell by a percent in the afternoon.",
    "Stocks in the warehouses of the port stayed where they had been for a month now.",
)


@pytest.mark.parametrize(
    ("head", "rest", "expected"),
    [
        (("Ann Lee",), PROSE, ("Ann Lee",)),
        (("Dealers are wary", "Ann Lee/Bo Ek"), PROSE, ("Ann Lee", "Bo Ek")),
        (("Ann Lee",), (*PROSE, "“It was quiet,” said Lee."), ()),  # whom the text is about
        (("Ann Lee on copper",), PROSE, ()),
        (("Copper Prices",), PROSE[:1], ()),
    ],
)
def test_names_alone_over_the_text_are_its_byline(
    head: tuple[str, ...], rest: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    site = jsonld('{"@type": "Person", "name": "Tidewater"}')
    assert authors("<p>Copper</p>", head=site, text="\n\n".join(head + rest))[0] == expected
