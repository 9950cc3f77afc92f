"""axe-core, where it was installed: what it finds on a page that somebody can't use."""

from __future__ import annotations

import json
import os
from pathlib import Path

from tests.browser.chromium import Browser

PLACE = "AXE_CORE"  # its axe.min.js, set by .ci/run
_RUN = """
axe.run(document, { resultTypes: ["violations"] }).then((found) => JSON.stringify(
  found.violations.map((v) => [v.impact, v.id, v.nodes.length, String(v.nodes[0].target),
    v.nodes[0].failureSummary])))
"""


def find_axe() -> Path | None:
    place = os.environ.get(PLACE, "")
    return Path(place) if place and Path(place).is_file() else None


def axe_findings(browser: Browser, axe: Path) -> list[str]:
    """Give what axe finds on the page that is open, a line each."""
    browser.evaluate(f"{axe.read_text('utf-8')}; 0")
    found = json.loads(browser.evaluate(_RUN))
    return [" ".join(" ".join(map(str, each)).split())[:400] for each in found]
