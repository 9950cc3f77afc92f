"""Full-text search for Chinese and English in plain SQL: no extension, no user function.

A view wraps every CJK character in U+200B, which `unicode61` takes for a separator and people
don't see, and gives traditional characters as simplified ones; the FTS5 table is external content
on that view, kept right by four triggers. So any client may write, search, VACUUM, dump and
rebuild. A search phrase needs the same folding and a space between its CJK characters:
`archive.search.query` and the view `search` see to both. What FTS5 shows of a text is the folded
one, character for character as long as the original: a place in it is a place in the original.
See docs/decisions/search.md for the figures.
"""

from __future__ import annotations

import sys

from archive.search.folding import SIMPLIFIED
from archive.text.han import INDEXED

_CJK = " OR ".join(
    f"u BETWEEN {first:#x} AND {last:#x}" if last < sys.maxunicode else f"u >= {first:#x}"
    for first, last in INDEXED
)
_FULL_WIDTH = (
    "u BETWEEN 0xff10 AND 0xff19 OR u BETWEEN 0xff21 AND 0xff3a OR u BETWEEN 0xff41 AND 0xff5a"
)
_MOST_CHARACTERS = 64  # of a block
_MOST_BLOCKS = 64  # of a part
_MOST_PARTS = 256
_PART = _MOST_BLOCKS * _MOST_CHARACTERS
MOST_INDEXED = _MOST_PARTS * _PART  # characters of a text: over a million
_NUMBERS = 16_384
_SOME_FOLDED = "'*[\u3005-\U0010ffff]*'"  # what lacks them, such as English, stays as it is


def _characters(text: str, most: int) -> str:
    # LIMIT keeps SQLite from copying u's definition to each place that reads it: a third less.
    return (
        f"SELECT unicode(substr({text}, n+1, 1)) AS u FROM _nums"  # noqa: S608
        f" WHERE n < length({text}) ORDER BY n LIMIT {most}"
    )


def _folded(text: str, around: str, most: int = _NUMBERS) -> str:
    """Give SQL for a short text folded, with the character of number `around` round each CJK."""
    return f"""(SELECT group_concat(CASE
      WHEN u < 0x3005 THEN char(u)
      WHEN {_CJK} THEN
        char({around}, coalesce((SELECT simplified FROM _fold WHERE variant = u), u), {around})
      WHEN {_FULL_WIDTH} THEN char(u - 0xfee0)
      ELSE char(u) END, '')
    FROM ({_characters(text, most)}))"""  # noqa: S608


def _segmented(column: str) -> str:
    # substr() counts characters from the beginning: parts, and blocks of these, keep that short (a
    # text of 900 KB in blocks alone took 2.6 s, so 0.07 s). The bound must be a range on the key
    # (n*64 < length(…) scans all of _nums, 9 times the cost); LIMIT stops SQLite from flattening.
    return f"""(SELECT group_concat(folded, '') FROM (
  SELECT (SELECT group_concat(s, '') FROM (
    SELECT CASE WHEN b.c GLOB {_SOME_FOLDED} THEN
      {_folded("b.c", "8203", _MOST_CHARACTERS)} ELSE b.c END AS s
    FROM (SELECT substr(p.part, n*{_MOST_CHARACTERS}+1, {_MOST_CHARACTERS}) AS c FROM _nums
          WHERE n < (length(p.part)+{_MOST_CHARACTERS - 1})/{_MOST_CHARACTERS}
          ORDER BY n LIMIT {_MOST_BLOCKS}) AS b)) AS folded
  FROM (SELECT substr({column}, n*{_PART}+1, {_PART}) AS part FROM _nums
        WHERE n < (length({column})+{_PART - 1})/{_PART} ORDER BY n LIMIT {_MOST_PARTS}) AS p))"""  # noqa: S608


def _original(column: str, folded: str, shown: str) -> str:
    """Give SQL for what FTS5 marked, in the original's characters.

    `folded`: the whole folded text. `shown`: a part of it, with char(2) before and char(3) after a
    hit, which become brackets. Most texts have nothing folded, and are shown as they come.
    """
    plain = f"replace(replace({shown}, char(2), ''), char(3), '')"
    return f"""(CASE WHEN instr({column}, {plain}) THEN
    replace(replace({shown}, char(2), '['), char(3), ']') ELSE
    (SELECT group_concat(CASE c WHEN char(2) THEN '[' WHEN char(3) THEN ']'
        ELSE substr(replace({column}, char(8203), ''), start + k - 1, 1) END, '')
      FROM (SELECT c, sum(c <> char(2) AND c <> char(3)) OVER (ORDER BY n) AS k, start
        FROM (SELECT n, substr(m, n+1, 1) AS c, start FROM _nums, (SELECT {shown} AS m,
            instr(replace({folded}, char(8203), ''), {plain}) AS start LIMIT 1)
          WHERE n < length(m) ORDER BY n))) END)"""  # noqa: S608


def segmented_view(table: str) -> str:
    """Give SQL for the view whose titles and texts an index has instead of a table's."""
    return f"""CREATE VIEW {table}_seg AS
  SELECT id, {_segmented("title")} AS title, {_segmented("text")} AS text FROM {table};"""  # noqa: S608


_FOLD_ROWS = ", ".join(f"({variant},{simple})" for variant, simple in sorted(SIMPLIFIED.items()))

# The comment inside the FTS5 call is what Datasette and sqlite-utils look for to find the index
# of `articles`; FTS5 itself never sees it. Rank: a hit in the title counts eight times.
_INDEX = f"""
CREATE TABLE _nums (n INTEGER PRIMARY KEY);  -- 0 … 16383
INSERT INTO _nums WITH RECURSIVE c(n) AS
  (SELECT 0 UNION ALL SELECT n+1 FROM c WHERE n < {_NUMBERS - 1}) SELECT n FROM c;
CREATE TABLE _indexing (                 -- empty but within a transaction of Broadsheet's own
  url TEXT PRIMARY KEY                   -- of the article whose words it gives to the index itself
) WITHOUT ROWID;
CREATE TABLE _fold (                     -- characters that search takes for others: 鄭 for 郑
  variant INTEGER PRIMARY KEY,           -- its code point
  simplified INTEGER NOT NULL            -- what the index has instead
);
INSERT INTO _fold VALUES {_FOLD_ROWS};
{segmented_view("articles")}
CREATE VIRTUAL TABLE articles_fts USING fts5(title, text, /* content="articles" */
  content='articles_seg', content_rowid='id', tokenize='unicode61 remove_diacritics 2');
INSERT INTO articles_fts(articles_fts, rank) VALUES ('rank', 'bm25(8.0, 1.0)');
"""  # noqa: S608

_HIGHLIGHT = "replace(highlight(articles_fts, 0, char(2), char(3)), char(8203), '')"
_SNIPPET = "replace(snippet(articles_fts, 1, char(2), char(3), '', 40), char(8203), '')"
_SEGMENTED = "(SELECT {} FROM articles_seg WHERE id = a.id)"

# q is JSON, because only a table-valued function hands a view its parameter. Split at the double
# quotes, the odd parts of it are phrases and the even ones words; the words' blanks are made into
# the borders of a JSON list, so that json_each parts them.
_VIEW = f"""
CREATE VIEW search AS
-- SELECT * FROM search WHERE q = '"央行 降准"' ORDER BY rank LIMIT 10; q is a JSON string: its
-- words, and phrases in \\" \\", must all occur. json_quote(:text) makes it. source is its id.
SELECT j.json AS q, f.rowid AS id, f.rank AS rank,
  {_original("a.title", _SEGMENTED.format("title"), _HIGHLIGHT)} AS title,
  {_original("a.text", _SEGMENTED.format("text"), _SNIPPET)} AS snippet,
  a.url, a.source_id AS source, a.published
FROM json_each AS j CROSS JOIN articles_fts AS f JOIN articles AS a ON a.id = f.rowid
WHERE f.articles_fts MATCH coalesce((SELECT group_concat('"' || t || '"', ' ') FROM (
  SELECT {_folded("term", "32")} AS t FROM (
    SELECT CASE part.key % 2 WHEN 1 THEN part.value ELSE word.value END AS term
    FROM json_each('[' || replace(json_quote(
        replace(replace(j.value, char(0), ' '), char(92), ' ')), '\\"', '","') || ']') AS part
      CROSS JOIN json_each(CASE part.key % 2 WHEN 1 THEN '[0]'
        ELSE '[' || replace(json_quote(part.value), ' ', '","') || ']' END) AS word))
  WHERE trim(t) <> ''), '""');
"""  # noqa: S608

SEARCH = _INDEX + _VIEW

_JOIN = "JOIN articles AS a ON a.id = f.rowid"
SEARCH_OF_SHOWN = "DROP VIEW search;" + _VIEW.replace(_JOIN, f"{_JOIN} AND a.held IS NULL")
# What schemas 1 to 3 wrote took blocks alone, by which a long text took seconds. The words are the
# same, and the index stays.
SEGMENTED_IN_PARTS = (
    "DROP VIEW articles_seg;\nDROP VIEW superseded_seg;\n"
    f"{segmented_view('articles')}\n{segmented_view('superseded')}\n{SEARCH_OF_SHOWN}"
)

# The index of a table follows it, whoever writes: from its view, as the table stood and stands.
_FOLLOWS = """
CREATE TRIGGER IF NOT EXISTS {table}_fts_ai AFTER INSERT ON {table}{when} BEGIN
  INSERT INTO {table}_fts(rowid, title, text)
    SELECT id, title, text FROM {table}_seg WHERE id = new.id; END;
CREATE TRIGGER IF NOT EXISTS {table}_fts_bd BEFORE DELETE ON {table} BEGIN
  INSERT INTO {table}_fts({table}_fts, rowid, title, text)
    SELECT 'delete', id, title, text FROM {table}_seg WHERE id = old.id; END;
CREATE TRIGGER IF NOT EXISTS {table}_fts_bu BEFORE UPDATE OF id, title, text ON {table} BEGIN
  INSERT INTO {table}_fts({table}_fts, rowid, title, text)
    SELECT 'delete', id, title, text FROM {table}_seg WHERE id = old.id; END;
CREATE TRIGGER IF NOT EXISTS {table}_fts_au AFTER UPDATE OF id, title, text ON {table} BEGIN
  INSERT INTO {table}_fts(rowid, title, text)
    SELECT id, title, text FROM {table}_seg WHERE id = new.id; END;
"""
_NOT_BY_US = "\nWHEN NOT EXISTS (SELECT 1 FROM _indexing WHERE url = new.url)"  # see `indexing`
TRIGGERS = _FOLLOWS.format(table="articles", when=_NOT_BY_US) + _FOLLOWS.format(
    table="superseded", when=""
).removeprefix("\n")
