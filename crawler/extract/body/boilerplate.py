"""Lines that a site puts into every article's body."""

from __future__ import annotations

import re

from archive.text.lines import letters

_EN = re.compile(
    r"""\W*(?:
      advertisement|article\ content|story\ continues\ below.*|loading\.*|newsletter
    | read\ more\b.{0,160}|(?:continue|keep)\ reading.{0,60}
    | related(?:\ (?:articles?|stor(?:y|ies)|content|reading|links?|topics?|coverage|news))?\s*
      (?:$|[:|].{0,160})
    | (?:see\ also|also\ read|read\ next|don'?t\ miss|must\ read|watch|listen|more)\s*[:>|].{0,160}
    | recommended(?:\ (?:for\ you|stories|reading|videos?))?|most\ (?:read|popular|viewed)
    | (?:sign|signing)\ up\b.{0,160}|subscribe\b.{0,160}
    | follow\b.{0,80}\bon\ (?:twitter|x|facebook|instagram|google|telegram|youtube)\b.{0,120}
    | like\ us\ on\ facebook.*|join\ (?:the|our)\b.{0,20}(?:conversation|newsletter|channel).{0,80}
    | (?:view|show|read|leave|post)?\ ?(?:\d+\ )?comments?
    | share(?:\ this)?(?:\ article|\ story|\ page|\ post)?(?:\ on\ .{0,60})?
    | click\ here\b.{0,140}
    | (?:get|download)\ (?:our|the)\b.{0,80}(?:newsletter|app|alerts)\b.{0,100}
    | this\ (?:article|story|post)\ (?:was\ )?(?:originally|first)\ (?:appeared|published).{0,120}
    | copyright\b.{0,160}|©.{0,160}|all\ rights\ reserved.{0,120}
    | (?:image|photo|picture|video)(?:\ credit|\ source)?\s*[:|].{0,140}
    | .{0,60}\b(?:getty\ images|shutterstock|istock|afp\ via\ getty|ap\ photo)\b.{0,40}
    | what\ to\ (?:watch|read)\ next|read\ next|our\ standards\s*:.{0,100}
    | top\ stories|latest\ news|trending(?:\ now)?
    | editor'?s?\ (?:picks?|choice)|more\ (?:from|on|about|stories)\b.{0,80}
    | you\ (?:may|might)\ (?:also\ )?(?:like|be\ interested).{0,80}
    | thank\ you\ for\ (?:reading|subscribing|signing).{0,100}|\d+\ (?:min|minute)s?\ read
    | (?:e-?mail|print|tweet|pin|save|copy\ link|whatsapp|facebook|twitter|linkedin|reddit)
      (?:[\s,|/]+(?:e-?mail|print|tweet|pin|save|copy\ link|whatsapp|facebook|twitter|linkedin
      |reddit|share))*
    | \S+@\S+\.\w+
    | (?:edited|editing)\ by\ .{2,60}|sources?\s*:\s*(?-i:[A-Z]).{1,50}
    )\W*""",
    re.I | re.X,
)
# "Read also" in the languages of which the corpus or its kind has pages
_CROSS = re.compile(
    r"""\W*(?:
      les\ (?:også|mer)|læs\ (?:også|mere)|läs\ (?:också|även|mer)
    | lesen\ sie\ (?:auch|mehr|dazu|hier)|lies\ auch|mehr\ (?:zum\ thema|dazu)|auch\ interessant
    | à\ lire(?:\ aussi)?|(?:lire|voir)\ (?:aussi|également)|leia\ (?:também|mais)
    | le[ea]\ (?:también|más)|te\ puede\ interesar|lees\ (?:ook|meer)|leggi\ anche
    | czytaj\ (?:też|także|również)|zobacz\ (?:też|także)|читайте\ (?:также|ещё|еще)|см\.\ также
    | read\ also|você\ (?:também\ )?pode\ gostar|vous\ aimerez\ aussi|potrebbe\ interessarti
    | das\ könnte\ (?:sie|dich|ihnen)\ (?:auch\ )?(?:interessieren|gefallen)
    | ayrıca\ oku|baca\ juga|lue\ myös|関連記事|あわせて読みたい
    )\b.{0,160}\W*""",
    re.I | re.X,
)
# Labels of pages in the languages of the corpus: advertisements, reading times, comments, tags,
# notices about cookies. Each took out right lines only.
_LABEL = re.compile(
    r"""\W*(?:
      advertisement\ [\w-]{1,20}|(?:passer\ la\ )?publicité|werbung|anzeige|publicidade?|annonse?s?
    | реклама|advertentie|pubblicità|広告|광고
    | (?:lesedauer|lesezeit|tempo\ de\ leitura|temps\ de\ lecture|tiempo\ de\ lectura|leestijd
      |tempo\ di\ lettura|reading\ time)\W+\d.{0,20}
    | \d+\ min(?:uten?|utos?|utes?|uti)?\.?\ (?:lesezeit|de\ lectur[ea]|de\ leitura|di\ lettura)
    | (?:\d+\ )?(?:kommentare?|commentaires?|coment[aá]rios|commenti|reacties)(?:\ \(\d+\))?
    | (?:tags?|filed\ under|schlagwörter|stichwörter|etiquetas|etiketler|mots-clés|タグ|метки|теги)
      (?:\s*:.{0,120})?
    | (?:this|our)\ (?:web)?site\ uses\ cookies.*|we\ use\ cookies.*
    | (?:diese\ (?:web)?seite|wir)\ (?:verwende[nt]|nutze?[nt]?)\ cookies.*
    | (?:ce\ site\ utilise|nous\ utilisons)\ des\ cookies.*|utilizamos\ cookies.*
    | by\ (?:continuing|providing|clicking|signing|submitting|subscribing|entering)\b.{0,80}
      \byou\ (?:agree|have\ read|accept|consent|acknowledge)\b.{0,160}
    | .{0,40}\b(?:must|need\ to)\ be\ logged\ in\b.{0,60}
    | .{0,30}(?:successfully\ subscribed|problem\ subscribing).{0,160}
    | (?:like|enjoy(?:ed)?)\ this\ (?:story|article|post)\?.{0,100}|most\ read\b.{0,40}
    | (?:last\ )?updated(?:\ (?:at|on)\b|\s*:).{0,60}|placeholder\ image.{0,10}
    )\W*""",
    re.I | re.X,
)
# A call to the reader begins as one, names what the outlet wants, and says you, us or ours.
_CALL = re.compile(
    r"\W*(?:join|sign|subscribe|start|get|follow|want\ to|would\ you\ like|support|click"
    r"|have\ your\ say|let\ us\ know|tell\ us|share\ your|for\ (?:more|the\ latest)"
    r"|stay|never\ miss|don['’]t\ miss|already|become)\b",
    re.I | re.X,
)
_WANTED = re.compile(
    r"\b(?:newsletters?|subscri\w+|sign(?:ing)? up|log ?in|comment(?:s|ing)?|bookmark|inbox"
    r"|our app|premium|member(?:ship)?|conversations?|forum|whatsapp|telegram|alerts|what you think"
    r"|news page)\b",
    re.I,
)
_ADDRESSED = re.compile(r"\b(?:your?|our|us|readers|this (?:article|story))\b", re.I)
_SENTENCES = re.compile(r"(?<=[.!?])\s+")
_QUOTED = re.compile('["“”«»]')
_EN_HEAD = re.compile(
    r"""\W*(?:
      (?-i:[Bb]y|BY)\s+(?-i:[A-Z])[\w.'’-]+(?:\s+[\w.'’-]+){0,8}
    | (?:published|updated|posted|last\ updated|last\ modified|first\ published|date|modified)
      \b(?=.*\d).{0,80}
    | (?:mon|tues|wednes|thurs|fri|satur|sun)day,?\ .{0,40}\d{4}.{0,30}
    | (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.?\ \d{1,2},?\ \d{4}.{0,30}
    | \d{1,2}[./-]\d{1,2}[./-]\d{2,4}.{0,20}
    | \d{1,2}\.?\ \w+\ \d{4}.{0,20}
    | (?:stand|veröffentlicht|aktualisiert|publi[ée]|mis\ à\ jour|publicado|actualizado|atualizado
      |pubblicato|aggiornato|gepubliceerd|publicerad|uppdaterad|publisert|oppdatert|опубликовано)
      \b(?=.*\d)\W.{0,60}
    | https?://\S+
    )\W*""",
    re.I | re.X,
)
_ZH = re.compile(
    r"""[\s\[【（(▲■◆*>|-]*(?:
      (?:责任编辑|责编|编辑|本文来源|文章来源|稿源|来源|作者|校对|监制|审核|值班编委|新媒体编辑
      |值班主任|关键词|关键字|标签)(?:\s*$|\s*[:：|/丨].{0,60})
    | (?:分享(?:到|至)?|分享让更多人看到|举报|收藏|点赞|打印|字号|关注我们|图集|加载中|\+1|纠错)
      \s*(?:[:：].{0,40})?
    | (?:相关(?:新闻|阅读|推荐|报道|文章|专题|链接)|延伸阅读|推荐阅读|热门(?:推荐|文章|评论)
      |热点推荐|精彩视频推荐|上一篇|下一篇)\s*(?:[:：|].{0,80})?
    | (?:更多(?:精彩|猛料)|返回(?:首页|列表|搜狐|顶部)|点击(?:进入|查看|阅读|下载)|海量资讯|自动播放
      |微信扫一扫|加载更多).{0,60}
    | (?:扫(?:描|一扫)|长按).{0,20}(?:二维码|关注|识别).{0,30}
    | (?:打开|下载|转播到).{0,12}(?:APP|客户端|微博).{0,30}
    | (?:本文|以上).{0,30}(?:原创|版权|不代表|仅代表).{0,120}
    | 未经.{0,20}(?:授权|许可|允许).{0,60}|版权(?:所有|声明|归).{0,80}
    | (?:特别|免责|郑重)(?:声明|提示).{0,400}|声明\s*[:：].{0,300}
    | (?:风险提示\s*[:：]?)?(?:投资|市场)有风险.{0,60}
    | .{0,16}(?:点击|长按|扫描|关注).{0,24}(?:公众号|微信号|视频号|小程序|客户端|卡片).{0,24}
    | .{0,12}欢迎(?:在|到)?(?:评论区|留言区|下方|文末).{0,16}
    | .{0,6}(?:订阅|开通|加入).{0,16}(?:会员|电子报|专栏).{0,12}(?:元|免费|优惠|折).{0,10}
    | 本文(?:不构成|仅供).{0,120}|.{0,40}不构成.{0,6}投资建议.{0,60}
    )[\]】）)。]*""",
    re.I | re.X,
)
_ZH_CREDIT = re.compile(
    r"[\s（(【\[]*(?:本文)?(?:来源|稿源|责任编辑|责编|编辑|作者|校对|原标题|记者|文)\s*(?:于)?\s*[:：|/丨].{0,50}"
)
_ZH_HEAD = re.compile(
    r"[\s（(]*(?:\d{4}[年/-]\d{1,2}[月/-]\d{1,2}日?[\s\d:：]*)(?:.{0,40}(?:来源|作者|编辑|评论|阅读).{0,40})?"
)
_ZH_STOP = re.compile(
    r"[\s【\[]*(?:相关(?:新闻|阅读|推荐|报道|文章|链接)|延伸阅读|推荐阅读|热门(?:推荐|文章)|猜你喜欢|为您推荐"
    r"|上一篇|下一篇|网友评论|我要评论|最新评论|精彩推荐)\s*[】\]:：]?.{0,40}"
)
# The characters of the Chinese patterns that traditional texts write otherwise.
_SIMPLIFIED = str.maketrans(
    "將開啟啓貼錯誤責編輯來對監製審體關鍵詞標籤簽讓舉報點贊讚圖載糾錯聞閱讀薦導專題鏈連結門視頻頁頂擊進檢訊動掃長碼識別開轉戶權許聲"
    "鄭險資場構僅議記評論歡為網創經歸證媒華條與後號錄護閉達續欄務器暫遷維繁統驗證塊圖點選嗎錄戶找忘請機號碼與個隱掃選擇讀時間資條處無蹤篩訪問過於異諒",
    "将开启启贴错误责编辑来对监制审体关键词标签签让举报点赞赞图载纠错闻阅读荐导专题链连结门视频页顶击进检讯动扫长码识别开转户权许声"
    "郑险资场构仅议记评论欢为网创经归证媒华条与后号录护闭达续栏务器暂迁维繁统验证块图点选吗录户找忘请机号码与个隐扫选择读时间资条处无踪筛访问过于异谅",
)
_HEAD_LINES, _MOST_CHARS = 3, 240


def simplified(text: str) -> str:
    """The text with the characters of the patterns in their simplified form."""
    return text if text.isascii() else text.translate(_SIMPLIFIED)


def is_boilerplate(line: str, *, place: int, chinese: bool, title: str) -> bool:
    """Whether a line of the body is the site's and not the article's.

    `place` counts the lines kept so far: a byline, a date or the repeated title is boilerplate
    only at the head. The patterns match whole lines, so that prose which begins like one stays.
    """
    if place <= _HEAD_LINES and letters(line) == letters(title):
        return True
    if chinese:
        line = simplified(line)
        if place < _HEAD_LINES and _ZH_HEAD.fullmatch(line):
            return True
        return bool(_ZH.fullmatch(line) or (len(line) < 60 and _ZH_CREDIT.fullmatch(line)))
    if place < _HEAD_LINES and len(line) < 110 and _EN_HEAD.fullmatch(line):
        return True
    if len(line) > _MOST_CHARS:
        return False
    known = (_EN, _CROSS, _LABEL)
    return any(pattern.fullmatch(line) for pattern in known) or _is_call(line)


def _is_call(line: str) -> bool:
    """Whether a line asks its reader to comment, subscribe or follow, after a question maybe."""
    *asked, call = _SENTENCES.split(line)
    while asked and not asked[-1].endswith("?"):
        call = f"{asked.pop()} {call}"
    if any(not question.endswith("?") for question in asked) or _QUOTED.search(line):
        return False
    if _CALL.match(call) is None:
        return False
    return bool(_WANTED.search(call) and _ADDRESSED.search(line))


def ends_article(line: str, *, chinese: bool) -> bool:
    """Whether what follows this line is a list of other articles."""
    return chinese and len(line) < 50 and bool(_ZH_STOP.fullmatch(simplified(line)))
