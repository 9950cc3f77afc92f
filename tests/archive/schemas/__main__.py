from __future__ import annotations

from archive.schema import SCHEMA_VERSION
from tests.archive.schemas import FOLDER, dump

path = FOLDER / f"{SCHEMA_VERSION:04}.sql"
path.write_text(dump(), encoding="utf-8")
print(path)
