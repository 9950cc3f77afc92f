"""Tests of the optional packages are skipped where those are not installed (`make extras`)."""

from __future__ import annotations

from importlib.util import find_spec

import pytest


def _needs(package: str, extra: str) -> pytest.MarkDecorator:
    reason = f"{package} is not installed (the extra {extra}): make extras"
    return pytest.mark.skipif(find_spec(package) is None, reason=reason)


needs_markets = _needs("exchange_calendars", "markets")
needs_apprise = _needs("apprise", "alerts")
needs_redis = _needs("redis", "distributed")
