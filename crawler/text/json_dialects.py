"""JSON as sites serve it: called by a function, guarded against inclusion, written by hand.

Strict JSON is read first. Else the value is cut out of what stands around it, and brought into
JSON's form by its tokens: comments, commas at an end, single quotes, names without quotes,
`undefined`, escapes that only JavaScript knows, line breaks within strings. Pure.
"""

from __future__ import annotations

import json
import re
from typing import Any

_INTEGER_DIGITS = 400  # more than any float has
_HEAD_CHARS = 2000  # within which the value begins

# Guards against a <script> of another site: `)]}',` `for(;;);` `while(1);` `throw 1; <…>` `{}&&`
_GUARDS = re.compile(
    r"(?:[\s;\ufeff]|/\*.*?\*/|//[^\n]*(?:\n|$)|\)\]\}'?,?|\{\}\s*&&|&&&START&&&"
    r"|(?:for\s*\(\s*;\s*;\s*\)|while\s*\(\s*(?:1|true)\s*\))\s*(?:;|\{\s*\})?"
    r"|throw\s+[^;{\[]{1,60};(?:\s*<[^<>]{0,60}>)?)*",
    re.S,
)
_STRING = r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'"
_NAME = r"[\w$.]+(?:\s*\[\s*(?:\d+|\"[^\"]*\"|'[^']*')\s*\][\w$.]*)*"
# `cb({…})` `try{cb({…});}catch(e){}` `cb && cb({…})` `typeof cb === "function" && cb({…});`
# `if(window.cb){cb({…})}` `var news = {…};` `window["a.b"] = […]` `export default {…}` `({…})`
_CALL = re.compile(
    rf"(?:try\s*\{{\s*|if\s*\([^(){{}}]{{1,200}}\)\s*\{{?\s*"
    rf"|typeof\s[^&?{{}}]{{1,200}}(?:&&|\?)\s*|{_NAME}\s*&&\s*)*"
    rf"(?:export\s+default\s*\(?|(?:(?:var|let|const|return)\s+)?{_NAME}\s*(?:\(|=(?!=)\s*\(?)\s*"
    rf"(?:(?:{_STRING}|\d+)\s*,\s*)?|\()\s*"
    r"(?=[\[{])"
)
_NOTHING = re.compile(r"(?:[\s;\x00\ufeff]|<!--.*?-->)*", re.S)  # caches leave a comment
_COMMENT = re.compile(rf"({_STRING})|/\*.*?\*/|//[^\n]*", re.S)
_TOKEN = re.compile(
    rf"(?P<string>{_STRING})|,(?P<last>\s*(?=[\]}}]))|(?P<name>[A-Za-z_$][\w$]*)(?P<colon>\s*:)?"
    r"|(?<=[{,])(?P<number>\s*\d+)(?=\s*:)",
    re.S,
)
_WORDS = {"true": "true", "false": "false", "null": "null", "undefined": "null", "NaN": "null"}
_ESCAPE = re.compile(r"\\(?:(u[0-9A-Fa-f]{4}|[\"\\/bfnrt])|x([0-9A-Fa-f]{2})|(\r?\n)|(.))", re.S)


def json_body(text: str) -> str:
    """Cut off what stands before a JSON value: a guard, a call, an assignment; else the text."""
    start = _GUARDS.match(text, 0, _HEAD_CHARS)
    begin = start.end() if start else 0
    call = _CALL.match(text, begin, begin + _HEAD_CHARS)
    begin = call.end() if call else begin
    return text[begin:] if text.startswith(("{", "["), begin) else text


def is_json(text: str) -> bool:
    """Tell by its beginning whether a document is JSON of any dialect."""
    return json_body(text).startswith(("{", "["))


def read_json_text(text: str) -> Any:
    """Read JSON of any dialect; ValueError where it is none, or nested too deep.

    What follows the value, as the end of a call does, counts for nothing where something came
    before it.
    """
    body = json_body(text)
    try:
        return _of_any_form(body, called=len(body) != len(text))
    except RecursionError:
        raise ValueError("nested too deep") from None


def _of_any_form(body: str, *, called: bool) -> Any:
    try:
        return _value(body, called=called)
    except ValueError as strict:
        try:
            return _value(_in_json(body), called=called)
        except ValueError:
            raise strict from None


def _value(body: str, *, called: bool) -> Any:
    # line breaks within strings
    value, end = json.JSONDecoder(strict=False, parse_int=_integer).raw_decode(body)
    if not called and not _NOTHING.fullmatch(body, end):
        raise json.JSONDecodeError("Extra data", body, end)
    return value


def _integer(digits: str) -> int | str:
    """Python reads no number of more than 4,300 digits: one of them would cost all items."""
    return int(digits) if len(digits) <= _INTEGER_DIGITS else digits


def _in_json(body: str) -> str:
    return _TOKEN.sub(_token, _COMMENT.sub(lambda found: found[1] or " ", body))


def _token(found: re.Match[str]) -> str:
    if found["string"] is not None:
        return _string(found["string"])
    if found["last"] is not None:
        return found["last"]
    if found["number"] is not None:
        return f'"{found["number"].strip()}"'
    if found["colon"] is not None:
        return f'"{found["name"]}"{found["colon"]}'
    return _WORDS.get(found["name"], found["name"])


def _string(quoted: str) -> str:
    inside = _ESCAPE.sub(_escape, quoted[1:-1])
    if quoted[0] == "'":
        inside = re.sub(r'\\.|"', lambda found: '\\"' if found[0] == '"' else found[0], inside)
    return f'"{inside}"'


def _escape(found: re.Match[str]) -> str:
    known, code, line_end, other = found.groups()
    if known is not None:
        return found[0]
    if code is not None:
        return f"\\u00{code}"
    return "" if line_end is not None else str(other)
