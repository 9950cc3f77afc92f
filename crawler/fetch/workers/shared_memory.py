"""What the fork server imports last, and nobody else: what is in its memory is its workers', too.

Nothing of it is copied before somebody writes there. A collection of garbage would, in all of it:
so it is put out of the collector's reach. The list of public suffixes is read here, too: with what
its package imports it takes 21 MB of each process that asks for a domain.
"""

from __future__ import annotations

import gc

from py3langid import langid

from crawler.fetch.watch.garbage import keep_for_good
from crawler.fetch.workers import jobs
from crawler.fetch.workers.shared_model import SharedModel
from crawler.text.addresses import registrable_domain

__all__ = ["jobs"]

langid.IDENTIFIER = SharedModel()
registrable_domain("https://www.example.co.uk/")  # reads the list
gc.collect()
keep_for_good()
