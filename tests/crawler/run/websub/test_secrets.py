"""What only we and a hub know."""

from __future__ import annotations

import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.errors import BroadsheetError
from archive.sources.subscriptions import State, Subscription
from crawler.run.websub.secrets import Secrets, is_signed, load_key

ONE = Subscription(
    id=1,
    source_id="a",
    hub="https://hub.example/",
    topic="https://a.example/feed",
    callback="https://news.example/websub",
    state=State.ASKED,
    reason="",
    next_ask=datetime(2026, 11, 23, tzinfo=UTC),
    attempts=0,
    expires=None,
    pushed=None,
)
# RFC 2202 §3 and RFC 4231 §4.3, test case 2
KEY, BODY = "Jefe", b"what do ya want for nothing?"
SIGNED = {
    "sha1": "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
    "sha256": "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    "sha384": "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e"
    "8e2240ca5e69e2c78b3239ecfab21649",
    "sha512": "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
    "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
}


@pytest.mark.parametrize("method", SIGNED)
def test_a_signature_of_each_method_is_known(method: str) -> None:
    assert is_signed(BODY, f"{method}={SIGNED[method]}", KEY)
    assert is_signed(BODY, f"{method.upper()}={SIGNED[method].upper()}", KEY)


@pytest.mark.parametrize(
    "signature",
    ["", "sha256", "sha256=", "sha256=5bdc", f"sha1={SIGNED['sha256']}", "md5=00", "sha256=ü"],
)
def test_any_other_signature_is_wrong(signature: str) -> None:
    assert not is_signed(BODY, signature, KEY)


def test_a_signature_of_another_body_is_wrong() -> None:
    assert not is_signed(BODY + b" ", f"sha256={SIGNED['sha256']}", KEY)


def test_the_key_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "websub.key"
    key = load_key(path)
    assert len(key) == 32
    assert load_key(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_that_a_crash_cut_short_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "websub.key").write_bytes(b"short")
    assert len(load_key(tmp_path / "websub.key")) == 32


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(BroadsheetError, match=r"can't use .*nowhere/websub\.key"):
        load_key(tmp_path / "nowhere" / "websub.key")


def test_token_and_secret_differ_and_hang_on_hub_topic_callback_and_key() -> None:
    mine = Secrets(b"k" * 32)
    others = [
        replace(ONE, id=2),
        replace(ONE, hub="https://other.example/"),
        replace(ONE, topic="https://b.example/feed"),
        replace(ONE, callback="https://moved.example/websub"),
    ]
    tokens = [mine.token(one) for one in (ONE, *others)]
    made = {*tokens, *map(mine.secret, (ONE, *others)), Secrets(b"l" * 32).token(ONE)}
    assert len(made) == 11
    assert {len(text) for text in made} == {43}


def test_a_renewal_keeps_the_callbacks_address() -> None:
    mine = Secrets(b"k" * 32)
    renewed = replace(ONE, state=State.SUBSCRIBED, attempts=3, source_id="renamed")
    assert mine.token(renewed) == mine.token(ONE)
