"""The routes behind the curtain: `/_control`, `/_log`, `/_expected`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from .content import Story, parse_age
from .expected import expectations
from .http import Request, Response, refusal, text
from .newsroom import Newsroom
from .outlets import HOSTS

Told = dict[str, object]


def behind_the_curtain(request: Request, newsroom: Newsroom) -> Response:
    if request.path == "/_log":
        return _json(newsroom.logged())
    if request.path == "/_expected":
        return _json(expectations(newsroom))
    if request.path != "/_control" or request.method != "POST":
        return refusal(404, "Not Found")
    try:
        command = json.loads(request.body)
        return _json(_COMMANDS[command["do"]](command, newsroom))
    except (KeyError, ValueError, TypeError) as error:
        return text(f"{type(error).__name__}: {error}", "text/plain", status=400)


def _json(value: object) -> Response:
    body = json.dumps(value, ensure_ascii=False)
    return text(body, "application/json", validators=False)


def _edit(command: Mapping[str, object], newsroom: Newsroom) -> Told:
    story = newsroom.edit(str(command["story"]), command)
    return {"url": newsroom.url(story), "title": story.title}


def _withdraw(command: Mapping[str, object], newsroom: Newsroom) -> Told:
    story = _known(command, newsroom)
    with newsroom.lock:
        newsroom.withdrawn.add(story.slug)
    return {"withdrawn": story.slug}


def _restore(command: Mapping[str, object], newsroom: Newsroom) -> Told:
    story = _known(command, newsroom)
    with newsroom.lock:
        newsroom.withdrawn.discard(story.slug)
    return {"restored": story.slug}


def _known(command: Mapping[str, object], newsroom: Newsroom) -> Story:
    return newsroom.stories[str(command["story"])]


def _fail(command: Mapping[str, object], newsroom: Newsroom) -> Told:
    address, path = _place(command)
    newsroom.plan_faults(address, path, [int(s) for s in command.get("statuses", [503])])  # type: ignore[attr-defined]
    return {"fails": path}


def _delay(command: Mapping[str, object], newsroom: Newsroom) -> Told:
    """Of one path, or with the path `*` of the whole host."""
    address, path = _place(command)
    newsroom.plan_delay(address, path, float(str(command["seconds"])))
    return {"delay": command["seconds"]}


def _move(command: Mapping[str, object], newsroom: Newsroom) -> Told:
    with newsroom.lock:
        newsroom.moves[_place(command)] = str(command["to"])
    return {"moved": command["to"]}


def _robots(command: Mapping[str, object], newsroom: Newsroom) -> Told:
    with newsroom.lock:
        newsroom.robots[_address(command)] = (
            int(str(command.get("status", 200))),
            str(command.get("text", "")),
        )
    return {"robots": command["host"]}


def _fail_often(command: Mapping[str, object], newsroom: Newsroom) -> Told:
    """From now on; gives how many answers failed until now, in which way."""
    with newsroom.lock:
        newsroom.failing_percent = float(str(command["percent"]))
        return dict(newsroom.failed)


def _advance(command: Mapping[str, object], newsroom: Newsroom) -> Told:
    newsroom.advance(parse_age(str(command["by"])))
    return {"now": newsroom.now().isoformat()}


def _clear_log(_command: Mapping[str, object], newsroom: Newsroom) -> Told:
    newsroom.clear_log()
    return {"cleared": True}


def _place(command: Mapping[str, object]) -> tuple[str, str]:
    return _address(command), str(command["path"])


def _address(command: Mapping[str, object]) -> str:
    host = str(command.get("host", "ledger"))
    return HOSTS.get(host, host)


_COMMANDS: dict[str, Callable[[Mapping[str, object], Newsroom], Told]] = {
    "edit": _edit,
    "withdraw": _withdraw,
    "restore": _restore,
    "fail": _fail,
    "fail_often": _fail_often,
    "delay": _delay,
    "move": _move,
    "robots": _robots,
    "advance": _advance,
    "clear_log": _clear_log,
}
