"""Which of the names in a byline are persons: no agencies, desks, accounts, buttons or sites."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from archive.text.han import HAN
from archive.text.lines import letters
from crawler.extract.head.metadata import plain_value

BY = re.compile(
    r"^\s*(?:(?:written|reported|story|words|posted|published|geschrieben|verfasst"
    r"|ver[öo]ffentlicht|erstellt|eingestellt|publi[ée]|[ée]crit|r[ée]dig[ée]|escrito|scritto|geschreven)"
    r"\s+)?(?:by|von|par|por|di|door|av|(?:text|interview|words)(?:\s*:|\s+(?:von|by|de))(?:\s+von)?"
    r"|(?:autor(?:in)?|authors?)\b\s*:?(?:\s+von)?)\s*:?\s+",
    re.I,
)
_BETWEEN = re.compile(
    r"\s*(?:;|\||/|／|•|\n|、|，)\s*|\s+(?:and|und|et|y|e|&|with|och|og|en)\s+", re.I
)
_COMMA = re.compile(r",\s+(?!(?:jr|sr|md|phd|ii|iii)\b)|,(?=[A-Z])", re.I)
_NO_PERSON = re.compile(
    r"(?:the\s)?(?:admin|administrator|author|editors?|staff|newsroom|news\s?desk|editorial|redaktion"
    r"|redaction|redacción|rédaction|redazione|redactie|redacao|redação|red|unknown|guest|webmaster"
    r"|anonymous|an[óo]nimo|anonyme|publisher|by|von|mehr|folgen|teilen|follow|share|agenturen"
    r"|news|web|online|desk|wire|press\srelease|contributor|reuters|afp|dpa|apa|ansa|efe|xinhua|bloomberg"
    r"|associated\spress|ap|upi|kyodo|tass|pa\smedia|press\sassociation|agence\sfrance-presse"
    r"|business\swire|pr\snewswire|globe\s?newswire|sid|epd|kna|lusa|belga|ats|sda|ntb|tt|ritzau)",
    re.I,
)
_COMMENTER = re.compile(
    r"\b(?:says|sagt|schreibt|dit|said|wrote|uhr|on|erforderlich|required|by|von|par|por)$", re.I
)
# what stands beside a byline: the day, a link to the author's other articles, initials, "X - Y"
_BESIDE = re.compile(
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch"
    r"|(?:(?:last|first)\s)?(?:updated|published|posted|modified|edited|letzte|aktualisiert)\b.*"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s.*|the\s.*"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|jueves|viernes|domingo)"
    r"|(?:all|alle|more|view|weitere|zum|zur|tous|toutes|todos|mis à jour)\b.*|.*\s[-–—]\s.*",
    re.I,
)
_INITIALS = re.compile(r"[A-Z]{1,5}")
_DOUBLED = re.compile(r"(.{5,})\s?\1")
_DESK = re.compile(
    r"\b(?:staff|desk|team|editor(?:s|ial)?|redaktion|redacción|rédaction|redazione|agen[ct][iyu]\w*|ajans\w*"
    r"|newsroom|correspondents|reporters|news|noticias|press|presse-agentur|magazine|media|network"
    r"|online|services?|department|category|profil|autor|author|auteurs|stand|name|board|digital|tv"
    r"|radio|theme|wordpress\w*|copyright|foto|photo|photos|image|contributors?|comments?|share|live)\b"
    r"|\.(?:com|net|org|de|co|at|fr|cn|ch|tr)\b|https?:|@|\d{3}|www\.",
    re.I,
)
# legal forms and the nouns that bodies call themselves by
_BODY = re.compile(
    r"\b(?:gmbh|ag|eg|se|ev|e\.\s?v|mbh|kg|inc|ltd|llc|plc|corp|s\.?a|spa|bv|nv|gbr|university|institut\w*"
    r"|universit\w+|hochschule|ministerium|ministry|partei|party|verlag|kirche|church|kreuz|foundation"
    r"|stiftung|association|society|sekretariat|committee|council|bank|group|holding|solutions|company"
    r"|government|office|center|centre|zentrum|club|landesanstalt|bundesanstalt|deutschland|germany)\b"
    r"|(?:verband|verein|amt|gesellschaft|ministerium|agentur|zeitung|blatt)\b",
    re.I,
)
_ROLE = re.compile(
    r"\s*[,|–—-]\s*(?:senior|chief|deputy|political|business|economics?|finance|financial|markets?|staff"
    r"|special|associate|managing|contributing|guest|sports?|news|technology|science|health|cnn|bbc|ap)?\s*"
    r"(?:reporter|writer|editor|correspondent|columnist|analyst|contributor|journalist|producer|author"
    r"|fellow|professor)\b.*$",
    re.I,
)
_ROLE_ALONE = re.compile(
    r"(?:[\w-]+ ){0,3}(?:reporter|writer|editor|correspondent|columnist|analyst|contributor"
    r"|journalist|producer|fellow|professor|\w*(?:redakteur|korrespondent|journalist|autor)(?:in)?)s?",
    re.I,
)
_PARTICLES = frozenset(
    (  # noqa: SIM905 - read as a list of words
        "von van der den de del della di da das dos do du la le les el al bin ibn ben bint zu"
        " zum zur ten ter te af av y i e und o' d' st jr sr md phd ii iii"
    ).split()
)
_HAN_NO_PERSON = re.compile(
    r"整合|综合|報導|报道|编译|整理|记者|記者|作者|编辑|編輯|来源|來源|最新|文章|网络|本报|本网|摄影|未知|全部|简介|佚名|匿名"
    r"|发布|网|報|报|社|新闻|新聞|中心|频道|财经|公司|日报|晚报|电视|客户端|责任|时间|通讯员|小编|观察|证券|研究|平台"
    r"|评论|評論|分享|收藏|点击|打印|列印|字号|字體|阅读|閱讀|关注|举报|微信|微博|浏览|瀏覽|转发|版权|声明|行情|下载"
    r"|登录|注册|回复|点赞|留言|支部|党委|学院|大学|集团|银行|部门"
    r"|綜合|編譯|時間|通訊員|小編|觀察|證券|客戶端|頻道|財經|電視|閱讀|版權|聲明|登入|註冊|會員|集團|銀行|部門|調查|调查"
    r"|民意|图片|圖片|视频|視頻|直播|专题|專題|热点|頭條|头条|推荐|推薦|排行|专栏|專欄|会员|更多|相关|相關|用户|用戶|首页|首頁"
    r"|团队|團隊|出版|我们|我們|原创|原創|转载|轉載|编者|編者|论坛|論壇|导报|學院|大學|协会|協會|官方|旗下|新浪|搜狐|网易|腾讯"
)
_MAX_PERSONS = 12

# RSS' form: ann@example.org (Ann Lee)
_MAILED = re.compile(r"(?:mailto:)?\S+@\S+\s*\((?P<n>[^()@]+)\)")
_IN_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]|\s*[(\[][^()\[\]]*$")
# what an element without white space leaves: "ByAnn Lee", "AuthorAnn Lee", "Ann LeeDecember 3"
_GLUED_LABEL = re.compile(
    r"\s*(?:(?:(?:[Ww]ritten|[Pp]osted|[Pp]ublished|[Rr]eported) )?[Bb]y|[Aa]uthors?"
    r"|[Aa]utor(?:in)?|[Aa]uteure?|[Vv]on|[Pp]ar|[Pp]or|[Tt]ext|WRITTEN BY|BY|AUTHOR|AUTOR|VON)"
    r":?(?=[A-ZÀ-ÞŠŽ][a-zß-ÿ])"
)
_MONTHS = (
    "Jan(?:uar|uary|vier)?|Feb(?:ruar|ruary)?|F[ée]v(?:rier)?|Mar(?:ch|s)?|März|Apr(?:il)?|Avril"
    "|Ma[iy]|Jun[ei]?|Juin|Jul[iy]?|Juillet|Aug(?:ust)?|Ao[uû]t|Sept?(?:ember|embre)?|O[ck]t(?:ober|obre)?"
    "|Nov(?:ember|embre)?|De[cz](?:ember)?|Décembre"
)
_GLUED_DAY = re.compile(
    rf"(?:(?<=[a-zß-ÿ.])|\s)(?:(?:{_MONTHS})\.?(?=\s*\d)|(?<=[a-zß-ÿ.])(?:{_MONTHS})$"
    r"|(?:January|February|July|September|O[ck]tober|November|De[cz]ember)$|(?:Updated|Published|Posted)\b"
    r"|(?<=[a-zß-ÿ])(?:Last|Share|Follow|Comments?|Today|Yesterday"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b|\d{1,2}\b).*"
)
# Theresa May, Mark Jan: persons, too
_SURNAME_MONTHS = re.compile(r"\S+\s(?:Jan|Mar(?:ch|s|z)|April|Ma[iy]|June?|Juli?|August)")
# "in Ports on 1 June", "for The Tidewater": where and when follow a name
_WHERE = re.compile(
    r"\s+(?:in|on|at|for|am|um|im|w|dans|via|under|unter|about|from|updated|published|posted|,)(?:\s|$)"
)
# a phrase of a menu or button, by its first word or by its last
_MENU = re.compile(
    r"(?:full|read|view|see|show|more|about|follow|contact|e-?mail|visit|meet|add|leave|join|sign"
    r"|log|our|your|my|this|learn|click|back|skip|subscribe|share|save|print|listen|watch|open|close"
    r"|search|all|latest|breaking|how|why|what|when|where|über|ueber|à|sobre|ver|voir|leer|lire"
    r"|suivre|seguir|abonnieren|teilen|lesen|mehr|send|get|übersetzung|translat\w+|traduc\w+|illustrations?|fotos?|photos?|grafik|browse|download|related|also)\s.*"
    r"|.*\s(?:bio|biography|biografie|profile|page|posts|articles|stories|archives?|website|twitter"
    r"|facebook|linkedin|instagram|info|details|menu|home|here|now|series|guide|exclusive|newsletter"
    r"|podcast|video|videos|opinions?|analysis|reviews?|features?|blog|blogs|topics?|tags?)",
    re.I,
)
# what a byline's last word may be after a name: where it was written; two words, so like a name
_PLACES = frozenset(
    (  # noqa: SIM905 - read as a list
        "new york,new delhi,hong kong,los angeles,san francisco,san diego,las vegas,tel aviv"
        ",cape town,buenos aires,sao paulo,são paulo,rio de janeiro,mexico city,abu dhabi"
        ",kuala lumpur,ho chi minh,st petersburg,saint petersburg,washington dc,washington d.c"
        ",addis ababa,united states,den haag,the hague,frankfurt am main"
        ",united kingdom,south africa,new zealand,saudi arabia,sri lanka"
    ).split(",")
)
_KOREAN_TITLE = re.compile(
    r"\s*(?:선임|수습|인턴|전문)?\s*(?:기자|특파원|논설위원|앵커)(?:\s*외\s*\d+명)?$"
)


_LONGEST = 1000  # characters of a claim that are looked at: some forms take the square of them


def persons(
    claims: Iterable[str], *, avoid: frozenset[str] = frozenset(), accounts: bool = False
) -> tuple[str, ...]:
    """Split bylines into persons: "By A and B", "A、B"; drops agencies, desks and the site.

    `avoid` holds names of the site as `site_key` gives them; `accounts` lets names of one word
    in lower case pass.
    """
    found: dict[str, str] = {}
    for claim in claims:
        line = plain_value(claim[:_LONGEST])
        if site_key(line) in avoid:
            continue
        for name in _names(line):
            key, first = site_key(name), name.partition(" ")[0]
            if first.isupper() and site_key(first) in avoid:  # MDR THÜRINGEN, on mdr.de
                continue
            if key not in avoid and (is_person(name) or (accounts and is_account(name))):
                found.setdefault(letters(name), name)
    # a first name alone is that of a full one beside it
    words = {letters(word) for name in found.values() if " " in name for word in name.split()}
    return tuple(name for key, name in found.items() if key not in words)[:_MAX_PERSONS]


def site_key(name: str) -> str:
    """A name without accents, spaces and case, as hosts spell it: La República, larepublica."""
    plain = unicodedata.normalize("NFKD", name)
    return letters("".join(sign for sign in plain if not unicodedata.combining(sign)))


def is_person(name: str) -> bool:
    """Whether one name, already cut out of its byline, may be a person's."""
    if not 2 <= len(name) <= 45 or len(name.split()) > 5 or re.match(r"\d|[\W\d_]+$", name):
        return False
    if re.search(f"[{HAN}]{{2}}", name):
        return not _HAN_NO_PERSON.search(name)
    if _ROLE_ALONE.fullmatch(name) or not _cased(name) or _INITIALS.fullmatch(name):
        return False
    if len(words := name.casefold().split()) > len(set(words)):  # no name has a word twice
        return False
    refused = (_DESK, _COMMENTER, _BODY)
    if any(form.fullmatch(name) for form in (_NO_PERSON, _BESIDE, _MENU)):
        return False
    return not any(form.search(name) for form in refused)


def is_full_name(name: str) -> bool:
    """Whether it has a given name and a surname, each with a capital: no account, no heading."""
    words = [word for word in name.split() if word.lower() not in _PARTICLES]
    return len(words) >= 2 and all(not word[0].islower() and word[0].isalpha() for word in words)


def is_account(name: str) -> bool:
    """Whether one word may be the name of an account: only where markup says author."""
    if not re.fullmatch(rf"[^\W\d_{HAN}][^\W{HAN}]{{3,29}}", name) or name.lower().endswith(
        "admin"
    ):
        return False
    word = name.rstrip("0123456789")
    return not (_NO_PERSON.fullmatch(word) or _DESK.search(word) or _BODY.search(word))


def _cased(name: str) -> bool:
    """Whether only particles are in lower case: `mf` is an account, `selbst ist …` a phrase.

    A name wholly in lower case with two words is someone's own spelling.
    """
    words = name.split()
    small = [word for word in words if word[0].islower() and word.lower() not in _PARTICLES]
    return not small or (len(words) > 1 and len(small) == len(words))


def _names(claim: str) -> list[str]:
    """The parts of a byline that may be names, without what is glued to them or follows them."""
    mailed = _MAILED.fullmatch(claim.strip())
    claim = mailed["n"] if mailed else re.sub(r"https?:\S+|\S+@\S+", " ", claim)
    claim = _without_brackets(claim)
    found = [cut for name in _split(claim) if (cut := without_day(name))]
    placed = len(found) > 1 and is_full_name(found[0]) and _is_place(found[-1])
    return found[:-1] if placed and re.search(rf",\s*{re.escape(found[-1])}\W*$", claim) else found


def _without_brackets(claim: str) -> str:
    """Without signs in brackets, `Ann Lee (al)`; with the name in them where no other is given."""
    if "(" not in claim and "[" not in claim:
        return claim
    bare = _IN_BRACKETS.sub("", claim)
    inside = [match[1] or "" for match in _IN_BRACKETS.finditer(claim)]
    named = [name for name in inside if is_full_name(name) and is_person(name)]
    return named[0] if named and not any(map(is_full_name, _split(bare))) else bare


def unglued(line: str) -> str:
    """A line with a space behind the label that stands glued to its name."""
    glued = _GLUED_LABEL.match(line)
    return f"{glued[0].strip()} {line[glued.end() :]}" if glued else line


def _is_place(name: str) -> bool:
    """Whether the end of a byline is a place: one word after full names is no person."""
    return name.casefold() in _PLACES or (" " not in name and not re.search(f"[{HAN}]", name))


def without_day(name: str) -> str:
    """A name without the day that an element's end left glued to it."""
    if _SURNAME_MONTHS.fullmatch(name):
        return name
    return _GLUED_DAY.sub("", name).strip(" ,.|-–—:：")


def without_place(name: str) -> str:
    """A full name without where and when follow it: `Ann Lee in Ports on 1 June`."""
    for match in _WHERE.finditer(name):
        if is_full_name(head := name[: match.start()]) and is_person(head):
            return head
    return name


def _split(claim: str) -> Iterator[str]:
    claim = BY.sub("", unglued(claim))
    for part in _BETWEEN.split(claim):
        for name in _COMMA.split(part):
            bare = _ROLE.sub("", BY.sub("", name)).strip(" ,.|-–—:：（）()")
            bare = _KOREAN_TITLE.sub("", bare)
            yield _DOUBLED.sub(r"\1", bare)
