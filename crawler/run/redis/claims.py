"""Large bodies beside the broker: files of a folder that the house and its workers share.

The message has the file's name, which begins with the SHA-256 of what is in it; the file lies there
until what it belongs to is settled.
"""

from __future__ import annotations

import re
import time
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from archive.errors import BrokerError, ForeignMessage

MOST_BYTES = 2 * 2**30  # of the folder: beyond them a body is as if there were no folder
OLD_S = 2 * 86_400.0  # nobody comes for what is older
_NAME = re.compile(r"[0-9a-f]{64}\.[0-9a-f]{8}")


class BodyFolder:
    """Raises BrokerError where the folder can't be used."""

    def __init__(self, folder: Path):
        self._folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BrokerError(
                f"--bodies {folder}: {error.strerror}; name a folder that the daemon and every"
                " worker can write"
            ) from error

    def put(self, body: bytes) -> str | None:
        """Keep a body and give the name under which it is claimed; None where there is no room.

        The second half of the name makes it the message's own: two pages may be alike.
        """
        if sum(self._sizes()) + len(body) > MOST_BYTES:
            return None
        name = f"{sha256(body).hexdigest()}.{uuid4().hex[:8]}"
        written = self._folder / f".{name}"
        written.write_bytes(body)
        written.rename(self._folder / name)
        return name

    def take(self, name: str) -> bytes:
        """Give a body; raises ForeignMessage where it is not what the message says."""
        if not _NAME.fullmatch(name):
            raise ForeignMessage(f"a message claims {name[:80]!r}, which is no body of ours")
        try:
            body = (self._folder / name).read_bytes()
        except OSError as error:
            raise ForeignMessage(
                f"the body {name[:12]}… is not in {self._folder}: {error.strerror}; daemon and"
                " workers must name the same folder with --bodies"
            ) from error
        if sha256(body).hexdigest() != name[:64]:
            raise ForeignMessage(f"the body {name[:12]}… in {self._folder} is not what was put")
        return body

    def settle(self, name: str) -> None:
        """What a body belonged to is settled: it isn't needed any more."""
        if _NAME.fullmatch(name):
            (self._folder / name).unlink(missing_ok=True)

    def sweep(self) -> int:
        """Remove what nobody came for; give how many."""
        oldest, swept = time.time() - OLD_S, 0
        for path in self._folder.iterdir():
            with suppress(OSError):
                if _NAME.fullmatch(path.name.lstrip(".")) and path.stat().st_mtime < oldest:
                    path.unlink()
                    swept += 1
        return swept

    def _sizes(self) -> list[int]:
        sizes = []
        for path in self._folder.iterdir():
            with suppress(OSError):
                sizes.append(path.stat().st_size)
        return sizes
