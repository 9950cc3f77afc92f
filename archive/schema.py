"""The schema of `archive.db`: every table and column, and the scripts that lead to it."""

from __future__ import annotations

from archive.asof.tables import ASOF
from archive.schema_growth import (
    ALIKE,
    BYLINE,
    CONFIDENCE,
    COVERAGE,
    EVIDENCE,
    FACE,
    GAPS,
    HANDED_OUT,
    HELD,
    IMAGES,
    LEADS,
    LOOK_UPS,
    NO_STATISTICS,
    OFFSET,
    REMARK,
    REOPENED,
    SOURCE_HOSTS,
    UNCHANGED,
    WENT_OVER,
)
from archive.search.index_schema import SEARCH, SEARCH_OF_SHOWN, SEGMENTED_IN_PARTS

APPLICATION_ID = 0x42524453  # "BRDS", in the file's header: `file archive.db` shows it

SOURCES = """
CREATE TABLE sources (
  id TEXT PRIMARY KEY NOT NULL,          -- the config's id, or a registrable domain (page, warc)
  name TEXT NOT NULL,                    -- the outlet: sources of equal name are one
  kind TEXT NOT NULL DEFAULT '',         -- feed sitemap listing json page warc; '' until detected
  url TEXT NOT NULL,                     -- what is polled
  category TEXT NOT NULL DEFAULT '',     -- first category of its articles
  section TEXT NOT NULL DEFAULT '',      -- third category of its articles; '' = the article's own
  language TEXT NOT NULL DEFAULT '',     -- of articles that name none
  enabled INTEGER NOT NULL DEFAULT 1,    -- 0: nobody polls it nor fetches what it owes
  etag TEXT,                             -- of the last document that was read whole
  last_modified TEXT,                    -- the same document's Last-Modified, word for word
  validators_url TEXT,                   -- the address that gave both, after redirects
  next_due TEXT,                         -- when to look again
  interval_s INTEGER,                    -- from the last successful visit to the next
  failures REAL NOT NULL DEFAULT 0,      -- since the last good visit; soft ones weigh less than 1
  last_success TEXT,                     -- last visit that was answered and readable
  last_new TEXT,                         -- last visit that brought a new entry
  status TEXT NOT NULL DEFAULT 'ok',     -- archive.model.SourceStatus
  status_reason TEXT,                    -- in words
  moved_to TEXT,                         -- where a permanent redirect leads
  moved_polls INTEGER NOT NULL DEFAULT 0,  -- visits in a row that were led there
  rhythm TEXT NOT NULL DEFAULT '{}'      -- JSON: what was learned of when it publishes
);
CREATE TABLE health_changes (            -- what people are told of
  id INTEGER PRIMARY KEY,                -- ascending in time
  source_id TEXT NOT NULL REFERENCES sources(id) ON UPDATE CASCADE ON DELETE CASCADE,  -- whose
  at TEXT NOT NULL,                      -- when it was noticed
  was TEXT NOT NULL,                     -- the status before
  status TEXT NOT NULL,                  -- the status from then on
  reason TEXT,                           -- in words
  told TEXT                              -- when the alert went out; NULL: still to be told
);
CREATE INDEX health_changes_source ON health_changes(source_id, id);
CREATE INDEX health_changes_untold ON health_changes(id) WHERE told IS NULL;
CREATE TABLE subscriptions (             -- to the hubs of feeds that push (WebSub)
  id INTEGER PRIMARY KEY,                -- goes into its callback's address and its secret
  source_id TEXT NOT NULL REFERENCES sources(id) ON UPDATE CASCADE ON DELETE CASCADE,  -- whose
  hub TEXT NOT NULL,                     -- where it is asked for
  topic TEXT NOT NULL,                   -- the feed's address as the hub knows it
  callback TEXT NOT NULL,                -- [websub] callback when it was made
  state TEXT NOT NULL,                   -- archive.sources.subscriptions.State
  reason TEXT,                           -- why the hub refused it, in words
  made TEXT NOT NULL,                    -- when the feed was first seen to name this hub
  next_ask TEXT NOT NULL,                -- when to ask the hub: to subscribe, to renew, to end it
  attempts INTEGER NOT NULL DEFAULT 0,   -- times it was asked since it last confirmed
  expires TEXT,                          -- end of the lease; NULL until the hub has confirmed it
  pushed TEXT                            -- when the hub last pushed something
);
CREATE UNIQUE INDEX subscriptions_source ON subscriptions(source_id) WHERE state <> 'leaving';
CREATE TABLE visits (
  id INTEGER PRIMARY KEY,                -- ascending in time
  source_id TEXT NOT NULL REFERENCES sources(id) ON UPDATE CASCADE ON DELETE CASCADE,  -- whose
  at TEXT NOT NULL,                      -- when it began
  status INTEGER,                        -- HTTP; NULL without an answer
  error TEXT,                            -- why it failed, in words
  found INTEGER NOT NULL DEFAULT 0,      -- items listed, before any rule dropped some
  dropped INTEGER NOT NULL DEFAULT 0,    -- of these, by include, exclude or since
  deferred INTEGER NOT NULL DEFAULT 0,   -- of these, because max_owed was reached
  new INTEGER NOT NULL DEFAULT 0,        -- entries announced
  bytes INTEGER NOT NULL DEFAULT 0,      -- of the answer, as received
  seconds REAL NOT NULL DEFAULT 0,       -- until the answer was whole
  pushed INTEGER NOT NULL DEFAULT 0      -- 1: a hub brought the document (WebSub), nobody asked
);
CREATE INDEX visits_source ON visits(source_id, at);
CREATE TABLE visit_days (                -- what pruned visits add up to
  source_id TEXT NOT NULL REFERENCES sources(id) ON UPDATE CASCADE ON DELETE CASCADE,  -- whose
  day TEXT NOT NULL,                     -- UTC, 2021-12-09
  polls INTEGER NOT NULL,                -- visits of that day
  not_modified INTEGER NOT NULL,         -- of these, answered 304
  failed INTEGER NOT NULL,               -- of these, without a readable answer
  new INTEGER NOT NULL,                  -- entries announced
  bytes INTEGER NOT NULL,                -- received
  PRIMARY KEY (source_id, day)
) WITHOUT ROWID;
CREATE TABLE documents (                 -- children of a sitemap index
  -- whose index:
  source_id TEXT NOT NULL REFERENCES sources(id) ON UPDATE CASCADE ON DELETE CASCADE,
  url TEXT NOT NULL,                     -- as the index has it
  lastmod TEXT,                          -- the index's latest claim
  position INTEGER NOT NULL,             -- in the index, from 0
  read_lastmod TEXT,                     -- the lastmod it had when it was read
  read_at TEXT,                          -- NULL: still to be read, or to be read again
  failures INTEGER NOT NULL DEFAULT 0,   -- vain tries since it was last read: others go before it
  PRIMARY KEY (source_id, url)
) WITHOUT ROWID;
CREATE INDEX documents_unread ON documents(source_id, failures, lastmod DESC, position)
  WHERE read_at IS NULL;
"""

ARTICLES = """
CREATE TABLE articles (
  id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given twice: file names and pages refer to it
  url TEXT NOT NULL UNIQUE,              -- canonical
  -- the announcer at its own host, else the first:
  source_id TEXT NOT NULL REFERENCES sources(id) ON UPDATE CASCADE,
  source_name TEXT NOT NULL,             -- the outlet, as it was called when this was archived
  title TEXT NOT NULL,                   -- of the current version
  author TEXT NOT NULL DEFAULT '',       -- persons, joined by ', ' or '、'; '' when none is named
  published TEXT NOT NULL,               -- see published_from
  published_from TEXT NOT NULL,          -- jsonld meta microdata text feed sitemap url announced
  published_claimed TEXT NOT NULL DEFAULT '',  -- the evidence, word for word
  updated TEXT,                          -- the site's claim
  fetched TEXT NOT NULL,                 -- first
  checked TEXT NOT NULL,                 -- last
  page_id INTEGER,                       -- in pages.db, of this version; NULL: none was kept
  withdrawn TEXT,                        -- when the site was seen to have taken it down
  language TEXT NOT NULL DEFAULT '',     -- zh, en, …
  category TEXT NOT NULL DEFAULT '',     -- the source's
  section TEXT NOT NULL DEFAULT '',      -- the source's, else the article's own
  tags TEXT NOT NULL DEFAULT '[]',       -- JSON list
  summary TEXT NOT NULL DEFAULT '',      -- the site's own, '' without
  text TEXT NOT NULL,                    -- plain, paragraphs separated by a blank line
  markdown TEXT NOT NULL,                -- the same body with links, images, tables
  image TEXT NOT NULL DEFAULT '',        -- lead image, absolute
  word_count INTEGER NOT NULL,           -- words + Han characters
  content_hash TEXT NOT NULL,            -- of normalised title + text
  text_hash TEXT NOT NULL,               -- of normalised text
  fingerprint TEXT NOT NULL DEFAULT '',  -- for near copies; '' = not computed
  copy_of INTEGER REFERENCES articles(id) ON DELETE SET NULL,  -- a story; NULL when this is one
  origin TEXT NOT NULL DEFAULT '',       -- the outlet or URL that the text names as its origin
  revision INTEGER NOT NULL DEFAULT 1,   -- number of the current version
  paywalled INTEGER NOT NULL DEFAULT 0,  -- 1: the text is known to be cut
  markdown_path TEXT,                    -- below markdown.dir; fixed when it first became a story
  page_url TEXT NOT NULL DEFAULT '',     -- the address that answered, for looking again
  page_etag TEXT,                        -- of that answer
  page_last_modified TEXT,               -- of that answer, word for word
  next_check TEXT                        -- when to look again; NULL: not any more
);
CREATE INDEX articles_next_check ON articles(source_id, next_check) WHERE next_check IS NOT NULL;
CREATE INDEX articles_fetched ON articles(fetched, source_id);
CREATE INDEX articles_published ON articles(published DESC);
CREATE INDEX articles_source ON articles(source_id, published DESC);
CREATE INDEX articles_text_hash ON articles(text_hash);
CREATE INDEX articles_content_hash ON articles(content_hash);
CREATE INDEX articles_copy_of ON articles(copy_of) WHERE copy_of IS NOT NULL;
CREATE TABLE article_urls (              -- every address that led there
  url TEXT PRIMARY KEY NOT NULL,         -- canonical or as announced
  article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE  -- where it led
) WITHOUT ROWID;
CREATE INDEX article_urls_article ON article_urls(article_id);
CREATE TABLE revisions (                 -- every version, the current one included
  article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,  -- of which article
  number INTEGER NOT NULL,               -- 1, 2, …
  seen TEXT NOT NULL,                    -- when it was fetched
  kind TEXT NOT NULL,                    -- first edit minor extraction
  title TEXT NOT NULL,                   -- of this version
  text TEXT NOT NULL,                    -- of this version
  markdown TEXT NOT NULL,                -- of this version
  content_hash TEXT NOT NULL,            -- of normalised title + text
  PRIMARY KEY (article_id, number)
);
CREATE TABLE near_bands (                -- of articles: near copies share one of 12 at least
  band INTEGER NOT NULL,                 -- archive.copies.fingerprints.bands
  day INTEGER NOT NULL,                  -- of publication, from 1970-01-01
  article_id INTEGER NOT NULL,           -- whose; not a reference: a delete would read the table
  PRIMARY KEY (band, day, article_id)
) WITHOUT ROWID;
CREATE TABLE cluster_changes (           -- what joined or left a story after it was first placed
  id INTEGER PRIMARY KEY,                -- ascending in time
  at TEXT NOT NULL,                      -- when
  article_id INTEGER NOT NULL,           -- which article; it may be gone by now
  was INTEGER,                           -- the story it was a copy of; NULL: it was one itself
  story INTEGER,                         -- the story it is a copy of since; NULL: it is one itself
  reason TEXT NOT NULL,                  -- in words
  by_hand INTEGER NOT NULL DEFAULT 0     -- 1: a person's decision, which no text undoes
);
CREATE INDEX cluster_changes_article ON cluster_changes(article_id);
CREATE INDEX cluster_changes_by_hand ON cluster_changes(was) WHERE by_hand;
CREATE TABLE instruments (
  code TEXT PRIMARY KEY NOT NULL,        -- 300778.XSHE, AAPL.XNAS
  exchange TEXT NOT NULL,                -- ISO 10383 MIC
  symbol TEXT NOT NULL,                  -- at that exchange
  name TEXT NOT NULL DEFAULT '',         -- as news call it
  learned_from TEXT NOT NULL DEFAULT '', -- what gave the name
  first_seen TEXT NOT NULL,              -- in an article
  last_seen TEXT NOT NULL                -- in an article
) WITHOUT ROWID;
CREATE TABLE mentions (
  article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,  -- where
  code TEXT NOT NULL,                    -- instruments.code
  surface TEXT NOT NULL,                 -- as the article writes it
  evidence TEXT NOT NULL,                -- link attribute exchange bracket cashtag name feed
  count INTEGER NOT NULL,                -- times in title and text
  PRIMARY KEY (article_id, code)
) WITHOUT ROWID;
CREATE INDEX mentions_code ON mentions(code, article_id DESC);
"""

ENTRIES = """
CREATE TABLE entries (                   -- one URL that a source announced; owed until closed
  id INTEGER PRIMARY KEY,                -- ascending in order of hand-out
  -- who announced it:
  source_id TEXT NOT NULL REFERENCES sources(id) ON UPDATE CASCADE ON DELETE CASCADE,
  guid TEXT NOT NULL DEFAULT '',         -- the feed's own id; '' without
  url TEXT NOT NULL,                     -- canonical
  raw_url TEXT NOT NULL,                 -- what is fetched: as announced last
  aliases TEXT NOT NULL DEFAULT '[]',    -- JSON list: further URLs that came with its guid
  host TEXT NOT NULL,                    -- of raw_url, lower case, without port
  title TEXT NOT NULL DEFAULT '',        -- the feed's
  published TEXT,                        -- the feed's claim
  updated TEXT,                          -- the feed's claim; a newer one makes it owed again
  payload TEXT NOT NULL DEFAULT '{}',    -- JSON: the rest of what the feed carried
  announced TEXT NOT NULL,               -- first
  state TEXT NOT NULL DEFAULT 'owed',    -- owed archived copy rejected forbidden gone failed
  reason TEXT,                           -- of the state; while owed, of the last failed try
  attempts INTEGER NOT NULL DEFAULT 0,   -- failed tries since it became owed
  not_before TEXT NOT NULL,              -- announced, or when a retry is due
  closed TEXT,                           -- NULL while owed
  article_id INTEGER REFERENCES articles(id) ON DELETE SET NULL,  -- what it became, copy included
  UNIQUE (source_id, url)
);
CREATE INDEX entries_guid ON entries(source_id, guid);
CREATE INDEX entries_same_guid ON entries(guid) WHERE guid <> '';
CREATE INDEX entries_url ON entries(url);
CREATE INDEX entries_article ON entries(article_id) WHERE article_id IS NOT NULL;
CREATE INDEX entries_owed ON entries(source_id, host, not_before DESC, id) WHERE state = 'owed';
CREATE INDEX entries_state ON entries(state, reason);
CREATE INDEX entries_closed ON entries(source_id, closed DESC, id DESC) WHERE closed IS NOT NULL;
"""

BESIDE = """
CREATE TABLE files (                     -- owed where the hashes differ
  path TEXT PRIMARY KEY NOT NULL,        -- below markdown.dir
  article_id INTEGER NOT NULL,           -- not a reference: a file outlives its row until deleted
  wanted_hash TEXT,                      -- SHA-256; NULL: the file is to be deleted
  written_hash TEXT                      -- SHA-256; NULL: never written
) WITHOUT ROWID;
CREATE INDEX files_article ON files(article_id);
CREATE INDEX files_owed ON files(path) WHERE wanted_hash IS NOT written_hash OR wanted_hash IS NULL;
CREATE TABLE verbatim_posts (            -- posts that were imported: their files stay as they were
  -- until it has a newer version:
  article_id INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE,
  content BLOB NOT NULL                  -- the whole file
);
CREATE TABLE placeholders (              -- texts that stand in for articles: consent walls and such
  outlet TEXT NOT NULL,                  -- sources.name
  text_hash TEXT NOT NULL,               -- articles.text_hash
  seen TEXT NOT NULL,                    -- when it was recognised
  text TEXT NOT NULL,                    -- its first 1,000 characters, for the person who asks why
  PRIMARY KEY (outlet, text_hash)
) WITHOUT ROWID;
CREATE TABLE outlet_lines (              -- what the latest articles of an outlet hold, as hashes
  outlet TEXT NOT NULL,                  -- sources.name
  number INTEGER NOT NULL,               -- 1, 2, … in the order of archiving
  at TEXT NOT NULL,                      -- when it was archived
  lines BLOB NOT NULL,                   -- its short lines and images, a signed 64-bit hash each
  most INTEGER,                          -- hash of the line that is most of the article, if one is
  PRIMARY KEY (outlet, number)
) WITHOUT ROWID;
CREATE TABLE boilerplate (               -- lines and images that an outlet puts into its articles
  outlet TEXT NOT NULL,                  -- sources.name
  hash INTEGER NOT NULL,                 -- of its letters, as in outlet_lines
  kind TEXT NOT NULL,                    -- line image
  line TEXT NOT NULL,                    -- as the article had it that taught it; an image's address
  articles INTEGER NOT NULL,             -- distinct ones that had it
  first_seen TEXT NOT NULL,              -- when it was learned
  last_seen TEXT NOT NULL,               -- in a new article
  last_number INTEGER NOT NULL,          -- that article's number, as in outlet_lines
  PRIMARY KEY (outlet, hash)
) WITHOUT ROWID;
CREATE TABLE tombstones (                -- URLs that were taken down here and may not return
  url TEXT PRIMARY KEY NOT NULL,         -- canonical
  reason TEXT NOT NULL DEFAULT '',       -- in words
  at TEXT NOT NULL                       -- when
) WITHOUT ROWID;
CREATE TABLE runs (
  id INTEGER PRIMARY KEY,                -- ascending in time
  command TEXT NOT NULL,                 -- as given
  started TEXT NOT NULL,                 -- when
  ended TEXT,                            -- NULL: running, or killed
  reason TEXT,                           -- why it ended
  counters TEXT NOT NULL DEFAULT '{}'    -- JSON object
);
CREATE TABLE settings (                  -- what files depend on besides the articles
  key TEXT PRIMARY KEY NOT NULL,         -- such as markdown.body
  value TEXT NOT NULL                    -- as text
) WITHOUT ROWID;
CREATE TABLE migrations (
  version INTEGER PRIMARY KEY,           -- equals PRAGMA user_version at the time
  applied TEXT NOT NULL                  -- when
);
"""

VIEWS = """
CREATE VIEW stories AS                   -- copies = distinct other outlets that carried it
SELECT a.*, (SELECT count(DISTINCT c.source_name) FROM articles AS c
             WHERE c.copy_of = a.id AND c.source_name <> a.source_name) AS copies
FROM articles AS a WHERE a.copy_of IS NULL;
CREATE VIEW article_diffs AS
SELECT n.article_id, n.number, o.number AS previous, n.seen, n.kind, o.title AS old_title,
       n.title AS new_title, o.text AS old_text, n.text AS new_text
FROM revisions AS n JOIN revisions AS o ON o.article_id = n.article_id
  AND o.number = (SELECT max(p.number) FROM revisions AS p
                  WHERE p.article_id = n.article_id AND p.number < n.number);
"""

# One script per released version; a released script is never changed, the next one alters. But for
# the view `coverage`: version 2 made one, version 9 makes it anew.
# Never sqlite-utils' table.transform() on articles: it drops the triggers.
MIGRATIONS = (
    SOURCES + ARTICLES + ENTRIES + BESIDE + VIEWS + SEARCH,
    HANDED_OUT + EVIDENCE + HELD + SEARCH_OF_SHOWN + OFFSET + REMARK + GAPS + LEADS,
    CONFIDENCE + WENT_OVER + ASOF,
    SEGMENTED_IN_PARTS,
    FACE,
    UNCHANGED + LOOK_UPS,
    IMAGES + BYLINE,
    ALIKE + SOURCE_HOSTS + NO_STATISTICS,
    COVERAGE + REOPENED,
)
SCHEMA_VERSION = len(MIGRATIONS)
