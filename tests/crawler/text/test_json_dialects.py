"""JSON as sites serve it."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.text.json_dialects import is_json, read_json_text

VALUE = r'{"items": [{"id": 7, "url": "http://h.example/7", "t": "a(b) {c}\n", "n": null}]}'
READ = {"items": [{"id": 7, "url": "http://h.example/7", "t": "a(b) {c}\n", "n": None}]}


@pytest.mark.parametrize(
    "form",
    [
        "%s",
        "\ufeff%s\r\n",
        "%s;",
        "cb(%s)",
        "cb(%s);",
        "try{cb(%s);}catch(e){};",
        "try { window.cb && window.cb(%s) } catch (e) {}",
        "/**/jQuery1102_16(%s);",
        "/**/ typeof cb === 'function' && cb(%s);",
        'typeof cb=="function"?cb(%s):0',
        "if(window.cb){cb(%s)}",
        ";a.b.c(%s);",
        "parent['x.y'](%s)",
        "cb('list', %s)",
        "cb(0, %s)",
        "var news = %s;",
        "window.__DATA__=%s",
        'window["a.b"] = %s;',
        "self.x=(%s)",
        "export default %s",
        "(%s)",
        ")]}',\n%s",
        ")]}'\n%s",
        "for(;;);%s",
        "for (;;) {}%s",
        "while(1);%s",
        "while (true);%s",
        "throw 1; <don't read this>%s",
        "{}&&%s",
        "// list\n%s",
        "/* made at 09:30 */\n%s",
        "%s\n<!-- cached 09:30 -->",
    ],
)
def test_what_stands_around_a_value_is_left_out(form: str) -> None:
    text = form.replace("%s", VALUE)
    assert is_json(text)
    assert read_json_text(text) == READ


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": "one\ntwo\tthree"}', {"a": "one\ntwo\tthree"}),
        ('{"a": "one\r\ntwo",}', {"a": "one\r\ntwo"}),
        ('{"a": [1, 2, ], }', {"a": [1, 2]}),
        ('{"a": "x,]", "b": ", }",}', {"a": "x,]", "b": ", }"}),
        ('{"a": 1, // one\n "b": "http://h//b", /* two */ }', {"a": 1, "b": "http://h//b"}),
        ("{'a': 'it\\'s \"so\"', b: [1]}", {"a": 'it\'s "so"', "b": [1]}),
        ("{a: undefined, b_2: true, 3: null}", {"a": None, "b_2": True, "3": None}),
        (r'{"a": "\x41\'b", "c": "d\-e"}', {"a": "A'b", "c": "d-e"}),
        ('cb({"a": "one\ntwo", b: 1,});', {"a": "one\ntwo", "b": 1}),
        ("try{cb([{'id':1,},])}catch(e){}", [{"id": 1}]),
    ],
)
def test_what_only_javascript_allows_is_read(text: str, expected: object) -> None:
    assert read_json_text(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "hello", '{"a": 1} and more', '{"a": 1}{"b": 2}', '{"a": "x"y"}', '{"a"', "a = b", "cb()"],
)
def test_what_is_no_json_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="line 1"):
        read_json_text(text)


@pytest.mark.parametrize("text", ["news of the day (all)", "a = b", "<p>{</p>", "http://h/{"])
def test_a_text_is_no_json(text: str) -> None:
    assert not is_json(text)


@given(st.text(alphabet="{}[]()'\"\\/,:;=&a1 \n*", max_size=60))
def test_nothing_but_a_value_error_comes_of_any_text(text: str) -> None:
    with contextlib.suppress(ValueError):
        read_json_text(text)


def test_a_number_of_thousands_of_digits_costs_no_other_item() -> None:
    assert read_json_text("[1, 23, " + "9" * 5000 + "]") == [1, 23, "9" * 5000]


def test_a_hostile_text_takes_no_longer_than_a_page() -> None:
    begun = time.process_time()
    for text in (
        "{" * 10**5,
        "'" * 99_999 + '{"a',
        "[" + '"a",' * 10**5,
        "a&&" * 5000,
        "/*" * 50_000,
    ):
        with pytest.raises(ValueError, match=r"line 1|nested too deep"):
            read_json_text(text)
    assert time.process_time() - begun < 3.0
