"""Which scripts Datasette's own pages have in line, so that a browser runs these and no others."""

from __future__ import annotations

import base64
import hashlib
import importlib.resources
import re
from functools import cache

_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_FACETS = "{{ datasette_allow_facet }}"  # the one value that is written into one of them
_TEMPLATE = re.compile(r"\{[{%]")


@cache
def script_sources() -> str:
    """Give `script-src` of a policy for Datasette's pages: its files, and its scripts in line by
    their hashes. Where a Datasette writes further values into one, any script in line."""
    scripts: list[str] = []
    for template in (importlib.resources.files("datasette") / "templates").iterdir():
        if template.name.endswith(".html"):
            for script in _SCRIPT.findall(template.read_text("utf-8")):
                scripts += {script.replace(_FACETS, word) for word in ("true", "false")}
    if any(map(_TEMPLATE.search, scripts)):
        return "'self' 'unsafe-inline'"
    return " ".join(["'self'", *sorted(map(_hashed, set(scripts)))])


def _hashed(script: str) -> str:
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
