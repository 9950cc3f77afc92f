"""The demo's configuration: every kind of source over the newsroom's hosts."""

from __future__ import annotations

from pathlib import Path
from string import Template

from .process import Site

CONSENT_SOURCE = """
[[source]]                         # six addresses, one text: a consent wall
id = "ledger-consent"
name = "The Northbridge Ledger"
url = "$ledger/feeds/consent.xml"
kind = "feed"
language = "en"
"""


def demo_config(site: Site, *, consent_wall: bool = False) -> str:
    """The TOML of the demo's sources; `consent_wall` adds a source of equal placeholders."""
    toml = Path(__file__).with_name("broadsheet.toml").read_text(encoding="utf-8")
    if consent_wall:
        toml += CONSENT_SOURCE
    return Template(toml).substitute({key: site.base(key) for key in site.hosts})
