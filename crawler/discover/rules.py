"""The user's `[source.list]` rules on HTML: CSS or XPath, and what a rule that fails is called."""

from __future__ import annotations

from typing import Any

from cssselect import SelectorError
from lxml import etree
from parsel import Selector

from archive.errors import RuleError


def is_xpath(rule: str) -> bool:
    return rule.startswith(("/", "./", "("))


def apply_rule(node: Any, name: str, rule: str) -> Any:
    """Apply the rule `name` below `node`; XPath from the root is read relative to an item."""
    try:
        if not is_xpath(rule):
            return node.css(rule)
        return node.xpath(rule)
    except (SelectorError, ValueError) as error:
        raise RuleError(f"[source.list] {name} = {rule!r} is no valid selector: {error}") from error


def select_within(item: Any, name: str, rule: str) -> Any:
    """Apply a rule to one item: `//a` means below the item, not anywhere in the page."""
    return apply_rule(item, name, f".{rule}" if rule.startswith("/") else rule)


def value_of(found: Any, *attributes: str) -> str:
    """Give the first match: an attribute's value, else the words of an element."""
    for match in found[:1]:
        if not isinstance(match.root, str) and hasattr(match.root, "attrib"):
            return _element_value(match, attributes)
        return str(match.get() or "").strip()
    return ""


def _element_value(match: Any, attributes: tuple[str, ...]) -> str:
    for attribute in attributes:
        if value := str(match.root.get(attribute) or "").strip():
            return value
    return words(match)


def words(node: Any) -> str:
    """Give an element's visible words on one line."""
    texts = node.xpath("descendant-or-self::text()[not(parent::script or parent::style)]").getall()
    return " ".join("".join(texts).split())


def page_selector(text: str) -> Selector:
    """Parse an HTML page; an empty one is an empty document."""
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True
    )  # huge: unclosed tags nest deeper than 256 on real portals
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:  # no element in it
        root = None
    return Selector(root=etree.Element("html") if root is None else root, type="html")
