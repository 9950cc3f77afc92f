"""Rules in small languages (cron, CSS, XPath, JMESPath), checked when the config is read.

Each check gives the rule back, or raises a ValueError that says what is wrong with it. The
parsers are imported at the first rule: worker processes that only unpickle a Source pay nothing.
"""

from __future__ import annotations

_FIELDS = ("minute", "hour", "day", "month", "day_of_week")
# The exchanges of exchange_calendars by ISO 10383 code, and those whose hours it has under another
# code; a test holds them against the package, which takes a second to import.
_CODES = """
AIXK ARCX ASEX BATS BJSE BVMF CMES IEPA XAMS XASE XASX XBDA XBEL XBKK XBOG XBOM XBRA XBRU XBSE
XBUD XBUE XCBF XCSE XCYS XDUB XDUS XEEE XETR XEUR XFRA XHAM XHEL XHKG XICE XIDX XIST XJSE XKAR
XKLS XKRX XLIM XLIS XLIT XLJU XLON XLUX XMAD XMEX XMIL XMOS XNAS XNYS XNZE XOSL XPAR XPHS XPRA
XRIS XSAU XSES XSGO XSHE XSHG XSTO XSTU XSWX XTAE XTAI XTAL XTKS XTSE XTSX XWAR XWBO XZAG
"""
MARKETS = frozenset(_CODES.split())
_NAMES = {
    "NYSE": "XNYS",
    "NASDAQ": "XNAS",
    "LSE": "XLON",
    "HKEX": "XHKG",
    "SEHK": "XHKG",
    "SSE": "XSHG",
    "SZSE": "XSHE",
    "BSE": "BJSE",
    "JPX": "XTKS",
    "TSE": "XTKS",
    "TSX": "XTSE",
    "ASX": "XASX",
    "SGX": "XSES",
    "KRX": "XKRX",
    "TWSE": "XTAI",
    "FWB": "XFRA",
    "SIX": "XSWX",
}
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


def check_cron(text: str) -> str:
    from apscheduler.triggers.cron import CronTrigger  # 0.1 s to import

    try:
        for fields in cron_fields(text):
            CronTrigger(**fields, timezone="UTC")
    except ValueError as error:
        raise ValueError(f'not a crontab line such as "*/10 9-15 * * mon-fri": {error}') from error
    return text


def cron_fields(text: str) -> tuple[dict[str, str], ...]:
    """Give the arguments of the CronTriggers, one or two, that make up a five-field crontab line.

    crontab(5) fires when day or weekday matches, if neither begins with a star: that takes two
    triggers. Weekdays become names: crontab counts from Sunday = 0 (and 7), APScheduler from
    Monday = 0, so that its own `from_crontab("0 9 * * 1-5")` fires from Tuesday to Saturday.
    """
    values = text.split()
    if len(values) != len(_FIELDS):
        raise ValueError(f"it has {len(values)} fields, not 5 (minute hour day month weekday)")
    fields = dict(zip(_FIELDS, values, strict=True))
    fields["day_of_week"] = _weekdays(fields["day_of_week"].lower())
    if fields["day"].startswith("*") or values[4].startswith("*"):
        return (fields,)
    return fields | {"day_of_week": "*"}, fields | {"day": "*"}


def _weekdays(field: str) -> str:
    if field == "*":
        return "*"
    days = {day for part in field.split(",") for day in _span(part)}
    return ",".join(name for name in _WEEKDAYS if name in days)


def _span(part: str) -> list[str]:
    """The days of "1-5", "fri-mon", "*/2", "sun": a range may run over the end of the week."""
    days, slash, step = part.partition("/")
    first, dash, last = ("0", "-", "6") if days == "*" else days.partition("-")
    start = _weekday(first)
    end = _weekday(last) if dash else (6 if slash else start)
    if slash and (not step.isdecimal() or int(step) == 0):
        raise ValueError(f'"{part}" is no weekday')
    span = range(start, (end if end >= start else end + 7) + 1, int(step or 1))
    return [_WEEKDAYS[day % 7] for day in span]


def _weekday(text: str) -> int:
    if text in _WEEKDAYS:
        return _WEEKDAYS.index(text)
    if text.isdecimal() and int(text) <= 7:
        return int(text)
    raise ValueError(f'"{text}" is no weekday (sun to sat, or 0 to 7)')


def check_market(code: str) -> str:
    if code not in MARKETS:
        known = _NAMES.get(code.strip().upper()) or code.strip().upper()
        meant = f'did you mean "{known}"? ' if known in MARKETS else ""
        raise ValueError(
            f'no exchange "{code}": {meant}Give its ISO 10383 code: {" ".join(sorted(MARKETS))}'
        )
    return code


def check_selector(text: str) -> str:
    """Accept XPath when it begins with "/", "./" or "(", else CSS (`::text`, `::attr(x)` too)."""
    if text.startswith(("/", "./", "(")):
        _check_xpath(text)
    elif text:
        _check_css(text)
    return text


def _check_xpath(text: str) -> None:
    from lxml import etree

    try:
        etree.XPath(text)
    except etree.XPathSyntaxError as error:
        raise ValueError(f"not an XPath expression: {error}") from error


def _check_css(text: str) -> None:
    import cssselect

    try:
        cssselect.parse(text)
    except cssselect.SelectorError as error:
        raise ValueError(f"not a CSS selector: {error}") from error


def check_jmespath(text: str) -> str:
    import jmespath

    if text:
        try:
            jmespath.compile(text)
        except jmespath.exceptions.JMESPathError as error:
            reason = str(error).splitlines()[0].rstrip(": ")
            raise ValueError(f"not a JMESPath expression: {reason}") from error
    return text
