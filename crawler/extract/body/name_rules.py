"""trafilatura's rules about names, each asked about a name once.

Its expressions call several regular expressions for each element, through Python: they take a
third of its time. What they look at is an element's tag and a few of its attributes, and a site has
few of these: what a rule says of them is kept. Its own expression is asked about new ones alone,
all at once, as children of an element of ours. An expression of another form stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from itertools import islice
from typing import Any, cast

from lxml import etree
from lxml.etree import XPath
from lxml.etree import _Element as Element
from trafilatura import xpaths

baseline = import_module("trafilatura.baseline")  # its package calls a function so, too
_OF_ALL = (
    xpaths.RAW_TREE_PRUNE_XPATH,
    xpaths.REMOVE_COMMENTS_AND_LISTS_XPATH,
    xpaths.OVERALL_DISCARD_XPATH,
    xpaths.TEASER_DISCARD_XPATH,
    xpaths.DISCARD_IMAGE_ELEMENTS,
)
_OF_FIRST = (xpaths.BODY_XPATH,)  # trafilatura takes the first element that one finds
_NAMESPACES = {"re": xpaths.REGEXP_NS}
_FIRST = re.compile(r"\s*(?:\((.*)\)|(.*\]))\s*\[1\]\s*", re.S)
_STEPS = re.compile(r"\s*\.//\*(?:\s*\[(?:'[^']*'|[^'\[\]])*\])+\s*")
_TAGS = re.compile(r"\s*\.//\*\s*\[\s*((?:self::\w+(?:\s+or\s+)?)+)\s*\]")
_QUOTED = re.compile(r"'[^']*'")
_ELSEWHERE = re.compile(r"(?<!self)::|\.\.|\w\(\)|\[\s*\d+\s*\]")  # what looks beside an element
_TEST = re.compile(r"re:test\((@[\w-]+(?:\|@[\w-]+)*),")
_SELDOM = re.compile(
    r"\[re:test\(@class, '([\w|()?:_{},\[\]-]*)', 'i'\) or re:test\(@id, '\1', 'i'\)\]"
)
_CLASSES = XPath(".//@class", smart_strings=False)
_IDS = XPath(".//@id", smart_strings=False)
_MOST_KNOWN, _MOST_NEW = 4_000, 100  # names that are kept, and asked about at once
_NEVER = 500  # a page of so many new ones is asked about as a whole, and nothing of it is kept
_LONGEST = 500  # characters of a name that is kept
_COMMON = ("class", "id")  # nearly all that elements have of what the rules look at

# An element's tag, class and id, which of both stands first, and for a rule that looks at others of
# its attributes the rule's sign with these.
_Name = tuple[object, ...]


class NameRule:
    """A rule that looks at an element's own tag and attributes, in the place of an XPath."""

    def __init__(self, rule: XPath, path: str, *, first: bool) -> None:
        self.alone = _looking_first(path)
        self.sign = 1 << len(_RULES)
        self._rule, self._first = _looking_first(rule.path), first
        tags = _TAGS.match(path)
        self._tags = tuple(re.findall(r"self::(\w+)", tags[1])) if tags else ("*",)
        bare = _QUOTED.sub("", path)
        found = dict.fromkeys(re.findall(r"@([\w-]+)", bare))
        self._others = tuple(name for name in found if name not in _COMMON)
        self._looks_inside = bare.count(".//") > 1
        _TOLD_APART.update(self._tags)
        _RULES.append(self)

    def __call__(self, tree: Element) -> list[Element]:
        """The elements that the rule finds, in order; of BODY_XPATH the first alone."""
        found: list[tuple[Element, _Name]] = []
        new: dict[_Name, Element] = {}
        sign = self.sign
        for element in tree.iterdescendants(*self._tags):
            name = self._name_of(element)
            wanting = _KNOWN.get(name)
            if wanting is None:
                new[name] = element
                if len(new) > _NEVER:
                    return cast("list[Element]", self._rule(tree))
            elif not wanting & sign:
                continue
            elif self._first and not new:
                return [element]
            found.append((element, name))
        learned = _learn(dict(islice(new.items(), _MOST_NEW)), self._others) if new else _NOTHING
        if learned is None or len(new) > _MOST_NEW:
            return cast("list[Element]", self._rule(tree))
        elements = [element for element, name in found if learned.get(name, sign) & sign]
        if self._looks_inside and elements:
            return cast("list[Element]", self._rule(tree))
        return elements[:1] if self._first else elements

    def _name_of(self, element: Element) -> _Name:
        get = element.get
        named, key = get("class"), get("id")
        name: _Name = (element.tag, named, key)
        if named is not None and key is not None:
            names = element.keys()
            name = (*name, names.index("class") < names.index("id"))
        if self._others:
            others = tuple(map(get, self._others))
            if others.count(None) < len(others):
                return (*name, self.sign, *others, *element.keys())
        return name


_RULES: list[NameRule] = []
_TOLD_APART = set[str]()  # tags that rules tell from others
_NOTHING: dict[_Name, int] = {}
_KNOWN: dict[_Name, int] = {}  # the signs, added up, of the rules that want an element so named


def _learn(new: Mapping[_Name, Element], others: Sequence[str]) -> dict[_Name, int] | None:
    """Which rules want elements that are called so and have nothing in them; None where lxml
    refuses a character of a name, which libxml2 reads."""
    page = etree.Element("div")
    try:
        asked = [_twin(page, element, _plain(name), others) for name, element in new.items()]
    except ValueError:
        return None
    learned = dict.fromkeys(new, 0)
    for rule in _RULES:
        wanted = set(cast("list[Element]", rule.alone(page)))
        for name, element in zip(new, asked, strict=True):
            learned[name] += rule.sign if element in wanted else 0
    if len(_KNOWN) + len(learned) > _MOST_KNOWN:
        _KNOWN.clear()
    _KNOWN.update(entry for entry in learned.items() if _is_short(entry[0]))
    return learned


def _plain(name: _Name) -> bool:
    return len(name) <= len(("tag", *_COMMON, "order"))


def _twin(page: Element, element: Element, plain: bool, others: Sequence[str]) -> Element:
    """An element that is called the same, put into our page."""
    own = _COMMON if plain else (*_COMMON, *others)
    told = {str(name): str(value) for name, value in element.items() if name in own}
    tag = str(element.tag)
    return etree.SubElement(page, tag if tag in _TOLD_APART else "x", told)


def _looking_first(path: str) -> XPath:
    """The expression, told to look whether an attribute is there before it tests what it says."""
    return XPath(_TEST.sub(r"\1 and re:test(\1,", path), namespaces=_NAMESPACES)


def _is_short(name: _Name) -> bool:
    return sum(len(part) for part in name if isinstance(part, str)) <= _LONGEST


def by_name(rule: XPath, *, first: bool) -> XPath | NameRule:
    """The rule as one that is asked about names; itself where it looks at more than these.

    It may look whether an element has others in it, if only those without are found.
    """
    held = _FIRST.fullmatch(rule.path) if first else None
    path = (held[1] or held[2]) if held else rule.path
    bare = _QUOTED.sub("", path)
    inside = bare.count(".//") - bare.count("not(.//")
    tagless = "self::" in bare and _TAGS.match(path) is None
    if not _STEPS.fullmatch(path) or inside != 1 or tagless or _ELSEWHERE.search(bare):
        return rule
    return NameRule(rule, path, first=first)


class EitherRule:
    """A rule of kinds of elements, or'ed with one of names that hardly any page has."""

    def __init__(self, kinds: XPath, named: XPath, names: re.Pattern[str]) -> None:
        self._kinds, self._named, self._names = kinds, named, names

    def __call__(self, tree: Element) -> list[Element]:
        """What either finds, in no order: all of it is deleted."""
        found = list(cast("list[Element]", self._kinds(tree)))
        told = {*cast("list[str]", _CLASSES(tree)), *cast("list[str]", _IDS(tree))}
        if self._names.search("\n".join(told)) is not None:
            found += cast("list[Element]", self._named(tree))
        return found


def partly_by_name(rule: XPath) -> XPath | EitherRule:
    """The rule, its last part asked only where a page has such a name at all; itself where it is
    of another form."""
    kinds, _, named = rule.path.rpartition("|.//*")
    form = _SELDOM.fullmatch(named)
    if form is None:
        return rule
    return EitherRule(XPath(kinds), _looking_first(f".//*{named}"), re.compile(form[1], re.I))


def ask_by_name() -> None:
    """Put such rules in the place of trafilatura's own, in its lists; may be repeated."""
    for rules, first in _lists():
        rules[:] = [by_name(r, first=first) if isinstance(r, XPath) else r for r in rules]
    if isinstance(rule := baseline.BASIC_CLEAN_XPATH, XPath):
        baseline.BASIC_CLEAN_XPATH = partly_by_name(rule)  # type: ignore[attr-defined]


def _lists() -> Iterator[tuple[list[Any], bool]]:
    yield from ((cast("list[Any]", rules), False) for rules in _OF_ALL)
    yield from ((cast("list[Any]", rules), True) for rules in _OF_FIRST)
