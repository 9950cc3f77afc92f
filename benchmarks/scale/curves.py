"""Curves as one SVG: a small chart for each figure, over the number of articles."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT, COLUMNS = 260, 150, 3
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 14, 30, 24
_STYLE = (
    "text{font:11px system-ui,sans-serif;fill:#555}.title{font-weight:600;fill:#222}"
    "polyline{fill:none;stroke:#2d6da3;stroke-width:2}circle{fill:#2d6da3}"
    "line{stroke:#bbb}svg{background:#fff}"
)


def svg(curves: Mapping[str, Sequence[tuple[int, float]]]) -> str:
    """`curves`: by title, points (articles, figure), of at least one article each."""
    rows = math.ceil(len(curves) / COLUMNS)
    charts = "".join(
        f'<g transform="translate({n % COLUMNS * WIDTH} {n // COLUMNS * HEIGHT})">'
        f"{_chart(title, points)}</g>\n"
        for n, (title, points) in enumerate(curves.items())
    )
    size = f'width="{COLUMNS * WIDTH}" height="{rows * HEIGHT}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">'
        f"<title>Costs by articles</title><style>{_STYLE}</style>\n{charts}</svg>\n"
    )


def _chart(title: str, points: Sequence[tuple[int, float]]) -> str:
    low, high = math.log10(points[0][0]), math.log10(points[-1][0])
    top = max(value for _, value in points) or 1.0
    right, bottom = WIDTH - _RIGHT, HEIGHT - _BOTTOM
    placed = [
        (
            _LEFT + (math.log10(size) - low) / ((high - low) or 1.0) * (right - _LEFT),
            bottom - value / top * (bottom - _TOP),
        )
        for size, value in points
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5"/>' for x, y in placed)
    labels = "".join(
        f'<text x="{x:.1f}" y="{bottom + 15}" text-anchor="middle">{_short(size)}</text>'
        for (x, _), (size, _) in zip(placed, points, strict=True)
    )
    return (
        f'<text class="title" x="{_LEFT}" y="16">{escape(title)}</text>'
        f'<line x1="{_LEFT}" y1="{bottom}" x2="{right}" y2="{bottom}"/>'
        f'<text x="{_LEFT - 5}" y="{_TOP + 4}" text-anchor="end">{top:.3g}</text>'
        f'<text x="{_LEFT - 5}" y="{bottom}" text-anchor="end">0</text>'
        f'<polyline points="{line}"/>{dots}{labels}'
    )


def _short(size: int) -> str:
    if size >= 1_000_000:
        return f"{size / 1_000_000:g} M"
    return f"{size / 1000:g} k" if size >= 1000 else str(size)
