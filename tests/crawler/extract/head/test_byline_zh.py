"""Who wrote a Chinese article, as pages print it."""

import pytest

from tests.crawler.extract.head.test_byline import authors


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("<p>作者：沈若溪&nbsp;&nbsp;\n<a>评论(128)</a></p>", ("沈若溪",)),
        ("<p>2021-12-09 <span>来源：金陵</span> <span>记者 周启明</span></p>", ("周启明",)),
        ("<p>〔記者林怡君／台北報導〕</p>", ("林怡君",)),
        ("<p>記者林怡君、陳志明／台北報導</p>", ("林怡君", "陳志明")),
        ("<p>发表于2014-08-24 21:30| 来源观潮| 作者魏小星</p>", ("魏小星",)),
        ("<p><span>06-16 09:30</span> <span>文/沈若溪、周启明</span></p>", ("沈若溪", "周启明")),
        ("<p>散文/诗歌 观潮</p>", ()),
        ("<p>【文/观潮网专栏作者 王文远】</p>", ("王文远",)),
        ("<p>（作者：方小敏系大学经济学院教授）</p>", ("方小敏",)),
        ("<p>责任编辑：李某某</p><p>最新 评论(3)</p>", ()),
        ("<p>记者从会上了解到，铜价上涨。</p>", ()),
    ],
)
def test_chinese_bylines(body: str, names: tuple[str, ...]) -> None:
    assert authors(body, chinese=True)[0] == names


def test_element_of_the_author_is_read_after_a_byline_that_names_no_person() -> None:
    body = "<p>作者：最新文章</p><p class='author-name'>观山海</p>"
    assert authors(body, chinese=True) == (("观山海",), "byline")


def test_editor_who_signs_as_author_too_is_none() -> None:
    body = "<p>来源：求真网 作者：陈小峰 责任编辑：陈小峰</p><p>(作者：方小敏北京大学教授)</p>"
    assert authors(body, chinese=True)[0] == ("方小敏",)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("本报记者 周启明\n\n铜价上涨。\n\n市场平静。", ("周启明",)),
        ("铜价上涨。\n\n市场平静。\n\n（记者 沈若溪）", ("沈若溪",)),
    ],
)
def test_a_byline_in_the_text_itself_is_read(text: str, names: tuple[str, ...]) -> None:
    assert authors("", text=text, chinese=True) == (names, "text")


def test_a_chinese_name_that_only_a_meta_tag_or_an_authors_element_has_is_read() -> None:
    meta = '<meta name="author" content="沈若溪 周启明">'
    assert authors("<p>铜价。</p>", head=meta, chinese=True)[0] == ("沈若溪", "周启明")
    element = '<div class="author">魏小星 | 观潮</div>'
    assert authors(element, chinese=True)[0] == ("魏小星",)


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("<p>桐江新闻记者 林晓舟</p>", ("林晓舟",)),
        ("<div>观潮日报首席记者林晓舟 沈若溪</div>", ("林晓舟", "沈若溪")),
        ("<p>《觀潮》特約記者 張曉舟</p>", ("張曉舟",)),
        ("<ul><li>作者：</li><li>林晓舟</li></ul>", ("林晓舟",)),
        ("<td>本报记者 林晓舟 2025年08月26日 <a>[上一篇]</a></td>", ("林晓舟",)),
        ("<p>记者 林晓舟 记者 沈若溪</p>", ("林晓舟", "沈若溪")),
        ("<p><span>来源：观潮</span><span>作者：林晓舟</span><a>打印</a></p>", ("林晓舟",)),
        ("<p><small>作者:</small>林晓舟、沈若溪<small>点击:</small>9</p>", ("林晓舟", "沈若溪")),
        ("<p>觀潮 記者<a href='/a'>張文</a>／報導</p>", ("張文",)),
        ("<p>【記者周啟文／綜合報導】</p>", ("周啟文",)),
        ("<p>作者：李小飞刀</p>", ("李小飞刀",)),
        ("<p><a>作者：往期来信</a></p>", ()),
        ('<div class="side"><a href="/d">记者调查</a> <a href="/m">作者：民意调查</a></div>', ()),
        ("<p>观潮日报记者 现场直击</p>", ()),
        ("<p>多位记者 高度关注</p>", ()),
    ],
)
def test_chinese_byline_in_a_line_of_its_own(body: str, names: tuple[str, ...]) -> None:
    assert authors(body, chinese=True)[0] == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("经销商对记者感叹，眼下伺服电机价格又涨了。", ()),
        ("有业内人士告诉记者 高明，铜价还会上涨。", ()),
        ("记者张三了解到，铜价上涨。", ()),
        ("多名經銷商向記者表示，銅價上漲。", ()),
        ("记者 张三 北京报道\n\n铜价上涨。", ("张三",)),
        ("观潮日报记者 张三丰 郑州报道\n\n铜价上涨。", ("张三丰",)),
        ("記者 張三 李四 台北報導\n\n銅價上漲。", ("張三", "李四")),
        ("（记者 张三 李四）铜价上涨。", ("张三", "李四")),
        ("本报记者 王 浩 李晓晴\n\n铜价上涨。", ("王浩", "李晓晴")),
        ("本报记者 欧阳文静 通讯员 王五\n\n铜价上涨。", ("欧阳文静", "王五")),
        ("每经记者 王五 每经编辑 赵六\n\n铜价上涨。", ("王五",)),
    ],
)
def test_reporter_who_signs_is_told_from_one_in_the_text(text: str, names: tuple[str, ...]) -> None:
    assert authors("", text=text, chinese=True)[0] == names
