"""What happens to one story: each plot adds it, its addresses and its lines in a feed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from tests.histories.maker import Maker
from tests.histories.words import as_text
from tests.histories.world import DAY, FOREVER, MINUTE, Outlet, Story, Turn, Version

Plot = Callable[[Maker, Outlet], None]


def plain(m: Maker, o: Outlet) -> None:
    story = m.story(o, "plain", m.versions(o, m.moment()))
    m.publish(story, m.url(o, story.versions[0].title))


def retitled(m: Maker, o: Outlet) -> None:
    """At one address, other titles."""
    versions = _chain(m, o, m.moment(), m.rng.randint(1, 3), titles=True, texts=False)
    story = m.story(o, "retitled", versions)
    m.publish(story, m.url(o, versions[0].title))


def corrected(m: Maker, o: Outlet) -> None:
    """At one address, corrections of the text, now and then with another title."""
    versions = _chain(m, o, m.moment(), m.rng.randint(1, 2), titles=m.chance(0.4), texts=True)
    story = m.story(o, "corrected", versions)
    m.publish(story, m.url(o, versions[0].title))


def _chain(
    m: Maker, o: Outlet, at: datetime, changes: int, *, titles: bool, texts: bool
) -> tuple[Version, ...]:
    pen = m.pen(o)
    if o.sessions:  # there title, date and text must show that two addresses are one story
        changes, titles = 1, titles and not texts
    title, lines = pen.title(), pen.sentences()
    versions = [m.version(o, at, title, lines)]
    for _ in range(changes):
        at = m.later(at, 1, 20)
        title = pen.title() if titles else title
        lines = pen.edited(lines) if texts else lines
        versions.append(m.version(o, at, title, lines))
    return tuple(versions)


def reguided(m: Maker, o: Outlet) -> None:
    """At one address, a guid for each version."""
    titles = m.chance(0.5)
    changes = m.rng.randint(1, 2)
    versions = _chain(m, o, m.moment(), changes, titles=titles, texts=not titles)
    story = m.story(o, "reguided", versions, joins=("same address",))
    url = m.url(o, versions[0].title)
    m.show(url, story.published, story)
    ends = [*(v.at for v in versions[1:]), FOREVER]
    for version, until in zip(versions, ends, strict=True):
        m.list(story, url, at=version.at, until=until, guid=m.own_guid())


def moved(m: Maker, o: Outlet) -> None:
    """A new headline makes a new slug: with a redirect, a constant guid, or a constant canonical.

    With one of these the text may be corrected as well. One move may have several of them.
    """
    ways = m.rng.choice(
        [("same guid",), ("redirect",), ("redirect",), ("canonical",), ("same guid", "redirect")]
    )
    if o.sitemap or o.sessions:  # they carry no guid
        ways = ("redirect",)
    changes = m.rng.randint(1, 3)
    versions = _chain(m, o, m.moment(), changes, titles=True, texts=m.chance(0.5))
    if m.chance(0.3) and not o.sessions:
        corrected = m.pen(o).corrected(versions[0].title)
        versions = (versions[0], *(replace(v, title=corrected) for v in versions[1:]))
    story = m.story(o, "moved", versions, joins=ways)
    _through_slugs(m, o, story, ways)


def _through_slugs(m: Maker, o: Outlet, story: Story, ways: tuple[str, ...]) -> None:
    urls = [m.url(o, v.title) for v in story.versions]
    guid = m.own_guid() if "same guid" in ways else None
    stays = m.chance(0.5)  # the old address goes on showing the newest version
    for number, (url, version) in enumerate(zip(urls, story.versions, strict=True)):
        last = number == len(urls) - 1
        until = FOREVER if last else story.versions[number + 1].at
        canonical = {"canonical": urls[0]} if "canonical" in ways else {}
        m.show(url, version.at, story, **canonical)
        m.list(story, url, at=version.at, until=until, guid=guid)
        if "redirect" in ways:
            m.turn(url, Turn(at=until, form="leads", to=urls[-1])) if not last else None
        elif "canonical" not in ways and not stays and not last:
            m.turn(url, Turn(at=until, form="missing", story=story.id))


def rewritten(m: Maker, o: Outlet) -> None:
    """First sentence, byline and date stay, most of the text is new, at a new slug.

    With a redirect or a constant guid it is one story. Without, nobody can tell: kin.
    """
    pen, at = m.pen(o), m.moment()
    lines, title, byline = pen.sentences(6, 10), pen.title(), (pen.name(),)
    later = m.later(at, 1, 10)
    first = m.version(o, at, title, lines)
    second = m.version(o, later, pen.title(), pen.rewritten(lines))
    way = m.rng.choice(["redirect", "same guid", "", ""])
    if way == "same guid" and (o.sitemap or o.sessions):
        way = "redirect"
    evidence = "first sentence and byline"
    if way:
        joins = (evidence, way)
        story = m.story(o, "rewritten", (first, second), authors=byline, joins=joins)
        _through_slugs(m, o, story, (way,))
        return
    one = m.story(o, "rewritten alone", (first,), authors=byline, joins=(evidence,))
    other = m.story(o, "rewritten alone", (second,), at, authors=byline, kin=one.kin)
    for story in (one, other):
        url = m.url(o, story.versions[0].title)
        m.show(url, story.versions[0].at, story)
        m.list(story, url, at=story.versions[0].at)


def sections(m: Maker, o: Outlet) -> None:
    """One story under several section paths, slugs or parameters of one feed."""
    versions = m.versions(o, m.moment())
    story = m.story(o, "sections", versions, joins=("same text and title",))
    number = m.next_serial()
    ways = [f"{s}/{number}.html" for s in ("markets", "business", "world", "economy", "tech")]
    if m.chance(0.3):
        ways = [f"story/{number}.html?edition={e}" for e in ("us", "uk", "asia", "africa")]
    elif m.chance(0.3):
        ways = [f"news/{number}-{i}-{m.next_serial()}" for i in range(m.rng.randint(5, 12))]
    for way in ways[: m.rng.randint(2, len(ways))]:
        m.publish(story, o.home + way)


def headlines(m: Maker, o: Outlet) -> None:
    """One story, two headlines, both addresses live and in the feed, one date."""
    versions = m.versions(o, m.moment())
    story = m.story(o, "headlines", versions, joins=("same text and minute",))
    other = m.pen(o).title()
    one, two = m.url(o, versions[0].title), m.url(o, other)
    m.publish(story, one)
    m.show(two, story.published, story, headline=other)
    m.list(story, two, headline=other)


def corrected_elsewhere(m: Maker, o: Outlet) -> None:
    """A correction at a new address, under the title that it had, of the date that it had."""
    pen, at = m.pen(o), m.moment()
    title, lines = pen.title(), pen.sentences(8, 12)
    fixed = pen.edited(lines)
    versions = (
        m.version(o, at, title, lines),
        m.version(o, m.later(at, 1, 10), title, fixed),
    )
    story = m.story(o, "corrected elsewhere", versions, joins=("near text and minute",))
    one, two = m.url(o, title, "news"), m.url(o, title, "update")
    moved_at = versions[1].at
    m.show(one, at, story)
    m.list(story, one, until=moved_at)
    m.show(two, moved_at, story)
    m.list(story, two, at=moved_at)
    if m.chance(0.5):
        m.turn(one, Turn(at=moved_at, form="missing", story=story.id))


def merged(m: Maker, o: Outlet) -> None:
    """Two stories, archived as two; later the address of one leads to the other."""
    one = m.story(o, "merged", m.versions(o, m.moment(-4)))
    other = m.story(o, "merged", m.versions(o, m.later(one.published, 0.1, 3)))
    urls = [m.url(o, s.versions[0].title) for s in (one, other)]
    when = m.later(other.published, 2, 30)
    m.publish(one, urls[0])
    m.show(urls[1], other.published, other)
    m.list(other, urls[1], until=when)
    m.lead(urls[1], when, urls[0])
    m.part("redirect", (one, other))


def withdrawn(m: Maker, o: Outlet) -> None:
    """Taken down: 410, 404, a page that says so, or a redirect to the front page."""
    story = m.story(o, "withdrawn", m.versions(o, m.moment()))
    url, when = m.url(o, story.versions[0].title), m.later(story.published, 0.2, 24)
    form = m.rng.choice(["gone", "gone", "missing", "soft", "front"])
    m.show(url, story.published, story)
    m.list(story, url, until=when if m.chance(0.6) else FOREVER)
    m.turn(url, Turn(at=when, form=form, story=story.id))


def foreign(m: Maker, o: Outlet) -> None:
    """The feed of one outlet lists a page of another, whose own feed lists it too."""
    others = [x for x in m.outlets.values() if x.id != o.id and not x.full and not x.sessions]
    if not others:
        plain(m, o)
        return
    owner = m.rng.choice(others)
    story = m.story(owner, "foreign", m.versions(owner, m.moment()))
    url = m.url(owner, story.versions[0].title)
    m.publish(story, url)
    m.list(story, url, by=o, summary="Seen elsewhere", guid=m.own_guid())


def evil(m: Maker, o: Outlet) -> None:
    """A page whose canonical is the address of another outlet's story, under its title."""
    others = [x for x in m.outlets.values() if x.id != o.id and x.address in ("path", "slug")]
    if not others:
        plain(m, o)
        return
    victim = m.rng.choice(others)
    at = m.moment()
    true = m.story(victim, "victim", m.versions(victim, at))
    target = m.url(victim, true.versions[0].title)
    m.publish(true, target)
    title = true.versions[0].title
    false = m.story(o, "evil", m.versions(o, m.later(at, -3, 3), title))
    url = m.url(o, title)
    m.show(url, false.published, false, canonical=target)
    m.list(false, url)
    m.part("canonical", (true, false))


def mirrored(m: Maker, o: Outlet) -> None:
    """Another outlet tells the story, a minute earlier: word for word, longer, or turned."""
    others = [x for x in m.outlets.values() if x.id != o.id and x.chinese == o.chinese]
    if not others:
        plain(m, o)
        return
    mirror = m.rng.choice(others)
    pen, at = m.pen(o), m.moment()
    title, lines = pen.title(), pen.sentences(8, 12)
    story = m.story(o, "mirrored", (m.version(o, at, title, lines),))
    m.publish(story, m.url(o, title))
    how = m.rng.choice(["equal", "longer", "turned", "turned"])
    told = lines
    if how == "longer":
        told = (*lines, pen.sentence())
    elif how == "turned":
        verb = (
            ("将上调该项目", "将取消该项目") if o.chinese else ("will raise it.", "will cancel it.")
        )
        story = _ending(m, o, story, lines, verb[0])
        told = (*lines, _promise(o, verb[1]))
    named = m.chance(0.5)
    copied = m.story(
        mirror,
        "mirror",
        (Version(at=at, title=title, text=as_text(tuple(told), chinese=o.chinese)),),
        at - MINUTE,
        original=story.id,
        turned=how == "turned",
        names_original=named,
        authors=story.authors,
    )
    url = m.url(mirror, title)
    m.show(url, copied.published, copied, **({"origin": o.name} if named else {}))
    m.list(copied, url)


def _ending(m: Maker, o: Outlet, story: Story, lines: tuple[str, ...], verb: str) -> Story:
    text = as_text((*lines, _promise(o, verb)), chinese=o.chinese)
    made = replace(story, versions=(replace(story.versions[0], text=text),))
    m.stories[story.id] = made
    return made


def _promise(o: Outlet, verb: str) -> str:
    return f"公司表示{verb}。" if o.chinese else f"The company said that it {verb}"


def late_guid(m: Maker, o: Outlet) -> None:
    """A guid that is used again, days later, for another story at another address."""
    guid = m.own_guid()
    one = m.story(o, "guid again", m.versions(o, m.moment()))
    gap = m.rng.choice([2.6, 3.0, 3.5]) * DAY
    other = m.story(o, "guid again", m.versions(o, one.published + gap))
    m.show(url := m.url(o, one.versions[0].title), one.published, one)
    m.list(one, url, until=other.published, guid=guid)
    m.publish(other, m.url(o, other.versions[0].title), guid)
    m.part("same guid", (one, other))
