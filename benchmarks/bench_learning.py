"""What learning a site's boilerplate gains on the corpus, and what it costs a save.

    .venv/bin/python benchmarks/bench_learning.py [--corpus ../shared/corpus] [--show]

For each site of the corpus with enough pages: every page is extracted bare, and once more with what
the archive learned of the others (leave one out: sites of 4 pages and more), or of all (as
`reextract` would: 3 and more). Prints body F1 of both, with/without F1, and pages better and worse;
--show prints each line taken out. Then times `save_article` with and without learning.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from archive.articles.boilerplate import learn, learned  # noqa: E402
from archive.articles.save import save_article  # noqa: E402
from archive.database.connect import connect, transaction  # noqa: E402
from archive.entries.owed import file_entry  # noqa: E402
from archive.migrate import migrate  # noqa: E402
from archive.model import Article, Declaration, Entry  # noqa: E402
from archive.sources.declarations import declare  # noqa: E402
from crawler.extract.article import extract_article  # noqa: E402
from tests.site.bulk import article_text  # noqa: E402

NOW = datetime(2026, 11, 23, tzinfo=UTC)
SAVES = 400
Gold = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    gold: Gold
    html: bytes
    found: Article

    def again(self, boilerplate: Collection[str]) -> Article:
        found = extract_article(self.html, url=self.gold["url"], boilerplate=boilerplate)
        return found if isinstance(found, Article) else replace(self.found, text="", markdown="")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=ROOT.parent / "shared" / "corpus")
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    if (options.corpus / "gold.jsonl").is_file():
        sites = read_sites(options.corpus)
        score = load_score(options.corpus)
        compare("leave one out", sites, score, others_only=True, show=options.show)
        compare("all pages", sites, score, others_only=False, show=options.show)
    else:
        print(f"skipped: no corpus at {options.corpus}")
    time_saves()
    return 0


def read_sites(corpus: Path) -> dict[str, list[Page]]:
    """The corpus' articles by site; a blog's host is a site of its own."""
    sites: dict[str, list[Page]] = {}
    for line in (corpus / "gold.jsonl").read_text("utf-8").splitlines():
        gold = json.loads(line)
        blog = gold["site"] in ("wordpress.com", "blogspot.com", "google.com")
        site = (urlsplit(gold["url"]).hostname or "") if blog else gold["site"]
        sites.setdefault(site, []).append(gold)
    return {
        site: list(_extracted(corpus, pages)) for site, pages in sites.items() if len(pages) > 2
    }


def _extracted(corpus: Path, golds: Sequence[Gold]) -> Iterator[Page]:
    for gold in golds:
        html = gzip.decompress((corpus / "pages" / f"{gold['id']}.html.gz").read_bytes())
        found = extract_article(html, url=gold["url"])
        if isinstance(found, Article):
            yield Page(gold=gold, html=html, found=found)


def load_score(corpus: Path) -> Any:
    spec = importlib.util.spec_from_file_location("score", corpus / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def compare(
    name: str, sites: dict[str, list[Page]], score: Any, *, others_only: bool, show: bool
) -> None:
    bodies: list[tuple[float, float]] = []
    segments: list[tuple[tuple[int, ...], tuple[int, ...]]] = []
    pages = changed = 0
    for site, members in sites.items():
        for page in members:
            teachers = [other for other in members if not (others_only and other is page)]
            if len(teachers) < 3:
                continue
            pages += 1
            after = page.again(learned_of(teachers))
            changed += bool(after.boilerplate)
            if show and after.boilerplate:
                print(f"  {site} {page.gold['id']}: {[*after.boilerplate]}")
            bodies += _body_scores(score, page, after)
            segments += _segment_scores(score, page, after)
    print(f"{name}: {pages} pages of sites with enough, {changed} changed")
    _print_bodies(bodies)
    _print_segments(segments)


def learned_of(teachers: Sequence[Page]) -> frozenset[str]:
    conn = sqlite3.connect(":memory:", isolation_level=None)
    conn.row_factory = sqlite3.Row
    migrate(conn, NOW)
    for page in teachers:
        learn(conn, "site", page.found, now=NOW)
    return learned(conn, "site")


def _body_scores(score: Any, page: Page, after: Article) -> list[tuple[float, float]]:
    if not page.gold.get("body"):
        return []
    texts = (page.found.text, after.text)
    before, now = (score.body_score(page.gold, t.replace("\n\n", "\n"))[2] for t in texts)
    return [(before, now)]


def _segment_scores(
    score: Any, page: Page, after: Article
) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    if not page.gold.get("with"):
        return []
    return [(score.wtwo(page.gold, page.found.text), score.wtwo(page.gold, after.text))]


def _print_bodies(bodies: list[tuple[float, float]]) -> None:
    if bodies:
        before, after = (100 * sum(column) / len(bodies) for column in zip(*bodies, strict=True))
        better, worse = sum(b < a for b, a in bodies), sum(b > a for b, a in bodies)
        print(f"  body F1 of {len(bodies)}: {before:.2f} -> {after:.2f}, {better} up, {worse} down")


def _print_segments(segments: list[tuple[tuple[int, ...], tuple[int, ...]]]) -> None:
    if segments:
        before, after = (_f1([pair[at] for pair in segments]) for at in (0, 1))
        print(f"  with/without F1 of {len(segments)}: {before:.2f} -> {after:.2f}")


def _f1(rows: Sequence[tuple[int, ...]]) -> float:
    right, wrong, missed, _ = (sum(column) for column in zip(*rows, strict=True))
    return 100 * 2 * right / (2 * right + wrong + missed)


def time_saves() -> None:
    """Saves of new articles with 25 paragraphs and ten recurring lines, in turns of fifty."""
    with tempfile.TemporaryDirectory() as folder:
        conn = connect(Path(folder) / "archive.db", synchronous="normal")
        migrate(conn, NOW)
        outlet = Declaration(id="s", name="S", url="https://s.example.com/", kind="feed")
        declare(conn, [outlet], now=NOW)
        spent = {True: 0.0, False: 0.0}
        for number in range(2 * SAVES):
            learns = (number // 50) % 2 == 0
            spent[learns] += _save(conn, number, learns)
        with_, without = (1000 * spent[flag] / SAVES for flag in (True, False))
        started = time.perf_counter()
        for _ in range(SAVES):
            learned(conn, "S")
        reading = 1000 * (time.perf_counter() - started) / SAVES
        conn.close()
    print(
        f"a save: {with_:.2f} ms with learning, {without:.2f} without; a look-up {reading:.3f} ms"
    )


def _save(conn: sqlite3.Connection, number: int, learns: bool) -> float:
    title, paragraphs = article_text(number, 100)
    lines = [f"Harbour Post box number {at} of the page" for at in range(10)]
    url = f"https://s.example.com/{number}"
    text = "\n\n".join([*paragraphs, *lines])
    article = Article(url=url, title=title, text=text, markdown=text, published=NOW)
    started = time.perf_counter()
    with transaction(conn):
        entry = file_entry(conn, Entry(url=url, raw_url=url), "s", now=NOW)
        save_article(conn, article, entry=entry, now=NOW, learn=learns)
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
