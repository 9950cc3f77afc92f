"""What the fork server imports last, and nobody else: what is in its memory is its workers', too.

Nothing of it is copied before somebody writes there. A collection of garbage would, in all of it:
so it is put out of the collector's reach.
"""

from __future__ import annotations

import gc

from py3langid import langid

from crawler.fetch.workers import jobs
from crawler.fetch.workers.shared_model import SharedModel

__all__ = ["jobs"]

langid.IDENTIFIER = SharedModel()
gc.freeze()
