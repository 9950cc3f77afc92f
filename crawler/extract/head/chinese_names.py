"""Whether Han characters may be a person's name: by the surname, in both scripts. Pure."""

from __future__ import annotations

import re

from archive.text.han import HAN

# nine Chinese of ten bear one of these; simplified, and traditional where it differs
_SURNAMES = frozenset(
    "王李张張刘劉陈陳杨楊赵趙黄黃周吴吳徐孙孫胡朱高林何郭马馬罗羅梁宋郑鄭谢謝韩韓唐冯馮于董萧蕭"
    "程曹袁邓鄧许許傅沈曾彭吕呂苏蘇卢盧蒋蔣蔡贾賈丁魏薛叶葉阎閻余潘杜戴夏钟鍾鐘汪田任姜范範方石"
    "姚谭譚廖邹鄒熊金陆陸郝孔白崔康毛邱丘秦江史顾顧侯邵孟龙龍万萬段雷钱錢汤湯尹黎易常武乔喬贺賀"
    "赖賴龚龔文庞龐樊兰蘭殷施陶洪翟安颜顏倪严嚴牛温溫芦蘆季俞章鲁魯葛伍韦韋申尤毕畢聂聶丛叢焦向"
    "柳邢路岳齐齊沿梅莫庄莊辛管祝左涂塗谷祁时時舒耿牟卜詹关關苗凌费費纪紀靳盛童欧歐甄项項曲成游"
    "阳陽裴席卫衛查屈鲍鮑位覃霍翁隋植甘景薄单單包司柏宁寧柯阮桂闵閔解强強柴华華车車冉房边邊辜吉"
    "饶饒刁瞿戚古米池滕晋晉苑邬鄔臧畅暢宫宮来來嵺苟全褚廉简簡娄婁盖蓋符奚木穆党黨燕郎邸冀谈談姬"
    "屠连連郜晏栾欒郁商蒙计計喻揭窦竇迟遲宇敖糜鄢冷卓花仇艾蓝藍都巩鞏稽井练練仲乐樂虞卞封竺冼原"
    "官衣楚佟栗匡宗应應台巫鞠僧桑荆荊谌諶银銀扬揚明沙薄伏岑习習胥保和蔺藺尚佘幸岱满滿靖占闫闫亓"
    "肖付"
)
_COMPOUND = (
    "欧阳", "歐陽", "上官", "司马", "司馬", "诸葛", "諸葛", "司徒", "皇甫",
    "东方", "東方", "尉迟", "尉遲", "公孙", "公孫", "慕容", "令狐", "夏侯",
    "轩辕", "軒轅", "长孙", "長孫", "宇文", "南宫", "南宮", "端木", "独孤",
    "獨孤", "淳于", "单于", "申屠", "呼延", "范姜", "張簡", "张简",
)  # fmt: skip
# words that a surname's character begins, as they follow 记者 in a text
_WORDS = re.compile(
    r"高[度铁管端层考]|连[线日续夜]|方[面向才法]|于[是此]|时[间报候刻]|成[为立功都员]"
    r"|安[全排慰徽]|金[融额牌属]|石[油化家]|黄[金河山]|白[天银宫]|华[为盛东北南]|马[上尼]"
    r"|常[见常年规]|温[馨度州]|万[元人]|项目|向[上前本他她其记]|江[苏西湖]|包[括含]"
    r"|计[划算]|應該|应[该当]|曾[经在向于]|何[时以处种]|和[平他她其]|明[确天年]|席间|司机"
    r"|管理|路[透上过边]|陆续|全[国面程部]|强[调烈]|解[读释决]|查[看询阅]|都[市是]|单位"
    r"|文[章字化件]|宁[波夏]|周[末一二三四五六日边]|任[务何]|师生|车[间站]|武汉|郑州|沈阳"
    r"|苏州|徐州|柳州|高雄|台[北中南湾灣]|梅州|海[口外]|来[到自源]|商[品报业]|官[方网]"
    r"|原[因来油]|明[日白]|党[员委]|花[费了]|应[对急]|关[于注]|易[车]|谷歌|游[客戏]|景[区]"
    r"|冷[链]|池[州]|古[城]|米[线]|木[材]|沙[特]|严[重格]|简[单介]|申[请报]|申[請報]|盛[大]"
    r"|保[险障]|银[行]|銀行|尚[未]|满[足]|占[比]|付[出款]|童[年]|田[间]|許多|许多"
    r"|余[名个]|單位|時間|連線|強調|關於|華爾|华尔|康复|甘肃|贵州|毕[竟业]|费用|費用"
    r"|易[于]|邊境|边境"
)
_PLACE = re.compile(
    rf"[{HAN}]+[省市县縣区區州镇鎮村]|武汉|武漢|沈阳|瀋陽|石家庄|江苏|江蘇|江西"
    r"|安徽|宁波|寧波|宁夏|寧夏|高雄|金门|金門|华盛顿|華盛頓"
    r"|台北|臺北|台中|臺中|台南|臺南|黄山|吉林|南京|成都|安阳|温哥华|马尼拉|曼谷"
)


def is_chinese_name(name: str, *, labelled: bool) -> bool:
    """Whether it may be a name; `labelled`: 作者： says so, and short pen names have no surname."""
    if "·" in name:  # a name of another language, in Han: 阿不都·热合曼
        return all(len(part) >= 1 for part in name.split("·"))
    if labelled:
        return 2 <= len(name) <= (4 if name[:1] in _SURNAMES else 3)
    if name.startswith(_COMPOUND):
        return 3 <= len(name) <= 4
    if not 2 <= len(name) <= 3 or name[0] not in _SURNAMES:
        return False
    return not _WORDS.fullmatch(name[:2]) or (len(name) == 3 and name[0] == "周")  # 周一鸣


def is_chinese_place(name: str) -> bool:
    """Whether a word before 报道 is where it was written, not a second reporter."""
    return bool(_PLACE.fullmatch(name)) or not is_chinese_name(name, labelled=False)
