from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from crawler.text.special_addresses import (
    in_networks,
    is_local_name,
    is_private_host,
    literal_address,
    special_range,
)


@pytest.mark.parametrize(
    ("address", "range_"),
    [
        ("127.0.0.1", "loopback, RFC 1122"),
        ("0.0.0.0", "this network, RFC 791"),
        ("0.1.2.3", "this network, RFC 791"),
        ("10.1.2.3", "private use, RFC 1918"),
        ("100.64.0.1", "shared by a carrier's customers, RFC 6598"),
        ("100.127.255.255", "shared by a carrier's customers, RFC 6598"),
        ("169.254.169.254", "link local, RFC 3927"),
        ("172.31.255.255", "private use, RFC 1918"),
        ("192.0.0.9", "IETF protocol assignments, RFC 6890"),
        ("192.0.0.192", "IETF protocol assignments, RFC 6890"),
        ("192.0.2.1", "documentation, RFC 5737"),
        ("192.88.99.1", "the former 6to4 relays, RFC 7526"),
        ("192.168.1.1", "private use, RFC 1918"),
        ("198.19.255.255", "benchmarks, RFC 2544"),
        ("198.51.100.1", "documentation, RFC 5737"),
        ("203.0.113.1", "documentation, RFC 5737"),
        ("224.0.0.1", "multicast, RFC 5771"),
        ("240.0.0.1", "reserved, RFC 1112"),
        ("255.255.255.255", "reserved, RFC 1112"),
        ("::", "unspecified, RFC 4291"),
        ("::1", "loopback, RFC 4291"),
        ("100::1", "discarded, RFC 6666"),
        ("2001:2::1", "benchmarks, RFC 5180"),
        ("2001:1ff::1", "IETF protocol assignments, RFC 2928"),
        ("2001:db8::1", "documentation, RFC 3849"),
        ("3fff::1", "documentation, RFC 9637"),
        ("3fff:fff:ffff::1", "documentation, RFC 9637"),
        ("5f00::1", "segment routing, RFC 9602"),
        ("fd00::1", "private use, RFC 4193"),
        ("fe80::1", "link local, RFC 4291"),
        ("fec0::1", "site local, RFC 3879"),
        ("ff02::1", "multicast, RFC 4291"),
        ("4000::1", "not given out by IANA"),
        ("200::1", "not given out by IANA"),
        ("100:0:0:1::1", "not given out by IANA"),
    ],
)
def test_each_special_range_is_named(address: str, range_: str) -> None:
    assert special_range(ip_address(address)) == range_


@pytest.mark.parametrize(
    "address",
    [
        "::ffff:10.0.0.1",  # mapped
        "::ffff:0:10.0.0.1",  # translated, RFC 2765
        "::10.0.0.1",  # compatible
        "64:ff9b::10.0.0.1",  # NAT64
        "64:ff9b:1::10.0.0.1",
        "2002:a00:1::",  # 6to4
        "2001:0:a00:1::f7f7:f7f7",  # Teredo by a server at 10.0.0.1; the client is 8.8.8.8
        "2001:0:808:808::f5ff:fffe",  # Teredo of the client 10.0.0.1
        "2606:4700::5efe:10.0.0.1",  # ISATAP, of a public network
        "2606:4700::200:5efe:10.0.0.1",  # ISATAP, the address said to be unique
    ],
)
def test_an_address_that_leads_to_a_private_one_is_special(address: str) -> None:
    assert special_range(ip_address(address)) == "leads to 10.0.0.1: private use, RFC 1918"


@pytest.mark.parametrize(
    "address",
    [
        *("8.8.8.8", "1.1.1.1", "100.63.255.255", "100.128.0.1", "172.32.0.1", "192.0.1.1"),
        *("198.17.255.255", "198.20.0.1", "223.255.255.255", "169.253.1.1", "11.0.0.1"),
        *("2606:4700::1111", "2001:4860:4860::8888", "2400:cb00::1", "2001:200::1", "3ffe::1"),
        *("::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1", "2606:4700::5efe:8.8.8.8"),
        "2001:0:808:808::f7f7:f7f7",
    ],
)
def test_a_public_address_is_in_no_special_range(address: str) -> None:
    assert special_range(ip_address(address)) == ""


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.0.0.1.", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1"),
        *("0177.0.0.1", "017700000001", "0x7F.0x0.0x0.0x1", "0300.0250.1.1", "00000177.1"),
        *("１２７.０.０.１", "127。0。0。1", "①②⑦.⓪.⓪.①", "%31%32%37.0.0.1", "12７.1"),
        *(
            "[::1]",
            "::1",
            "[::ffff:7f00:1]",
            "::ffff:127.0.0.1",
            "fe80::1%eth0",
            "[fe80::1%25eth0]",
        ),
        *("0:0:0:0:0:0:0:1", "169.254.169.254", "0xA9FEA9FE", "2852039166", "0", "0.0.0.0"),
        *("localhost", "LOCALHOST", "localhost.", "a.localhost", "localhost.localdomain"),
        *("ip6-localhost", "ｌocalhost", "printer", "nas.local", "metadata.google.internal"),
        *("router.lan", "box.home.arpa", "intranet", "x.corp"),
    ],
)
def test_a_host_that_is_no_public_site_s_is_known_by_its_spelling(host: str) -> None:
    assert is_private_host(host)


@pytest.mark.parametrize(
    "host",
    [
        *("example.com", "8.8.8.8", "134744072", "0x08080808", "[2606:4700::1111]", "1.com"),
        *("127.0.0.1.example.com", "localhost.example.com", "internal.example.com", "例え.jp"),
    ],
)
def test_a_public_host_is_left_alone(host: str) -> None:
    assert not is_private_host(host)


@pytest.mark.parametrize(
    "host", ["256.1.1.1", "1.2.3.4.5", "4294967296", "0x1ffffffff", "1..2", "08.1", "", "0x.x"]
)
def test_what_no_library_reads_as_an_address_is_a_name(host: str) -> None:
    assert literal_address(host) is None


def test_a_number_of_a_million_digits_is_no_address() -> None:
    assert literal_address("9" * 1_000_000) is None


def test_an_exempt_network_counts_for_every_spelling() -> None:
    loopback = (ip_network("127.0.0.0/8"),)
    for spelled in ("127.0.0.9", "::ffff:127.0.0.9", "2002:7f00:9::", "64:ff9b::7f00:9"):
        assert in_networks(ip_address(spelled), loopback)
    assert not in_networks(ip_address("10.0.0.1"), loopback)


def test_a_name_of_one_label_is_resolved_inside_a_network() -> None:
    assert is_local_name("metadata")
    assert not is_local_name("metadata.example.org")
