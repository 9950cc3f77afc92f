"""How well extraction does on the gold corpus, beside plain trafilatura.

    python -m benchmarks.quality [--corpus ../shared/corpus] [--out DIR] [--only-ours]

Runs extract_article over every page in two processes, scores the predictions with the corpus'
own score.py and prints both tables. Exits 0 with one line where the corpus is absent, 1 when a
floor is broken.
"""

from __future__ import annotations

import argparse
import gzip
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT.parent / "shared" / "corpus"

# percent, just under what was measured on 2026-11-23; lowering one needs a line in CHANGELOG.md.
# (group of score.py, measure) → floor. Gold counts agencies and sites as authors; we don't.
FLOORS = {
    ("lang:zh", "body_f1"): 99.0,
    ("lang:en", "body_f1"): 96.6,
    ("lang:other", "body_f1"): 95.0,
    ("all", "title"): 82.0,
    ("all", "date"): 86.0,
    ("all", "author"): 61.0,
}

Prediction = dict[str, Any]


def ours(page: bytes, url: str) -> Prediction:
    from archive.model import Article
    from crawler.extract import extract_article

    found = extract_article(page, url=url)
    if not isinstance(found, Article):
        return {"title": "", "date": "", "authors": [], "text": "", "refused": str(found)}
    date = found.published.isoformat() if found.published else ""
    text = found.text.replace("\n\n", "\n")
    return {
        "title": found.title,
        "date": date,
        "authors": list(found.authors),
        "text": text,
        "evidence": dict(found.evidence),
    }


def plain_trafilatura(page: bytes, url: str) -> Prediction:
    import trafilatura

    found = trafilatura.bare_extraction(page, url=url, include_comments=False, with_metadata=True)
    if found is None:
        return {"title": "", "date": "", "authors": [], "text": ""}
    authors = (found.author or "").split("; ")
    return {"title": found.title, "date": found.date, "authors": authors, "text": found.text}


def predict(extract: Callable[[bytes, str], Prediction], path: Path, url: str) -> Prediction:
    page = gzip.decompress(path.read_bytes())
    started = time.process_time()
    prediction = extract(page, url)
    seconds = time.process_time() - started
    return {"id": path.name.removesuffix(".html.gz"), "seconds": seconds, **prediction}


def run(
    extract: Callable[[bytes, str], Prediction], corpus: Path, out: Path
) -> dict[str, dict[str, Any]]:
    """Write the predictions of one extractor to `out` and return score.py's groups."""
    gold = [json.loads(line) for line in (corpus / "gold.jsonl").read_text("utf-8").splitlines()]
    paths = [corpus / "pages" / f"{page['id']}.html.gz" for page in gold]
    urls = [page.get("url") or "" for page in gold]
    with ProcessPoolExecutor(2, mp_context=get_context("forkserver")) as pool:
        found = list(pool.map(predict, [extract] * len(paths), paths, urls, chunksize=10))
    out.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in found), "utf-8")
    reasons = Counter(line["refused"].split(":")[0] for line in found if line.get("refused"))
    if reasons:
        print("refused:", ", ".join(f"{reason} {n}" for reason, n in reasons.most_common()))
    command = [sys.executable, str(corpus / "score.py"), "--gold", str(corpus / "gold.jsonl")]
    command += ["--pred", str(out), "--json", "--per-page", str(out.with_suffix(".pages.jsonl"))]
    scored = subprocess.run(command, check=True, capture_output=True, text=True)
    groups: dict[str, dict[str, Any]] = json.loads(scored.stdout)["groups"]
    return groups


def show(name: str, groups: dict[str, dict[str, Any]]) -> None:
    for group in ("all", "lang:zh", "lang:en", "lang:other"):
        row = groups[group]
        cells = [f"{100 * row[k]:6.1f}" for k in ("body_f1", "title", "date", "author")]
        print(f"{name:12} {group:11}", *cells, f"{row['ms']:7.1f} ms")


def broken_floors(groups: dict[str, dict[str, Any]]) -> list[str]:
    return [
        f"{group} {measure}: {100 * groups[group][measure]:.1f} < {floor}"
        for (group, measure), floor in FLOORS.items()
        if 100 * groups[group][measure] < floor
    ]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--corpus", type=Path, default=CORPUS)
    options.add_argument("--out", type=Path, help="keep the predictions here")
    options.add_argument("--only-ours", action="store_true")
    chosen = options.parse_args()
    if not (chosen.corpus / "gold.jsonl").is_file():
        print(f"skipped: no corpus at {chosen.corpus}")
        return 0
    out = chosen.out or Path(tempfile.mkdtemp(prefix="broadsheet-quality-"))
    out.mkdir(parents=True, exist_ok=True)
    print(f"{'percent':24}", *(f"{k:>6}" for k in ("body", "title", "date", "author")))
    groups = run(ours, chosen.corpus, out / "ours.jsonl")
    show("broadsheet", groups)
    if not chosen.only_ours:
        show("trafilatura", run(plain_trafilatura, chosen.corpus, out / "trafilatura.jsonl"))
    broken = broken_floors(groups)
    print(*(f"below the floor: {line}" for line in broken), sep="\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
