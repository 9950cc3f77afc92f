"""Daily market reports: the stories that resemble each other most and are none the less distinct.

Their sentences are drawn from a small stock and their figures are seeded by the day, as in real
newsrooms, so that whoever looks for copies has near misses to refuse.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

_DAYS = 6

_ZH_UP = ("三大指数集体收涨", "沪指震荡走高", "两市放量反弹", "指数午后拉升")
_ZH_DOWN = ("三大指数集体收跌", "沪指冲高回落", "两市缩量调整", "指数尾盘跳水")
_ZH_SECTORS = (
    "半导体",
    "券商",
    "白酒",
    "光伏设备",
    "煤炭",
    "创新药",
    "机器人",
    "军工",
    "银行",
    "有色金属",
    "传媒",
    "房地产",
)
_ZH_VIEWS = (
    "短期市场仍以结构性机会为主，建议关注业绩确定性较强的板块，控制仓位，避免追高。",
    "增量资金入场节奏放缓，存量博弈特征明显，风格切换或将加快，均衡配置更为稳妥。",
    "政策预期仍是主要变量，年末机构调仓对盘面的扰动不容忽视，可逢低布局明年一季度的景气方向。",
    "成交额能否重新站上2万亿元是观察反弹持续性的关键，在此之前宜多看少动，等待方向明朗。",
    "外部流动性环境边际改善，北向资金回流的趋势有望延续，核心资产的估值修复仍有空间。",
    "技术上看，指数在前期密集成交区受阻，消化套牢盘需要时间，下方支撑位依然有效。",
)
_EN_MOVES = (
    "as investors weighed a run of mixed earnings against firmer bond yields",
    "after a late rally in technology shares outweighed losses among banks",
    "in thin trading that left most of the morning's moves undone by the close",
    "as a stronger dollar pressed on exporters and miners",
    "with traders reluctant to take new positions before the inflation report",
    "after two large retailers lifted their forecasts for the holiday season",
)
_EN_VIEWS = (
    "“You can drive a truck through the gap between the optimists and the pessimists,”",
    "“Nobody wants to be short into year end, and nobody wants to be early either,”",
    "“Breadth is what worries me. Seven companies did the work again,”",
    "“This was positioning, not conviction. I would not read too much into it,”",
    "“Credit is telling you the same story as equities, for once,”",
    "“The buyers were index funds, the sellers were everybody else,”",
)
_EN_NAMES = (
    "Mona Lindqvist of Halvorsen Partners",
    "Aldo Bianchi of Tern Energy Advisers",
    "Grace Otieno of Ridgeline Research",
    "Peter Vandermeer of Morrow & Pike",
    "Yuki Tanabe of Harbour Street Capital",
    "Leila Farouk of Bosphorus Research",
)
_EN_SECTORS = ("Utilities", "Banks", "Chipmakers", "Airlines", "Home builders", "Drug makers")


def wraps(outlet: str) -> Iterator[str]:
    """The pieces that follow the hand-written ones of an outlet, in the stories' own markup."""
    write = {"haichuan": _chinese, "ledger": _english}.get(outlet)
    if write:
        for day in range(1, _DAYS + 1):
            yield write(day, random.Random(f"{outlet} wrap {day}"))


def _chinese(day: int, rng: random.Random) -> str:
    rises = day % 2 == 0
    lead, word = (rng.choice(_ZH_UP), "涨") if rises else (rng.choice(_ZH_DOWN), "跌")
    strong, weak, third, last = rng.sample(_ZH_SECTORS, 4)
    index, turnover = rng.uniform(3880, 4050), rng.randint(16200, 23900)
    moves = [f"{rng.uniform(0.1, 1.9):.2f}%" for _ in range(3)]
    return f"""wrap-zh-{day}
title: 收评：{lead} {strong}板块领涨 成交{turnover}亿元
age: {day + 1}d7h
authors: {rng.choice(("沈若溪", "徐嘉树", "丁小满"))}
section: 股市
tags: 收评, A股, {strong}
in: list

A股市场今日{lead}。截至收盘，上证指数报{index:.2f}点，{word}{moves[0]}；深证成指报
{index * 3.34:.2f}点，{word}{moves[1]}；创业板指报{index * 0.79:.2f}点，{word}{moves[2]}。沪深两市
成交额{turnover}亿元，较上一交易日{rng.choice(("放量", "缩量"))}{rng.randint(300, 2600)}亿元。

盘面上，{strong}、{third}板块表现活跃，{strong}板块指数上涨{rng.uniform(2, 5):.1f}%，板块内
{rng.randint(3, 14)}只个股涨停；{weak}、{last}板块跌幅居前，{weak}板块下跌{rng.uniform(1, 4):.1f}%。
全市场共有{rng.randint(900, 4100)}只个股上涨，{rng.randint(30, 110)}只个股涨停，
{rng.randint(2, 40)}只个股跌停。

资金方面，主力资金全天净{rng.choice(("流入", "流出"))}{rng.randint(20, 480)}亿元，其中{strong}板块
获净流入{rng.randint(15, 96)}亿元，{weak}板块遭净流出{rng.randint(12, 88)}亿元。截至前一交易日，两
市融资余额为{rng.randint(23900, 25100)}亿元，较上日变动{rng.randint(8, 190)}亿元。

**机构观点**

{rng.choice(("海岳证券", "东麓证券", "南麓证券"))}认为，{_ZH_VIEWS[day - 1]}

港股市场方面，恒生指数收报{rng.uniform(25600, 27100):.2f}点，全日成交{rng.randint(1900, 3100)}亿港
元，科技股与{third}股走势分化，南向资金净买入{rng.randint(11, 160)}亿港元。
"""


def _english(day: int, rng: random.Random) -> str:
    word = "higher" if day % 2 else "lower"
    first, second, third = rng.sample(_EN_SECTORS, 3)
    return f"""wrap-en-{day}
title: Stocks close {word} with {first.lower()} in front, {second.lower()} behind
age: {day + 1}d11h
authors: {rng.choice(("Priya Raman", "Callum Reid"))}
section: Markets
tags: stocks, market close
in: list, archive

American shares closed {word} {_EN_MOVES[day - 1]}. The broad index ended the session at
{rng.uniform(6580, 6890):,.2f}, a move of {rng.uniform(0.1, 1.6):.1f} per cent, and the technology
index at {rng.uniform(21900, 23800):,.2f}.

{first} led with a gain of {rng.uniform(0.8, 3.1):.1f} per cent for the group, the best among
eleven. {second} lost {rng.uniform(0.7, 2.9):.1f} per cent. About {rng.randint(11, 19)} billion
shares changed hands, against an average of {rng.uniform(14, 16):.1f} billion in the past twenty
sessions.

{_EN_VIEWS[day - 1]} said {_EN_NAMES[day - 1]}, who expects the index to finish the year
{rng.choice(("close to where it stands", "some way above today's level", "a little lower"))}.

## Bonds, oil and currencies

The ten-year Treasury yield stood at {rng.uniform(3.98, 4.31):.2f} per cent. Brent crude settled
at ${rng.uniform(68, 76):.2f} a barrel and gold at ${rng.randint(3790, 3960):,} an ounce. The euro
bought ${rng.uniform(1.13, 1.18):.4f}.

- Rising shares: {rng.randint(1100, 3900):,}
- Falling shares: {rng.randint(900, 3700):,}
- New highs: {rng.randint(20, 190)}

{third} were little changed ahead of results from
{rng.choice(("Kestrel Airlines", "Norwood Retail", "Alder Insurance"))}, due in
{rng.choice(("London", "New York", "Frankfurt"))} on the next trading day. Options traders are
pricing a move of {rng.uniform(3, 9):.1f} per cent in either direction, about
{rng.choice(("a third", "half", "twice"))} of what the last report brought.
"""
