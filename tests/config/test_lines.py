"""Where each key of a TOML file stands."""

from __future__ import annotations

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from config.lines import key_lines, statements

TEXT = '''\
# a heading, not a key = 1
[crawl]
retry = [
  "10m",  # [[source]]
  "1h",
]
contact = """
[[source]]
id = 1
"""

[[source]]
"id" = "a"
list.items = "li"
headers = { A = "1", B = "2" }

[[source]]
id = "b"
[source.list]
items = "tr"
'''


def test_every_key_has_the_line_it_begins_on() -> None:
    assert key_lines(TEXT) == {
        ("crawl",): 2,
        ("crawl", "retry"): 3,
        ("crawl", "contact"): 7,
        ("source",): 12,
        ("source", 0): 12,
        ("source", 0, "id"): 13,
        ("source", 0, "list"): 14,
        ("source", 0, "list", "items"): 14,
        ("source", 0, "headers"): 15,
        ("source", 0, "headers", "A"): 15,
        ("source", 0, "headers", "B"): 15,
        ("source", 1): 17,
        ("source", 1, "id"): 18,
        ("source", 1, "list"): 19,
        ("source", 1, "list", "items"): 20,
    }


def test_windows_line_ends_change_no_line() -> None:
    assert key_lines(TEXT.replace("\n", "\r\n")) == key_lines(TEXT)


def test_a_value_over_several_lines_is_one_statement() -> None:
    spans = [(s.first, s.last) for s in statements(TEXT) if s.table == ("crawl",)]
    assert spans == [(2, 2), (3, 6), (7, 10)]


@given(st.lists(st.sampled_from(TEXT.split("\n")), max_size=12))
def test_every_top_level_name_of_valid_toml_has_a_line(rows: list[str]) -> None:
    text = "\n".join(rows)
    try:
        names = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    assert {path[0] for path in key_lines(text)} == set(names)
