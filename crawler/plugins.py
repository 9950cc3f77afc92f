"""Code of a person's own that is told of what was archived: one hook, by pluggy, as Datasette has.

    from crawler.plugins import hookimpl

    @hookimpl
    def article_saved(article, verdict):
        print(verdict, article["title"])

docs/how-to/write-a-spider.md says where such a file goes.
"""

from __future__ import annotations

import asyncio
import importlib.util
import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import pluggy

from archive.errors import UnusablePlugin

logger = logging.getLogger(__name__)

NAME = "broadsheet"  # of the entry points' group as well
PATIENCE_S = 60.0  # for one call: a plugin that hangs must not hold the crawl

_EXAMPLE = "`@hookimpl` before `def article_saved(article, verdict)`"
hookspec = pluggy.HookspecMarker(NAME)
hookimpl = pluggy.HookimplMarker(NAME)


class Hooks:
    """What a plugin may write."""

    @hookspec
    def article_saved(self, article: Mapping[str, object], verdict: str) -> None:
        """An article is in the archive, its transaction committed.

        `article`: its record, as `broadsheet export --format jsonl` writes it. `verdict`: "new", or
        "revised" for a further version. Nothing is told of what is held back, of pages that are
        unchanged, and of a process that dies between the commit and the call: who must miss
        nothing reads `broadsheet changes --since`. Called in a thread, one article at a time.
        """


class Plugins:
    """Those of a folder and of the installed packages.

    One that raises is logged, and told of the next article all the same; one that doesn't come back
    within a minute is told of none any more.
    """

    def __init__(self, folder: Path | None, *, patience_s: float = PATIENCE_S):
        manager = pluggy.PluginManager(NAME)
        manager.add_hookspecs(Hooks)
        try:
            manager.load_setuptools_entrypoints(NAME)
        except Exception as error:  # whatever a stranger's module does when it is imported
            raise UnusablePlugin(f"an installed plugin can't be loaded: {error!r}") from error
        for path in _files(folder):
            _register(manager, path)
        self._told = list(reversed(manager.hook.article_saved.get_hookimpls()))
        self._in_turn = asyncio.Lock()
        self._patience_s = patience_s

    def __bool__(self) -> bool:
        return bool(self._told)

    async def article_saved(self, article: Mapping[str, object], verdict: str) -> None:
        """Tell every plugin, one after the other, and come back when all have answered."""
        given = {"article": article, "verdict": verdict}
        async with self._in_turn:
            for implementation in tuple(self._told):
                await self._tell(implementation, given)

    async def _tell(self, told: pluggy.HookImpl, given: Mapping[str, object]) -> None:
        chosen = {name: given[name] for name in told.argnames}
        try:
            async with asyncio.timeout(self._patience_s):
                await _in_thread(lambda: told.function(**chosen))
        except TimeoutError:
            self._told.remove(told)
            logger.error(
                "the plugin %s has not come back from article_saved within %g s: it is told of"
                " nothing more in this run",
                *(told.plugin_name, self._patience_s),
            )
        except Exception:
            logger.exception("the plugin %s failed in article_saved", told.plugin_name)


def _files(folder: Path | None) -> list[Path]:
    if folder is None:
        return []
    if not folder.is_dir():
        raise UnusablePlugin(f"[crawl] plugins: there is no folder {folder}")
    return sorted(path for path in folder.glob("*.py") if path.name != "__init__.py")


def _register(manager: pluggy.PluginManager, path: Path) -> None:
    spec = importlib.util.spec_from_file_location(f"broadsheet_plugin_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
        manager.register(module, name=path.name)
        manager.check_pending()
        if not manager.get_hookcallers(module):
            logger.warning("%s has no hook, and is told of nothing: write %s", path, _EXAMPLE)
    except Exception as error:  # whatever a person's file does when it is imported
        raise UnusablePlugin(f"{path} can't be loaded: {error!r}") from error


async def _in_thread(work: Callable[[], object]) -> None:
    """Await work in a thread of its own: one of a pool would be waited for at the end."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()

    def settle(error: Exception | None) -> None:
        if done.done():
            return
        if error is None:
            done.set_result(None)
        else:
            done.set_exception(error)

    def run() -> None:
        error: Exception | None = None
        try:
            work()
        except Exception as raised:
            error = raised
        with suppress(RuntimeError):  # the loop was closed meanwhile
            loop.call_soon_threadsafe(settle, error)

    threading.Thread(target=run, name="plugin", daemon=True).start()
    await done
