"""Two versions of an article, with what parts them: noise, a minor correction, or an edit."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive.model import Article
from crawler.extract.article import extract_article

LISTED = Path(__file__).with_name("pairs.txt")
_PAIR = re.compile(r"(noise|minor|edit) (zh|en) (head|middle|tail|title): (.*)")
_CHANGE = re.compile(r"\[-(.*?)-\]|\{\+(.*?)\+\}")
_TITLES = {
    "zh": "多部门部署稳增长举措 市场预期改善",
    "en": "Ministries set out growth plan as markets steady",
}
_STORIES = {
    "zh": (
        "记者从有关部门了解到，稳增长的一揽子举措正在加快落地，重大项目建设稳步推进，民间投资信心有所恢复。",
        "国际机构近期发布的展望认为，全球贸易仍面临诸多不确定因素，主要经济体的货币政策分化可能延续到明年。",
        "受访企业普遍反映，订单情况较年初有所好转，但原材料价格波动和账款回收周期仍是经营中的主要压力。",
        "接下来，相关部门将密切跟踪政策实施效果，适时开展评估，推动各项措施落到实处、见到成效。",
    ),
    "en": (
        "Ministers set out measures on Monday that are meant to speed up building work.",
        "Forecasters have warned that trade remains fragile, and that rates could diverge.",
        "Manufacturers said order books looked healthier, but late payments hurt margins.",
        "Officials promised to review the measures and to adjust them where they fall short.",
    ),
}
_PAGE = """<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>
<meta property="og:type" content="article">
<meta property="article:published_time" content="2026-11-23T08:00:00Z"></head>
<body><header><a href="/">Home</a> <a href="/markets">Markets</a></header>
<main><article><h1>{title}</h1><div class="content">{body}</div></article></main>
<aside><ul><li><a href="/1">{aside}</a></li></ul></aside><footer>© 2026</footer></body></html>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What stood there, what stands there, and what the difference is."""

    kind: str  # noise minor edit
    language: str
    place: str  # head middle tail title
    change: str  # as pairs.txt has it

    def version(self, number: int) -> tuple[str, str]:
        """Give the title and the text of the first version (0) or the second (1)."""
        said = _CHANGE.sub(lambda found: found[number + 1] or "", self.change)
        said = re.sub(r"\s*¶\s*", "\n\n", said).strip()
        story = list(_STORIES[self.language])
        if self.place == "title":
            return said, "\n\n".join(story)
        where = {"head": 0, "middle": 2, "tail": 4}[self.place]
        return _TITLES[self.language], "\n\n".join(
            filter(None, (*story[:where], said, *story[where:]))
        )

    def extracted(self, number: int) -> tuple[str, str]:
        """Give what extraction makes of a page with that version."""
        title, text = self.version(number)
        body = "\n".join(f"<p>{html.escape(part)}</p>" for part in text.split("\n\n"))
        aside = f"{number + 3} more stories"
        page = _PAGE.format(language=self.language, title=title, body=body, aside=aside)
        found = extract_article(page.encode(), url="https://news.example.com/2026/11/23/1.html")
        if not isinstance(found, Article):
            raise ValueError(f"{self.change}: {found}")
        return found.title, found.text


def pairs() -> Iterator[Pair]:
    """Yield the pairs of pairs.txt; raises ValueError for a line that is none."""
    for line in LISTED.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            found = _PAIR.fullmatch(line)
            if found is None:
                raise ValueError(f"{LISTED}: no pair: {line}")
            yield Pair(kind=found[1], language=found[2], place=found[3], change=found[4])
