"""Walk once, and print what was counted and the files in their order, as JSON."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

from benchmarks.walk.walking import figures, walk

if __name__ == "__main__":
    way = walk()
    files = list(dict.fromkeys(call.file for call in way))
    json.dump({"counted": asdict(figures(way)), "files": files}, sys.stdout)
