"""A mirror that is polled first: who leads, and that nothing of either is hidden."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.line.conftest import Desk
from tests.line.web import NOW, Item, Web, rss

EN = (
    "Halmore Insurance will raise its dividend by 10% next year, the company said on Monday.",
    "The chairman, Jane Torvik, told investors in Oslo that premiums had grown in every region.",
    "Claims from the winter storms were lower than the market had feared, she added.",
    "Analysts at two brokers had forecast a smaller payout after the weak second quarter.",
    "The insurer also plans to open offices in Lisbon and Gdansk before the end of the year.",
)
ZH = (
    "海川控股周一公告，公司将上调全年分红，每股派发现金红利增加10%，并继续回购部分股份。",
    "董事长林若岚在奥斯陆向投资者介绍，各地区的保费收入均有增长，冬季风暴的赔付低于市场此前担心的水平。",
    "两家券商的分析师在二季度业绩走弱之后曾预计派息规模会更小，目前均已更新了各自的盈利预测模型。",
    "公司还计划年底前在里斯本和格但斯克开设办事处，以便服务当地的航运企业和能源企业客户。",
)
BUY = {
    "en": "Buy the complete insurance yearbook in our shop, with tables for forty countries.",
    "zh": "欢迎选购本站出品的保险行业年鉴，内含四十个国家和地区的完整统计表格与专家解读。",
}
TEXTS = {"en": EN, "zh": ZH}
TITLES = {"en": "Halmore Insurance and its payout", "zh": "海川控股公布分红方案"}


def put(web: Web, name: str, language: str, *paragraphs: str, age: int) -> str:
    """Serve an article and the feed that lists it; the article's address."""
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    moment = (NOW - timedelta(minutes=age)).isoformat()
    title = f"{TITLES[language]} {name}"
    url = web.put(
        f"/{name}/1",
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta property="article:published_time" content="{moment}"></head>'
        f"<body><article><h1>{title}</h1>{body}</article></body></html>",
    )
    web.put(f"/{name}.xml", rss([Item(url=url, title=title, age=timedelta(minutes=age))]))
    return url


def crawl(desk: Desk, *webs: tuple[Web, str], more: str = "") -> None:
    """Poll each in turn: the mirror first."""
    lines = [more] if more else []
    desk.configure(
        *(
            web.source(
                f"/{name}.xml", *(lines if name == "original" else []), id=name, name=name.title()
            )
            for web, name in webs
        )
    )
    for _, name in webs:
        desk.crawl(name)


def found(desk: Desk, query: str) -> list[dict[str, object]]:
    hits: list[dict[str, object]] = json.loads(desk.run("search", "--json", query))
    return hits


def leads(desk: Desk) -> list[tuple[object, ...]]:
    return desk.rows("SELECT source_id FROM articles WHERE copy_of IS NULL ORDER BY id")


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("evidence", ["link", "name", "trust"])
def test_the_original_leads_where_the_mirror_names_it_or_is_trusted_less(
    web: Web, other_web: Web, desk: Desk, language: str, evidence: str
) -> None:
    text = TEXTS[language]
    original = put(web, "original", language, *text, age=30)
    more = {
        "link": f'Read it <a href="{original}">here</a> where it was first printed in full length.',
        "name": "来源：Original" if language == "zh" else "Source: Original",
        "trust": "",
    }[evidence]
    put(other_web, "mirror", language, *text, BUY[language], more, age=31)
    trust = "trust = 7" if evidence == "trust" else ""
    crawl(desk, (other_web, "mirror"), (web, "original"), more=trust)
    assert leads(desk) == [("original",)]
    (file,) = desk.files()
    assert f"\nlink: {original}\n" in file.read_text("utf-8")
    assert desk.one("SELECT lead_reason FROM stories") != ""
    words = "yearbook" if language == "en" else "行业年鉴"
    (hit,) = found(desk, words)
    assert (hit["source"], hit["copy"]["source"]) == ("original", "mirror")  # type: ignore[index]
    assert BUY[language] in hit["copy"]["differs"]  # type: ignore[index]
    for query in ("source:original", "source:mirror", "outlet:mirror"):
        assert [h["id"] for h in found(desk, query)] == [hit["id"]]


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
def test_without_evidence_both_are_found(
    web: Web, other_web: Web, desk: Desk, language: str
) -> None:
    put(web, "original", language, *TEXTS[language], age=30)
    put(other_web, "mirror", language, *TEXTS[language], BUY[language], age=31)
    crawl(desk, (other_web, "mirror"), (web, "original"))
    assert len(leads(desk)) == len(desk.files()) == 1
    story = desk.one("SELECT id FROM stories")
    for query in ("source:original", "source:mirror"):
        assert [hit["id"] for hit in found(desk, query)] == [story]
    assert "published first" in desk.run("copies", "list", "--json")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "was", "now"),
    [
        ("en", "will raise", "will cancel"),
        ("en", "will raise", "will not raise"),
        ("en", "10%", "1%"),
        ("zh", "上调", "下调"),
        ("zh", "增加10%", "增加1%"),
        ("zh", "将上调", "不会上调"),
    ],
)
@pytest.mark.parametrize("named", [True, False])
def test_a_turned_text_is_a_story_of_its_own_linked_to_the_other(
    web: Web, other_web: Web, desk: Desk, language: str, was: str, now: str, named: bool
) -> None:
    text = TEXTS[language]
    original = put(web, "original", language, *text, age=30)
    link = f'Read it <a href="{original}">here</a> where it was first printed in full length.'
    turned = [paragraph.replace(was, now) for paragraph in text]
    put(other_web, "mirror", language, *turned, link if named else BUY[language], age=31)
    crawl(desk, (other_web, "mirror"), (web, "original"))
    assert leads(desk) == [("mirror",), ("original",)]
    assert len(desk.files()) == 2
    shown = desk.run("show", original)
    assert (
        f"contrary   {desk.one('SELECT id FROM articles WHERE source_id = ?', 'mirror')}" in shown
    )


def test_a_mirror_and_one_that_turned_two_words_beside_the_original(
    web: Web, other_web: Web, desk: Desk
) -> None:
    original = put(web, "original", "en", *EN, age=30)
    link = f'Read it <a href="{original}">here</a> where it was first printed in full length.'
    turned = [paragraph.replace("will raise", "will cancel") for paragraph in EN]
    put(other_web, "mirror", "en", *EN, BUY["en"], link, age=31)
    put(other_web, "turner", "en", *turned, age=32)
    crawl(desk, (other_web, "turner"), (other_web, "mirror"), (web, "original"))
    assert leads(desk) == [("turner",), ("original",)]
    assert [hit["source"] for hit in found(desk, '"will cancel"')] == ["turner"]
    assert [hit["source"] for hit in found(desk, '"will raise"')] == ["original"]
