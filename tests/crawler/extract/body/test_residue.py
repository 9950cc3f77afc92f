"""What a site puts around and between the blocks of its texts goes; the text stays."""

import pytest

from archive.model import Article
from crawler.extract.article import extract_article
from crawler.extract.body.boilerplate import is_boilerplate
from tests.crawler.extract.body.strange import (
    CHINESE,
    ENGLISH,
    TITLE,
    URL,
    chinese_page,
    page,
    paragraphs,
)


def text_of(inside: str, head: str = "") -> list[str]:
    html = page(
        f'<article><h1>{TITLE}</h1><div class="article-body">{inside}</div></article>', head=head
    )
    found = extract_article(html, url=URL)
    assert isinstance(found, Article), found
    return found.text.split("\n\n")


@pytest.mark.parametrize(
    "box",
    [
        (
            "<div><h4>Tora Lien</h4><p>Tora Lien is a reporter who covers shipping for the Example."
            " Send tips to tora@example.test and follow her @toralien.</p></div>"
        ),
        "<p>Tora Lien has written about ports for a decade. She is its shipping editor.</p>",
        "<p>About Tora Lien: she is a correspondent in Oslo.</p>".replace(": she", " who"),
    ],
)
def test_a_box_about_the_author_at_the_end_is_the_sites(box: str) -> None:
    head = '<meta name="author" content="Tora Lien">'
    assert text_of(paragraphs() + box, head) == list(ENGLISH)


@pytest.mark.parametrize(
    "last",
    [
        "Marit Solheim is to speak to the passengers on Friday about the delays of the pier.",
        "The paper's editor in Bergen wrote that the pier was a mistake from its first day on.",
    ],
)
def test_a_person_in_the_text_is_no_box_about_its_author(last: str) -> None:
    assert text_of(paragraphs() + f"<p>{last}</p>") == [*ENGLISH, last]


@pytest.mark.parametrize(
    "call",
    [
        "Join our commenting forum",
        "Want to bookmark your favourite stories to read later? Start your subscription today.",
        "Would you like to comment on this article?",
        "Get the morning's ports news in your inbox.",
        "Tell us what you think below!",
        "Les også: Ferjeselskapet flytter ruteplanen",
        "Mehr zum Thema Fähren im Norden",
        "À lire aussi : le port attend son quai",
    ],
)
def test_calls_and_cross_links_between_paragraphs_are_the_sites(call: str) -> None:
    assert text_of(paragraphs(ENGLISH[:2]) + f"<p>{call}</p>" + paragraphs(ENGLISH[2:])) == list(
        ENGLISH
    )


@pytest.mark.parametrize(
    "line",
    [
        "Start of work on the pier is planned for the day after the council has met.",
        "“Join our union and sign up now,” a banner at the harbour said.",
        "Get used to it, passengers were told by a sailor at the gate.",
        "Subscribers rose to two million.",
    ],
)
def test_prose_that_begins_like_a_call_stays(line: str) -> None:
    assert not is_boilerplate(line, place=5, chinese=False, title="")


def test_an_embedded_post_keeps_its_words_and_who_said_them() -> None:
    post = (
        '<blockquote class="twitter-tweet"><p>Big day at the old pier, pictures below'
        ' <a href="https://t.co/x">pic.twitter.com/x</a></p>&mdash; Pier Fan (@pierfan)'
        ' <a href="https://twitter.com/x">May 6, 2024</a></blockquote>'
    )
    found = "\n".join(text_of(paragraphs(ENGLISH[:2]) + post + paragraphs(ENGLISH[2:])))
    assert "Big day at the old pier, pictures below" in found
    assert "Pier Fan" in found
    assert "@pierfan" not in found
    assert "pic.twitter.com" not in found


def test_rows_of_tags_and_lists_of_other_articles_are_the_sites() -> None:
    tags = " ".join(f'<a href="/t/{n}">tag number {n}</a>' for n in range(6))
    others = "".join(
        f'<li><a href="/n/{n}">Another story about the ferry line, number {n}</a></li>'
        for n in range(3)
    )
    inside = paragraphs() + f"<p>Tags: {tags}</p><h3>More ferries</h3><ul>{others}</ul>"
    assert text_of(inside) == list(ENGLISH)


@pytest.mark.parametrize(
    "line",
    ["責任編輯：林書遠", "文章來源：雲嶺日報", "相關閱讀：港口推遲啟用", "未經授權不得轉載"],
)
def test_traditional_lines_are_the_sites_like_simplified_ones(line: str) -> None:
    html = chinese_page(f"<div class=txt>{paragraphs(CHINESE)}<p>{line}</p></div>")
    found = extract_article(html, url=URL)
    assert isinstance(found, Article), found
    assert found.text.split("\n\n") == list(CHINESE)


@pytest.mark.parametrize(
    "line", ["Editing by Tora Lien", "Source: Nordlys Wire", "Edited by T. Lien"]
)
def test_who_edited_a_text_is_no_line_of_it(line: str) -> None:
    assert text_of(paragraphs() + f"<p>{line}</p>") == list(ENGLISH)


@pytest.mark.parametrize("tag", ["p", "div"])
def test_the_lead_outside_of_the_texts_box_is_put_before_it(tag: str) -> None:
    lead, *rest = ENGLISH
    html = page(
        f"<main><header><h1>{TITLE}</h1><{tag} class=lead><p>{lead}</p></{tag}><p>By Tora Lien</p>"
        f"</header><figure><img src=/q.jpg alt=Pier><figcaption>The pier.</figcaption></figure>"
        f'<div class="article-body">{paragraphs(tuple(rest))}</div></main>',
        head=f'<meta name="description" content="{lead}">',
    )
    found = extract_article(html, url=URL)
    assert isinstance(found, Article), found
    assert found.text.split("\n\n") == list(ENGLISH)


@pytest.mark.parametrize(
    ("about", "taken"), [(ENGLISH[0], True), (" ".join(ENGLISH[:2]), False), (TITLE, False)]
)
def test_a_lead_that_is_no_paragraph_comes_back_where_it_is_the_summary(
    about: str, taken: bool
) -> None:
    lead, *rest = ENGLISH
    html = page(
        f"<main><h1>{TITLE}</h1><div class=dek>{lead}</div>"
        f'<div class="article-body">{paragraphs(tuple(rest))}</div></main>',
        head=f'<meta name="description" content="{about}">',
    )
    found = extract_article(html, url=URL)
    assert isinstance(found, Article), found
    assert found.text.split("\n\n") == (list(ENGLISH) if taken else rest)
