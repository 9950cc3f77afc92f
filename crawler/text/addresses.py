"""The identity of a URL: one string for all addresses of a page that are surely one page.

What is fetched is always the address as announced (`Entry.raw_url`); the canonical form is what is
compared, stored and clicked. Rules, in the order of `canonical_url`:

- https for a name under a public suffix without an explicit port; IP literals, localhost and hosts
  with a port keep their scheme, since nothing says that they speak both;
- host in lower case and IDNA form; default port, user and password dropped;
- Google's AMP caches are unwrapped to the page they hold; `/amp`, `.amp` and `?amp=1` go. The hosts
  `m.`, `wap.` and `amp.` stay: which desktop host they stand for is known only to the page's own
  `<link rel=canonical>`, which `page_address` weighs;
- percent-encoding normalised (RFC 3986 §6.2.2), dot segments resolved, index file and trailing
  slash dropped;
- tracking parameters and repeated parameters dropped, the others kept in their order;
- the fragment dropped, except `#!…` and `#/…` (pages of their own, which a script makes), `#guid=…`
  (an item of a feed that has no page, see `item_url`) and `#seen=…` (an address that was given to
  another article).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit, urlunsplit

import idna

from archive.text.hosts import is_below, item_address, tenant_of

if TYPE_CHECKING:
    from tldextract import TLDExtract

MAX_URL_CHARS = 4096  # longer ones are data or an attack; servers stop at 8 KB

_LINE_ENDS = {ord(char): None for char in "\t\r\n\x00"}
_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST_NAME = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
# What nearly all addresses are like, told without taking them apart: whole, on a host that is
# written as it is compared.
_PLAIN_HOST = re.compile(rf"https?://({_HOST_NAME.pattern})(?=[/?#]|\Z)")
_PLAIN = re.compile(rf"https?://{_HOST_NAME.pattern}(?:/[!-\[\]-~]*)?")
# a path, without `?`, `#`, `;`, backslash
_ROOTED = re.compile(r"/(?:[!-\"$-.0-:<->@-\[\]-~][!-\"$-:<->@-\[\]-~]*)?")
_BACKSLASHED = re.compile(r"(?:https?:|(?![A-Za-z][A-Za-z0-9+.-]*:))[^?#\\]*\\[^?#]*", re.I)
_MANY_SLASHES = re.compile(r"(https?:)/{3,}", re.IGNORECASE)
_PLAIN_CHARS = 250  # so that no host of a plain one is too long
_WHOLE = ("http://", "https://")
_USER = re.compile(r"\A(https?://)[^/?#]*@", re.IGNORECASE)
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})?")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH_SAFE = "%/:@!$&'()*+,;=~"
_QUERY_SAFE = _PATH_SAFE + "?"

_INDEX_FILE = re.compile(r"/(?:index|default)\.(?:s?html?|xhtml|php|aspx?|jsp)$", re.IGNORECASE)
_ROUTE = re.compile(r"/+[^/]")
_AMP_SUFFIX = re.compile(r"(?<=[^/])(?:/amp|(?<=[^./])\.amp)$", re.IGNORECASE)
_SESSION = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)
_GOOGLE_AMP = re.compile(r"/amp/(?:s/)?([^/].*)", re.DOTALL)
_AMP_CACHE = re.compile(r"/(?:[a-z]{1,3}/)?(?:s/)?([^/]+\.[^/]+(?:/.*)?)", re.DOTALL)

# From the lists of ClearURLs, AdGuard and Firefox (as gathered in courlan.clean), less the names
# that identify articles somewhere (id, uid, eid, cid, keyword, source=<number> ...).
_TRACKING = re.compile(
    r"(?:utm|mtm|pk|piwik|hsa|itm|vero|oly|mc|ga|at|sharer|share|ns|gs|stm)_.+"
    r"|_hs(?:enc|mi)|_ga|_gl|_openstat|__twitter_impression|__s"
    r"|(?:gc|dc|fbc|yc|ysc|ttc|twc|wickc)lid|gclsrc|(?:ms|sc)clkid|(?:[gw]bra|igsh|click)id|igsh"
    r"|fb_(?:action_ids|action_types|source|ref)|li_fat_id|mkt_tok|epik"
    r"|spm|spm_id_from|scm|vd_source|tt_from|wxshare|isappinstalled|nsukey|from_source"
    r"|chksm|exportkey|pass_ticket|wx_header|share|sharetoken|shareuid"
    r"|cmp|cmpid|camp|icid|ncid|ocid|ito|smid|smtyp|sref|xtor|s_cid|s_kwcid|trk|trkcampaign"
    r"|wt\.mc_id|wt\.z_.+|sr_share|guccounter|guce_referrer(?:_sig)?"
    r"|ref|ref_src|ref_url|referer|referrer|campaign|campaign_id"
    r"|phpsessid|jsessionid|aspsessionid\w*",
    re.IGNORECASE,
)
# Parameters that identify an article on some sites and name the way here on others.
_AMBIGUOUS = frozenset({"from", "source", "src", "partner", "emc", "via", "channel", "ftag"})
_CHANNEL = re.compile(
    r"(?:rss|feed|atom|newsletter|e?mail|twitter|facebook|linkedin|reddit|weibo|wechat|weixin|wx"
    r"|qq|qzone|toutiao|timeline|(?:single|group)message|appmsg|share|social|search|baidu|google"
    r"|wap|web|pc|app|h5|mobile|home|homepage|index)(?:[-_.]?(?:rss|feed|share|app|\d))?",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?:ref|share|campaign(?:_id)?|camp|cmp|icid|ncid)=\d{3,}", re.IGNORECASE
)  # of names that else tell the way here
_ONE_WORD = re.compile(r"[A-Za-z]+(?:\.[A-Za-z]{2,5})?")
_AMP_VALUES = frozenset({"", "1", "true", "amp"})

# Of an outlet's, and names that platforms keep for themselves.
_SERVICE = re.compile(r"(?:www\d?|m|wap|3g|h5|mobile|amp|feeds?|rss|atom|xml|api)\.")


@cache
def _suffixes() -> TLDExtract:
    """The bundled list: no network, nothing on disk; a.github.io and b.github.io are two sites.

    Imported here: it brings `requests`, 0.1 s that a command which asks for no domain saves.
    """
    import tldextract

    return tldextract.TLDExtract(
        cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True
    )


def canonical_url(url: str) -> str:
    """Give the one string that stands for this address; '' when it is no usable http(s) URL.

    Idempotent, and never raises.
    """
    return _canonical(url) if len(url) <= MAX_URL_CHARS else ""


@lru_cache(maxsize=1024)  # a page's own is asked for five times on its way into the archive
def _canonical(url: str) -> str:
    canonical = ""
    parts = _split(url)
    while parts is not None:
        canonical = _compose(parts)
        cached = _cached_by_amp(canonical)
        parts = _split(cached) if cached else None
    return canonical if len(canonical) <= MAX_URL_CHARS else ""


def absolute(base: str, link: str) -> str:
    """Resolve a link as found in a document; '' when it leads to no http(s) address.

    An empty link leads nowhere; what no browser could ask for (`http://`, a space in the host,
    port 99999, `a..b`) is no address. A user and a password go: nobody is asked with them.
    """
    if len(link) <= _PLAIN_CHARS:
        if _PLAIN.fullmatch(link):
            return link
        if _ROOTED.fullmatch(link) and "/." not in link and (origin := _origin(base)):
            return origin + link
    link = _tidy(link)
    try:
        joined = link if link.startswith(_WHOLE) else _tidy(urljoin(base, link)) if link else ""
    except ValueError:
        return ""
    joined = _USER.sub(r"\1", joined) if "@" in joined else joined
    return joined if _split(joined) is not None else ""


@lru_cache(maxsize=64)  # all links of a page have one base
def _origin(base: str) -> str:
    parts = _split(base) if len(base) + _PLAIN_CHARS <= MAX_URL_CHARS else None
    return f"{parts.scheme}://{parts.netloc}" if parts else ""


def item_url(source_url: str, guid: str) -> str:
    """Address an item of a feed that has no page of its own; `canonical_url` leaves it as it is."""
    base = canonical_url(source_url).partition("#")[0]
    return item_address(base, "guid", guid) if base else ""


def host_of(url: str) -> str:
    """Give the host in its one form (lower case, IDNA), without port; '' where there is none."""
    if len(url) <= _PLAIN_CHARS and (plain := _PLAIN_HOST.match(url)):
        return plain[1]
    parts = _split(url)
    return _host(parts) if parts else ""


@lru_cache(maxsize=4096)
def _domain_of_host(host: str) -> str:
    if _is_address(host):
        return host
    return _suffixes().extract_str(host).top_domain_under_public_suffix or host


def registrable_domain(url: str) -> str:
    """Give the domain one registers (`bbc.co.uk`); an IP literal or a bare name gives itself."""
    return _domain_of_host(host) if (host := host_of(url)) else ""


def same_site(a: str, b: str) -> bool:
    """True when both addresses belong to one registrable domain.

    By the Public Suffix List with its private part: `a.github.io` and `b.github.io` are two sites.
    """
    domain = registrable_domain(a)
    return domain != "" and domain == registrable_domain(b)


def speaks_for(home: str, url: str, hosts: Sequence[str] = ()) -> bool:
    """Tell whether the words of a source at `home` may stand for the page at `url`.

    They may on the source's own hosts: its host whatever service of it (`www.`, `feeds.`, `m.`) is
    asked, those below it (`rss.sina.com.cn` speaks for `finance.sina.com.cn`), and `hosts`, which
    its user names. One host of many (`a.substack.com`) speaks for itself: no list knows all
    platforms with tenants. A tenant by its path (`/@a`) never speaks: its host is others', too.
    """
    if tenant_of(home) or tenant_of(url):
        return False
    asked = host_of(url)
    if asked != host_of(home) and registrable_domain(home) != registrable_domain(url):
        return any(is_below(asked, host) for host in hosts)  # `github.io` itself has no tenants
    return any(is_below(asked, host) for host in own_hosts(home, hosts))


def own_hosts(home: str, hosts: Sequence[str] = ()) -> tuple[str, ...]:
    """Give the hosts that are a source's own, with all below them; see `speaks_for`.

    That of a tenant by its path is `platform.example/@a`.
    """
    host, tenant = _bare_host(host_of(home)), tenant_of(home)
    return tuple(dict.fromkeys(filter(None, (f"{host}/{tenant}" if tenant else host, *hosts))))


def own_domains(home: str, hosts: Sequence[str] = ()) -> tuple[str, ...]:
    """Give the registrable domains of a source's own hosts: by them two sources are one outlet."""
    domains = (registrable_domain(home), *(_domain_of_host(host) for host in hosts))
    return tuple(dict.fromkeys(filter(None, domains)))


def domains_among(homes: Iterable[str], most: int) -> int:
    """Count the registrable domains of addresses, up to `most`."""
    found: set[str] = set()
    for home in homes:
        found.add(registrable_domain(home))
        if len(found) >= most:
            break
    return len(found)


@lru_cache(maxsize=4096)
def _bare_host(host: str) -> str:
    """The host without the labels of its services, never shorter than its registrable domain."""
    domain = _domain_of_host(host)
    while host != domain and (service := _SERVICE.match(host)):
        host = host[service.end() :]
    return host


def _tidy(url: str) -> str:
    """Read an address as browsers do (WHATWG URL §4.4): without space around, tabs and line ends
    inside; a backslash before the query is a slash, and slashes before the host are two."""
    url = url.translate(_LINE_ENDS).strip()
    if "\\" in url and (path := _BACKSLASHED.match(url)):
        url = path[0].replace("\\", "/") + url[path.end() :]
    return _MANY_SLASHES.sub(r"\1//", url, count=1) if "///" in url[:9] else url


@lru_cache(maxsize=1024)  # one address is resolved, made canonical and compared in one go
def _split(url: str) -> SplitResult | None:
    """Take an http(s) URL with a usable host and port apart; None when it is not one."""
    if not url or len(url) > MAX_URL_CHARS:
        return None
    try:
        parts = urlsplit(_tidy(url))
        usable = parts.scheme in _DEFAULT_PORTS and parts.port != 0 and _host(parts) != ""
    except ValueError:
        return None
    return parts if usable else None


@lru_cache(maxsize=4096)
def _ascii_host(host: str) -> str:
    host = host.lower().rstrip(".")
    if _is_address(host):
        return ipaddress.ip_address(host).compressed
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except (UnicodeError, IndexError):
            return ""
    return host if len(host) <= 253 and _HOST_NAME.fullmatch(host) else ""


def _host(parts: SplitResult) -> str:
    return _ascii_host(parts.hostname or "")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return "%" not in host


def _netloc(parts: SplitResult) -> str:
    host = _host(parts)
    shown = f"[{host}]" if ":" in host else host
    default = parts.port is None or parts.port == _DEFAULT_PORTS[parts.scheme]
    return shown if default else f"{shown}:{parts.port}"


@lru_cache(maxsize=4096)
def _has_public_suffix(host: str) -> bool:
    if _is_address(host):
        return False
    found = _suffixes().extract_str(host)
    return bool(found.suffix and found.domain)


def _scheme(parts: SplitResult, netloc: str) -> str:
    return "https" if ":" not in netloc and _has_public_suffix(netloc) else parts.scheme


def _compose(parts: SplitResult) -> str:
    netloc = _netloc(parts)
    scheme = _scheme(parts, netloc)
    query = _query(parts.query, parts.path) if parts.query else ""
    fragment = _fragment(parts.fragment) if parts.fragment else ""
    return urlunsplit((scheme, netloc, _path(parts.path), query, fragment))


def _percent(text: str, safe: str) -> str:
    """Normalise percent-encoding; the bytes behind it, of whatever charset, stay the same."""

    def normal(match: re.Match[str]) -> str:
        if match[1] is None:
            return "%25"  # a stray sign, as in `100%`
        char = chr(int(match[1], 16))
        return char if char in _UNRESERVED else match[0].upper()

    return quote(_PERCENT.sub(normal, text), safe="%" + safe, errors="replace")


def _path(path: str) -> str:
    path = _percent(_SESSION.sub("", path), _PATH_SAFE)
    if "/." in path:
        path = _without_dots(path)
    while True:
        shorter = _AMP_SUFFIX.sub("", _INDEX_FILE.sub("", path.rstrip("/")))
        if shorter == path:
            return path or "/"
        path = shorter


def _without_dots(path: str) -> str:
    """Resolve `.` and `..` (RFC 3986 §5.2.4)."""
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == ".." and len(kept) > 1:
            kept.pop()
        elif segment not in (".", ".."):
            kept.append(segment)
    return "/".join(kept)


def _query(query: str, path: str) -> str:
    pairs = list(filter(None, map(_strip_entity, query.split("&"))))
    kept = [pair for pair in pairs if not _is_tracking(pair)]
    if not kept and _is_nameless(path):  # `article.aspx?ref=1001`: what else would name the page?
        kept = [pair for pair in pairs if _NUMBERED.fullmatch(pair)]
    return "&".join(dict.fromkeys(_percent(pair, _QUERY_SAFE) for pair in kept))


def _is_nameless(path: str) -> bool:
    """Tell whether a path's last segment is a single word: a script, that takes a number."""
    return _ONE_WORD.fullmatch(path.rpartition("/")[2]) is not None


def _strip_entity(pair: str) -> str:
    """Undo `&amp;` that was escaped once too often."""
    while pair[:4].lower() == "amp;":
        pair = pair[4:]
    return pair


def _is_tracking(pair: str) -> bool:
    key, _, value = pair.partition("=")
    key = unquote(key).lower()
    if key == "amp" or (key == "outputtype" and value == "amp"):
        return value.lower() in _AMP_VALUES
    if key in _AMBIGUOUS:
        return _CHANNEL.fullmatch(unquote(value)) is not None
    return _TRACKING.fullmatch(key) is not None


def _fragment(fragment: str) -> str:
    # `#/detail/1`: a page that a script makes; `#/` is the front page of these
    kept = fragment.startswith(("!", "guid=", "seen=")) or _ROUTE.match(fragment) is not None
    return _percent(fragment, _QUERY_SAFE) if kept else ""


def _cached_by_amp(canonical: str) -> str:
    """Give the address of the page that a Google AMP cache's URL holds; '' for other URLs."""
    if "ampproject.org/" not in canonical and "google.com/amp/" not in canonical:
        return ""
    parts = urlsplit(canonical)
    if parts.netloc.endswith(".cdn.ampproject.org"):
        match = _AMP_CACHE.fullmatch(parts.path)
    elif parts.netloc in ("google.com", "www.google.com"):
        match = _GOOGLE_AMP.fullmatch(parts.path)
    else:
        return ""
    if match is None or not _has_public_suffix(match[1].partition("/")[0]):
        return ""
    return f"https://{match[1]}" + (f"?{parts.query}" if parts.query else "")
