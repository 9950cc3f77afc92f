"""What schema 3 adds: the numbered changes, and every version but the current one, stored once."""

from __future__ import annotations

from archive.search.index_schema import segmented_view

CHANGES = """
CREATE TABLE changes (                   -- every event of the archive, in the order of its writing
  seq INTEGER PRIMARY KEY AUTOINCREMENT, -- 1, 2, …; never renumbered, never given twice
  at TEXT NOT NULL,                      -- when this archive learnt it; never goes back
  kind TEXT NOT NULL,                    -- archive.model.ChangeKind
  article_id INTEGER,                    -- whose; it may be gone by now; NULL: an entry's alone
  number INTEGER,                        -- the article's current version since
  -- JSON: `was` holds what the event changed, as it stood before; the rest is of its kind
  detail TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX changes_article ON changes(article_id, seq);
CREATE INDEX changes_at ON changes(at, seq);
CREATE TABLE _moment (                   -- empty but within a transaction of Broadsheet's own
  id INTEGER PRIMARY KEY CHECK (id = 1),
  at TEXT NOT NULL,                      -- `changes.at` of what is written now
  via TEXT                               -- `changes.kind` of articles that come in; NULL: new
);
ALTER TABLE articles ADD COLUMN first_seen TEXT NOT NULL DEFAULT '';  -- by this archive
ALTER TABLE articles ADD COLUMN version_seen TEXT NOT NULL DEFAULT '';  -- this version's fetch
ALTER TABLE articles ADD COLUMN version_kind TEXT NOT NULL DEFAULT 'first';  -- revisions.kind
UPDATE articles SET first_seen = fetched,
  version_seen = coalesce((SELECT r.seen FROM revisions AS r
    WHERE r.article_id = articles.id AND r.number = articles.revision), fetched),
  version_kind = coalesce((SELECT r.kind FROM revisions AS r
    WHERE r.article_id = articles.id AND r.number = articles.revision), 'first');
"""

# What was written before there were changes: the versions have their times, all else is as of the
# migration. `was.text` null: the text stands in `superseded`.
_FORMER_CHANGES = """
INSERT INTO changes(at, kind, article_id, number, detail)
SELECT r.seen, iif(r.number = 1, 'new', r.kind), r.article_id, r.number,
  iif(o.number IS NULL, '{}', json_object('was', json_object('revision', o.number,
    'title', o.title, 'content_hash', o.content_hash, 'version_seen', o.seen,
    'version_kind', o.kind, 'text', NULL, 'markdown', NULL)))
FROM revisions AS r JOIN articles AS a ON a.id = r.article_id
LEFT JOIN revisions AS o ON o.article_id = r.article_id AND o.number = r.number - 1
ORDER BY r.seen, r.article_id, r.number;
"""

_SUPERSEDED = """
CREATE TABLE superseded (                -- every version that another one followed
  id INTEGER PRIMARY KEY,                -- of its row in the index
  article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,  -- of which article
  number INTEGER NOT NULL,               -- 1, 2, …
  seen TEXT NOT NULL,                    -- when it was fetched
  kind TEXT NOT NULL,                    -- first edit minor extraction
  title TEXT NOT NULL,                   -- of this version, as all that follows
  text TEXT NOT NULL,
  markdown TEXT NOT NULL,
  content_hash TEXT NOT NULL,            -- of normalised title + text
  author TEXT,                           -- NULL, here and below: from before it was kept
  published TEXT,
  updated TEXT,
  language TEXT,
  section TEXT,
  tags TEXT,
  summary TEXT,
  image TEXT,
  paywalled INTEGER,
  confidence REAL,
  url TEXT,
  source_id TEXT,
  UNIQUE (article_id, number)
);
INSERT INTO superseded(article_id, number, seen, kind, title, text, markdown, content_hash)
  SELECT r.article_id, r.number, r.seen, r.kind, r.title, r.text, r.markdown, r.content_hash
  FROM revisions AS r JOIN articles AS a ON a.id = r.article_id AND r.number < a.revision
  ORDER BY r.article_id, r.number;
DROP VIEW article_diffs;
DROP TABLE revisions;
CREATE VIEW revisions AS                 -- every version, the current one included
SELECT article_id, number, seen, kind, title, text, markdown, content_hash, author, published,
  updated, language, section, tags, summary, image, paywalled, confidence, url, source_id
FROM superseded UNION ALL
SELECT id, revision, version_seen, version_kind, title, text, markdown, content_hash, author,
  published, updated, language, section, tags, summary, image, paywalled, confidence, url, source_id
FROM articles;
CREATE VIEW article_diffs AS
SELECT n.article_id, n.number, o.number AS previous, n.seen, n.kind, o.title AS old_title,
       n.title AS new_title, o.text AS old_text, n.text AS new_text
FROM superseded AS o JOIN revisions AS n ON n.article_id = o.article_id
  AND n.number = (SELECT min(p.number) FROM revisions AS p
                  WHERE p.article_id = o.article_id AND p.number > o.number);
"""

_INDEX = f"""
{segmented_view("superseded")}
CREATE VIRTUAL TABLE superseded_fts USING fts5(title, text,
  content='superseded_seg', content_rowid='id', tokenize='unicode61 remove_diacritics 2');
INSERT INTO superseded_fts(superseded_fts, rank) VALUES ('rank', 'bm25(8.0, 1.0)');
INSERT INTO superseded_fts(superseded_fts) VALUES ('rebuild');
"""  # noqa: S608

ASOF = CHANGES + _FORMER_CHANGES + _SUPERSEDED + _INDEX
