"""The scale benchmark: an archive grows to the sizes asked for, and the curves are drawn."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from benchmarks.scale.building import Builder
from benchmarks.scale.curves import svg


def test_an_archive_grows_to_the_size_asked_for(tmp_path: Path) -> None:
    builder = Builder(tmp_path)
    assert builder.grow(7) > 0
    assert builder.grow(7) == 0
    assert builder.articles == 7
    builder.close()


def test_an_archive_grows_on_from_where_it_is(tmp_path: Path) -> None:
    for size in (3, 5):
        builder = Builder(tmp_path)
        assert builder.grow(size) > 0
        assert builder.articles == size
        builder.close()


def test_curves_are_an_svg_with_a_chart_and_a_label_for_each_size() -> None:
    root = ElementTree.fromstring(svg({"a, ms": [(1000, 2.0), (1_000_000, 4.0)], "b": [(10, 0)]}))
    words = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert words == ["a, ms", "4", "0", "1 k", "1 M", "b", "1", "0", "10"]
