"""Bytes to text, by label and by repair."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.text.charset import decode

MAINLAND = (
    "<meta charset={}><p>国家统计局今日公布，前三季度国内生产总值同比增长百分之五。朱镕基说</p>"
)
TAIWAN = "<meta charset={}><p>證券交易所今日公布，前三季的獲利較去年同期成長，市場預期不同。</p>"


@pytest.mark.parametrize("label", ["gb2312", "gbk", "utf-8", "iso-8859-1", "big5", "''"])
def test_mainland_page_is_read_whatever_it_declares(label: str) -> None:
    page = MAINLAND.format(label)
    assert decode(page.encode("gb18030")) == page


@pytest.mark.parametrize("label", ["big5", "utf-8", "gb2312", "''"])
def test_taiwanese_page_is_read_whatever_it_declares(label: str) -> None:
    page = TAIWAN.format(label)
    assert decode(page.encode("big5")) == page


def test_utf8_page_that_declares_gb2312_is_utf8() -> None:
    page = MAINLAND.format("gb2312")
    assert decode(page.encode()) == page


def test_header_that_calls_gbk_latin1_loses() -> None:
    page = MAINLAND.format("''")
    assert decode(page.encode("gb18030"), "text/html; charset=ISO-8859-1") == page


def test_latin1_means_windows_1252() -> None:
    page = "<meta charset=iso-8859-1><p>Die Börse schließt höher – “gut”"
    assert decode(page.encode("cp1252")) == page


def test_byte_order_mark_wins_and_is_dropped() -> None:
    assert decode(b"\xff\xfe" + "中文".encode("utf-16-le"), "text/html; charset=gbk") == "中文"


def test_declaration_behind_long_scripts_is_found() -> None:
    page = "<script>" + "x" * 9000 + "</script><meta charset=windows-1251><p>Курс рубля вырос</p>"
    assert decode(page.encode("cp1251")) == page


def test_stray_byte_costs_one_character() -> None:
    page = "<p>国家统计局今日公布".encode()
    assert decode(page + b"\xff" + "数字</p>".encode()) == "<p>国家统计局今日公布\ufffd数字</p>"


def test_xml_declaration_names_the_encoding() -> None:
    feed = '<?xml version="1.0" encoding="gb2312"?><title>中国经济的增长，市场的预期</title>'
    assert decode(feed.encode("gb18030")) == feed


@given(st.binary(max_size=400), st.text(max_size=40))
def test_any_bytes_decode(body: bytes, content_type: str) -> None:
    assert "\x00" not in decode(body, content_type)


@given(st.text(alphabet=st.characters(exclude_characters="\x00\x1b\ufeff", codec="utf-8")))
def test_utf8_text_comes_back(text: str) -> None:
    assert decode(text.encode(), "text/html; charset=utf-8") == text


@pytest.mark.parametrize("label", ["utf-16", "utf-32"])
def test_a_label_without_its_byte_order_mark_breaks_nothing(label: str) -> None:
    """Found by tests/hostile/test_fuzz.py: the codec of that name raised."""
    assert decode(b"\x00<p>text", f"text/html; charset={label}")
    body = "<p>央行</p>".encode("utf-16-le")
    assert decode(body, "text/html; charset=utf-16") == "<p>央行</p>"
