"""The status as one HTML page: no script, nothing from elsewhere, everything escaped."""

from __future__ import annotations

import base64
import hashlib
from html import escape

from crawler.run.status.report import SourceReport, StatusReport
from crawler.run.status.words import COLUMNS, NUMBERS, cells, footer
from crawler.run.terminal.terminal import printable_line

REFRESH_S = 30
_STYLE = """
:root { color-scheme: light dark; font: 15px/1.4 system-ui, sans-serif }
body { margin: 1.5rem }
table { border-collapse: collapse }
th, td { padding: .25rem .8rem .25rem 0; text-align: left; vertical-align: top }
td { border-top: 1px solid #8884; overflow-wrap: anywhere }
.number { text-align: right }
.ok .health { color: #2a8a3e } .quiet .health, .slow .health { color: #2d83a6 }
.failing .health, .gone .health, .blocked .health { color: #d1383d; font-weight: 600 }
.silent .health, .moved .health { color: #b07400; font-weight: 600 }
.new, .disabled, .removed { color: #888 }
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)


def page(report: StatusReport) -> str:
    """Give the page; the caller sends it with POLICY as its Content-Security-Policy."""
    rows = "\n".join(_row(source, report) for source in report.sources)
    lines = "\n".join(f"<p>{escape(line)}</p>" for line in footer(report))
    return f"""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="{REFRESH_S}">
<title>Broadsheet: {report.summary.troubled} troubled</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>Broadsheet</h1>
{lines}
<table>
<thead><tr>{_headings()}</tr></thead>
<tbody>
{rows}
</tbody>
</table>
<p>As of {escape(report.at)}.
<a href="status.json">status.json</a> <a href="metrics">metrics</a></p>
</body>
</html>
"""


def _headings() -> str:
    texts = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in COLUMNS)
    numbers = (f'<th scope="col" class="number">{escape(heading)}</th>' for heading in NUMBERS)
    return texts + "".join(numbers)


def _row(source: SourceReport, report: StatusReport) -> str:
    name, health, *rest = (escape(printable_line(cell)) for cell in cells(source, report))
    texts, numbers = rest[: -len(NUMBERS)], rest[-len(NUMBERS) :]
    return (
        f'<tr class="{escape(source.status)}"><td>{name}</td><td class="health">{health}</td>'
        + "".join(f"<td>{cell}</td>" for cell in texts)
        + "".join(f'<td class="number">{cell}</td>' for cell in numbers)
        + "</tr>"
    )
