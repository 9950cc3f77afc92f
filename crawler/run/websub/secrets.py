"""What only we and a hub know: made of a key beside the archive, so that the archive holds none."""

from __future__ import annotations

import base64
import hmac
import os
import secrets
from pathlib import Path

from archive.errors import KeyFileError
from archive.sources.subscriptions import Subscription

KEY_BYTES = 32
METHODS = ("sha1", "sha256", "sha384", "sha512")  # WebSub §7; the hub chooses


def load_key(path: Path) -> bytes:
    """Read the key, made at the first call; only its owner can read the file.

    A lost one is no harm: hubs are asked anew with the next renewal. Raises KeyFileError where
    the file can't be read or written.
    """
    try:
        key = path.read_bytes() if path.exists() else b""
        return key if len(key) == KEY_BYTES else _make_key(path)
    except OSError as error:
        raise KeyFileError(f"can't use {path}, which signs WebSub callbacks: {error}") from error


def _make_key(path: Path) -> bytes:
    key, new = secrets.token_bytes(KEY_BYTES), path.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    return key


class Secrets:
    """The token of a subscription ends its callback's address; with its secret the hub signs."""

    def __init__(self, key: bytes):
        self._key = key

    def token(self, one: Subscription) -> str:
        return self._made("token", one)

    def secret(self, one: Subscription) -> str:
        return self._made("secret", one)

    def _made(self, purpose: str, one: Subscription) -> str:
        """43 characters for an address. Another hub, topic or callback has others."""
        parts = "\n".join((purpose, str(one.id), one.hub, one.topic, one.callback))
        digest = hmac.digest(self._key, parts.encode(), "sha256")
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    """Check an `X-Hub-Signature`, "method=hex digits", in a time that tells nothing."""
    method, _, digits = signature.strip().partition("=")
    if method.lower() not in METHODS or not digits.isascii():
        return False
    expected = hmac.new(secret.encode(), body, method.lower()).hexdigest()
    return hmac.compare_digest(expected, digits.strip().lower())
