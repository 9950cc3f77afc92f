"""Words of made-up news, Chinese and English: titles, sentences, edits. All from one `Random`."""

from __future__ import annotations

import re
from random import Random

_EN_WHO = (
    """
Northgate Bank|Halden Steel|the Treasury|Orsay Foods|Kestrel Airlines|the central bank|Meridian Oil
Bluewater Shipping|Tamar Power|the securities regulator|Lindqvist Motors|Quorum Capital|the dockers
Ashford Mining|Vireo Health|the statistics office|Pallas Chips|Corwin Retail|the finance ministry
Solent Rail|Ibis Insurance|the export council|Juno Telecom|Redfern Timber|the grain board
Castell Cement|Dorado Copper|the energy watchdog|Eastlake Property|Fenwick Brewers|Galt Chemicals
""".strip()
    .replace("\n", "|")
    .split("|")
)
_EN_DID = (
    """
raised its forecast for|cut spending on|postponed a decision over|signed a contract covering
warned investors about|reported a sharp rise in|denied a rumour concerning|opened talks on
sold its stake in|suspended trading linked to|approved new rules for|lost an appeal against
bought a controlling share of|reopened a plant devoted to|refinanced loans tied to
published figures on|doubled the budget for|withdrew its offer for
""".strip()
    .replace("\n", "|")
    .split("|")
)
_EN_WHAT = (
    """
overnight lending|copper concentrate|regional freight|dairy exports|battery storage|office rents
winter gas supplies|memory chips|small business credit|coastal wind farms|cargo insurance
corporate bonds|used cars|wheat futures|pension assets|mobile spectrum|timber imports|cement kilns
airport slots|hospital equipment|crude inventories|housing permits|steel rebar|soybean meal
container leases|retail sales|lithium salts|railway signalling|cloud services|beer volumes
""".strip()
    .replace("\n", "|")
    .split("|")
)
_EN_WHEN = (
    """
after the quarterly review|before the holiday|despite weaker demand|as costs kept climbing
while rivals held back|following a court ruling|under pressure from lenders|for the second year
in a filing late on the day|according to three people|to the surprise of analysts
when markets had closed|at the annual meeting|as the currency slipped
""".strip()
    .replace("\n", "|")
    .split("|")
)
_ZH_WHO = (
    """
华东银行|北岭钢铁|财政部门|江海食品|云翼航空|中央银行|长峰石油|远洋航运|天河电力|证券监管部门|东林汽车
恒信资本|港口工会|西山矿业|康和医疗|统计部门|晶岳半导体|百佳零售|发展改革部门|南岸铁路|安泰保险|出口商会
星联通信|青松木业|粮食储备部门|中岩水泥|金沙铜业|能源监管部门|东湖地产|麦丰啤酒|盐城化工
""".strip()
    .replace("\n", "|")
    .split("|")
)
_ZH_DID = (
    """
上调了预期，涉及|削减开支，涉及|推迟决定，事关|签署合同，覆盖|向投资者提示风险，涉及|披露大幅增长的|否认传闻，有关
启动谈判，主题为|出售所持股权，标的为|暂停相关交易，涉及|批准新规，适用于|败诉上诉案，争议在于|收购控股权，资产包括
重启工厂，专供|完成再融资，对应|公布数据，涵盖|追加预算，投向|撤回报价，标的为
""".strip()
    .replace("\n", "|")
    .split("|")
)
_ZH_WHAT = (
    """
隔夜拆借|铜精矿|区域货运|乳品出口|储能电站|写字楼租金|冬季天然气|存储芯片|小微企业信贷|海上风电|货运保险|公司债券
二手汽车|小麦期货|养老金资产|移动频谱|木材进口|水泥窑线|机场时刻|医院设备|原油库存|住房许可|螺纹钢|豆粕|集装箱租赁
社会零售|锂盐|铁路信号|云计算服务|啤酒销量
""".strip()
    .replace("\n", "|")
    .split("|")
)
_ZH_WHEN = (
    """
季度评估之后|节前|尽管需求走弱|在成本持续上升之际|同行按兵不动之时|法院裁定之后|在债权人压力之下|连续第二年
于当日晚间公告中|三位知情人士称|出乎分析师意料|收市之后|在年度股东大会上|在本币走弱之际
""".strip()
    .replace("\n", "|")
    .split("|")
)
_EN_NAMES = ["Ann Whitlock", "Omar Reyes", "Petra Novak", "Sam Oduya", "Lise Moreau", "Jon Tanaka"]
_ZH_NAMES = ["王晓芸", "李克勤", "赵一凡", "陈思远", "周若兰", "吴广平"]
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


class Pen:
    """Writes in one language."""

    def __init__(self, rng: Random, *, chinese: bool):
        self.rng, self.chinese = rng, chinese
        who, did = (_ZH_WHO, _ZH_DID) if chinese else (_EN_WHO, _EN_DID)
        what, when = (_ZH_WHAT, _ZH_WHEN) if chinese else (_EN_WHAT, _EN_WHEN)
        self._who, self._did, self._what, self._when = who, did, what, when

    def name(self) -> str:
        return self.rng.choice(_ZH_NAMES if self.chinese else _EN_NAMES)

    def company(self) -> str:
        number = self.rng.randint(100, 999)
        who = self.rng.choice(self._who)
        return f"{who}{number}" if self.chinese else f"{who} {number}"

    def title(self) -> str:
        pick, number = self.rng.choice, self.rng.randint(3, 9800)
        who, did, what = pick(self._who), pick(self._did), pick(self._what)
        if self.chinese:
            return f"{who}{did.replace('，', '')}{what} 规模{number}万"
        return f"{who[0].upper()}{who[1:]} {did} {what}, {number} affected"

    def sentence(self) -> str:
        pick, rng = self.rng.choice, self.rng
        who, did, what, when = (pick(w) for w in (self._who, self._did, self._what, self._when))
        other, beside = pick(self._what), pick(self._who)
        much, base = rng.randint(11, 9900), rng.randint(2, 97)
        if self.chinese:
            return f"{when}，{who}{did}{what}，约{much}万元，占{other}的{base}%，{beside}回应。"
        return (
            f"{when[0].upper()}{when[1:]}, {who} {did} {what} worth {much} million,"
            f" or {base} percent of {other}, {beside} said."
        )

    def sentences(self, least: int = 5, most: int = 12) -> tuple[str, ...]:
        return tuple(self.sentence() for _ in range(self.rng.randint(least, most)))

    def edited(self, lines: tuple[str, ...]) -> tuple[str, ...]:
        """A correction: a figure, a sentence, or a paragraph more. The first sentence stays."""
        at = self.rng.randrange(1, len(lines))
        how = self.rng.randrange(3)
        if how == 0:
            line = _NUMBER.sub(lambda m: str(int(float(m[0])) * 10 + 3), lines[at], count=1)
        elif how == 1:
            line = self.sentence()
        else:
            return (*lines, self.sentence(), self.sentence())
        return (*lines[:at], line, *lines[at + 1 :])

    def rewritten(self, lines: tuple[str, ...]) -> tuple[str, ...]:
        """The first sentence stays, most of the rest is new."""
        return (lines[0], *(self.sentence() for _ in lines[1:]))

    def corrected(self, title: str) -> str:
        return f"更正：{title}" if self.chinese else f"Correction: {title}"


def as_text(lines: tuple[str, ...], *, chinese: bool) -> str:
    """Paragraphs of two sentences, separated by a blank line."""
    between = "" if chinese else " "
    return "\n\n".join(between.join(lines[i : i + 2]) for i in range(0, len(lines), 2))


def key_of(text: str) -> str:
    """What two texts of equal words have in common, whatever stands between the words."""
    return "".join(filter(str.isalnum, text)).casefold()


def slug_of(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60]
