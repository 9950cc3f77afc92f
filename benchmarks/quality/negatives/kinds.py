"""Pages that are no article: lists, tables, notices and shells, each by its kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from benchmarks.quality.negatives.hubs import HUBS
from benchmarks.quality.negatives.layouts import Canvas, Family, Markup
from benchmarks.quality.negatives.site_page import DAY, Page, list_of, shown, table, topic
from benchmarks.quality.negatives.stories import make_teasers
from benchmarks.quality.negatives.words import Cast

_VARIANTS = 3  # of each page that has no shell of its site


def page(family: Family, kind: str, seed: str = "") -> tuple[str, bytes]:
    """(address, the page); another for each seed."""
    canvas = Canvas(family, f"{kind} {seed}".strip(), {})
    path, html = KINDS[kind](canvas)
    return f"https://{family.head['host']}{path}", html


def _front(canvas: Canvas) -> Page:
    blocks = canvas.joined(
        canvas.section(
            "block",
            heading=canvas.lists["section"][n],
            teasers=canvas.teasers("teaser" if n % 2 else "teaser_short", 4 + n, n % 2),
        )
        for n in range(5)
    )
    lead = canvas.teasers("teaser", 3, 1)
    return "/", shown(
        canvas, canvas.section("front", lead=lead, blocks=blocks), canvas.family.head["site"]
    )


def _section(canvas: Canvas) -> Page:
    heading = topic(canvas, "section")
    return "/section/", shown(canvas, list_of(canvas, heading, 20, 0), heading)


def _section_long(canvas: Canvas) -> Page:
    heading = topic(canvas, "section")
    return "/markets/", shown(canvas, list_of(canvas, heading, 12, 1), heading)


def _tag(canvas: Canvas) -> Page:
    heading = f"{canvas.label('topic')} {topic(canvas, 'keyword')}"
    return "/tag/ports", shown(canvas, list_of(canvas, heading, 15, 1), heading)


def _topic_long(canvas: Canvas) -> Page:
    """A list under a paragraph of prose."""
    cast = Cast(canvas.family.language, canvas.chance)
    heading = topic(canvas, "company")
    intro = cast.paragraph(5)
    return "/topic/5", shown(canvas, list_of(canvas, heading, 12, 1, intro=intro), heading)


def _podcasts(canvas: Canvas) -> Page:
    heading = canvas.label("podcasts")
    teasers = canvas.teasers("podcast", 9, 2)
    main = canvas.section("list", heading=heading, intro="", teasers=teasers)
    return "/podcasts/", shown(canvas, main, heading)


def _letters(canvas: Canvas) -> Page:
    heading = canvas.label("letters")
    text = canvas.label("newsletter_text")
    teasers = canvas.joined(
        canvas.section("letter", text=name, summary=text, n=str(n))
        for n, name in enumerate(canvas.lists["section"][:6])
    )
    main = canvas.section("list", heading=heading, intro=text, teasers=teasers)
    return "/newsletters", shown(canvas, main, heading)


def _author(canvas: Canvas) -> Page:
    cast = Cast(canvas.family.language, canvas.chance)
    name = cast.fill("{a}")
    bio = cast.fill(canvas.label("bio"))
    return "/authors/12", shown(canvas, list_of(canvas, name, 10, 1, intro=bio), name)


def _archive_month(canvas: Canvas) -> Page:
    cast = Cast(canvas.family.language, canvas.chance)
    heading = cast.fill(canvas.label("month"))
    return "/2025/03/", shown(canvas, list_of(canvas, heading, 30, 0), heading)


def _search_hits(canvas: Canvas) -> Page:
    word = topic(canvas, "keyword")
    heading = f"{canvas.chance.randint(40, 900)} {canvas.label('results')} {word}"
    return f"/search?q={canvas.chance.randint(1, 99)}", shown(
        canvas, _hits(canvas, heading), heading
    )


def _hits(canvas: Canvas, heading: str) -> Markup:
    """Excerpts of 60 to 200 characters that break off."""
    family = canvas.family
    found = make_teasers(family.language, 10, f"{family.name} hits", family.zone, 2)
    lines = []
    for n, teaser in enumerate(found):
        cut = teaser.summary[: canvas.chance.randint(60, 200)] + "..."
        lines.append(canvas.section(
            "hit", text=teaser.headline, summary=cut, writer=teaser.author, n=str(n),
            href=canvas.address(teaser.slug, teaser.published), kind=teaser.section,
            shown=canvas.shown(teaser.published), stamp=teaser.published.isoformat(),
        ))  # fmt: skip
    return canvas.section("list", heading=heading, intro="", teasers=canvas.joined(lines))


def _search_none(canvas: Canvas) -> Page:
    heading = f"{canvas.label('no_results')} {topic(canvas, 'company')}"
    return "/search?q=xyz", shown(canvas, canvas.section("search_none", heading=heading), heading)


def _teasers(canvas: Canvas) -> Page:
    heading = canvas.label("latest")
    return "/latest", shown(canvas, list_of(canvas, heading, 9, 3), heading)


def _claimed_list(canvas: Canvas) -> Page:
    heading = topic(canvas, "section")
    main = list_of(canvas, heading, 14, 2)
    return "/news/economy", shown(canvas, main, heading, head="claimed_head")


def _videos(canvas: Canvas) -> Page:
    heading = canvas.label("watch")
    main = canvas.section("list", heading=heading, intro="", teasers=canvas.teasers("video", 16, 0))
    return "/video/", shown(canvas, main, heading)


def _titles(canvas: Canvas, *names: str) -> list[str]:
    return [canvas.label(name) for name in names]


def _quotes(canvas: Canvas) -> Page:
    heading = canvas.lists["section"][0]
    lines = [
        [name, _number(canvas), f"{_number(canvas)}%", _number(canvas)] for name in _shares(canvas)
    ]
    columns = _titles(canvas, "name", "price", "change", "volume")
    return "/quotes/", table(canvas, heading, columns, lines * 2)


def _shares(canvas: Canvas) -> list[str]:
    names = canvas.lists["company"]
    return canvas.chance.sample(names, len(names))


def _number(canvas: Canvas) -> str:
    return f"{canvas.chance.randint(1, 900)}.{canvas.chance.randint(10, 99)}"


def _quote_page(canvas: Canvas) -> Page:
    name = topic(canvas, "company")
    facts = canvas.joined(
        canvas.section("fact", name=label, text=_number(canvas))
        for label in _titles(canvas, "price", "change", "volume") * 2
    )
    news = canvas.teasers("teaser_short", 6, 0)
    main = canvas.section("quote_page", heading=name, facts=facts, teasers=news)
    return "/quotes/AB12", shown(canvas, main, name)


def _calendar(canvas: Canvas) -> Page:
    cast = Cast(canvas.family.language, canvas.chance)
    heading = cast.fill(canvas.label("month"))
    lines = [[canvas.shown(DAY.replace(day=1 + n)), cast.line("event"), "–"] for n in range(18)]
    return "/calendar", table(canvas, heading, [*_titles(canvas, "date", "event"), ""], lines)


def _notices(canvas: Canvas) -> Page:
    heading = canvas.label("document")
    lines = []
    for n in range(20):
        cast = Cast(canvas.family.language, canvas.chance)
        lines.append(
            [canvas.shown(DAY.replace(day=1 + n)), cast.fill("{c}"), cast.line("document")]
        )
    return "/filings", table(canvas, heading, _titles(canvas, "date", "issuer", "document"), lines)


def _forum(canvas: Canvas) -> Page:
    heading = canvas.label("thread")
    lines = []
    for n in range(20):
        cast = Cast(canvas.family.language, canvas.chance)
        text = cast.line("comment")[:60] if n % 2 else cast.line("headline")
        lines.append(
            [text, cast.line("user"), str(canvas.chance.randint(0, 200)), canvas.shown(DAY)]
        )
    columns = _titles(canvas, "thread", "by", "replies", "last_post")
    return "/forum/7", table(canvas, heading, columns, lines)


def _shop(canvas: Canvas) -> Page:
    heading = canvas.label("subscribe")
    plans = []
    for line in canvas.lists["plan"]:
        name, price, offers = line.split(" | ")
        items = canvas.joined(canvas.section("li", text=text) for text in offers.split(" ; "))
        plans.append(canvas.section("plan", name=name, price=price, items=items))
    main = canvas.section("shop", heading=heading, plans=canvas.joined(plans))
    return "/subscribe", shown(canvas, main, heading)


def _notice(name: str, path: str, *, bare: bool) -> Callable[[Canvas], Page]:
    """A page of a few sentences: in its site's shell, or in one of three that have none."""

    def draw(canvas: Canvas) -> Page:
        cast = Cast(canvas.family.language, canvas.chance)
        heading, *lines = (cast.fill(line) for line in canvas.lists[f"notice_{name}"])
        paragraphs = canvas.joined(canvas.section("notice_line", text=line) for line in lines)
        values: dict[str, str] = {"heading": heading, "paragraphs": paragraphs}
        at = path.replace("[n]", str(canvas.chance.randint(100_000, 999_999)))
        if bare:
            variant = 1 + canvas.chance.randrange(_VARIANTS)
            return at, canvas.document(f"{name}_{variant}", "", title=heading, **values)
        suggested = canvas.section("suggestions") if name == "404" else Markup("")
        main = canvas.section("notice", suggested=suggested, **values)
        return at, shown(canvas, main, heading)

    return draw


KINDS: Mapping[str, Callable[[Canvas], Page]] = {
    "front": _front, "section": _section, "section_long": _section_long, "tag": _tag,
    "author": _author, "archive_month": _archive_month, "search_hits": _search_hits,
    "search_none": _search_none, "teasers": _teasers, "claimed_list": _claimed_list,
    "videos": _videos, "quotes": _quotes, "quote_page": _quote_page, "calendar": _calendar,
    "notices": _notices, "topic_long": _topic_long, "podcasts": _podcasts, "letters": _letters,
    "forum": _forum, "shop": _shop,
    "login": _notice("login", "/login?to=[n]", bare=False),
    "wall": _notice("wall", "/story-[n].html", bare=False),
    "error_404": _notice("404", "/story-[n].html", bare=False),
    "error_410": _notice("410", "/story-[n].html", bare=False),
    "error_500": _notice("500", "/story-[n].html", bare=True),
    "maintenance": _notice("maintenance", "/story-[n].html", bare=True),
    "javascript": _notice("javascript", "/story-[n].html", bare=True),
    "captcha": _notice("captcha", "/story-[n].html", bare=True),
    "app": _notice("app", "/m/story-[n]", bare=True),
    "consent": _notice("consent", "/story-[n].html", bare=True),
    "cookies": _notice("cookies", "/story-[n].html", bare=True),
    **HUBS,
}  # fmt: skip
