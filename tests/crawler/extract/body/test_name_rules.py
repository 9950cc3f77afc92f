"""trafilatura's rules about names find what they found before they were asked once a name."""

from __future__ import annotations

import importlib.util
from itertools import product
from types import ModuleType

import pytest
from lxml import etree, html
from trafilatura import settings, xpaths

from crawler.extract.body import name_rules
from crawler.extract.body.name_rules import baseline, by_name
from crawler.extract.body.scope import SCOPED

LISTS = (
    "BODY_XPATH",
    "RAW_TREE_PRUNE_XPATH",
    "REMOVE_COMMENTS_AND_LISTS_XPATH",
    "OVERALL_DISCARD_XPATH",
    "TEASER_DISCARD_XPATH",
    "DISCARD_IMAGE_ELEMENTS",
)
LAST = (  # it looks for two things
    "(.//*[self::article or self::div or self::section][ starts-with(@class, 'main') or"
    " starts-with(@id, 'main') or starts-with(@role, 'main')])[1]|(.//main)[1]"
)
TAGS = ("div", "section", "article", "main", "p", "span", "ul", "ol", "item", "aside", "em")
ATTRIBUTES = (
    *("", 'class="plain"', 'id="plain"', 'class=""', 'class="menu"', 'id="menu"', 'id="cookie"'),
    *('class="post-body"', 'id="story-body"', 'class="single-post"', 'class="FullText"'),
    *('class="cookie"', 'id="a" class="cookie"', 'class="cookie" id="a"', 'style="x:hidden"'),
    *('id="b" style="x:hidden"', 'class="comment-1"', 'id="disqus_thread"', 'id="comol"'),
    *('class="my-Teaser"', 'id="teaser"', 'class="caption"', 'id="a-caption"', 'role="main"'),
    *('class="footer"', 'class="cookie-banner"', 'id="Cookie-Consent"'),
    *('style="x:hidden" id="b"', 'aria-hidden="true"', 'data-lp-replacement-content="1"'),
    *('class="a infinite-scroll"', 'class="mvp-post-add-box"', 'class="hide-print"', 'role="nav"'),
)


def _as_shipped() -> ModuleType:
    spec = importlib.util.spec_from_file_location("shipped", xpaths.__file__)
    assert spec is not None
    assert spec.loader is not None
    shipped = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(shipped)
    return shipped


def _document() -> etree._Element:
    """Every tag with all of the attributes, some around a headline."""
    parts = [
        f"<{tag} {names}>{'<h1>x</h1>' if number % 3 == 0 else 'x'}</{tag}>"
        for number, (tag, names) in enumerate(product(TAGS, ATTRIBUTES))
    ]
    return html.fromstring(f"<html><body>{''.join(parts)}</body></html>")


@pytest.mark.parametrize("name", LISTS)
def test_a_rule_finds_what_the_shipped_one_finds(name: str) -> None:
    document = _document()
    shipped = [rule(document) for rule in getattr(_as_shipped(), name)]
    assert sum(map(len, shipped)) > 0
    for _ in ("asked", "known"):
        found = [rule(document) for rule in getattr(xpaths, name)]
        if name == "BODY_XPATH":
            assert [each[:1] for each in found] == [each[:1] for each in shipped]
        else:
            assert found == shipped


def test_a_rule_that_looks_into_elements_is_asked_about_these() -> None:
    page = html.fromstring(
        "<div><div class='infinite-scroll'><h1>x</h1></div>"
        "<div class='infinite-scroll'>y</div></div>"
    )
    found = xpaths.RAW_TREE_PRUNE_XPATH[0](page)
    assert [element.text for element in found] == ["y"]


def test_what_basic_cleaning_deletes_is_what_the_shipped_rule_finds() -> None:
    document = _document()
    shipped = settings.BASIC_CLEAN_XPATH(document)
    assert isinstance(shipped, list)
    found = baseline.BASIC_CLEAN_XPATH(document)
    assert set(found) == set(shipped)
    assert not isinstance(baseline.BASIC_CLEAN_XPATH, etree.XPath)
    assert {element.get("class") for element in shipped} >= {"footer", "cookie-banner"}


def test_names_beyond_what_is_asked_at_once_are_found_as_well() -> None:
    boxes = "".join(f"<div class='box-{n} comment-{n}'>x</div>" for n in range(350))
    page = html.fromstring(f"<div>{boxes}<div class='comment-1'>y</div></div>")
    for _ in range(5):
        found = xpaths.REMOVE_COMMENTS_AND_LISTS_XPATH[0](page)
        assert [element.text for element in found] == ["y"]


def test_a_name_with_a_character_that_lxml_refuses_is_read_all_the_same() -> None:
    page = html.fromstring("<div><div class='comment-&#xFFFE;'>x</div><p>y</p></div>")
    found = xpaths.REMOVE_COMMENTS_AND_LISTS_XPATH[0](page)
    assert [element.text for element in found] == ["x"]


def test_what_is_kept_of_names_is_bounded() -> None:
    for start in range(0, 9_000, 90):
        boxes = "".join(f"<div class='b{n}'>x</div>" for n in range(start, start + 90))
        xpaths.TEASER_DISCARD_XPATH[0](html.fromstring(f"<div>{boxes}</div>"))
    long = "x" * 2_000
    xpaths.TEASER_DISCARD_XPATH[0](html.fromstring(f"<div><div class='{long}'>x</div></div>"))
    assert 90 <= len(name_rules._KNOWN) <= 4_000
    assert not any(long in name for name in name_rules._KNOWN)


def test_trafilatura_has_them_once_a_scope_can_be_read() -> None:
    assert SCOPED.fast
    shipped = [rule.path for name in LISTS for rule in getattr(xpaths, name) if _is_own(rule)]
    assert [" ".join(path.split()) for path in shipped] == ["(.//article)[1]", LAST]


@pytest.mark.parametrize(
    "path",
    [
        ".//*[self::div][.//p]",
        ".//*[self::div][../@class='a']",
        ".//*[self::div][2]",
        ".//*[self::div][@class='a'][last()]",
        ".//*[following::p[@class='a']]",
        "//div[@class='a']",
        ".//*[@class='a' or self::div]",
    ],
)
def test_a_rule_of_another_form_stays_as_it_is(path: str) -> None:
    rule = etree.XPath(path)
    assert by_name(rule, first=False) is rule


def _is_own(rule: object) -> bool:
    return isinstance(rule, etree.XPath)
