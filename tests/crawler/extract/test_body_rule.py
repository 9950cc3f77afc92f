"""A rule for the body that matched nothing is told in words."""

from __future__ import annotations

from dataclasses import replace

from archive.model import Article
from config.model import BodyRules
from crawler.extract import extract_article
from crawler.extract.body_rule import unmatched_rule

_TEXT = "The central bank cut its reserve ratio by half a point on Monday, it said. " * 4
_PAGE = f"""<html lang=en><title>Ratio cut</title><body><h1>Ratio cut</h1>
<div class=text><p>{_TEXT}</p><p>{_TEXT.replace("Monday", "Tuesday")}</p></div></body></html>"""


def words(rules: BodyRules) -> str:
    found = extract_article(_PAGE.encode(), url="https://news.example.com/1", rules=rules)
    assert isinstance(found, Article)
    return unmatched_rule(rules, found)


def test_a_rule_that_matched_nothing_is_named() -> None:
    assert words(BodyRules(css="div.txet")) == (
        "[source.body] css = 'div.txet' matched nothing: the body was found without it"
    )
    assert words(BodyRules(xpath="//main")).startswith("[source.body] xpath = '//main' matched")


def test_a_rule_that_matched_and_no_rule_are_not_told() -> None:
    assert words(BodyRules(css="div.text")) == ""
    assert words(BodyRules()) == ""


def test_of_a_feed_s_own_text_no_rule_is_asked() -> None:
    rules = BodyRules(css="div.txet")
    found = extract_article(_PAGE.encode(), url="https://news.example.com/1")
    assert isinstance(found, Article)
    of_feed = replace(found, evidence=(("text", "feed"),))
    assert of_feed.is_of_feed
    assert unmatched_rule(rules, of_feed) == ""
