from __future__ import annotations

from ipaddress import ip_network
from types import SimpleNamespace

import pytest
from twisted.internet.address import IPv4Address

from crawler.fetch.http.clock import Clock
from crawler.fetch.http.guard import GuardedResolver, is_allowed


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",  # cloud metadata
        "0.0.0.0",
        "100.64.0.1",  # shared address space, RFC 6598
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",  # NAT64 of 127.0.0.1
        "64:ff9b:1::7f00:1",
        "2002:7f00:1::",  # 6to4 of 127.0.0.1
    ],
)
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    assert not is_allowed(address, ())


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"])
def test_a_public_address_is_allowed(address: str) -> None:
    assert is_allowed(address, ())


def test_an_exempt_network_is_allowed_in_every_spelling() -> None:
    exempt = (ip_network("127.0.0.0/8"),)
    assert is_allowed("127.0.0.9", exempt)
    assert is_allowed("::ffff:127.0.0.9", exempt)
    assert not is_allowed("10.0.0.1", exempt)


class Hands(Clock):
    """A clock that a test moves."""

    seconds = 100.0

    def monotonic(self) -> float:
        return self.seconds


def guard_of(host: str, *addresses: str, refused: str = "") -> tuple[GuardedResolver, Hands]:
    clock = Hands()
    guard = GuardedResolver(SimpleNamespace(nameResolver=None), clock=clock)
    guard.remember(host, [IPv4Address("TCP", address, 0) for address in addresses], refused)
    return guard, clock


def test_the_only_address_of_a_host_counts_as_checked_for_five_minutes() -> None:
    guard, clock = guard_of("a.example.com", "8.8.8.8")
    clock.seconds += 299
    assert guard.only_address("a.example.com") == IPv4Address("TCP", "8.8.8.8", 0)
    clock.seconds += 1
    assert guard.only_address("a.example.com") is None


def test_a_host_of_several_addresses_has_no_only_one() -> None:
    guard, _ = guard_of("a.example.com", "8.8.8.8", "8.8.4.4")
    assert guard.only_address("a.example.com") is None


def test_a_host_that_was_refused_has_no_address() -> None:
    guard, _ = guard_of("a.example.com", refused="10.0.0.1")
    assert guard.only_address("a.example.com") is None
    assert guard.only_address("never.example.com") is None
