"""Whatever a text is made of stays in it, once and in order; Markdown says the same."""

import pytest

from archive.model import Article
from archive.text.lines import letters
from crawler.extract.article import extract_article
from tests.crawler.extract.body.strange import (
    CHINESE,
    CHINESE_TITLE,
    ENGLISH,
    ITEMS,
    TITLE,
    URL,
    chinese_page,
    page,
    paragraphs,
)

LIST = "<ul>" + "".join(f"<li>{item}</li>" for item in ITEMS) + "</ul>"
FIGURES = "<table><tr><th>Year</th><th>Fare</th></tr><tr><td>2023</td><td>40</td></tr></table>"


def article(html: bytes) -> Article:
    found = extract_article(html, url=URL)
    assert isinstance(found, Article), found
    assert letters(_words(found.markdown)) == letters(found.text)
    return found


def _words(markdown: str) -> str:
    rows = (line for line in markdown.split("\n") if set(line) - set("|- "))
    return "\n".join(rows)


def boxed(text: str) -> str:
    return f'<div class="c"><span>{text}</span></div>'


@pytest.mark.parametrize("name", ["entry", "article-body", "x1", "txt"])
def test_paragraphs_that_are_boxes_keep_what_stands_between_them(name: str) -> None:
    one, two, three, four, five = ENGLISH
    text = boxed(one) + LIST + boxed(two) + FIGURES + "<p><strong>What it costs</strong></p>"
    text += boxed(three) + f"<blockquote>{four}</blockquote>" + boxed(five)
    found = article(page(f'<h1>{TITLE}</h1><div class="{name}">{text}</div>'))
    assert found.text.split("\n\n") == [
        *(one, *ITEMS, two, "Year Fare", "2023 40", "What it costs", three, four, five)
    ]
    assert f"> {four}" in found.markdown
    assert f"- {ITEMS[0]}" in found.markdown
    assert "| 2023 | 40 |" in found.markdown


@pytest.mark.parametrize(("texts", "title"), [(ENGLISH, TITLE), (CHINESE, CHINESE_TITLE)])
def test_a_list_between_lines_of_a_cell_keeps_its_items(texts: tuple[str, ...], title: str) -> None:
    one, two, three, *rest = texts
    cell = f"{one}<br><br>{two}{LIST}{three}<br><br>" + "<br><br>".join(rest)
    language = "zh" if texts is CHINESE else "en"
    html = page(
        f"<h1>{title}</h1><table><tr><td>{cell}</td></tr></table>", title=title, language=language
    )
    assert article(html).text.split("\n\n") == [one, two, *ITEMS, three, *rest]


@pytest.mark.parametrize(
    "wrap",
    [
        "<table><tr><td>{}</td></tr></table>",
        '<div class="article-body"><table><tbody><tr><td>{}</td></tr></tbody></table></div>',
        (
            "<table><tr><td><a href=/a>Menu</a></td><td><table><tr><td>{}</td></tr></table></td>"
            "</tr></table>"
        ),
    ],
)
def test_a_table_that_lays_out_the_page_is_no_table(wrap: str) -> None:
    found = article(page(f"<h1>{TITLE}</h1>" + wrap.format(paragraphs())))
    assert found.text.split("\n\n") == list(ENGLISH)
    assert "|" not in found.markdown


def test_a_table_of_figures_within_the_text_stays_one() -> None:
    text = paragraphs(ENGLISH[:3]) + FIGURES + paragraphs(ENGLISH[3:])
    found = article(page(f'<h1>{TITLE}</h1><div class="article-body">{text}</div>'))
    assert found.text.split("\n\n")[3:5] == ["Year Fare", "2023 40"]
    assert "| Year | Fare |" in found.markdown


def test_code_within_a_line_does_not_break_it() -> None:
    text = paragraphs() + "<p>Ask the timetable with <code>get --pier old</code> at any time.</p>"
    found = article(page(f'<h1>{TITLE}</h1><div class="article-body">{text}</div>'))
    assert found.text.split("\n\n")[-1] == "Ask the timetable with get --pier old at any time."
    assert "`get --pier old`" in found.markdown


def test_a_text_of_divs_is_no_single_paragraph() -> None:
    tools = "<ul class='tools'><li>Order Reprints</li><li>Print Article</li></ul>"
    head = f"<header><ul><li><a href=/c>Shipping</a></li></ul><h1>{TITLE}</h1>{tools}</header>"
    text = f'<div class="article__body">{paragraphs(tag="div")}</div>'
    html = page(f'<div id="sector"><article class="article">{head}{text}</article></div>')
    assert article(html).text.split("\n\n") == list(ENGLISH)


@pytest.mark.parametrize("tag", ["aside", "nav"])
def test_an_article_within_a_margin_that_is_never_closed_is_read(tag: str) -> None:
    links = "".join(
        f'<div><a href="/t{n}">Ferries and topic number {n}</a></div>' for n in range(40)
    )
    html = page(f"<{tag} class='side'>{links}<div class='main'><h1>{TITLE}</h1>{paragraphs()}")
    assert article(html).text.split("\n\n") == list(ENGLISH)


@pytest.mark.parametrize("join", [" 、 ", " | ", "，"])
def test_keywords_beside_the_text_are_none(join: str) -> None:
    words = ["预算", "税收", "港口", "物流", "制造", "土地", "债券", "企业", "设备", "央行"]
    keywords = join.join(f'<a href="tag.php?t={word}"> {word}</a>' for word in words * 4)
    soup = "<br /><br />".join(CHINESE)
    html = chinese_page(
        f"<table><tr><td>{keywords}</td></tr></table>"
        f'<table><tr><td><p class="P">{soup}</p></td></tr></table>'
    )
    assert article(html).text.split("\n\n") == list(CHINESE)


@pytest.mark.parametrize("attributes", ['type="text/css" ', "", 'media="all"'])
def test_a_style_that_ends_itself_is_no_text(attributes: str) -> None:
    rules = "body { MARGIN: 0 } #T:after { content: '.'; font-family: Verdana, 新細明體; }"
    style = f"<div><style {attributes}/> {rules} </style></div>"
    soup = "<br/><br/>".join(CHINESE)
    html = chinese_page(f"{style}<div><h1>{CHINESE_TITLE}</h1><div id=N>{soup}</div></div>")
    assert article(html).text.split("\n\n") == list(CHINESE)


def test_the_entries_of_a_live_blog_stay_in_order() -> None:
    intro = f'<div class="articleBodyText"><div class="text">{paragraphs(ENGLISH[:2])}</div></div>'
    entries = "".join(
        f'<div class="live-post"><a id="{n}"><time>1{n}:02</time></a><h3>Boat number {n}</h3>'
        f'<div class="articleBodyText"><p>At this hour {n + 2} boats wait outside the old harbour,'
        f" and {40 + n} passengers have been taken to the station by bus so far.</p></div></div>"
        for n in range(8)
    )
    html = page(f"<main><h1>{TITLE}</h1>{intro}<article class='live'>{entries}</article></main>")
    text = article(html).text
    places = [text.index(f"Boat number {n}") for n in range(8)]
    assert places == sorted(places)
    assert "At this hour 9 boats" in text
    assert ENGLISH[0] in text


@pytest.mark.parametrize(
    ("claim", "attributes"),
    [
        ('<script type="application/ld+json">{"@type": "LiveBlogPosting"}</script>', ""),
        ('<script type="application/ld+json">{"@type": ["LiveBlogPosting", "X"]}</script>', ""),
        ("", ' itemscope itemtype="https://schema.org/LiveBlogPosting"'),
    ],
)
def test_a_live_blog_is_more_than_its_introduction(claim: str, attributes: str) -> None:
    opening = [
        f"{text} That was before the ferry of {n} o'clock." for n in (6, 7) for text in ENGLISH
    ]
    intro = f'<div class="articleBodyText"><div class="text">{paragraphs(opening)}</div></div>'
    entries = "".join(
        f'<section class="note"><time>1{n}:02</time><div class="words"><p>At this hour {n + 2}'
        f" boats wait outside the old harbour, and {40 + n} passengers have been taken to the"
        " station by bus so far, the harbour master says.</p></div></section>"
        for n in range(1, 10)
    )
    html = page(f"{claim}<main{attributes}><h1>{TITLE}</h1>{intro}<div>{entries}</div></main>")
    text = article(html).text
    assert [n for n in range(1, 10) if f"At this hour {n + 2} boats" in text] == list(range(1, 10))
    assert text.startswith(opening[0])


@pytest.mark.parametrize("count", [2, 3])
def test_a_text_that_stands_twice_is_taken_once(count: int) -> None:
    box = f'<div class="text">{paragraphs()}</div>'
    assert article(page(f"<h1>{TITLE}</h1>{box * count}")).text.split("\n\n") == list(ENGLISH)
