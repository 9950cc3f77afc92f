"""What each process imports: the crawl's own goes without what reads pages."""

from __future__ import annotations

import pickle
import subprocess
import sys

from crawler.fetch.workers import jobs, pool
from crawler.fetch.workers.worker import Job

READERS = ("trafilatura", "feedparser", "numpy", "py3langid", "crawler.extract.article")
_LOADED = (
    "import sys, crawler.run.commands.crawl, crawler.run.commands.daemon, crawler.run.crawling;"
    f"print([name for name in {READERS} if name in sys.modules])"
)


def test_a_crawls_own_process_imports_nothing_that_reads_pages() -> None:
    run = subprocess.run(
        [sys.executable, "-P", "-c", _LOADED], capture_output=True, text=True, check=True
    )
    assert run.stdout == "[]\n"


def test_a_job_is_the_workers_function_once_it_is_there() -> None:
    asked = [job for job in vars(pool).values() if isinstance(job, Job)]
    names = ["extract_one", "article_of_item", "stand_in_of_item", "read_one", "site_page_of"]
    assert [job.name for job in asked] == names
    assert [pickle.loads(pickle.dumps(job)) for job in asked] == [
        getattr(jobs, name) for name in names
    ]
