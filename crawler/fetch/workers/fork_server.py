"""What the fork server imports first, and nobody else: it dies with the process that runs it.

`multiprocessing` ends it by a pipe, too; but not while it imports, and not while it is stopped.
"""

from __future__ import annotations

from crawler.fetch.watch.garbage import collect_rarely
from crawler.fetch.workers.lifeline import die_with_parent

die_with_parent()
collect_rarely()
