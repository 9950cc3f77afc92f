"""A config that changes while the daemon runs: when it changed, and what that means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from config.model import Config
from crawler.fetch.desk_local import RELOADABLE
from crawler.run.terminal.plurals import counted


class ConfigFile:
    """Says when the file has changed, also by another one put in its place."""

    def __init__(self, path: Path):
        self._path = path
        self._taken = self._seen = _stamp(path)

    def changed(self) -> bool:
        """True once a change; only when two looks in a row saw the same file, since an editor
        that empties it before it writes would else leave us without a source."""
        now = _stamp(self._path)
        settled, self._seen = now == self._seen, now
        if not settled or now == self._taken:
            return False
        self._taken = now
        return True

    def taken(self) -> None:
        """The file is read now, whether it changed or not."""
        self._taken = self._seen = _stamp(self._path)


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        now = path.stat()
    except OSError:
        return None
    return now.st_mtime_ns, now.st_size, now.st_ino


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigChanges:
    """What differs between two configs, by the ids of sources; each stands in one place."""

    added: tuple[str, ...] = ()  # and enabled
    removed: tuple[str, ...] = ()  # that were enabled
    enabled: tuple[str, ...] = ()
    disabled: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()  # enabled before and after

    def __str__(self) -> str:
        seldom = {"enabled": self.enabled, "disabled": self.disabled}
        parts = [f"{counted(len(self.added), 'source')} added", f"{len(self.removed)} removed"]
        parts += [f"{len(ids)} {what}" for what, ids in seldom.items() if ids]
        return ", ".join([*parts, f"{len(self.changed)} changed"])


def config_changes(before: Config, after: Config) -> ConfigChanges:
    old = {source.id: source for source in before.source}
    new = {source.id: source for source in after.source}
    here = {source.id for source in before.enabled()}
    then = {source.id for source in after.enabled()}
    return ConfigChanges(
        added=tuple(id for id in new if id in then and id not in old),
        removed=tuple(id for id in old if id in here and id not in new),
        enabled=tuple(id for id in new if id in then and id in old and id not in here),
        disabled=tuple(id for id in old if id in here and id in new and id not in then),
        changed=tuple(id for id in new if id in here & then and new[id] != old[id]),
    )


def after_restart(running: Config, wanted: Config) -> Iterator[str]:
    """Name the keys whose new value a running daemon can't take over: "[crawl] concurrency"."""
    for section in type(running).model_fields:
        if section in RELOADABLE:
            continue
        now, then = getattr(running, section), getattr(wanted, section)
        for key in type(now).model_fields:
            if getattr(now, key) != getattr(then, key):
                yield f"[{section}] {key}"
