"""Crawl real pages, ../shared/corpus served by feeds on loopback: each ends with a reason.

    .venv/bin/python benchmarks/bench_corpus_crawl.py [--keep DIR]

Prints the entries per state and reason. Exit 1 when a page is neither archived nor explained, or
is still owed. Skips cleanly (exit 0) where the corpus is absent.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.sax.saxutils import escape

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
HOSTS = [f"127.0.1.{n}" for n in range(1, 17)]  # so that politeness doesn't set the pace


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keep", type=Path, help="where the archive goes (default: thrown away)")
    keep = parser.parse_args().keep
    if not (CORPUS / "gold.jsonl").is_file():
        print(f"skipped: no corpus at {CORPUS}")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        data = keep or Path(folder)
        data.mkdir(parents=True, exist_ok=True)
        pages = _pages()
        servers = _serve(pages)
        try:
            _crawl(data, servers[0].server_port, pages)
        finally:
            for server in servers:
                server.shutdown()
                server.server_close()
        return _report(data, len(pages))


def _pages() -> dict[str, tuple[str, str]]:
    """Page id -> (host that serves it, language). A site keeps its pages on one host."""
    rows = [json.loads(line) for line in (CORPUS / "gold.jsonl").read_text().splitlines()]
    return {row["id"]: (HOSTS[hash_of(row["site"]) % len(HOSTS)], row["lang"][:2]) for row in rows}


def hash_of(text: str) -> int:
    return sum(ord(c) * (i + 1) for i, c in enumerate(text))


def _serve(pages: dict[str, tuple[str, str]]) -> list[ThreadingHTTPServer]:
    by_feed: dict[tuple[str, str], list[str]] = defaultdict(list)
    for page_id, (host, language) in pages.items():
        by_feed[host, language].append(page_id)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = self.path.lstrip("/")
            host = self.server.server_address[0]
            if path.startswith("feed-"):
                ids = by_feed[host, path.removeprefix("feed-").removesuffix(".xml")]
                self._send(_feed(f"http://{host}:{self.server.server_port}", ids), "text/xml")
            elif path in pages:
                body = gzip.decompress((CORPUS / "pages" / f"{path}.html.gz").read_bytes())
                self._send(body, "text/html")
            else:
                self.send_error(404)

        def _send(self, body: bytes, content_type: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """The crawl's own log is enough."""

    first = ThreadingHTTPServer((HOSTS[0], 0), Handler)
    servers = [first] + [ThreadingHTTPServer((h, first.server_port), Handler) for h in HOSTS[1:]]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    return servers


def _feed(base: str, ids: list[str]) -> bytes:
    items = "".join(f"<item><link>{escape(f'{base}/{page_id}')}</link></item>" for page_id in ids)
    return f'<rss version="2.0"><channel><title>Corpus</title>{items}</channel></rss>'.encode()


def _crawl(data: Path, port: int, pages: dict[str, tuple[str, str]]) -> None:
    sources = "".join(
        f'[[source]]\nid = "c{host.split(".")[-1]}-{language}"\nname = "{host} {language}"\n'
        f'url = "http://{host}:{port}/feed-{language}.xml"\nkind = "feed"\n'
        f'language = "{language}"\nsince = "all"\n'
        for host, language in sorted(set(pages.values()))
    )
    config = data / "broadsheet.toml"
    config.write_text(
        '[crawl]\nallow_networks = ["127.0.0.0/8"]\ndownload_delay_s = 0\nretry = ["1s"]\n'
        f"extract_workers = 2\n{sources}"
    )
    command = [sys.executable, "-P", "-m", "crawler.run.cli", "crawl"]
    where = ["--config", str(config), "--data", str(data)]
    subprocess.run([*command, *where], check=True, timeout=1800, stderr=subprocess.DEVNULL)


def _report(data: Path, expected: int) -> int:
    conn = sqlite3.connect(data / "archive.db")
    rows = conn.execute(
        "SELECT state, coalesce(reason, ''), count(*) FROM entries GROUP BY 1, 2 ORDER BY 3 DESC"
    ).fetchall()
    for state, reason, count in rows:
        print(f"{count:6}  {state:10} {reason[:80]}")
    announced = sum(count for *_, count in rows)
    bad = [row for row in rows if row[0] == "owed" or (row[0] != "archived" and not row[1])]
    articles = conn.execute("SELECT count(*) FROM articles").fetchone()[0]
    conn.close()
    print(f"{expected} pages, {announced} announced, {articles} articles, {len(bad)} unexplained")
    return 1 if bad or announced != expected else 0


if __name__ == "__main__":
    sys.exit(main())
