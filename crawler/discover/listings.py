"""Listing pages: HTML to entries, by the user's rules or by finding the article links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from archive.errors import RuleError
from config.model import ListRules, Source
from crawler.discover.article_links import find_article_links
from crawler.discover.entry import Carried, first_of_each_url, make_entry
from crawler.discover.model import Discovered
from crawler.discover.rules import apply_rule, page_selector, select_within, value_of, words
from crawler.text.addresses import absolute, canonical_url, same_site

_NEXT_WORDS = re.compile(
    r"(?:下一?[页頁]|后一?页|next(?: page)?|older(?: posts| stories| articles)?)\s*[>›»→]*",
    re.IGNORECASE,
)
_DATE_ATTRIBUTES = ("datetime", "data-time", "data-date", "data-timestamp", "content", "title")
_HEADLINE = "descendant::*[self::h1 or self::h2 or self::h3 or self::h4][1]"


def read_listing(text: str, *, url: str, source: Source) -> Discovered:
    """Read a listing page; without any rule for items or links the article links are found."""
    page = page_selector(text)
    base = base_address(page, url)
    try:
        by_rule = source.list.items or source.list.link
        found = _by_rules(page, base, source.list) if by_rule else _by_itself(page, base, url)
        language = page.xpath("/html/@lang").get() or ""
        items = [replace(item, language=language) for item in found]
        next_page = _next_page(page, base, url, source.list.next)
    except RuleError as error:
        return Discovered(kind="listing", error=str(error))
    made = [entry for item in items if (entry := make_entry(item, source=source))]
    entries = first_of_each_url(made)
    return Discovered(
        kind="listing",
        title=words(page.xpath("//title")[:1]) if page.xpath("//title") else "",
        entries=entries,
        next_page=next_page,
        found=len(items),
        unaddressed=len(items) - len(made),
        error="" if entries else _why_empty(page, source),
    )


def base_address(page: Any, url: str) -> str:
    """Give what relative links are resolved against: `<base href>`, else the page's address."""
    return absolute(url, page.xpath("//base/@href").get() or "") or url


def is_login_page(page: Any) -> bool:
    return bool(page.xpath('//input[@type="password"]'))


def _why_empty(page: Any, source: Source) -> str:
    if is_login_page(page):
        return "a login page: set the source's cookies or headers"
    if source.list.items or source.list.link:
        return "the [source.list] rules found items, but in none of them a link to a page"
    if len(page.xpath("//a[@href]")) < 5 and page.xpath("//script"):
        return "no article links in the HTML: the page is made by JavaScript in the browser"
    return "no article links found: describe them by [source.list] items and link"


def _by_itself(page: Any, base: str, url: str) -> Iterator[Carried]:
    for found in find_article_links(page.root, base=base, url=url):
        yield Carried(link=found.link, title=found.title, published=found.date)


def _by_rules(page: Any, base: str, rules: ListRules) -> Iterator[Carried]:
    items = apply_rule(page, "items" if rules.items else "link", rules.items or rules.link)
    if not items:
        name, rule = ("items", rules.items) if rules.items else ("link", rules.link)
        raise RuleError(f"[source.list] {name} = {rule!r} matches nothing in the page")
    for item in items:
        yield _by_rule(item, base, rules)


def _by_rule(item: Any, base: str, rules: ListRules) -> Carried:
    if isinstance(item.root, str):  # the rule gave an attribute: `a::attr(href)`
        return Carried(link=absolute(base, item.get()))
    link = _link(item, rules)
    return Carried(
        link=absolute(base, value_of(link, "href", "data-href", "data-url")),
        guid=_by(item, "id", rules.id),
        title=_by(item, "title", rules.title, "title") or _default_title(item, link),
        published=_by(item, "date", rules.date, *_DATE_ATTRIBUTES) or _default_date(item, rules),
        authors=[_by(item, "author", rules.author)],
        summary=_by(item, "content", rules.content),
    )


def _by(item: Any, name: str, rule: str, *attributes: str) -> str:
    """Apply a field's rule; a title's words come before its attribute, a date's after."""
    if not rule:
        return ""
    found = select_within(item, name, rule)
    if name == "title" and (text := value_of(found)):
        return text
    return value_of(found, *attributes)


def _link(item: Any, rules: ListRules) -> Any:
    if rules.items and rules.link:
        return select_within(item, "link", rules.link)
    return [item] if item.root.tag == "a" else item.xpath("descendant::a[@href]")


def _default_title(item: Any, link: Any) -> str:
    headline = item.xpath(_HEADLINE)
    texts = [words(node) for node in (*headline, *link[:1]) if not isinstance(node.root, str)]
    return max(texts, key=len, default="") or value_of(item.xpath("descendant::img[@alt][1]/@alt"))


def _default_date(item: Any, rules: ListRules) -> str:
    return "" if rules.date else value_of(item.xpath("descendant::time[1]"), *_DATE_ATTRIBUTES)


def _next_page(page: Any, base: str, url: str, rule: str) -> str:
    """Find the next page: by the rule, by rel=next, by its words; '' when there is none."""
    if rule:
        found = [value_of(apply_rule(page, "next", rule), "href")]
    else:
        found = page.xpath("//*[self::link or self::a][@rel='next']/@href").getall()
        found += [a.root.get("href") for a in page.xpath("//a[@href]") if _leads_on(a)]
    here = canonical_url(url)
    addresses = (absolute(base, link) for link in found if link)
    return next((a for a in addresses if same_site(a, url) and canonical_url(a) != here), "")


def _leads_on(link: Any) -> bool:
    label = " ".join("".join(link.root.itertext()).split())
    return len(label) <= 20 and bool(_NEXT_WORDS.fullmatch(label))
