"""What the site put around and between the blocks of a text: links, boxes about its author.

By what a block is, not by what it is called: these stand within the box that holds the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml.etree import _Element as Element

from archive.text.lines import letters
from crawler.extract.tree import whole_text

_MANY_LINKS, _LINKED, _ALL_LINKED = 4, 0.7, 0.9
_HEADLINE = 20  # letters of the lines of a list of other articles, in the mean
_LAST, _ABOUT = 3, 600  # blocks; characters of a paragraph about its author
_JOB = re.compile(
    r"\b(?:report(?:er|s)\b|(?:co-?)?editor|correspondent|journalis|columnist|freelanc"
    r"|contribut(?:or|es)|(?:covers|covered|writes|written|writing)\b.{0,50}\b(?:about|on|for)"
    r"|covers \w+|(?:staff|senior) writer"
    r"|redakteur|korrespondent|volont|redact(?:or|eur)|journaliste|periodista|giornalista|jornalista)",
    re.I,
)
_IS = re.compile(
    r"^(?:(?:about|über) )?[^\W\d_][\w.'’-]+(?: (?:(?:van|von|de|del|da|di|le|la|al|bin) )*"
    r"[^\W\d_a-zß-ÿ][\w.'’-]*){1,3},?(?: who)? (?:is|was|has|writes|covers|works|joined"
    r"|reports|ist|war|schreibt|est|es|è|é)\b"
)
_CONTACT = re.compile(r"@|\b(?:reach|contact|e-?mail|follow)\b", re.I)
_ABOUT_ZH = re.compile(
    r"[\u4e00-\u9fff]{2,4}[，,：:]?\s?.{0,12}(?:记者|記者|评论员|評論員|编辑|編輯|主笔|主筆|撰稿人|专栏作家|專欄作家|研究员|研究員)"
    r"[，,。；].*(?:信箱|邮箱|郵箱|投稿|著有|来信|來信|长期关注|長期關注|微信|@).*"
)
_PICTURE_LINK = re.compile(r"(?:https?://)?(?:pic\.(?:twitter|x)\.com|t\.co)/\S+")
_HANDLE = re.compile(r"\s*\(@[\w.]{1,40}\)|@[\w.]{2,40}(?=\)|$)|\s*\(\s*$|^\s*\)")
_ATTRIBUTION = re.compile(r"\(@[\w.]{1,40}\)")


def residue(body: Element, names: Sequence[str]) -> list[Element]:
    """The blocks of an extracted body that are the site's: to be dropped.

    `names` are those that the page claims as its authors'.
    """
    found = [block for block in body.iter("p", "list", "item", "quote") if _is_links(block)]
    blocks = [block for block in body if whole_text(block).strip()]
    found += [b for b in blocks[-_LAST:] if len(blocks) > _LAST and _is_about(b, names)]
    gone = set(found)
    while blocks and (blocks[-1] in gone or blocks[-1].tag == "head"):  # it heads nothing
        gone.add(blocks.pop())
    return [block for block in body.iter() if block in gone]


def _is_links(block: Element) -> bool:
    """Whether a block is a row of tags, or a list of other articles."""
    refs = list(block.iter("ref"))
    if len(refs) < 2:
        return False
    links = [letters(whole_text(link)) for link in refs]
    length, linked = len(letters(whole_text(block))), sum(map(len, links))
    if not length:
        return False
    if len(links) >= _MANY_LINKS and block.tag != "list" and linked > _LINKED * length:
        return True
    is_list = block.tag == "list" and linked > _ALL_LINKED * length
    return is_list and linked > _HEADLINE * len(links)


def _is_about(block: Element, names: Sequence[str]) -> bool:
    """Whether a paragraph tells who its author is: it begins with a name and names their work."""
    text = " ".join(whole_text(block).split())
    if block.tag == "p" and len(text) <= _ABOUT and _ABOUT_ZH.fullmatch(text):
        return True
    if block.tag != "p" or len(text) > _ABOUT or not _JOB.search(text):
        return text in names
    begins = text[:60].casefold()
    named = any(name.casefold() in begins for name in names if len(name) > 4)
    return bool(_IS.match(text)) and (named or _CONTACT.search(text) is not None)


def strip_handles(body: Element) -> None:
    """Take out of embedded posts what is their network's: handles, and links to their pictures.

    The words stay, and who said them when.
    """
    for quote in body.iter("quote"):
        text = whole_text(quote)
        if not (_ATTRIBUTION.search(text) or _PICTURE_LINK.search(text)):
            continue
        for element in list(quote.iter()):
            element.text = _without(element.text)
            element.tail = _without(element.tail) if element is not quote else element.tail


def _without(text: str | None) -> str | None:
    if not text:
        return text
    bare = _HANDLE.sub("", _PICTURE_LINK.sub("", text))
    return f"{bare} " if bare and bare != text and not bare[-1].isspace() else bare
