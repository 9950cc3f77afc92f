"""Forms of lists, drawn from a grammar: how a site shows one story among others.

A few forms written by hand teach a model these forms. What is drawn here parts, orders and wraps
the same pieces (headline, summary, day, name, picture, link) in more ways than anyone would write
down, and no two pages of a site that is trained on have the same. Sites that are held out draw
nothing: their forms are their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

_HEADLINE_TAGS = ("h2", "h3", "h3", "h4", "h5", "b", "strong", "div", "div", "p", "span")
_SUMMARY_TAGS = ("p", "p", "p", "div", "div", "span", "")
_SIDE_TAGS = ("time", "span", "em", "i", "p", "small", "div")
_WRAPPERS = ("div", "div", "div", "li", "article", "section", "dl", "tr", "p", "p")
_CLASSES = (
    *("", "", "item", "item", "post", "teaser", "entry", "card", "story", "news", "box", "row"),
    *("cell", "c-[[few]]", "x[[few]]b", "list-item", "content", "media", "unit", "art", "text"),
)
_OF_STORIES = (
    *("teaser", "hit", "related_long_item", "column_1", "column_2"),
    *(f"card_{n}" for n in range(1, 8)),
)
_OF_LISTS = ("list", "hub_1", "hub_2", "hub_3", "hub_4", "hub_5")
_SHARES = {"[[shown]]": 0.55, "[[writer]]": 0.25, "[[kind]]": 0.2}
_INLINE = {"h2": "b", "h3": "b", "h4": "strong", "h5": "strong", "div": "span", "p": "span"}


def drawn_forms(chance: Random) -> dict[str, str]:
    """Section of a family → its template, in one draw: those of whatever shows stories."""
    told = ("[[shown]]", "[[writer]]", "[[kind]]")
    forms = {name: card_form(chance, told) for name in _OF_STORIES}
    forms |= {name: hub_form(chance) for name in _OF_LISTS}
    forms |= {name: lead_form(chance) for name in ("lead_1", "lead_2", "lead_3")}
    forms |= {name: flash_form(chance) for name in ("tick_1", "tick_2", "tick_3")}
    forms["press"] = card_form(chance, told[:1])
    forms["event"] = card_form(chance, told[:1], more="[[l_signup]]", href="/events/[[n]]")
    forms["podcast"] = card_form(chance, told, more="[[l_watch]]", href="/podcasts/[[n]]")
    return forms


def card_form(
    chance: Random, told: Sequence[str], *, more: str = "[[l_more]]", href: str = "[[href]]"
) -> str:
    """A template of one story, with slots for what a `Teaser` has.

    `told`: those that may stand beside headline and summary; `more`: the words of a link below it;
    `href`: where its links lead.
    """
    wrapper = chance.choice(_WRAPPERS)
    inline = wrapper == "p"
    whole = not inline and wrapper not in ("dl", "tr") and chance.random() < 0.12
    headline = _headline(chance, "" if whole else href, inline=inline)
    pieces = [headline, _summary(chance, "" if whole else href, inline=inline)]
    pieces = _with_sides(pieces, told, chance, inline=inline)
    if not whole and chance.random() < (0.35 if "<a" in headline else 0.7):
        pieces.append(_more(chance, more, href, inline=inline))
    if chance.random() < 0.3:
        picture = '<img src="/t/[[n]].jpg" alt="">'
        pieces.insert(0, picture if whole else f'<a href="{href}">{picture}</a>')
    return _wrapped(pieces, wrapper, href if whole else "", chance)


def flash_form(chance: Random) -> str:
    """A template of one line of a ticker: the time of day, perhaps a headline, and what is said."""
    wrapper = chance.choice(("li", "div", "div", "p", "tr", "section", "dl"))
    inline = wrapper == "p"
    clock = _side(chance, "[[clock]]", inline=inline)
    pieces = [_summary(chance, "", inline=inline)]
    if chance.random() < 0.6:
        linked = chance.random() < 0.5
        pieces.insert(0, _headline(chance, "[[href]]" if linked else "", inline=inline))
    pieces.insert(0 if chance.random() < 0.8 else len(pieces), clock)
    if chance.random() < 0.25:
        pieces.append(_more(chance, "[[l_share]]", "[[href]]", inline=inline))
    return _wrapped(pieces, wrapper, "", chance)


def hub_form(chance: Random) -> str:
    """A template of a list: its heading, and a box around its stories."""
    tag = chance.choice(("h1", "h1", "h1", "h2", "div", "p", "span", "strong"))
    heading = f"<{tag}{_class(chance)}>[[heading]]</{tag}>"
    if chance.random() < 0.2:
        heading = (
            f'<p><a href="/">[[l_home]]</a> &gt; {heading if tag == "span" else "[[heading]]"}</p>'
        )
    intro = "<p>[[intro]]</p>" if chance.random() < 0.5 else ""
    box = chance.choice(("div", "div", "div", "section", "main", "article", "ul", ""))
    stories = f"<{box}{_class(chance)}>\n[[teasers]]\n</{box}>" if box else "[[teasers]]"
    pages = '<a href="?p=1">1</a> <a href="?p=2">2</a> <a href="?p=3">3</a>'
    after = chance.choice(("", "", f"<div>{pages}</div>", '<a href="?page=2">[[l_next]]</a>'))
    outer = chance.choice(("div", "div", "section", "article", "main", ""))
    inside = f"{heading}{intro}\n{stories}\n{after}"
    return f"<{outer}{_class(chance)}>{inside}</{outer}>" if outer else inside


def lead_form(chance: Random) -> str:
    """A template of the big story of a page: its headline, and paragraphs of it."""
    headline = _headline(chance, "[[href]]" if chance.random() < 0.75 else "", inline=False)
    box = chance.choice(("div", "div", "section", ""))
    text = f"<{box}{_class(chance)}>\n[[paragraphs]]\n</{box}>" if box else "[[paragraphs]]"
    pieces = _with_sides([headline, text], ("[[shown]]", "[[writer]]"), chance, inline=False)
    if "<a" not in headline or chance.random() < 0.4:
        pieces.append(_more(chance, "[[l_more]]", "[[href]]", inline=False))
    outer = chance.choice(("div", "div", "article", "section"))
    return f"<{outer}{_class(chance)}>{''.join(pieces)}</{outer}>"


def _headline(chance: Random, href: str, *, inline: bool) -> str:
    tag = chance.choice(_HEADLINE_TAGS)
    tag = _INLINE.get(tag, tag) if inline else tag
    if not href or chance.random() < 0.1:
        return f"<{tag}{_class(chance)}>[[text]]</{tag}>"
    link = f'<a href="{href}">[[text]]</a>'
    if chance.random() < 0.25:
        return link
    if chance.random() < 0.3:
        return f'<a href="{href}"><{tag}>[[text]]</{tag}></a>'
    return f"<{tag}{_class(chance)}>{link}</{tag}>"


def _summary(chance: Random, href: str, *, inline: bool) -> str:
    text = "[[summary]]"
    if href and chance.random() < 0.1:
        text = f'<a href="{href}">{text}</a>'
    tag = chance.choice(("", "", "span", "i")) if inline else chance.choice(_SUMMARY_TAGS)
    if not tag:
        return f"{chance.choice(('<br>', ' ', ' – '))}{text}"
    return f"<{tag}{_class(chance)}>{text}</{tag}>"


def _with_sides(
    pieces: list[str], told: Sequence[str], chance: Random, *, inline: bool
) -> list[str]:
    """The pieces with day, name or section among them."""
    for slot in told:
        if chance.random() < _SHARES[slot]:
            place = chance.randrange(len(pieces) + 1)
            pieces = [*pieces[:place], _side(chance, slot, inline=inline), *pieces[place:]]
    return pieces


def _side(chance: Random, slot: str, *, inline: bool) -> str:
    tag = chance.choice(_SIDE_TAGS)
    tag = _INLINE.get(tag, tag) if inline else tag
    return f" <{tag}{_class(chance)}>{slot}</{tag}> "


def _more(chance: Random, words: str, href: str, *, inline: bool) -> str:
    link = f'<a href="{href}">{words}{chance.choice(("", "", " »", "...", " &gt;"))}</a>'
    return f" {link}" if inline or chance.random() < 0.6 else f"<p>{link}</p>"


def _wrapped(pieces: list[str], wrapper: str, href: str, chance: Random) -> str:
    inside = "".join(pieces)
    if href:
        inside = f'<a href="{href}">{inside}</a>'
    if wrapper == "dl":
        return f"<dl><dt>{pieces[0]}</dt><dd>{''.join(pieces[1:])}</dd></dl>"
    if wrapper == "tr":
        cells = "".join(f"<td>{part}</td>" for part in (pieces[0], "".join(pieces[1:])))
        return f"<table><tr>{cells}</tr></table>"
    if wrapper != "p" and chance.random() < 0.25:
        inside = f"<div{_class(chance)}>{inside}</div>"
    return f"<{wrapper}{_class(chance)}>{inside}</{wrapper}>"


def _class(chance: Random) -> str:
    name = chance.choice(_CLASSES)
    return f' class="{name}"' if name else ""
