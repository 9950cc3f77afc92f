"""Images, videos, captions and quotes stand in the Markdown where they stood in the page."""

import pytest

from archive.model import Article
from crawler.extract.article import extract_article
from tests.crawler.extract.pages import ENGLISH_PARAGRAPHS, english

FIRST, SECOND, THIRD, FOURTH = ENGLISH_PARAGRAPHS


def article(page: bytes) -> Article:
    found = extract_article(page, url="http://a.test/n/1001.html")
    assert isinstance(found, Article), found
    return found


def between(block: str) -> Article:
    return article(english(body=f"<p>{FIRST}</p>{block}<p>{SECOND}</p><p>{THIRD}</p>"))


@pytest.mark.parametrize(
    "image",
    [
        "<picture><source srcset='/i/1.jpg 1200w, /i/0.jpg 300w'><img src='/i/0.jpg'></picture>",
        "<img srcset='/i/0.jpg 1.2.3w, /i/1.jpg 640w' src='/i/2.jpg'>",
        "<img src='/loading.gif'><noscript><img src='/i/1.jpg'></noscript>",
        "<amp-img src='/i/1.jpg'></amp-img>",
        "<img src='/i/1.jpg'><img src='/i/1.jpg?w=300'>",
    ],
)
def test_best_edition_of_an_image_is_kept_once(image: str) -> None:
    assert between(f"<figure>{image}</figure>").images == ("http://a.test/i/1.jpg",)


def test_caption_follows_its_image_and_is_no_text() -> None:
    found = between("<figure><img src=/i/1.jpg><figcaption>The bank at dusk</figcaption></figure>")
    assert found.markdown.split("\n\n")[1:3] == [
        "![](http://a.test/i/1.jpg)",
        "*The bank at dusk*",
    ]
    assert "dusk" not in found.text


def test_every_figure_of_a_gallery_is_kept_in_order() -> None:
    gallery = "".join(
        f"<figure><img src=/g/{n}.jpg><figcaption>Traders on floor {n}</figcaption></figure>"
        for n in range(7)
    )
    found = article(english(body=f"<p>{FIRST}</p><p>{SECOND}</p>{gallery}"))
    assert found.images == tuple(f"http://a.test/g/{n}.jpg" for n in range(7))


def test_picture_of_a_linked_headline_is_another_articles() -> None:
    card = "<a href=/n/2><img src=/i/2.jpg></a><a href=/n/2>Another article's long headline</a>"
    assert between(f"<figure>{card}</figure>").images == ()


def test_video_becomes_a_link_in_its_place() -> None:
    player = '<iframe src="https://www.youtube.com/embed/x" title="Press conference"></iframe>'
    found = between(player)
    assert found.markdown.split("\n\n")[1] == (
        "[Press conference](https://www.youtube.com/embed/x)"
    )
    assert "Press conference" not in found.text


def test_frame_that_is_no_player_is_left_out() -> None:
    assert "](" not in between('<iframe src="https://ads.test/banner"></iframe>').markdown


def test_quote_has_its_mark() -> None:
    found = between("<blockquote><p>We will not hesitate, the governor said.</p></blockquote>")
    assert "\n\n> We will not hesitate, the governor said.\n\n" in found.markdown
    assert "We will not hesitate, the governor said." in found.text.split("\n\n")


def test_live_blog_keeps_its_updates_with_their_heads() -> None:
    posts = "".join(
        f"<div><h2>Update {n}: yields move</h2><p>{text}</p></div>"
        for n, text in enumerate(ENGLISH_PARAGRAPHS)
    )
    lines = article(english(body=posts)).markdown.split("\n\n")
    assert lines[:4] == ["## Update 0: yields move", FIRST, "## Update 1: yields move", SECOND]


def test_text_printed_twice_is_kept_once() -> None:
    once = "".join(f"<p>{text}</p>" for text in ENGLISH_PARAGRAPHS)
    page = english(body=f"<div>{once}</div><div class=print>{once}</div>")
    assert article(page).text == "\n\n".join(ENGLISH_PARAGRAPHS)


def test_line_that_returns_on_purpose_stays() -> None:
    body = f"<p>{FIRST}</p><p>{SECOND}</p><p>{FIRST}</p><p>{THIRD}</p><p>{FOURTH}</p>"
    text = article(english(body=body)).text.split("\n\n")
    assert text.count(THIRD) == 1
    assert text[-1] == FOURTH


@pytest.mark.parametrize(
    "block",
    [
        "<img src='/i/banner-850.gif'>",
        "<img src='/i/850x118-1.jpg'>",
        "<img src='/ads/summer.jpg'>",
        "<img src='/wp-content/themes/tide/skyline.jpg'>",
        "<img src='/i/topic.svg'>",
        """<div class=teaser><div class=box><picture><source srcset='/i/2.jpg 800w'><source
        srcset='/i/2.jpg 400w'><img src='/i/2.jpg'></picture></div></div>""",
    ],
)
def test_banners_theme_files_and_teasers_are_not_the_articles(block: str) -> None:
    assert between(block).images == ()


@pytest.mark.parametrize(
    "block",
    [
        "<button><figure><img src='/i/1.jpg'></figure></button>",
        """<a href='https://shop.test/bag'><img src='/i/1.jpg'></a>
        <p><a href='https://shop.test/bag'>Buy the winter bag at the shop</a></p>""",
    ],
)
def test_enlarged_and_linked_products_are_the_articles(block: str) -> None:
    assert between(block).images == ("http://a.test/i/1.jpg",)


def test_address_of_a_resizing_service_gives_way_to_the_pictures_own() -> None:
    block = "<img src='/_next/image?url=https%3A%2F%2Fimg.test%2Fi%2F1.jpg&w=640'>"
    assert between(block).images == ("https://img.test/i/1.jpg",)


def test_lead_is_the_bodys_edition_of_the_shared_picture() -> None:
    name = "4c113d3e-b078-4dd9-8c4b-24b103c17e6a"
    head = f'<meta property="og:image" content="http://img.test/{name}_w1200_logo.jpg">'
    body = f"<p>{FIRST}</p><img src='http://img.test/{name}_w960.jpg'><p>{SECOND}</p>"
    found = article(english(head=head, body=body + f"<p>{THIRD}</p>"))
    assert found.image == f"http://img.test/{name}_w960.jpg"


def test_gallery_beside_a_text_without_pictures_follows_it() -> None:
    items = "".join(
        f"<li><a href='/i/{n}.jpg'><img src='/i/{n}.jpg'></a></li>" for n in range(1, 4)
    )
    page = english().decode().replace("<nav>", f"<div class=show><ul>{items}</ul></div><nav>")
    found = article(page.encode())
    assert found.images == (
        "http://a.test/i/1.jpg",
        "http://a.test/i/2.jpg",
        "http://a.test/i/3.jpg",
    )
    assert found.markdown.endswith("\n\n![](http://a.test/i/3.jpg)")


def test_list_of_teasers_with_pictures_is_no_gallery() -> None:
    items = "".join(f"<li><a href='/n/{n}'><img src='/i/{n}.jpg'></a></li>" for n in range(1, 4))
    page = english().decode().replace("<nav>", f"<div class=show><ul>{items}</ul></div><nav>")
    assert article(page.encode()).images == ()


@pytest.mark.parametrize(
    ("image", "address"),
    [
        ("<img src='/i/with space.png'>", "http://a.test/i/with%20space.png"),
        ("<img src='https://cdn.test/a (1).png'>", "https://cdn.test/a%20%281%29.png"),
        ("<img src='//cdn.test/x y.jpg'>", "http://cdn.test/x%20y.jpg"),
        ("<img src=' \n/i/1\n23.png\t '>", "http://a.test/i/123.png"),
        ("<img data-src='/i/x y.jpg' src='/i/s.gif'>", "http://a.test/i/x%20y.jpg"),
        ("<img data-src='A chart of yields' src='/i/1.jpg'>", "http://a.test/i/1.jpg"),
        ("<img data-src='/i/1.jpg 1x, /i/2.jpg 2x' src='/i/3.jpg'>", "http://a.test/i/3.jpg"),
        # a browser refuses the set and shows the plain address; without one the set's is taken
        ("<img srcset='/i/b c.jpg 900w' src='/i/a.jpg'>", "http://a.test/i/a.jpg"),
        (
            "<picture><source srcset='/i/b c.jpg 900w, /i/d e.jpg 1200w'><img></picture>",
            "http://a.test/i/d%20e.jpg",
        ),
        ("<img srcset='/i/w_9,c/1.jpg 900w,/i/w_5/1.jpg 500w'>", "http://a.test/i/w_9,c/1.jpg"),
        ("<img srcset='/i/1.jpg 500w 300h, /i/2.jpg 900w 540h'>", "http://a.test/i/2.jpg"),
    ],
)
def test_an_address_is_read_as_browsers_read_it(image: str, address: str) -> None:
    found = between(f"<figure>{image}<figcaption>Yields</figcaption></figure>")
    assert found.images == (address,)
    assert f"![]({address})\n\n*Yields*" in found.markdown


def test_the_page_s_own_name_of_a_picture_may_have_blanks() -> None:
    head = "<meta property='og:image' content=' /i/the rate.png '>"
    aside = "<div class=related><img src='/i/the rate.png'></div>"
    body = f"<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>{aside}"
    assert article(english(head=head, body=body)).images == ("http://a.test/i/the%20rate.png",)


@pytest.mark.parametrize("address", ["/i/" + "a" * 5000 + ".png", "data:image/png;base64,iVBORw0K"])
def test_the_caption_of_a_picture_without_address_stays(address: str) -> None:
    figure = f"<figure><img src='{address}'><figcaption>Yields since May</figcaption></figure>"
    found = between(figure)
    assert found.images == ()
    assert found.markdown.split("\n\n")[:2] == [FIRST, "*Yields since May*"]


ALIKE = "The central bank said on Monday that it would hold its key rate as all had thought, "
ENDINGS = ("and wages rose.", "and prices fell.", "as banks agreed.", "with yields flat.")


def with_figures(*texts: str) -> str:
    figures = (
        f"<p>{text}</p><figure><img src='/i/{n}.png'></figure>" for n, text in enumerate(texts)
    )
    return "".join(figures)


def told(*texts: str) -> list[str]:
    return [
        block for n, text in enumerate(texts) for block in (text, f"![](http://a.test/i/{n}.png)")
    ]


@pytest.mark.parametrize("times", [1, 3])
def test_pictures_between_paragraphs_that_open_alike_stay_between_them(times: int) -> None:
    texts = [ALIKE * times + end for end in ENDINGS]
    found = article(english(body=with_figures(*texts)))
    assert found.markdown.split("\n\n") == told(*texts)


def test_pictures_stand_by_the_line_before_them_where_it_is_told_twice() -> None:
    texts = (THIRD, FIRST, SECOND, THIRD)
    found = article(english(body="<h2>Key points</h2>" + with_figures(*texts)))
    assert found.markdown.split("\n\n") == ["## Key points", *told(*texts)]


def test_pictures_of_a_text_s_second_copy_stand_by_the_first() -> None:
    first = "".join(f"<p>{text}</p>" for text in ENGLISH_PARAGRAPHS)
    second = with_figures(*ENGLISH_PARAGRAPHS)
    found = article(english(body=f"<div>{first}</div><div>{second}</div>"))
    assert found.markdown.split("\n\n") == told(*ENGLISH_PARAGRAPHS)


def test_pictures_between_the_items_of_a_list_follow_it_in_order() -> None:
    items = "".join(
        f"<li><p>{text}</p><img src='/i/{n}.png'></li>" for n, text in enumerate(ENGLISH_PARAGRAPHS)
    )
    found = article(english(body=f"<p>{FIRST}</p><ul>{items}</ul>"))
    assert found.images == tuple(f"http://a.test/i/{n}.png" for n in range(4))
