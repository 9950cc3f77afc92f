"""What other outlets do to a story that they take over. Each edit leaves it the same story."""

from __future__ import annotations

import random
from collections.abc import Callable

from benchmarks.copies.grammar import Story, draw_names, write

Edit = Callable[[Story, random.Random], Story]
_HEADS = {
    "zh": (
        "来源：{org2}网 责任编辑：{person} 2026-12-{n:02d} 0{m}:{n:02d}",
        "（本报记者 {person} 发自{city}）",
        "{org2}讯 记者{person}",
    ),
    "en": (
        "By {person} | Published December {n}, 2026 at {m}:{n:02d} am",
        "{city}, Dec {n} (Wire) -",
        "Follow {org2} on social media for more stories like this one.",
    ),
}
_TAILS = {
    "zh": (
        "免责声明：本文仅代表作者个人观点，不构成投资建议，据此操作风险自担。",
        "（编辑：{person} 文字编辑：{person2}）关注{org2}公众号，获取更多资讯",
        "举报电话：0{m}71-8{n:02d}{n:02d}{n:02d}1 版权所有，未经授权不得转载。",
    ),
    "en": (
        "Reporting by {person} in {city}; editing by {person2}",
        "© 2026 {org2}. All rights reserved. This material may not be published or redistributed.",
        "Sign up for the {city} morning briefing, 5 things to know before trading at 9:30.",
    ),
}
_REST = {
    "zh": "对此，{person2}补充说，{city}方面的进展比外界此前预计的更加顺利，相关各方仍将保持沟通。",
    "en": "Officials in {city} said that talks had gone better than outsiders had expected so far.",
}
_TURNS = {
    "zh": {
        "上调": "下调",
        "下调": "上调",
        "增长": "下降",
        "上涨": "下跌",
        "将": "不会",
        "计划": "取消",
        "同意": "拒绝",
        "超过": "不足",
    },
    "en": {
        " will ": " will not ",
        " rose ": " fell ",
        " raised ": " cut ",
        " approved ": " rejected ",
        " expects ": " no longer expects ",
        " plans to ": " refuses to ",
        " has ": " has not ",
        " higher": " lower",
    },
}
_LEADS = {
    "zh": (
        "又一则消息牵动{industry}圈的神经，多位市场人士在接受采访时直言有些意外。",
        "这件事情究竟会带来什么样的影响？让我们一起来梳理一下来龙去脉。",
    ),
    "en": (
        "Investors woke up to a surprise this week, and few of them had seen it coming at all.",
        "Here is what happened, why it matters, and what people close to the matter expect next.",
    ),
}
_TRADITIONAL = str.maketrans(
    "来东车门业务机场问题长为产发会国产电经济计划报资额区医药单价买卖",
    "來東車門業務機場問題長為產發會國產電經濟計劃報資額區醫藥單價買賣",
)  # fmt: skip
_FULL_WIDTH = str.maketrans("0123456789%", "０１２３４５６７８９％")
_CURLY = str.maketrans({'"': "“", "'": "’", "-": "–"})


def surrounded(story: Story, rng: random.Random) -> Story:
    """Verbatim, between another outlet's lines."""
    head = _line(_HEADS, story, rng) if rng.random() < 0.7 else ""
    tails = [_line(_TAILS, story, rng) for _ in range(rng.randint(1, 2))]
    return story.saying(*filter(None, [head]), *story.sentences, *tails)


def headline_changed(story: Story, rng: random.Random) -> Story:
    other = write(story.language, story.kind, rng, draw_names(story.language, rng))
    return Story(story.language, story.kind, other.title, story.sentences)


def added(story: Story, rng: random.Random) -> Story:
    place = rng.randint(1, len(story.sentences))
    more = _filled(_REST[story.language], story, rng)
    return story.saying(*story.sentences[:place], more, *story.sentences[place:])


def dropped(story: Story, rng: random.Random) -> Story:
    gone = rng.randrange(len(story.sentences))
    return story.saying(*(s for i, s in enumerate(story.sentences) if i != gone))


def reordered(story: Story, rng: random.Random) -> Story:
    rest = list(story.sentences[1:])
    rng.shuffle(rest)
    return story.saying(story.sentences[0], *rest)


def lead_rewritten(story: Story, rng: random.Random) -> Story:
    return story.saying(_line(_LEADS, story, rng), *story.sentences[1:])


def excerpt(story: Story, rng: random.Random) -> Story:
    """The first two thirds, as many outlets are allowed to print."""
    return story.saying(*story.sentences[: max(5, round(len(story.sentences) * 0.67))])


def set_otherwise(story: Story, rng: random.Random) -> Story:
    """Another typography: traditional characters and wide figures, or curly quotes."""
    if story.language == "en":
        return story.saying(*(s.translate(_CURLY) for s in story.sentences))
    table = rng.choice((_TRADITIONAL, _FULL_WIDTH))
    return story.saying(*(s.translate(table) for s in story.sentences))


def corrected(story: Story, rng: random.Random) -> Story:
    """One figure is another one."""
    place = rng.randrange(len(story.sentences))
    digits = [i for i, c in enumerate(story.sentences[place]) if c.isdigit()]
    if not digits:
        return story
    at = rng.choice(digits)
    sentence = story.sentences[place]
    changed = f"{sentence[:at]}{(int(sentence[at]) + 3) % 10}{sentence[at + 1 :]}"
    return story.saying(*(changed if i == place else s for i, s in enumerate(story.sentences)))


def house_style(story: Story, rng: random.Random) -> Story:
    """A few words as another desk writes them."""
    words = (
        {"表示": "称", "公告": "公告", "亿元": "亿元人民币", "今年以来": "年初至今"}
        if story.language == "zh"
        else {"%": " percent", " said": " told reporters", "about": "roughly", "$": "US$"}
    )
    sentences = list(story.sentences)
    for old, new in words.items():
        sentences = [s.replace(old, new) for s in sentences]
    return story.saying(*sentences)


def turned(story: Story, rng: random.Random) -> Story:
    """No edit but its contrary: one word is another, or denied, in one sentence."""
    words = [w for w in _TURNS[story.language] if any(w in s for s in story.sentences)]
    if not words:
        return story
    word = rng.choice(words)
    place = rng.choice([i for i, s in enumerate(story.sentences) if word in s])
    changed = story.sentences[place].replace(word, _TURNS[story.language][word], 1)
    return story.saying(*(changed if i == place else s for i, s in enumerate(story.sentences)))


def edited(story: Story, rng: random.Random) -> Story:
    """Several at once: another headline, lines around it, a sentence gone and one moved."""
    for edit in (headline_changed, dropped, reordered, surrounded):
        story = edit(story, rng)
    return story


EDITS: tuple[Edit, ...] = (
    *(surrounded, headline_changed, added, dropped, reordered, lead_rewritten, excerpt),
    *(set_otherwise, corrected, house_style, edited),
)


def _line(lines: dict[str, tuple[str, ...]], story: Story, rng: random.Random) -> str:
    return _filled(rng.choice(lines[story.language]), story, rng)


def _filled(pattern: str, story: Story, rng: random.Random) -> str:
    numbers = {"n": rng.randint(10, 28), "m": rng.randint(5, 9)}
    return pattern.format(**draw_names(story.language, rng), **numbers)
