"""Which IP addresses belong to nobody's public site, and how a URL may spell an IP address.

The ranges are those of IANA's registries (IPv4 and IPv6 Special-Purpose Address Space, RFC 6890;
multicast, RFC 5771 and RFC 4291; the rest of IPv6 that is not `2000::/3`), as of October 2025. They
are ours and not Python's `is_global`: Pythons of different age call different ranges public.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import unquote

Address = IPv4Address | IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# What the registries call globally reachable is left out, 192.0.0.9 and .10 apart: anycast
# addresses of PCP and TURN, where no site is.
_IPV4 = {
    "0.0.0.0/8": "this network, RFC 791",
    "10.0.0.0/8": "private use, RFC 1918",
    "100.64.0.0/10": "shared by a carrier's customers, RFC 6598",
    "127.0.0.0/8": "loopback, RFC 1122",
    "169.254.0.0/16": "link local, RFC 3927",
    "172.16.0.0/12": "private use, RFC 1918",
    "192.0.0.0/24": "IETF protocol assignments, RFC 6890",
    "192.0.2.0/24": "documentation, RFC 5737",
    "192.88.99.0/24": "the former 6to4 relays, RFC 7526",
    "192.168.0.0/16": "private use, RFC 1918",
    "198.18.0.0/15": "benchmarks, RFC 2544",
    "198.51.100.0/24": "documentation, RFC 5737",
    "203.0.113.0/24": "documentation, RFC 5737",
    "224.0.0.0/4": "multicast, RFC 5771",
    "240.0.0.0/4": "reserved, RFC 1112",
}
_IPV6 = {
    "::/128": "unspecified, RFC 4291",
    "::1/128": "loopback, RFC 4291",
    "64:ff9b:1::/48": "translation inside a network, RFC 8215",
    "100::/64": "discarded, RFC 6666",
    "2001:2::/48": "benchmarks, RFC 5180",
    "2001:10::/28": "identifiers of ORCHID, RFC 4843",
    "2001:20::/28": "identifiers of ORCHIDv2, RFC 7343",
    "2001:30::/28": "identifiers of drones, RFC 9374",
    "2001::/23": "IETF protocol assignments, RFC 2928",
    "2001:db8::/32": "documentation, RFC 3849",
    "3fff::/20": "documentation, RFC 9637",
    "5f00::/16": "segment routing, RFC 9602",
    "fc00::/7": "private use, RFC 4193",
    "fe80::/10": "link local, RFC 4291",
    "fec0::/10": "site local, RFC 3879",
    "ff00::/8": "multicast, RFC 4291",
}
_SPECIAL = [(ipaddress.ip_network(net), what) for net, what in (_IPV4 | _IPV6).items()]
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")  # all that IANA gives out (RFC 4291)

# An IPv4 address inside an IPv6 one: the network, and by how many bits it is shifted.
_EMBEDDED = [
    (ipaddress.ip_network("::ffff:0:0/96"), 0),  # mapped, RFC 4291
    (ipaddress.ip_network("::ffff:0:0:0/96"), 0),  # translated, RFC 2765
    (ipaddress.ip_network("::/96"), 0),  # compatible, RFC 4291
    (ipaddress.ip_network("64:ff9b::/96"), 0),  # NAT64, RFC 6052
    (ipaddress.ip_network("64:ff9b:1::/48"), 0),  # NAT64 inside a network, RFC 8215
    (ipaddress.ip_network("2002::/16"), 80),  # 6to4, RFC 3056
]
_REACHED_BY = [network for network, _ in _EMBEDDED if network.prefixlen != 48]
_TEREDO = ipaddress.ip_network("2001::/32")  # RFC 4380: the server, and the client inverted
_ISATAP = frozenset({0x0000_5EFE, 0x0200_5EFE})  # bits 32 to 63, RFC 5214 §6.1

# Names that are resolved inside a machine or a network: RFC 6761, RFC 6762, RFC 8375, ICANN's
# `internal`, and what routers and companies use.
_LOCAL_NAMES = frozenset(
    {"localhost", "localdomain", "local", "internal", "intranet", "private", "corp", "home", "lan"}
    | {"home.arpa", "test", "invalid", "onion"}
)
_LOOPBACK_NAMES = frozenset({"localhost", "ip6-localhost", "ip6-loopback"})
_NUMBER = re.compile(r"0[xX][0-9a-fA-F]*|[0-9]+")
_FULL_STOPS = str.maketrans("。．｡", "...")  # UTS 46: these separate labels, too


def special_range(address: Address) -> str:
    """Say in whose range an address is that is no public host's; '' for a public one.

    An IPv6 address that leads to IPv4 ones (mapped, 6to4, Teredo, NAT64, ISATAP) is as public as
    all of these.
    """
    inside = embedded(address)
    for one in inside:
        if found := special_range(one):
            return f"leads to {one}: {found}"
    for network, what in _SPECIAL:
        if address.version == network.version and address in network:
            return "" if inside and address in _TEREDO else what
    if address.version == 4 or address in _GLOBAL_UNICAST:
        return ""
    return "" if any(address in network for network in _REACHED_BY) else "not given out by IANA"


def embedded(address: Address) -> list[IPv4Address]:
    """The IPv4 addresses that an IPv6 one carries, each of which it may lead to."""
    if isinstance(address, IPv4Address) or int(address) < 2:  # `::` and `::1` are themselves
        return []
    number = int(address)
    found = [
        IPv4Address(number >> shift & 0xFFFFFFFF) for net, shift in _EMBEDDED if address in net
    ]
    if address in _TEREDO:
        found += [IPv4Address(number >> 64 & 0xFFFFFFFF), IPv4Address(~number & 0xFFFFFFFF)]
    if number >> 32 & 0xFFFFFFFF in _ISATAP:
        found.append(IPv4Address(number & 0xFFFFFFFF))
    return found


def in_networks(address: Address, networks: Iterable[Network]) -> bool:
    """Tell whether an address, or an IPv4 one that it carries, is in one of the networks."""
    spellings = (address, *embedded(address))
    return any(a.version == net.version and a in net for net in networks for a in spellings)


def literal_address(host: str) -> Address | None:
    """Read a URL's host as an IP address, however it is spelled; None for a name.

    As browsers and the C library do (WHATWG URL §3.5, inet_aton): decimal, octal, hexadecimal and
    short forms, a dot at the end, digits and dots of other scripts, percent-encoding, brackets, a
    zone.
    """
    host = plain_host(host)
    try:
        return ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return _ipv4_of_numbers(host.split("."))


def plain_host(host: str) -> str:
    """A host in ASCII digits, lower case and dots of our own, without a dot at the end."""
    host = unicodedata.normalize("NFKC", unquote(host)).translate(_FULL_STOPS)
    return host.lower().strip().removesuffix(".")


def _ipv4_of_numbers(parts: list[str]) -> IPv4Address | None:
    if len(parts) > 4 or not all(_NUMBER.fullmatch(part) for part in parts):
        return None
    numbers = [_number(part) for part in parts]
    last = numbers.pop()
    if any(n > 255 for n in numbers) or last >= 256 ** (4 - len(numbers)):
        return None
    return IPv4Address(sum(n << 8 * (3 - place) for place, n in enumerate(numbers)) + last)


def _number(text: str) -> int:
    """0x7f, 0177 or 127; 2**32, which no address is, where it is none of these."""
    text = text.lower()[:40]  # an endless one is no address, and int() would be slow at it
    base = 16 if text.startswith("0x") else 8 if text.startswith("0") and len(text) > 1 else 10
    try:
        return int(text.removeprefix("0x") or "0", base)
    except ValueError:
        return 2**32


def is_local_name(host: str) -> bool:
    """Tell whether a name is resolved inside one machine or network, to whatever is there."""
    labels = plain_host(host).split(".")
    endings = (".".join(labels[start:]) for start in range(len(labels)))
    return len(labels) == 1 or any(ending in _LOCAL_NAMES for ending in endings)


def loopback_addresses(host: str) -> Iterator[Address]:
    """What a name for the machine itself stands for (RFC 6761 §6.3); nothing for another name."""
    host = plain_host(host)
    if host in _LOOPBACK_NAMES or host.endswith((".localhost", ".localdomain")):
        yield IPv4Address("127.0.0.1")
        yield IPv6Address("::1")


def is_private_host(host: str) -> bool:
    """Tell whether no public site can be at a host, as far as its spelling says."""
    address = literal_address(host)
    return special_range(address) != "" if address else is_local_name(host)
