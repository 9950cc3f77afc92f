"""JSON endpoints: items, links and fields by JMESPath (jmespath.org)."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import jmespath
from jmespath.exceptions import JMESPathError, JMESPathTypeError

from archive.errors import RuleError
from archive.model import Entry
from config.model import ListRules, Source
from crawler.discover.entry import Carried, make_entry
from crawler.discover.model import Discovered
from crawler.text.addresses import absolute, item_url
from crawler.text.json_dialects import read_json_text

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_DEFAULTS = {
    "link": ("url", "link", "href"),
    "id": ("id", "guid"),
    "title": ("title", "headline", "name"),
    "date": ("published", "pubDate", "published_at", "date", "time", "ctime"),
}


def read_json(text: str, *, url: str, source: Source) -> Discovered:
    """Read an endpoint's answer; a rule that can't be read or matches nothing is an error."""
    try:
        document = read_json_text(text)
    except ValueError as error:
        return Discovered(kind="json", error=f"not JSON: {error}")
    try:
        items = _items(document, source.list)
        made = [_entry(item, url, source) for item in items]
        next_page = _search(document, "next", source.list.next) if source.list.next else None
    except RuleError as error:
        return Discovered(kind="json", error=str(error))
    entries = tuple(entry for entry in made if entry)
    return Discovered(
        kind="json",
        entries=entries,
        next_page=absolute(url, next_page) if isinstance(next_page, str) and next_page else "",
        found=len(items),
        unaddressed=len(items) - len(entries),
        error="" if entries or not items else _no_links(items, source.list),
    )


def _items(document: Any, rules: ListRules) -> list[Any]:
    found = _search(document, "items", rules.items) if rules.items else document
    if isinstance(found, list):
        return found
    if rules.items and isinstance(found, dict) and found:
        return list(found.values())  # an object keyed by id
    named = f"items = {rules.items!r} gives no list" if rules.items else "items is not set"
    raise RuleError(f"[source.list] {named}; the answer has {_shape(document)}")


def _shape(document: Any) -> str:
    """Say what the user may write a rule for."""
    if isinstance(document, dict):
        return (
            f"the top-level keys {', '.join(str(key) for key in list(document)[:20]) or '(none)'}"
        )
    return f"a {type(document).__name__} at the top"


def _no_links(items: list[Any], rules: ListRules) -> str:
    rule = "link_template" if rules.link_template else "link"
    shown = getattr(rules, rule)
    named = f"{rule} = {shown!r}" if shown else f"{rule} is not set and"
    first = f"the first of {len(items)} has {_shape(items[0])}"
    return f"[source.list] {named} gives no address in any item; {first}"


def _search(document: Any, name: str, rule: str) -> Any:
    try:
        return jmespath.search(rule, document)
    except (JMESPathTypeError, RecursionError):
        return None  # a function met a value it is not made for: this item has no such field
    except JMESPathError as error:
        raise RuleError(f"[source.list] {name} = {rule!r}: {error}") from error


def _field(item: Any, name: str, rules: ListRules) -> Any:
    rule = getattr(rules, name)
    if rule:
        return _search(item, name, rule)
    if not isinstance(item, dict):
        return None
    return next((item[key] for key in _DEFAULTS.get(name, ()) if item.get(key)), None)


def _entry(item: Any, base: str, source: Source) -> Entry | None:
    rules = source.list
    guid = _word(_field(item, "id", rules))
    content = _word(_field(item, "content", rules))
    link = _link(item, guid, base, rules)
    if not link and guid and source.full_content == "feed":
        link = item_url(source.url, guid)
    carried = Carried(
        link=link,
        guid=guid,
        title=_word(_field(item, "title", rules)),
        published=_word(_field(item, "date", rules)),
        authors=_names(_field(item, "author", rules)),
        content=content,
    )
    return make_entry(carried, source=source)


def _link(item: Any, guid: str, base: str, rules: ListRules) -> str:
    if rules.link_template:
        return absolute(base, _filled(rules.link_template, item, guid))
    return absolute(base, _word(_field(item, "link", rules)))


def _filled(template: str, item: Any, guid: str) -> str:
    """Fill `{id}` and `{any key of the item}`; '' when the item lacks one of them."""
    fields = item if isinstance(item, dict) else {}
    values = {key: _word(fields.get(key)) for key in _PLACEHOLDER.findall(template)}
    if "id" in values:
        values["id"] = guid
    if not all(values.values()):
        return ""
    return _PLACEHOLDER.sub(
        lambda match: quote(values[match[1]], safe="/", errors="replace"), template
    )


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return ""
    return str(value) if isinstance(value, str | int | float) else ""


def _names(value: Any) -> list[str]:
    """Read an author, a list of authors, or objects with a name."""
    people = value if isinstance(value, list) else [value]
    return [_word(person.get("name") if isinstance(person, dict) else person) for person in people]
