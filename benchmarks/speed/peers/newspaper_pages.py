"""newspaper4k, one article after the other: `python newspaper_pages.py PORT HOSTS PAGES OUT`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import newspaper
from addresses import addresses


def main() -> None:
    port, hosts, pages = (int(word) for word in sys.argv[1:4])
    with Path(sys.argv[4]).open("w") as out:
        for url in addresses(port, hosts, pages):
            article = newspaper.article(url)
            row = {"url": url, "title": article.title, "text": article.text}
            out.write(json.dumps(row | {"authors": article.authors}) + "\n")


if __name__ == "__main__":
    main()
