"""The characters that search takes for each other, in Python and in the file's own SQL."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterator

import opencc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.search.folding import CJK_CHARACTER, SIMPLIFIED, fold, unspaced, words_of
from tests.archive.stored import new_archive, put_article

CHARACTERS = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"], exclude_characters="\x00\u200b"),
        st.sampled_from("鄭州臺灣證券ＡＢ１２，。abc 12ÀéカナＺ亽한글\U00020000\U0010ffff"),
    ),
    max_size=150,
)


@pytest.fixture(scope="module")
def conn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    conn = new_archive(tmp_path_factory.mktemp("folding") / "archive.db")
    put_article(conn, id=1)
    yield conn
    conn.close()


@settings(max_examples=50)
@given(CHARACTERS)
def test_the_file_folds_as_python_does(conn: sqlite3.Connection, text: str) -> None:
    conn.execute("BEGIN")
    conn.execute("UPDATE articles SET text = ?", (text,))
    stored = conn.execute("SELECT text FROM articles_seg").fetchone()[0] or ""
    conn.execute("ROLLBACK")
    assert stored == CJK_CHARACTER.sub("\u200b\\1\u200b", fold(text))


@given(CHARACTERS)
def test_folding_keeps_every_place_and_is_done_at_once(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded


@given(CHARACTERS)
def test_words_are_the_same_however_they_are_spaced(text: str) -> None:
    words = words_of(text)
    assert words_of(unspaced(words)) == words


def test_traditional_and_variant_forms_become_simplified() -> None:
    assert fold("鄭州衞視：臺灣證券，說説，Ａ１ｚ") == "郑州卫视：台湾证券，说说，A1z"


def test_the_table_is_what_opencc_says() -> None:
    converters = [opencc.OpenCC("t2s"), opencc.OpenCC("hk2s")]

    def simplified(char: str) -> str:
        char = unicodedata.normalize("NFC", char)
        return next((s for c in converters if (s := c.convert(char)) != char), char)

    said = {code: simplified(simplified(chr(code))) for code in SIMPLIFIED}
    assert {chr(code) for code in SIMPLIFIED if said[code] != chr(SIMPLIFIED[code])} == set()
