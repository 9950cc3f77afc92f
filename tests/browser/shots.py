"""Take pictures of every page: `python -P -m tests.browser.shots [--docs]`, into ./screenshots.

In three widths, light and dark, English and Chinese. `--data FOLDER`: of that archive instead of
the newsroom, which is crawled first. `--docs`: the few that the documents show, into docs/pictures.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.browser.chromium import Browser, find_chromium, running_chromium
from tests.browser.newsroom import ROOT, Room, make_newsroom, served_newsroom

WIDTHS, SCHEMES, LANGUAGES = (1440, 768, 390), ("light", "dark"), ("en", "zh-CN")
# Page, width, scheme, language, height: what docs/how-to/read-in-the-browser.md shows
SHOWN = (
    ("front", 1280, "light", "en", 860),
    ("article-zh", 1280, "light", "en", 860),
    ("diff", 1280, "light", "en", 620),
    ("search", 1280, "light", "en", 860),
    ("source", 1280, "dark", "en", 900),
    ("front", 390, "dark", "zh-CN", 780),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--data", type=Path, help="a folder with archive.db")
    parser.add_argument("--docs", action="store_true", help="only those of the documents")
    parser.add_argument("--only", default="", help="only pages whose names begin so")
    options = parser.parse_args()
    program = find_chromium()
    if program is None:
        raise SystemExit("no Chromium here: apt-get install chromium")
    folder = ROOT / ("docs/pictures" if options.docs else "screenshots")
    folder.mkdir(exist_ok=True)
    with _room(options.data, not options.docs) as room, running_chromium(program) as browser:
        if options.docs:
            _of_documents(browser, room, folder)
        else:
            _of_all(browser, room, folder, options.only)
    total = sum(path.stat().st_size for path in folder.iterdir())
    print(f"{len(list(folder.iterdir()))} pictures, {total / 1000:,.0f} KB, in {folder}")


def _of_all(browser: Browser, room: Room, folder: Path, only: str) -> None:
    for name, path in room.pages.items():
        for width in WIDTHS if name.startswith(only) else ():
            for scheme in SCHEMES:
                for language in LANGUAGES:
                    browser.set_view(width, scheme, language)
                    browser.open(room.home + path)
                    shot = f"{name}-{width}-{scheme}-{language[:2]}.png"
                    browser.picture(folder / shot, whole=True)


def _of_documents(browser: Browser, room: Room, folder: Path) -> None:
    for name, width, scheme, language, height in SHOWN:
        browser.set_view(width, scheme, language, height=height)
        browser.open(room.home + room.pages[name])
        browser.picture(folder / f"{name}-{width}.webp", quality=50)


@contextmanager
def _room(data: Path | None, hostile: bool) -> Iterator[Room]:
    with (
        tempfile.TemporaryDirectory() as folder,
        served_newsroom(data or make_newsroom(Path(folder) / "newsroom", hostile=hostile)) as room,
    ):
        yield room


if __name__ == "__main__":
    main()
