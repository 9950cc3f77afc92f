"""Charts as inline SVG: no script, no style attribute, no words but in titles and labels.

The style sheet colours them by class and stretches them to their box; numbers that a reader needs
stand in HTML beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

_STEP, _WIDTH = 10, 8  # of a bar, and of the bar without its gap
_FEWEST = 25  # ticks that a strip has room for: one alone is no block
_SVG = Markup(
    '<svg role="{}" aria-label="{}" viewBox="0 0 {} {}" preserveAspectRatio="none">{}</svg>'
)
_RECT = Markup('<rect x="{}" y="{}" width="{}" height="{}"{}>{}</rect>')
_CLASS = Markup(' class="{}"')
_TITLE = Markup("<title>{}</title>")
_LINK = Markup('<a href="{}" aria-label="{}">{}</a>')
HEAT = 5  # steps of a heat map


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar. `parts`: (class, value) from below; `href`: where it leads, '' for nowhere."""

    parts: tuple[tuple[str, int], ...]
    title: str
    href: str = ""

    @property
    def value(self) -> int:
        return sum(value for _, value in self.parts)


def bar_chart(bars: Sequence[Bar], label: str, *, height: int = 40) -> Markup:
    """Give one bar a value, stacked where it has parts; an empty one is a tick."""
    most = max((bar.value for bar in bars), default=0) or 1
    drawn = Markup().join(_bar(bar, at * _STEP, most, height) for at, bar in enumerate(bars))
    role = "group" if any(bar.href for bar in bars) else "img"
    return _SVG.format(role, label, max(len(bars) * _STEP - (_STEP - _WIDTH), 1), height, drawn)


def spark_line(values: Sequence[int], label: str, *, height: int = 40) -> Markup:
    """Give a row's small chart, the last bar dark: two paths, whatever the number of values."""
    most = max(values, default=0) or 1
    width = max(len(values) * _STEP - (_STEP - _WIDTH), 1)
    paths = [Markup('<path class="none" d="M0 {}h{}v1H0z"/>').format(height - 1, width)]
    for kind, wanted in (("", range(len(values) - 1)), ("now", range(len(values))[-1:])):
        d = "".join(
            f"M{at * _STEP} {height}V{round(height - max(2, values[at] / most * height))}"
            f"h{_WIDTH}V{height}z"
            for at in wanted
            if values[at]
        )
        if d:
            paths.append(Markup('<path{} d="{}"/>').format(_of_class(kind), d))
    form = (
        '<svg class="spark" role="img" aria-label="{}" viewBox="0 0 {} {}"'
        ' preserveAspectRatio="none">{}</svg>'
    )
    return Markup(form).format(label, width, height, Markup().join(paths))  # noqa: S704 (a constant)


def strip_chart(ticks: Iterable[tuple[str, str]], label: str, *, height: int = 24) -> Markup:
    """Give a tick for each (class, title), from left to right: `new` is tall, others are low."""
    low = {"new": height, "fail": height * 2 // 3}
    shown = list(ticks)
    width = max(len(shown), _FEWEST) * _STEP - 3
    drawn = Markup().join(
        _RECT.format(
            at * _STEP,
            height - low.get(kind, height // 3),
            _WIDTH - 1,
            low.get(kind, height // 3),
            _of_class(kind),
            _TITLE.format(title),
        )
        for at, (kind, title) in enumerate(shown)
    )
    return _SVG.format("img", label, width, height, drawn)


def _bar(bar: Bar, x: int, most: int, height: int) -> Markup:
    title, y, drawn = _TITLE.format(bar.title), float(height), []
    for kind, value in bar.parts if bar.value else (("none", 0),):
        tall = max(1.0, round(value / most * height, 1))
        if value or kind == "none":
            y = round(y - tall, 1)
            drawn.append(_RECT.format(x, _short(y), _WIDTH, _short(tall), _of_class(kind), title))
            title = Markup()
    whole = Markup().join(drawn)
    return _LINK.format(bar.href, bar.title, whole) if bar.href else whole


def _short(value: float) -> str:
    return f"{value:g}"


def _of_class(kind: str) -> Markup:
    return _CLASS.format(kind) if kind else Markup()
