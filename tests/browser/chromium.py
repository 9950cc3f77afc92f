"""Chromium, driven by the DevTools protocol over a pipe: no driver, no socket, no package."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from select import select
from typing import Any

WAIT_S = 60
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    *("--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu"),
    *("--hide-scrollbars", "--no-first-run", "--disable-extensions", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--no-pings"),
    *("--disable-dev-shm-usage", "--font-render-hinting=none"),
)
# Before anything of the page runs: how far its boxes move after they were painted
_SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


@dataclass(slots=True)
class Loaded:
    """What a page did while it loaded."""

    requests: list[str] = field(default_factory=list)  # addresses
    received: int = 0  # bytes, uncompressed, of what came over the network
    complaints: list[str] = field(default_factory=list)  # errors, refusals of the CSP, dialogs


def find_chromium() -> str | None:
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


@contextmanager
def running_chromium(program: str) -> Iterator[Browser]:
    with tempfile.TemporaryDirectory(prefix="chromium-") as profile:
        to_browser, from_us = os.pipe()
        from_browser, to_us = os.pipe()
        os.set_inheritable(to_browser, True)
        os.set_inheritable(to_us, True)
        process = subprocess.Popen(
            # the browser reads at 3 and writes at 4, whatever numbers the pipes have here
            [
                *("bash", "-c", 'exec "${@:3}" 3<&"$1" 4>&"$2"', "chromium"),
                *(str(to_browser), str(to_us), program, *_FLAGS, f"--user-data-dir={profile}"),
                "about:blank",
            ],
            pass_fds=(to_browser, to_us),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(to_us)
        try:
            yield Browser(from_us, from_browser)
        finally:
            os.close(from_us)  # it ends when its pipe does
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            os.close(from_browser)
            _wait_until_gone(profile)


def _wait_until_gone(profile: str) -> None:
    """Its helpers write into the profile for a moment after it has ended."""
    for _ in range(50):
        shutil.rmtree(profile, ignore_errors=True)
        if not os.path.exists(profile):
            Path(profile).mkdir()
            return
        time.sleep(0.1)


class Browser:
    """One tab."""

    def __init__(self, writing: int, reading: int) -> None:
        self._writing, self._reading = writing, reading
        self._number, self._rest, self._session = 0, b"", ""
        self._loaded, self._is_loaded = Loaded(), False
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        attached = self.send("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.send(f"{domain}.enable")
        self.send("Network.setCacheDisabled", cacheDisabled=True)
        self.send("Page.addScriptToEvaluateOnNewDocument", source=_SHIFTS)

    def set_view(self, width: int, scheme: str, language: str, *, height: int = 900) -> None:
        """Be a window so wide, of a reader who likes `light` or `dark`, and a language."""
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 500,
        )
        liked = [{"name": "prefers-color-scheme", "value": scheme}]
        self.send("Emulation.setEmulatedMedia", features=liked)
        self.send("Network.setExtraHTTPHeaders", headers={"Accept-Language": language})

    def open(self, url: str) -> Loaded:
        """Load a page, and say what it did."""
        self._loaded, self._is_loaded = Loaded(), False
        self.send("Page.navigate", url=url)
        self._until(lambda: self._is_loaded)
        # what is painted last may still move, and a late script still run
        self.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))")
        return self._loaded

    def evaluate(self, expression: str) -> Any:
        """Give the value of a JavaScript expression, or of what it promises."""
        answer = self.send(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(json.dumps(answer["exceptionDetails"])[:2000])
        return answer["result"].get("value")

    def overflow(self) -> int:
        """Give by how many pixels the page is wider than its window."""
        # not innerWidth: that of a phone grows with what is too wide
        page = "document.documentElement"
        return int(self.evaluate(f"{page}.scrollWidth - {page}.clientWidth"))

    def shifted(self) -> float:
        """Give how far boxes moved, as Chromium scores it."""
        return float(self.evaluate("window.shifted"))

    def picture(self, path: Path, *, whole: bool = False, quality: int = 80) -> None:
        """Write what is seen, or the whole page, to a .png or .webp."""
        form = path.suffix[1:]
        asked: dict[str, Any] = {"format": form, "captureBeyondViewport": whole}
        if form == "webp":
            asked["quality"] = quality
        if whole:
            size = self.send("Page.getLayoutMetrics")["cssContentSize"]
            asked["clip"] = {**size, "x": 0, "y": 0, "scale": 1}
        path.write_bytes(base64.b64decode(self.send("Page.captureScreenshot", **asked)["data"]))

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Ask, and wait for the answer."""
        self._number += 1
        number = self._number
        message: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._writing, json.dumps(message).encode() + b"\0")
        answers: list[dict[str, Any]] = []

        def answered() -> bool:
            return bool(answers)

        self._until(answered, number, answers)
        if "error" in answers[0]:
            raise RuntimeError(f"{method}: {answers[0]['error']}")
        result: dict[str, Any] = answers[0]["result"]
        return result

    def _until(
        self,
        done: Callable[[], bool],
        number: int = 0,
        answers: list[dict[str, Any]] | None = None,
    ) -> None:
        """Read messages until it is done; WAIT_S without any is an end."""
        while not done():
            *messages, self._rest = (self._rest + self._read()).split(b"\0")
            for text in messages:
                message = json.loads(text)
                if answers is not None and message.get("id") == number:
                    answers.append(message)
                elif "method" in message:
                    self._note(message["method"], message["params"])

    def _read(self) -> bytes:
        if not select([self._reading], [], [], WAIT_S)[0]:
            raise TimeoutError(f"Chromium said nothing for {WAIT_S} s")
        data = os.read(self._reading, 1 << 20)
        if not data:
            raise RuntimeError("Chromium ended")
        return data

    def _note(self, event: str, told: dict[str, Any]) -> None:
        loaded = self._loaded
        if event == "Page.loadEventFired":
            self._is_loaded = True
        elif event == "Network.requestWillBeSent":
            loaded.requests.append(told["request"]["url"])
        elif event == "Network.dataReceived":
            loaded.received += told["dataLength"]
        elif event == "Log.entryAdded" and told["entry"]["level"] == "error":
            loaded.complaints.append(told["entry"]["text"])
        elif event == "Runtime.exceptionThrown":
            loaded.complaints.append(json.dumps(told["exceptionDetails"])[:500])
        elif event == "Page.javascriptDialogOpening":
            loaded.complaints.append(f"dialog: {told['message']}")
            self._answer_dialog()

    def _answer_dialog(self) -> None:
        self._number += 1
        message = {
            "id": self._number,
            "method": "Page.handleJavaScriptDialog",
            "params": {"accept": True},
            "sessionId": self._session,
        }
        os.write(self._writing, json.dumps(message).encode() + b"\0")
