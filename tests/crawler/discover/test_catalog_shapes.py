"""The catalogue's lists and JSON endpoints, each on a document that we wrote in its shape."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.catalog import as_source, catalog, in_catalog
from crawler.discover.read import read_document
from crawler.discover.select import select_entries

SHAPES = Path(__file__).parent / "shapes"
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
VALUES = {"word": "固态电池", "list": "65"}
TEN = "11-29 08:00"  # 1795939200: sixteen o'clock in Beijing
NINE = "11-29 07:00"
# by the entry that the document was written for: others of the same rules
SAME = {
    "stcn-company": "stcn",
    "stcn-gs": "stcn",
    "cs-ssgs": "cs",
    "cs-jsbd": "cs",
    "zqrb-macro": "zqrb",
    "sina-stock": "sina",
    "jiemian-list": "jiemian",
}
Row = tuple[str, str, str]  # the address's end, title, published in UTC
EXPECTED: dict[str, list[Row]] = {
    "stcn": [
        ("/article/detail/4200001.html", "湾区港口群吞吐量创新高", ""),
        ("/article/detail/4200002.html", "央行调查：企业信心回升", ""),
        ("/egs/4200003.html", "公募基金发行回暖", ""),
    ],
    "stcn-kx": [
        ("/article/detail/4100002.html", "【铜陵河谷：三季度净利同比增一成】", TEN),
        ("/article/detail/4100001.html", "【甲醇期货夜盘收涨】", NINE),
    ],
    "cs": [
        ("/xwzx/hg/202611/t20261129_6600001.html", "十一月制造业采购经理指数回升", "11-29 01:30"),
        ("/xwzx/hg/202611/t20261128_6600002.html", "多地出台稳外贸举措", "11-28 10:05"),
    ],
    "cnstock": [
        ("/commonDetail/500001", "银行间债券回购利率小幅走低", ""),
        ("/commonDetail/500002", "上市公司密集披露回购进展公告", ""),
    ],
    "zqrb": [
        ("/2026-11-29/A1764000000001.html", "多部门部署岁末年初保供稳价工作", "11-28 23:10"),
        ("/2026-11-29/A1764000000002.html", "专项债券发行进度超过九成", "11-28 22:58"),
        ("/2026-11-28/A1764000000003.html", "前十月服务贸易保持较快增长", "11-28 15:40"),
        ("/2026-11-28/A1764000000004.html", "数字人民币试点场景再度扩容", "11-28 13:02"),
    ],
    "yicai": [
        ("www.yicai.com/news/103000001.html", "新能源车企竞逐海外市场", "11-29 02:15"),
        ("www.yicai.com/vip/news/103000002.html", "独家解读：险资举牌的逻辑", "11-29 01:00"),
    ],
    "caixin": [("/2026-11-29/102900001.html", "地方债务置换进入第三年", TEN)],  # no audio
    "wallstreetcn": [("/articles/3760001", "美债收益率曲线再度变陡", TEN)],  # no advertisement
    "wallstreetcn-live": [
        ("/livenews/2800001", "日本央行维持利率不变，符合预期。", TEN),
        ("/livenews/2800002", "布伦特原油上破七十五美元", NINE),
    ],
    "eastmoney-search": [
        ("/a/202611293300000001.html", "固态电池中试线年内投产", "11-29 02:20"),
    ],
    "sina": [
        ("/doc-nabc0001.shtml", "生猪期货主力合约跌破关口", TEN),
        ("/doc-nabc0002.shtml", "三家银行获批设立理财子公司", NINE),
    ],
    "sina-live": [
        (
            "/detail-nabd0001.d.html",
            "【财政部：前十月国企利润平稳】财政部数据显示，前十月国有企业利润总额与上年持平。",
            TEN,
        ),
    ],
    "jiemian": [
        ("/article/13600001.html", "显示面板厂商稼动率回升", ""),
        ("/article/13600002.html", "连锁药店扩张放缓", ""),
    ],
}  # fmt: skip
RULED = [entry.id for entry in catalog() if entry.table["kind"] in ("json", "listing")]


@pytest.mark.parametrize("source_id", RULED)
def test_the_rules_read_a_document_of_that_shape(source_id: str) -> None:
    written_for = SAME.get(source_id, source_id)
    (document,) = SHAPES.glob(f"{written_for}.*")
    entry = in_catalog(source_id)
    assert entry is not None
    source = as_source(entry, VALUES)
    found = read_document(
        document.read_bytes(),
        url=source.url,
        content_type="application/json"
        if document.suffix == ".json"
        else "text/html; charset=utf-8",
        source=source,
        kind=source.kind,
        now=NOW,
    )
    assert found.error == ""
    entries = select_entries(found.entries, source=source, now=NOW).entries
    expected = EXPECTED[written_for]
    if source_id in ("cs-ssgs", "cs-jsbd"):  # its addresses are relative to the section's
        expected = [(url.removeprefix("/xwzx"), *rest) for url, *rest in expected]
    assert [(e.title, f"{e.published:%m-%d %H:%M}" if e.published else "") for e in entries] == [
        row[1:] for row in expected
    ]
    assert all(e.raw_url.endswith(row[0]) for e, row in zip(entries, expected, strict=True))


def test_a_flash_has_its_own_text() -> None:
    for source_id, words in (("sina-live", "财政部数据显示"), ("wallstreetcn-live", "符合预期")):
        entry = in_catalog(source_id)
        assert entry is not None
        source = as_source(entry, {})
        document = (SHAPES / f"{source_id}.json").read_bytes()
        found = read_document(
            document, url=source.url, content_type="", source=source, kind="json", now=NOW
        )
        assert words in found.entries[0].content
        assert source.full_content == "feed"
