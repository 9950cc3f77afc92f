"""news-please as a library: `python newsplease_pages.py PORT HOSTS PAGES OUT`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from addresses import addresses
from newsplease import NewsPlease


def main() -> None:
    port, hosts, pages = (int(word) for word in sys.argv[1:4])
    with Path(sys.argv[4]).open("w") as out:
        for url in addresses(port, hosts, pages):
            article = NewsPlease.from_url(url)
            if not article:  # it knows no article there; the page was paid for
                out.write(json.dumps({"url": url}) + "\n")
                continue
            row = {"url": url, "title": article.title, "text": article.maintext}
            out.write(json.dumps(row | {"authors": article.authors}) + "\n")


if __name__ == "__main__":
    main()
