from __future__ import annotations

from archive.files.contents import LatestContents


def test_the_latest_contents_are_found_by_their_hash() -> None:
    latest = LatestContents(2)
    first, second, third = (latest.keep(content) for content in (b"1", b"2", b"3"))
    assert second == "d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35"
    assert [latest.find(one) for one in (first, second, third, None)] == [None, b"2", b"3", None]
