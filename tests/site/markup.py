"""The stories' small markup, as values, as plain text and as HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_SENTENCE = re.compile(
    r"(?<=[。！？])(?![”」』）])|(?<=[。！？][”」』])|(?<=[a-z0-9%)”][.!?])\s+(?=[A-Z“$])"
)


@dataclass(frozen=True, slots=True)
class Block:
    """`kind`: p h quote list table image. `text`: the words (an image's address);
    `items`: a list's items, a table's rows with cells parted by tabs, an image's caption."""

    kind: str
    text: str = ""
    items: tuple[str, ...] = ()


def parse_blocks(body: str) -> tuple[Block, ...]:
    pieces = (piece.strip() for piece in re.split(r"\n\s*\n", body))
    return tuple(_parse_block(piece) for piece in pieces if piece)


def _parse_block(piece: str) -> Block:
    lines = piece.splitlines()
    if piece.startswith("## "):
        return Block("h", piece[3:])
    if piece.startswith("> "):
        return Block("quote", " ".join(line.removeprefix("> ") for line in lines))
    if piece.startswith("- "):
        return Block("list", items=tuple(line.removeprefix("- ") for line in lines))
    if piece.startswith("|"):
        return Block("table", items=tuple(_table_row(line) for line in lines))
    if match := re.fullmatch(r"!\[(.*)\]\((\S+)\)", piece):
        return Block("image", match[2], (match[1],))
    return Block("p", "".join(lines) if _is_han(piece) else " ".join(lines))


def _table_row(line: str) -> str:
    return "\t".join(cell.strip() for cell in line.strip().strip("|").split("|"))


def _is_han(text: str) -> bool:
    return re.search(r"[\u4e00-\u9fff]", text) is not None


def plain(text: str) -> str:
    """The words without marks."""
    return _BOLD.sub(r"\1", _LINK.sub(r"\1", text))


def sentences(paragraph: str) -> list[str]:
    return [sentence.strip() for sentence in _SENTENCE.split(paragraph) if sentence.strip()]


def inline(text: str) -> str:
    """HTML of a run of text: escaped, with `**bold**` and `[words](address)`."""
    linked = _LINK.sub(r'<a href="\2" target="_blank">\1</a>', escape(text, quote=False))
    return _BOLD.sub(r"<strong>\1</strong>", linked)


def block_html(block: Block, *, image: str = '<img src="{src}" alt="{alt}">') -> str:
    """HTML of one block; `image` is how the outlet prints an <img> (lazy, sized, …)."""
    if block.kind == "h":
        return f"<h2>{inline(block.text)}</h2>"
    if block.kind == "quote":
        return f"<blockquote><p>{inline(block.text)}</p></blockquote>"
    if block.kind == "list":
        return "<ul>" + "".join(f"<li>{inline(item)}</li>" for item in block.items) + "</ul>"
    if block.kind == "table":
        return table_html(block)
    if block.kind == "image":
        tag = image.format(src=escape(block.text), alt=escape(block.items[0]))
        return f"<figure>{tag}<figcaption>{inline(block.items[0])}</figcaption></figure>"
    return f"<p>{inline(block.text)}</p>"


def table_html(block: Block, attributes: str = "") -> str:
    rows = [row.split("\t") for row in block.items]
    head = "".join(f"<th>{inline(cell)}</th>" for cell in rows[0])
    body = "".join(
        "<tr>" + "".join(f"<td>{inline(cell)}</td>" for cell in row) + "</tr>" for row in rows[1:]
    )
    opening = f"<table {attributes}>" if attributes else "<table>"
    return f"{opening}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def blocks_html(blocks: tuple[Block, ...], **how: str) -> str:
    return "\n".join(block_html(block, **how) for block in blocks)
