"""Whether a post's own bytes can do no more on a site than a file that we make of an article."""

from __future__ import annotations

import re

from archive.files.bodies import markdown_body
from archive.files.frontmatter import is_plain

# As Hexo cuts it: its front matter has a first line, else the body's next `---` would end it.
_PARTS = re.compile(r"\A\ufeff?\s*---\n(\S.*?\n)---(?:\n|\Z)(.*)\Z", re.S)
# Others lead Hexo elsewhere: `permalink` and `layout` decide which page a post becomes.
_LINE = re.compile(
    r"[ \t]*(?:-[ \t]+(?P<item>.*)|(?P<key>title|categories|headimg|author|comments|date|thumbnail"
    r"|link|source|updated|revision|securities|also|lang|disableNunjucks|tags):[ \t]*(?P<value>.*)"
    r")?"
)
_ADDRESSES = frozenset({"headimg", "thumbnail", "link"})
_PLAIN_ADDRESS = re.compile(r"(?:https?://|/(?!/))[^\s<>\"'\\]*|", re.I)
# What else may stand there, such as a YAML tag, can be a function.
_VALUE = re.compile(r"""\[\]|true|false|[\d:.TZ+ -]+|'(?:[^']|'')*'|"(?:[^"\\]|\\.)*"|""", re.ASCII)
_TEMPLATE = re.compile(r"\{[{%#]")  # Nunjucks, which Hexo runs in a post
_LIVE = re.compile(r"<(?=[A-Za-z/!?])")
_NAMES = (
    "a|b|blockquote|br|caption|code|dd|del|div|dl|dt|em|figcaption|figure|h[1-6]|hr|i|img|li|ol|p"
    "|pre|s|section|small|span|strong|sub|sup|table|tbody|td|tfoot|th|thead|tr|u|ul"
)
_HARMLESS_TAG = re.compile(
    rf"</?(?:{_NAMES})(?:\s+(?:(?:alt|align|class|colspan|height|rel|rowspan|target|title|width)"
    r'="[^"<>]*"|(?:href|src)="(?:https?://|mailto:|/(?!/)|#)[^"<>\s]*"))*\s*/?>'
    r"|<(?:https?://|mailto:)[^\s<>=]*>",  # inside of HTML a tag: without `=`
    re.I,
)


def is_harmless(content: bytes) -> bool:
    """Tell whether a post holds nothing but the front matter, text and plain tags that we know.

    What isn't known for harmless isn't harmless: no parser is to be outwitted.
    """
    try:
        text = content.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return False
    parts = _PARTS.match(text)
    if parts is None or _TEMPLATE.search(text):
        return False
    # both are text to Hexo where a blank line stands before the first `---`
    plain = _is_plain_body(parts[1]) and _is_plain_body(parts[2])
    return plain and all(map(_is_plain_line, parts[1].splitlines()))


def _is_plain_line(line: str) -> bool:
    found = _LINE.fullmatch(line)
    if found is None or _LIVE.search(line):
        return False
    value = (found["item"] or found["value"] or "").strip()
    if not (_VALUE.fullmatch(value) or is_plain(value)):
        return False
    return found["key"] not in _ADDRESSES or bool(_PLAIN_ADDRESS.fullmatch(value.strip("'\"")))


def _is_plain_body(body: str) -> bool:
    rest = _HARMLESS_TAG.sub("", body)
    return not _LIVE.search(rest) and markdown_body(rest) == rest.strip("\n") + "\n"
