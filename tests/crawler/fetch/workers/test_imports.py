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


_READ = """
import gc, sys
import crawler.fetch.workers.shared_memory
from crawler.extract import extract_article
before = set(sys.modules)
words = "The board of the bank said on Monday that it had agreed to sell the unit to a rival. " * 9
page = f"<title>A bank sells</title><article><h1>A bank sells</h1><p>By Ann Lee</p><p>{words}</p>"
read = extract_article(page.encode(), url="https://news.example.co.uk/2026/03/03/bank")
more = {name.partition(".")[0] for name in set(sys.modules) - before}
print(type(read).__name__, read.language, sorted(more - {"encodings"}))
print(gc.get_freeze_count() > 50_000)
"""


def test_a_page_needs_no_module_that_the_fork_server_has_not_loaded_for_all_workers() -> None:
    """Each would have its own copy: with the list of public suffixes it was 21 MB a worker."""
    run = subprocess.run(
        [sys.executable, "-P", "-c", _READ], capture_output=True, text=True, check=True
    )
    article, is_out_of_reach = run.stdout.splitlines()
    assert article == "Article en []"
    assert is_out_of_reach == "True"  # of the collector, which would write into all of it


def test_a_job_is_the_workers_function_once_it_is_there() -> None:
    asked = [job for job in vars(pool).values() if isinstance(job, Job)]
    names = ["extract_one", "article_of_item", "stand_in_of_item", "read_one", "site_page_of"]
    assert [job.name for job in asked] == names
    assert [pickle.loads(pickle.dumps(job)) for job in asked] == [
        getattr(jobs, name) for name in names
    ]
