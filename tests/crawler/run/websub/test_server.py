"""The port that is open to anybody: what hubs and strangers get there, without a network."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport

from crawler.run.websub.server import CONNECTIONS, LONGEST_S, PUSH_MAXSIZE, HubSite


class Transport(StringTransport):
    """Remembers that it was aborted; a closed one is told so, as a real one is."""

    aborted = False

    def abortConnection(self) -> None:
        self.aborted = True

    def setTcpNoDelay(self, enabled: bool) -> None:
        """A real one has it."""


class Listener:
    """Expects pushes at `known`, and keeps them."""

    def __init__(self, status: int = 202) -> None:
        self.status = status
        self.received: list[tuple[str, bytes, str, str]] = []

    async def verify(self, token: str, query: Mapping[str, str]) -> str | None:
        return None

    def receive(self, token: str, body: bytes, *, signature: str, content_type: str) -> int:
        self.received.append((token, body, signature, content_type))
        return self.status

    def is_expected(self, token: str) -> bool:
        return token == "known"


class Port:
    def __init__(self, listener: Listener) -> None:
        self.listener, self.clock = listener, Clock()
        self.site = HubSite(listener, self.clock)

    def connect(self) -> Transport | None:
        """A new connection; None when it is refused."""
        channel = self.site.buildProtocol(None)
        if channel is None:
            return None
        transport = Transport()
        transport.protocol = channel
        channel.makeConnection(transport)
        return transport

    def send(self, *lines: str, body: bytes = b"") -> Transport:
        transport = self.connect()
        assert transport is not None
        transport.protocol.dataReceived("\r\n".join([*lines, "", ""]).encode() + body)
        return transport


@pytest.fixture
def port() -> Port:
    return Port(Listener())


def first_line(transport: Transport) -> str:
    return transport.value().partition(b"\r\n")[0].decode()


def test_a_push_arrives_with_its_signature_and_type(port: Port) -> None:
    sent = port.send(
        "POST /some/prefix/known HTTP/1.1",
        "Content-Type: application/atom+xml",
        "X-Hub-Signature: sha1=00",
        "Content-Length: 6",
        body=b"<feed>",
    )
    assert first_line(sent) == "HTTP/1.1 202 Accepted"
    assert port.listener.received == [("known", b"<feed>", "sha1=00", "application/atom+xml")]


def test_a_form_is_a_body_like_any_other(port: Port) -> None:
    kind = "Content-Type: multipart/form-data; boundary=x"
    port.send("POST /known HTTP/1.1", kind, "Content-Length: 3", body=b"--x")
    assert [body for _, body, _, _ in port.listener.received] == [b"--x"]


def test_a_body_for_an_unknown_address_is_not_awaited(port: Port) -> None:
    sent = port.send("POST /guessed HTTP/1.1", "Content-Length: 1000")
    assert (first_line(sent), sent.disconnecting) == ("HTTP/1.1 404 Not Found", True)


def test_a_body_that_says_it_is_too_large_is_not_awaited(port: Port) -> None:
    sent = port.send("POST /known HTTP/1.1", f"Content-Length: {PUSH_MAXSIZE + 1}")
    assert (first_line(sent), sent.disconnecting) == ("HTTP/1.1 413 Content Too Large", True)


def test_a_body_of_no_stated_length_is_cut_at_the_same_size(port: Port) -> None:
    sent = port.send("POST /known HTTP/1.1", "Transfer-Encoding: chunked")
    chunk = b"x" * 2**20
    for _ in range(11):
        sent.protocol.dataReceived(b"100000\r\n" + chunk + b"\r\n")
    sent.protocol.dataReceived(b"0\r\n\r\n")
    assert (first_line(sent), sent.disconnecting) == ("HTTP/1.1 413 Content Too Large", True)
    assert port.listener.received == []


def test_a_slow_body_does_not_hold_its_connection(port: Port) -> None:
    sent = port.send("POST /known HTTP/1.1", "Content-Length: 1000")
    for _ in range(int(LONGEST_S / 10)):
        assert not sent.aborted
        sent.protocol.dataReceived(b"x")
        port.clock.advance(10)
    assert sent.aborted


def test_connections_are_counted_and_bounded(port: Port) -> None:
    opened = [port.connect() for _ in range(CONNECTIONS)]
    assert port.connect() is None
    assert opened[0] is not None
    opened[0].protocol.connectionLost(None)
    assert port.connect() is not None


def test_a_connection_is_for_one_request(port: Port) -> None:
    sent = port.send("POST /known HTTP/1.1", "Content-Length: 1", body=b"x")
    assert b"\r\nConnection: close\r\n" in sent.value()
    assert sent.disconnecting


def test_a_hub_that_comes_too_fast_is_told_when_to_try_again() -> None:
    port = Port(Listener(status=503))
    sent = port.send("POST /known HTTP/1.1", "Content-Length: 1", body=b"x")
    assert b"\r\nRetry-After: 60\r\n" in sent.value()
