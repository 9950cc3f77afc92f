"""trafilatura's rules about names find what they found before they were told to look first."""

from __future__ import annotations

import importlib.util
from itertools import product
from types import ModuleType

import pytest
from lxml import etree, html
from trafilatura import xpaths

from crawler.extract.body.name_rules import asking_the_named
from crawler.extract.body.scope import SCOPED

LISTS = (
    "BODY_XPATH",
    "RAW_TREE_PRUNE_XPATH",
    "REMOVE_COMMENTS_AND_LISTS_XPATH",
    "OVERALL_DISCARD_XPATH",
)
TAGS = ("div", "section", "article", "main", "p", "span", "ul", "ol", "item", "aside", "em")
ATTRIBUTES = (
    *("", 'class="plain"', 'id="plain"', 'class=""', 'class="menu"', 'id="menu"', 'id="cookie"'),
    *('class="post-body"', 'id="story-body"', 'class="single-post"', 'class="FullText"'),
    *('class="cookie"', 'id="a" class="cookie"', 'class="cookie" id="a"', 'style="x:hidden"'),
    *('id="b" style="x:hidden"', 'class="comment-1"', 'id="disqus_thread"', 'id="comol"'),
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
    assert [rule(document) for rule in getattr(xpaths, name)] == shipped


def test_trafilatura_has_them_once_a_scope_can_be_read() -> None:
    assert SCOPED.fast
    tests = [rule.path.count("re:test(") for name in LISTS for rule in getattr(xpaths, name)]
    named = [rule.path.count(" and re:test(") for name in LISTS for rule in getattr(xpaths, name)]
    assert sum(tests) > 10
    assert named == tests


def test_a_rule_that_is_told_already_stays_as_it_is() -> None:
    rule = asking_the_named(etree.XPath(".//*[re:test(@id|@class, 'a')]", namespaces=_NS))
    assert rule.path == ".//*[@id|@class and re:test(@id|@class, 'a')]"
    assert asking_the_named(rule).path == rule.path


_NS = {"re": xpaths.REGEXP_NS}
