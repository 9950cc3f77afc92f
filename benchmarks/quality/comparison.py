"""A page's gold beside what we extracted, as HTML: what was lost, what was too much."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from html import escape
from re import findall

from benchmarks.quality.floors import AT_MOST
from benchmarks.quality.pages import Page
from benchmarks.quality.scores import Row
from benchmarks.quality.systems import Prediction

_STYLE = """
body{font:15px/1.5 sans-serif;max-width:70em;margin:1em auto;padding:0 1em;color:#222}
table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:2px 8px;text-align:left;
vertical-align:top;overflow-wrap:anywhere}th{font-weight:normal;color:#666}
summary{cursor:pointer;padding:3px 0}summary b{display:inline-block;width:4em}
p{margin:.3em 0;padding-left:.6em;border-left:3px solid transparent}
.lost{background:#fdd;border-color:#c00;text-decoration:none}.extra{background:#dfd;border-color:#080}
.same{color:#777}.differs td{background:#ffd}small{color:#666}
@media(prefers-color-scheme:dark){body{background:#181818;color:#ddd}.lost{background:#511}
.extra{background:#141}.differs td{background:#442}}
"""
_HEAD = f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Extraction: gold beside ours</title><style>{_STYLE}</style></head><body>
<h1>Gold beside ours, worst first</h1>
<p> <span class="lost">Red</span> is in the gold and was lost,
<span class="extra">green</span> was extracted and is not in the gold.</p>
"""
_AT_MOST_TOKENS = 4_000  # difflib is quadratic; longer lines are shown whole

Opcode = tuple[str, int, int, int, int]


def write_index(pages: Sequence[Page], found: dict[str, Prediction], rows: Sequence[Row]) -> str:
    """One page of HTML without any resource of its own; every word of a page is escaped."""
    merits = {row.id: _merit(row) for row in rows}
    worst_first = sorted(pages, key=lambda page: (merits[page.id], page.id))
    entries = (_entry(page, found[page.id], merits[page.id]) for page in worst_first)
    return _HEAD + "\n".join(entries) + "\n</body></html>\n"


def _merit(row: Row) -> float:
    """0 to 1: the body counts as much as all the rest; the rest decides between equal bodies."""
    parts = [share for name, share in row.shares.items() if name not in AT_MOST]
    if row.segments:
        right, false, missed = row.segments
        parts.append(2 * right / max(1, 2 * right + false + missed))
    rest = sum(parts) / len(parts) if parts else 1.0
    return (row.shares.get("body", rest) + rest) / 2


def _entry(page: Page, found: Prediction, merit: float) -> str:
    return (
        f"<details><summary><b>{100 * merit:.0f}</b> {escape(page.id)} "
        f"<small>{escape(page.group)} {escape(page.url)}</small></summary>\n"
        f"{_fields(page, found)}\n{_body(page, found)}</details>"
    )


def _fields(page: Page, found: Prediction) -> str:
    gold = page.record
    pairs = [
        ("title", _known(gold.get("title")), found.title),
        ("published", page.published or _known(gold.get("date")), found.published),
        (
            "authors",
            _joined([] if page.authorless else gold.get("authors")),
            _joined(found.authors),
        ),
        ("images", _joined(page.images), "\n".join(found.images)),
        ("refused", page.refusal or "", found.refused),
    ]
    lines = "".join(_field(name, wanted, given) for name, wanted, given in pairs)
    return f"<table><tr><th></th><th>gold</th><th>ours</th></tr>{lines}</table>"


def _known(value: object) -> str | None:
    return value if isinstance(value, str) else None  # one date of the corpus is NaN


def _joined(values: Sequence[str] | None) -> str | None:
    return None if values is None else "\n".join(values)


def _field(name: str, wanted: str | None, given: str | None) -> str:
    differs = ' class="differs"' if wanted is not None and wanted != given else ""
    told = "<small>not known</small>" if wanted is None else _broken(wanted)
    return f"<tr{differs}><th>{name}</th><td>{told}</td><td>{_broken(given or '')}</td></tr>"


def _broken(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _body(page: Page, found: Prediction) -> str:
    gold = page.record.get("body") or next(iter(page.record.get("bodies", ())), None)
    if gold is not None:
        return "\n".join(difference(_lines(gold), _lines(found.text), chinese=page.group == "zh"))
    return "\n".join(_segments(page, found.text))


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.split("\n") if line.strip()]


def _segments(page: Page, text: str) -> Iterator[str]:
    """Where only segments are gold: those that are missing and those that must not be there."""
    flat = " ".join(text.split())
    for kind, segments in (
        ("lost", page.record.get("with")),
        ("extra", page.record.get("without")),
    ):
        for segment in segments or ():
            if (" ".join(segment.split()) in flat) == (kind == "extra"):
                yield f'<p class="{kind}">{escape(segment)}</p>'
    yield from (f'<p class="same">{escape(line)}</p>' for line in _lines(text))


def difference(gold: Sequence[str], ours: Sequence[str], *, chinese: bool) -> Iterator[str]:
    """The lines of both, as paragraphs; within changed lines, words or Chinese characters."""
    for kind, a, b, c, d in SequenceMatcher(None, gold, ours, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from (f'<p class="same">{escape(line)}</p>' for line in gold[a:b])
        else:
            yield f"<p>{_inside(chr(10).join(gold[a:b]), chr(10).join(ours[c:d]), chinese)}</p>"


def _inside(gold: str, ours: str, chinese: bool) -> str:
    wanted, given = (findall(r"\n| +|." if chinese else r"\n| +|\w+|.", t) for t in (gold, ours))
    if max(len(wanted), len(given)) > _AT_MOST_TOKENS:
        return _marked("lost", wanted) + _marked("extra", given)
    opcodes = SequenceMatcher(None, wanted, given, autojunk=False).get_opcodes()
    return "".join(_change(opcode, wanted, given) for opcode in opcodes)


def _change(opcode: Opcode, wanted: Sequence[str], given: Sequence[str]) -> str:
    kind, a, b, c, d = opcode
    if kind == "equal":
        return _shown(wanted[a:b])
    return _marked("lost", wanted[a:b]) + _marked("extra", given[c:d])


def _marked(kind: str, tokens: Sequence[str]) -> str:
    return f'<span class="{kind}">{_shown(tokens)}</span>' if tokens else ""


def _shown(tokens: Sequence[str]) -> str:
    return "".join("<br>" if token == "\n" else escape(token) for token in tokens)
