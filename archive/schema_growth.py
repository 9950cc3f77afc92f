"""What schemas 2 to 8 add to the tables of `archive.schema`: a constant for each thing grown."""

from __future__ import annotations

from archive.sources.coverage_days import VIEW

_NUMBER = "ALTER TABLE {} ADD COLUMN attempt INTEGER NOT NULL DEFAULT 0;\n"  # entries.attempts
HANDED_OUT = "".join(map(_NUMBER.format, ("sources", "documents", "entries", "articles")))
EVIDENCE = "ALTER TABLE articles ADD COLUMN evidence TEXT NOT NULL DEFAULT '{}';\n"
# What a guess keeps back (entries.state may be `held`), and by what an article is known again.
HELD = """
ALTER TABLE articles ADD COLUMN held TEXT;
ALTER TABLE article_urls ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE entries ADD COLUMN shown TEXT NOT NULL DEFAULT '';
ALTER TABLE entries ADD COLUMN vain INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sources ADD COLUMN domains TEXT NOT NULL DEFAULT '[]';
ALTER TABLE sources ADD COLUMN hosts TEXT NOT NULL DEFAULT '[]';
ALTER TABLE sources ADD COLUMN vain INTEGER NOT NULL DEFAULT 0;
ALTER TABLE placeholders ADD COLUMN kind TEXT NOT NULL DEFAULT 'wall';
UPDATE placeholders SET kind = 'former';
CREATE TABLE holds (                     -- what a guess keeps back, until it is released or refused
  id INTEGER PRIMARY KEY,                -- ascending in time
  at TEXT NOT NULL,                      -- since when
  reason TEXT NOT NULL,                  -- why, in words
  outlet TEXT NOT NULL,                  -- sources.name
  text_hash TEXT NOT NULL,               -- of the text that was read
  -- whose page makes no article meanwhile:
  entry_id INTEGER REFERENCES entries(id) ON DELETE CASCADE,
  -- the article that is held, or that has a version held:
  article_id INTEGER REFERENCES articles(id) ON DELETE CASCADE,
  version TEXT,                          -- JSON: the version that is held; NULL: all of it
  looks INTEGER NOT NULL DEFAULT 1       -- how often it was read
);
CREATE INDEX articles_author ON articles(author, published) WHERE author <> '';
CREATE INDEX articles_held ON articles(held) WHERE held IS NOT NULL;
CREATE INDEX holds_entry ON holds(entry_id) WHERE entry_id IS NOT NULL;
CREATE INDEX holds_article ON holds(article_id) WHERE article_id IS NOT NULL;
CREATE INDEX entries_held ON entries(source_id, not_before) WHERE state = 'held';
DROP VIEW stories;
CREATE VIEW stories AS                   -- copies = distinct other outlets that carried it
SELECT a.*, (SELECT count(DISTINCT c.source_name) FROM articles AS c
             WHERE c.copy_of = a.id AND c.source_name <> a.source_name) AS copies
FROM articles AS a WHERE a.copy_of IS NULL AND a.held IS NULL;
"""

OFFSET = """
ALTER TABLE sources ADD COLUMN offset_s INTEGER;  -- by which its dates run ahead; NULL: by none
"""
REMARK = """
ALTER TABLE visits ADD COLUMN remark TEXT;  -- what is odd though it was read; NULL: nothing
"""

GAPS = """
ALTER TABLE sources ADD COLUMN listing TEXT NOT NULL DEFAULT '{}';  -- archive.sources.window
CREATE TABLE gaps (                      -- times of which a source's news may be missing
  id INTEGER PRIMARY KEY,                -- ascending in the order they were noticed
  source_id TEXT NOT NULL REFERENCES sources(id) ON UPDATE CASCADE ON DELETE CASCADE,  -- whose
  started TEXT NOT NULL,                 -- the last good visit before it; silent: the last news
  ended TEXT,                            -- the visit that noticed it; NULL: it goes on (silent)
  why TEXT NOT NULL,                     -- overflow asleep outage failing silent
  missing INTEGER,                       -- items, an estimate; NULL: nobody can tell
  found INTEGER NOT NULL DEFAULT 0,      -- items that were found elsewhere
  healed TEXT,                           -- when all was found; NULL: something may be missing
  windowless INTEGER NOT NULL DEFAULT 0,  -- 1: its source has no window, so this proves nothing
  detail TEXT NOT NULL DEFAULT ''        -- in words: where it was looked for
);
CREATE INDEX gaps_source ON gaps(source_id, ended);
CREATE INDEX gaps_open ON gaps(source_id) WHERE healed IS NULL AND NOT windowless;
CREATE TABLE absences (                  -- times in which nobody could visit, whatever was due
  id INTEGER PRIMARY KEY,                -- ascending in time
  why TEXT NOT NULL,                     -- asleep: the machine; outage: its network
  started TEXT NOT NULL,                 -- when
  ended TEXT                             -- NULL: it goes on
);
CREATE INDEX absences_ended ON absences(ended);
CREATE INDEX entries_announced ON entries(source_id, announced, published, state);
"""

LEADS = """
ALTER TABLE sources ADD COLUMN trust INTEGER NOT NULL DEFAULT 5;  -- 0-9: who leads a story
ALTER TABLE articles ADD COLUMN lead_reason TEXT NOT NULL DEFAULT '';  -- of a story that has copies
ALTER TABLE cluster_changes ADD COLUMN led INTEGER NOT NULL DEFAULT 0;  -- 1: another leads the same
UPDATE articles SET lead_reason = 'archived first'
  WHERE id IN (SELECT copy_of FROM articles WHERE copy_of IS NOT NULL);
CREATE INDEX articles_origin ON articles(origin, fetched) WHERE origin <> '';
CREATE TABLE story_links (               -- near copies that say the contrary: two stories
  article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,  -- the later one
  other_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,  -- the one it turns
  reason TEXT NOT NULL,                  -- what each says, in its words
  PRIMARY KEY (article_id, other_id)
) WITHOUT ROWID;
CREATE INDEX story_links_other ON story_links(other_id);
"""

# What schema 3 adds.
CONFIDENCE = """
ALTER TABLE articles ADD COLUMN confidence REAL NOT NULL DEFAULT 1.0;  -- 0-1: how sure its text is
"""
WENT_OVER = """
ALTER TABLE holds ADD COLUMN moved TEXT;  -- JSON: of a second row, what went over to the first one
"""

# What schema 5 adds, for the reading pages. `copy_of` and what follows it lie behind the text of a
# row: a day's stories are counted from this index alone. Changed headlines are among the edits. (No
# function in an index: what is opened as a stranger's, to merge it, runs none.)
FACE = """
CREATE INDEX articles_front ON articles(published DESC, first_seen, source_id, source_name,
  language, section, copy_of, revision, held, withdrawn);
CREATE INDEX changes_edits ON changes(seq) WHERE kind IN ('edit', 'minor');
"""

# What schema 6 adds.
UNCHANGED = """
ALTER TABLE sources ADD COLUMN body_digest TEXT;  -- of its document, with the rules it is read by
ALTER TABLE sources ADD COLUMN hints TEXT NOT NULL DEFAULT '{}';  -- JSON: when it asks for visits
"""
LOOK_UPS = """
CREATE INDEX entries_raw_url ON entries(raw_url) WHERE raw_url <> url;
CREATE INDEX articles_language ON articles(language);
CREATE INDEX sources_hosts ON sources(id, hosts) WHERE enabled;
"""

# What schema 7 adds.
IMAGES = """
CREATE TABLE images (                    -- pictures that articles lead to, by address: [images]
  id INTEGER PRIMARY KEY,                -- ascending in the order they were first met
  url TEXT NOT NULL UNIQUE,              -- as the article has it
  host TEXT NOT NULL,                    -- of url, lower case, without port
  state TEXT NOT NULL DEFAULT 'owed',    -- owed kept refused removed
  reason TEXT,                           -- of the state; while owed, of the last failed try
  sha256 TEXT,                           -- of its file; several addresses may have one
  type TEXT,                             -- image/jpeg image/png image/webp image/gif image/avif
  bytes INTEGER,                         -- of its file
  width INTEGER,                         -- pixels, as its header says
  height INTEGER,                        -- pixels, as its header says
  fetched TEXT,                          -- when it was kept or refused
  attempts INTEGER NOT NULL DEFAULT 0,   -- failed tries
  attempt INTEGER NOT NULL DEFAULT 0,    -- the number under which it was handed out last
  not_before TEXT NOT NULL               -- when it is due
);
CREATE INDEX images_owed ON images(host, not_before, id) WHERE state = 'owed';
CREATE INDEX images_file ON images(sha256, bytes) WHERE state = 'kept';
CREATE INDEX images_kept_since ON images(fetched) WHERE state = 'kept';
CREATE TABLE article_images (            -- which pictures an article leads to
  article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,  -- which article
  image_id INTEGER NOT NULL REFERENCES images(id) ON DELETE CASCADE,  -- which picture
  position INTEGER NOT NULL,             -- 0: the lead image, then those of the body in order
  PRIMARY KEY (article_id, image_id)
) WITHOUT ROWID;
CREATE INDEX article_images_image ON article_images(image_id);
"""
# By outlet first: an agency signs a thousand articles a day, and the outlets that print them, too.
BYLINE = """
DROP INDEX articles_author;
CREATE INDEX articles_author ON articles(source_id, author, published) WHERE author <> '';
"""

# What schema 8 adds: an index for each look-up that a new article or a hand-out makes, so that none
# reads all that an outlet printed in four days, or all sources. `substr` is a function that SQLite
# runs for a stranger's schema, too.
ALIKE = """
DROP INDEX articles_author;
CREATE INDEX articles_author ON articles(source_id, author, substr(text, 1, 20), published)
  WHERE author <> '';
CREATE INDEX articles_title ON articles(source_id, title);
CREATE INDEX holds_text ON holds(text_hash) WHERE version IS NOT NULL;
CREATE INDEX sources_name ON sources(name);
"""
HOSTS_OF = """
SELECT DISTINCT substr(h.value, 1, instr(h.value || '/', '/') - 1) AS host, s.id AS source_id
FROM {sources} AS s CROSS JOIN json_each(iif(json_valid(s.hosts), s.hosts, '[]')) AS h
WHERE h.type = 'text'
"""
_HOSTS_OF_NEW = HOSTS_OF.format(sources="(SELECT new.id AS id, new.hosts AS hosts)")
# Whose page it is was looked up in the hosts of all sources: 2 ms an article with 10,000 of them.
SOURCE_HOSTS = f"""
CREATE TABLE source_hosts (              -- `sources.hosts` one by one: triggers write it
  host TEXT NOT NULL,                    -- lower case; of a tenant (platform.example/@a) its host
  -- whose own it is, with all below it:
  source_id TEXT NOT NULL REFERENCES sources(id) ON UPDATE CASCADE ON DELETE CASCADE,
  PRIMARY KEY (host, source_id)
) WITHOUT ROWID;
CREATE INDEX source_hosts_source ON source_hosts(source_id);
INSERT INTO source_hosts(host, source_id) {HOSTS_OF.format(sources="sources")};
CREATE TRIGGER source_hosts_ai AFTER INSERT ON sources BEGIN
  DELETE FROM source_hosts WHERE source_id = new.id;
  INSERT INTO source_hosts(host, source_id) {_HOSTS_OF_NEW}; END;
CREATE TRIGGER source_hosts_au AFTER UPDATE OF id, hosts ON sources
WHEN new.hosts IS NOT old.hosts OR new.id IS NOT old.id BEGIN
  DELETE FROM source_hosts WHERE source_id IN (old.id, new.id);
  INSERT INTO source_hosts(host, source_id) {_HOSTS_OF_NEW}; END;
DROP INDEX sources_hosts;
"""  # noqa: S608
# Every run of a crawl made these of 400 rows an index, at its end; plans that are good at any size
# became bad ones by them. See docs/decisions/archive.md.
NO_STATISTICS = """
DROP TABLE IF EXISTS sqlite_stat1;
DROP TABLE IF EXISTS sqlite_stat4;
"""

# What schema 9 adds: a page of `coverage` reads the days that it shows, no longer all.
COVERAGE = f"""
DROP VIEW IF EXISTS coverage;
CREATE VIEW coverage AS
{VIEW};
"""
# What was closed once and is owed again: few of many events, and asked for by every moment.
REOPENED = """
CREATE INDEX changes_owed_again ON changes(seq) WHERE kind = 'reopened';
"""
