"""Pages that announce stories and tell some of each: fronts of sections, desks, shows, authors.

With them what lists claim of themselves and shouldn't: to be an article, or to be the first of
those that they announce.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.quality.negatives.layouts import Canvas, Markup
from benchmarks.quality.negatives.site_page import DAY, Page, topic
from benchmarks.quality.negatives.stories import Teaser, make_teasers
from benchmarks.quality.negatives.words import Cast

_CARDS, _LEADS, _HUBS, _TICKS = 7, 3, 5, 3  # templates of each in families/default.html
_CLAIMED = 6  # of the stories that a list claims


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """What a page shows before anything is claimed of it. `path` has `[folder]` where the site
    has its articles; `about` is what a description says."""

    path: str
    heading: str
    main: Markup
    stories: Sequence[Teaser]
    about: str
    type: str = "CollectionPage"


Draw = Callable[[Canvas], Hub]


def _at(canvas: Canvas, *paths: str) -> str:
    return canvas.chance.choice(paths)


def _folder(canvas: Canvas) -> str:
    """`/news/` where articles are at `/news/%Y/[slug]`; `/` where no folder is theirs."""
    literal = re.match(r"/(?:[\w-]+/)*", canvas.family.head["path"])
    return literal[0] if literal else "/"


def _cast(canvas: Canvas) -> Cast:
    return Cast(canvas.family.language, canvas.chance)


def _paragraphs(canvas: Canvas, lines: Sequence[str]) -> Markup:
    return canvas.joined(canvas.section("notice_line", text=line) for line in lines)


def _stories(canvas: Canvas, count: int, sentences: int) -> list[Teaser]:
    family, number = canvas.family, canvas.chance.randrange(10**6)
    return make_teasers(family.language, count, f"{family.name} {number}", family.zone, sentences)


def _form(canvas: Canvas, name: str, count: int, *own: str) -> str:
    """One of the forms that sites have; of a site that is held out its own, `name` and a 1."""
    if canvas.family.head["forms"] == "own":
        return own[0] if own else f"{name}_1"
    return canvas.chance.choice((*own, *(f"{name}_{n}" for n in range(1, count + 1))))


def _cards(canvas: Canvas, stories: Sequence[Teaser], item: str = "") -> Markup:
    """The stories in one of the forms that sites have, or in this site's own."""
    form = _form(canvas, "card", _CARDS, "teaser", "teaser", "teaser")
    return canvas.joined(canvas.teaser(item or form, s, n) for n, s in enumerate(stories, start=1))


def _hub(canvas: Canvas, heading: str, *boxes: str) -> Markup:
    return canvas.section(
        _form(canvas, "hub", _HUBS, "list"), heading=heading, intro="", teasers=canvas.joined(boxes)
    )


def _lead(canvas: Canvas, cast: Cast, paragraphs: int) -> Markup:
    """The big story of a page: its headline, and its first paragraphs."""
    story = _stories(canvas, 1, 0)[0]
    lines = [cast.line("lead"), *(cast.paragraph(2) for _ in range(paragraphs - 1))]
    return canvas.section(
        _form(canvas, "lead", _LEADS),
        text=story.headline,
        href=canvas.address(story.slug, story.published),
        shown=canvas.shown(story.published),
        writer=story.author,
        paragraphs=_paragraphs(canvas, lines),
    )


def _section_lead(canvas: Canvas) -> Hub:
    heading = topic(canvas, "section")
    stories = _stories(canvas, canvas.chance.randint(6, 14), canvas.chance.randint(1, 2))
    lead = _lead(canvas, _cast(canvas), canvas.chance.randint(1, 3))
    rest = canvas.teasers("teaser_short", canvas.chance.randint(4, 16), 0)
    path = _at(canvas, "/markets/", "[folder]", "/c/economy.html", "/channel/12/", "/?cat=7")
    main = _hub(canvas, heading, lead, _cards(canvas, stories), rest)
    return Hub(path=path, heading=heading, main=main, stories=stories, about=stories[0].summary)


def _portal(canvas: Canvas) -> Hub:
    """A front page: a lead story, and sections that show some of each story."""
    blocks = []
    first = _stories(canvas, 4, 1)
    for name in canvas.chance.sample(canvas.lists["section"], 5):
        stories = _stories(canvas, canvas.chance.randint(3, 6), canvas.chance.randint(0, 1))
        blocks.append(canvas.section("block", heading=name, teasers=_cards(canvas, stories)))
    lead = _lead(canvas, _cast(canvas), canvas.chance.randint(1, 2))
    front = canvas.section("front", lead=canvas.joined([lead, _cards(canvas, first)]),
                           blocks=canvas.joined(blocks))  # fmt: skip
    path = _at(canvas, "/", "/", "/index.html", "/en/", "/home")
    site = canvas.family.head["site"]
    about = canvas.label("newsletter_text")
    return Hub(path=path, heading=site, main=front, stories=first, about=about, type="WebSite")


def _author_long(canvas: Canvas) -> Hub:
    cast = _cast(canvas)
    name, career = cast.fill("{a}"), cast.lines("career", canvas.chance.randint(2, 4))
    stories = _stories(canvas, canvas.chance.randint(5, 20), canvas.chance.randint(0, 3))
    main = _hub(canvas, name, _paragraphs(canvas, career), _cards(canvas, stories))
    path = _at(canvas, "/author/n-name", "/team/3", "/people/some-one-1204/", "/u/88213")
    return Hub(
        path=path, heading=name, main=main, stories=stories, about=career[0], type="ProfilePage"
    )


def _market_desk(canvas: Canvas) -> Hub:
    """Prices, with a sentence or two on each market."""
    cast, heading = _cast(canvas), topic(canvas, "section")
    names = canvas.chance.sample(canvas.lists["company"], 8)
    rows = canvas.joined(_row(canvas, name, _figure(canvas)) for name in names)
    parts = [canvas.section("figures", rows=rows)]
    for name in canvas.chance.sample(canvas.lists["sector"], 4):
        parts.append(canvas.section("h2", text=name))
        parts.append(_paragraphs(canvas, cast.lines("blurb", canvas.chance.randint(1, 2))))
    stories = _stories(canvas, 6, 0)
    parts.append(_cards(canvas, stories, "teaser_short"))
    path = _at(canvas, "/markets/overview", "/quotes/", "/hq/index.shtml", "/data/stocks/12")
    main = _hub(canvas, heading, *parts)
    return Hub(path=path, heading=heading, main=main, stories=stories, about=cast.line("blurb"))


def _row(canvas: Canvas, *texts: str) -> Markup:
    cells = canvas.joined(canvas.section("cell", text=text) for text in texts)
    return canvas.section("row", cells=cells)


def _figure(canvas: Canvas) -> str:
    return f"{canvas.chance.randint(1, 900)}.{canvas.chance.randint(10, 99)}"


def _ticker(canvas: Canvas) -> Hub:
    """Everything of the day, a sentence or two each, the latest first."""
    heading, item = canvas.label("latest"), _form(canvas, "tick", _TICKS)
    stories = _stories(canvas, 16, canvas.chance.randint(1, 2))
    ticks = []
    for n, story in enumerate(stories):
        clock = f"{17 - n // 2}:{59 - 3 * n:02}"
        ticks.append(canvas.section(
            item, text=story.headline, summary=story.summary, clock=clock, n=str(n),
            href=canvas.address(story.slug, story.published), kind=story.section,
        ))  # fmt: skip
    path = _at(canvas, "/live/", "/kuaixun.html", "/7x24", "/ticker?page=2", "/newsflash/")
    main = _hub(canvas, heading, *ticks)
    return Hub(path=path, heading=heading, main=main, stories=stories, about=stories[0].summary)


def _show(canvas: Canvas) -> Hub:
    """One podcast: what it is about, and its episodes."""
    cast = _cast(canvas)
    heading = f"{topic(canvas, 'sector')} {canvas.label('podcasts')}"
    stories = _stories(canvas, canvas.chance.randint(6, 15), canvas.chance.randint(1, 3))
    item = canvas.chance.choice(("podcast", "podcast", ""))
    intro = _paragraphs(canvas, cast.lines("pitch", canvas.chance.randint(1, 2)))
    path = _at(canvas, "/podcasts/the-long-view", "/podcast/12", "/audio/shows/88/", "/av/")
    main = _hub(canvas, heading, intro, _cards(canvas, stories, item))
    about = cast.line("pitch")
    return Hub(path=path, heading=heading, main=main, stories=stories, about=about)


def _clips(canvas: Canvas) -> Hub:
    heading = canvas.label("watch")
    stories = _stories(canvas, canvas.chance.randint(8, 16), canvas.chance.randint(1, 2))
    path = _at(canvas, "/video/", "/videos/latest", "/tv/list_3.html", "/gallery/")
    main = _hub(canvas, heading, _cards(canvas, stories))
    return Hub(path=path, heading=heading, main=main, stories=stories, about=heading)


def _letter(canvas: Canvas) -> Hub:
    """What one newsletter brings, with a form; sometimes its latest issues."""
    cast, heading = _cast(canvas), canvas.label("newsletter")
    pitch = cast.lines("pitch", 4)
    stories = _stories(canvas, 4, 0)
    form = canvas.section("letter", text=heading, summary=pitch[3], n="1")
    issues = _cards(canvas, stories, "teaser_short") if canvas.chance.random() < 0.5 else ""
    path = _at(canvas, "/newsletter/", "/newsletters/morning", "/subscribe/letter.html")
    main = _hub(canvas, heading, _paragraphs(canvas, pitch[:3]), form, issues)
    about = pitch[0]
    return Hub(path=path, heading=heading, main=main, stories=stories, about=about, type="WebPage")


def _company(canvas: Canvas) -> Hub:
    """A company's page: what it does, figures, what was written of it."""
    cast = _cast(canvas)
    name = cast.fill("{c}")
    text = _paragraphs(canvas, cast.lines("profile", canvas.chance.randint(2, 5)))
    facts = canvas.joined(
        canvas.section("fact", name=canvas.label(label), text=_figure(canvas))
        for label in ("price", "change", "volume")
    )
    stories = _stories(canvas, canvas.chance.randint(4, 9), canvas.chance.randint(0, 1))
    parts = [text, Markup(f"<dl>{facts}</dl>"), _cards(canvas, stories)]
    canvas.chance.shuffle(parts)
    path = _at(canvas, "/companies/abc", "/stock/600123", "/profile/HLV", "/topic/some-company")
    main = _hub(canvas, name, *parts)
    return Hub(path=path, heading=name, main=main, stories=stories, about=cast.line("profile"))


def _events(canvas: Canvas) -> Hub:
    heading = canvas.label("event")
    items = []
    for n in range(canvas.chance.randint(6, 12)):
        cast = _cast(canvas)
        items.append(canvas.section(
            "event", text=cast.line("event"), summary=cast.line("pitch"), n=str(n),
            shown=canvas.shown(DAY.replace(day=n + 1)),
        ))  # fmt: skip
    path = _at(canvas, "/events/", "/agenda", "/calendar/2025-06", "/huodong/list.html")
    main = _hub(canvas, heading, *items)
    return Hub(path=path, heading=heading, main=main, stories=_stories(canvas, 3, 1), about=heading)


def _press(canvas: Canvas) -> Hub:
    """Press releases, each with its dateline and the first sentences, broken off."""
    heading, items = canvas.label("document"), []
    stories = _stories(canvas, canvas.chance.randint(8, 14), 2)
    cut = canvas.chance.choice((90, 160, 400))
    for n, story in enumerate(stories):
        place = topic(canvas, "place")
        text = f"{place}, {canvas.shown(story.published)} – {story.summary}"
        items.append(canvas.section(
            "press", text=story.headline, summary=text if len(text) <= cut else f"{text[:cut]}…",
            href=canvas.address(story.slug, story.published), shown=canvas.shown(story.published),
            n=str(n),
        ))  # fmt: skip
    path = _at(canvas, "/press/", "/press-releases?page=3", "/gonggao/", "/en/media/news")
    main = _hub(canvas, heading, *items)
    return Hub(path=path, heading=heading, main=main, stories=stories, about=heading)


def _columns(canvas: Canvas) -> Hub:
    """Opinion: a name, a headline and much of what is said."""
    heading, item = topic(canvas, "section"), _form(canvas, "column", 2)
    stories = _stories(canvas, canvas.chance.randint(5, 12), canvas.chance.randint(2, 3))
    path = _at(canvas, "/opinion/", "/columnists", "/guandian/", "/blogs/index.php", "[folder]")
    main = _hub(canvas, heading, _cards(canvas, stories, item))
    return Hub(path=path, heading=heading, main=main, stories=stories, about=stories[0].summary)


def _soft_404(canvas: Canvas) -> Hub:
    """An article that is gone, answered with status 200 and other stories."""
    cast = _cast(canvas)
    heading, *lines = (cast.fill(line) for line in canvas.lists["notice_404"])
    stories = _stories(canvas, canvas.chance.randint(4, 8), canvas.chance.randint(0, 1))
    number = canvas.chance.randint(100_000, 999_999)
    path = _at(canvas, f"/story-{number}.html", f"[folder]gone-{number}", f"/a/{number}")
    main = _hub(canvas, heading, _paragraphs(canvas, lines[:1]), _cards(canvas, stories))
    return Hub(path=path, heading=heading, main=main, stories=stories, about=heading)


def _dossier(canvas: Canvas) -> Hub:
    """What was written of one matter: an introduction, and all of it by day."""
    cast = _cast(canvas)
    heading = canvas.chance.choice((topic(canvas, "company"), topic(canvas, "keyword")))
    intro = _paragraphs(canvas, [cast.paragraph(2) for _ in range(canvas.chance.randint(1, 3))])
    stories = _stories(canvas, canvas.chance.randint(8, 20), canvas.chance.randint(0, 2))
    path = _at(canvas, "/dossier/the-matter", "/topics/t-4410", "/zt/2025/", "/tag/what-is-it/")
    main = _hub(canvas, heading, intro, _cards(canvas, stories))
    return Hub(path=path, heading=heading, main=main, stories=stories, about=cast.line("lead"))


def _picks(canvas: Canvas) -> Hub:
    """What was read most: headline, a sentence, no link but the headline's or none."""
    heading, item = canvas.label("most_read"), _form(canvas, "card", 4, "teaser")
    stories = _stories(canvas, 10, canvas.chance.randint(1, 2))
    path = _at(canvas, "/most-read", "/hot/week.html", "/editors-picks/", "/rank/1")
    main = _hub(canvas, heading, _cards(canvas, stories, item))
    return Hub(path=path, heading=heading, main=main, stories=stories, about=heading)


def _single(canvas: Canvas) -> Hub:
    """A list that has but two or three stories yet."""
    heading = f"{canvas.label('topic')} {topic(canvas, 'keyword')}"
    stories = _stories(canvas, canvas.chance.randint(2, 3), canvas.chance.randint(1, 3))
    path = _at(canvas, "/tag/ferries", "/label/12", "/news/?tag=ports", "[folder]tagged/x")
    main = _hub(canvas, heading, _cards(canvas, stories))
    return Hub(path=path, heading=heading, main=main, stories=stories, about=stories[0].summary)


def _named(hub: Hub, stories: list[dict[str, Any]]) -> object:
    """The list itself is called an article."""
    del stories
    return {"@type": "NewsArticle", "headline": hub.heading, "datePublished": DAY.isoformat()}


def _first(hub: Hub, stories: list[dict[str, Any]]) -> object:
    del hub
    return stories[0]


def _all(hub: Hub, stories: list[dict[str, Any]]) -> object:
    del hub
    return stories


def _items(hub: Hub, stories: list[dict[str, Any]]) -> object:
    items = [{"@type": "ListItem", "position": n, "item": s} for n, s in enumerate(stories, 1)]
    return {"@type": hub.type, "name": hub.heading,
            "mainEntity": {"@type": "ItemList", "itemListElement": items}}  # fmt: skip


def _graph(hub: Hub, stories: list[dict[str, Any]]) -> object:
    """As a plugin writes it for whatever is a page to its system."""
    page = {"@type": "WebPage", "name": hub.heading, "datePublished": DAY.isoformat()}
    article = {"@type": "Article", "headline": hub.heading, "dateModified": DAY.isoformat(),
               "wordCount": 40 * len(stories), "datePublished": DAY.isoformat()}  # fmt: skip
    return {"@context": "https://schema.org", "@graph": [article, page]}


_CLAIMS = {"named": _named, "first": _first, "all": _all, "items": _items, "graph": _graph}


def _story_claim(canvas: Canvas, story: Teaser) -> dict[str, Any]:
    return {
        "@type": "NewsArticle",
        "headline": story.headline,
        "description": story.summary[:150],
        "datePublished": story.published.isoformat(),
        "url": f"https://{canvas.family.head['host']}{canvas.address(story.slug, story.published)}",
        "author": {"@type": "Person", "name": story.author},
    }


def _shown(canvas: Canvas, hub: Hub, claim: str) -> Page:
    """The page with what it says of itself: `claim` as an article, or '' as a list."""
    stories = [_story_claim(canvas, story) for story in hub.stories[:_CLAIMED]]
    chance, about = canvas.chance, hub.about
    kind = "article" if claim else chance.choice(("website", "website", "", "", "article"))
    heading = hub.stories[0].headline if claim == "first" else hub.heading
    parts = [canvas.section("hub_title", title=canvas.section("page_title", headline=heading))]
    if kind:
        parts.append(canvas.section("hub_type", text=kind))
        parts.append(canvas.section("hub_og", headline=heading))
    if chance.random() < 0.7:
        parts.append(canvas.section("hub_about", text=about[:160]))
    if claim or chance.random() < 0.3:
        said = _CLAIMS[claim or chance.choice(("items", "all"))](hub, stories)
        parts.append(
            canvas.section("hub_claim", jsonld=Markup(json.dumps(said, ensure_ascii=False)))
        )
    values: dict[str, str] = {"title": heading, "headline": heading, "href": "/"}
    values |= {"summary": about, "claims": Markup("")}
    path = hub.path.replace("[folder]", _folder(canvas))
    return path, canvas.document("shell", hub.main, head=canvas.joined(parts), **values)


def _plain(draw: Draw) -> Callable[[Canvas], Page]:
    return lambda canvas: _shown(canvas, draw(canvas), "")


def _claimed(claim: str, *draws: Draw) -> Callable[[Canvas], Page]:
    return lambda canvas: _shown(canvas, canvas.chance.choice(draws)(canvas), claim)


HUBS: Mapping[str, Callable[[Canvas], Page]] = {
    "section_lead": _plain(_section_lead), "portal": _plain(_portal),
    "author_long": _plain(_author_long), "market_desk": _plain(_market_desk),
    "ticker": _plain(_ticker), "show": _plain(_show), "clips": _plain(_clips),
    "letter": _plain(_letter), "company": _plain(_company), "events": _plain(_events),
    "press": _plain(_press), "columns": _plain(_columns), "soft_404": _plain(_soft_404),
    "dossier": _plain(_dossier), "picks": _plain(_picks), "single": _plain(_single),
    "claimed_named": _claimed("named", _section_lead, _columns, _dossier, _ticker, _clips),
    "claimed_first": _claimed("first", _section_lead, _picks, _press, _columns),
    "claimed_all": _claimed("all", _section_lead, _dossier, _columns, _portal),
    "claimed_items": _claimed("items", _author_long, _show, _picks, _single),
    "claimed_graph": _claimed("graph", _portal, _author_long, _events, _company, _letter),
}  # fmt: skip
