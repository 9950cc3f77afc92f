"""The sets of our own making beside the newsroom's: invented sites and strange pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from benchmarks.quality.negatives import Gold, InventedPage, negatives, positives
from benchmarks.quality.pages import ANY_REASON, Page
from benchmarks.quality.scores import Row, score_own, summarise
from benchmarks.quality.strange import Right, StrangePage, strange_pages
from benchmarks.quality.systems import SYSTEMS, Prediction

Found = Mapping[str, Prediction]  # page id → what we said
Scored = dict[str, list[Row]]  # set, as floors.toml names it → its rows

_INVENTED, _STRANGE = "invented", "strange"


def set_pages() -> list[Page]:
    """Every page of both; the id is `set/split/kind/name`."""
    invented = [_invented(page) for page in (*positives(), *negatives())]
    return invented + [_strange(page) for page in strange_pages()]


def _invented(page: InventedPage) -> Page:
    gold = page.gold
    return Page(
        id=f"{_INVENTED}/{page.split}/{page.kind}/{page.name}",
        url=page.url,
        group=page.language,
        site=page.family,
        html=page.html,
        zone=page.zone,
        record=_record(gold) if gold else {},
        published=_label(gold) if gold else None,
        authorless=gold is not None and not gold.authors,
        refusal=None if gold else ANY_REASON,
    )


def _record(gold: Gold) -> dict[str, object]:
    return {
        "title": gold.title,
        "authors": list(gold.authors),
        "bodies": list(gold.bodies),
        "date": gold.published.isoformat(),
    }


def _label(gold: Gold) -> str:
    return gold.published.isoformat() if gold.minute else "no time"


def _strange(page: StrangePage) -> Page:
    return Page(
        id=f"{_STRANGE}//{page.kind}/{page.name}",
        url=page.url,
        group=page.language,
        site=page.name,
        html=page.html,
        record={"title": page.right.title, "with": page.right.text_has},
    )


def score_sets(system: str, pages: Sequence[Page], found: Found) -> Scored:
    """invented-train, invented-held-out, strange."""
    scored: Scored = defaultdict(list)
    invented = [page for page in pages if page.id.startswith(_INVENTED)]
    for row in score_own(system, invented, found):
        scored["-".join(row.id.split("/")[:2])].append(row)
    rights = {f"{_STRANGE}//{page.kind}/{page.name}": page.right for page in strange_pages()}
    for page in pages:
        if page.id in rights:
            scored[_STRANGE].append(_strange_row(system, page, found[page.id], rights[page.id]))
    return dict(scored)


def _strange_row(system: str, page: Page, found: Prediction, right: Right) -> Row:
    lost, kept = _lost(right, found.text), _kept(right, found.text)
    shares = {**_known(right, found), "false_refusal": float(bool(found.refused))}
    whole = not lost and not kept and not found.refused and 0.0 not in _known(right, found).values()
    shares["holds"] = float(whole and _counts_right(right, found))
    gives = SYSTEMS[system].gives
    return Row(
        id=page.id,
        group=page.group,
        site=page.site,
        seconds=found.seconds,
        shares={name: share for name, share in shares.items() if name in gives},
        counts={
            "empty": int(not found.text.strip()),
            "refused": int(bool(found.refused)),
            "errors": int(bool(found.error)),
        },
        segments=(len(right.text_has) - lost, kept, lost),
    )


def _known(right: Right, found: Prediction) -> dict[str, float]:
    """Title, author, date, of a page whose gold names them."""
    pairs = {
        "title": (right.title, found.title),
        "author": (right.authors, found.authors),
        "date": (right.published, found.published[:10]),
    }
    return {name: float(given == gold) for name, (gold, given) in pairs.items() if gold is not None}


def _lost(right: Right, text: str) -> int:
    return sum(piece not in text for piece in right.text_has)


def _kept(right: Right, text: str) -> int:
    return sum(piece in text for piece in right.text_not)


def _counts_right(right: Right, found: Prediction) -> bool:
    paragraphs = len([line for line in found.text.split("\n") if line.strip()])
    return (
        all(found.text.count(piece) == 1 for piece in right.text_once)
        and right.paragraphs in (None, paragraphs)
        and right.paywalled in (None, found.paywalled)
    )


def kind_lines(scored: Scored) -> Iterator[str]:
    """One line for each kind of page: how many, and what share of them came out right.

    No article: refused. Strange: all of its gold holds. An article: its body's F1.
    """
    kinds: dict[str, list[Row]] = defaultdict(list)
    for name, rows in scored.items():
        for row in rows:
            split = name.removeprefix(f"{_INVENTED}-")
            kinds[f"{split:9} {row.id.split('/')[2]}"].append(row)
    for kind, rows in sorted(kinds.items()):
        figures = summarise(rows)["all"].figures
        measure = next(name for name in ("refusal", "holds", "body") if name in figures)
        yield f"{kind:50} {len(rows):4} pages  {measure:8}{figures[measure]:6.1f}"
