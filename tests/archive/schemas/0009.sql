PRAGMA application_id = 1112687699;
PRAGMA user_version = 9;
BEGIN;
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

CREATE TABLE _nums (n INTEGER PRIMARY KEY);  -- 0 … 16383
INSERT INTO _nums WITH RECURSIVE c(n) AS
  (SELECT 0 UNION ALL SELECT n+1 FROM c WHERE n < 16383) SELECT n FROM c;
CREATE TABLE _indexing (                 -- empty but within a transaction of Broadsheet's own
  url TEXT PRIMARY KEY                   -- of the article whose words it gives to the index itself
) WITHOUT ROWID;
CREATE TABLE _fold (                     -- characters that search takes for others: 鄭 for 郑
  variant INTEGER PRIMARY KEY,           -- its code point
  simplified INTEGER NOT NULL            -- what the index has instead
);
INSERT INTO _fold VALUES (13422,177992), (13423,13396), (13427,13383), (13430,13369), (13459,131650), (13508,174111), (13544,21054), (13579,174030), (13742,174133), (13810,134526), (13823,174171), (13833,134193), (13843,174220), (13844,178960), (13850,13838), (14045,178022), (14084,13999), (14095,14051), (14096,178023), (14103,137099), (14114,137137), (14135,137056), (14238,174602), (14330,174663), (14351,14278), (14371,179575), (14487,174737), (14493,139976), (14702,14616), (14734,141039), (14747,140755), (14750,174839), (14907,174979), (14923,174987), (14940,14891), (14963,14800), (14965,25820), (14990,175051), (15332,144912), (15385,144857), (15703,146630), (15742,175565), (15750,178075), (15821,147874), (15871,148023), (15879,148410), (15997,178083), (16015,149515), (16028,175803), (16118,175883), (16342,175982), (16343,151242), (16359,151407), (16393,151650), (16441,151924), (16490,152034), (16507,16421), (16526,152477), (16622,40910), (16720,176168), (16755,176172), (16777,176194), (16977,176242), (16985,154368), (17004,176264), (17010,154524), (17014,176247), (17069,155269), (17079,17206), (17082,176410), (17091,176412), (17108,176414), (17113,17210), (17114,17211), (17126,176425), (17145,17215), (17147,17214), (17148,176430), (17151,156179), (17160,156182), (17163,156184), (17174,156188), (17181,156191), (17183,156190), (17189,156192), (17200,156185), (17252,176453), (17254,17248), (17277,156512), (17305,176493), (17329,17324), (17635,182063), (17764,178133), (17779,158772), (17797,178129), (17861,176810), (17919,160350), (18004,176882), (18017,17996), (18033,161581), (18089,176943), (18116,176992), (18163,177003), (18176,18215), (18198,178146), (18285,177063), (18299,163413), (18300,18317), (18312,163409), (18315,177066), (18323,177069), (18371,177082), (18374,177075), (18384,177073), (18438,177091), (18481,164187), (18512,178148), (18537,178149), (18549,178150), (18600,164985), (18724,178170), (18756,178176), (18759,18818), (18769,40911), (18773,183151), (18775,177419), (18793,166998), (18799,177414), (18801,18814), (18840,167428), (18843,18870), (18847,18871), (18863,177461), (18867,167423), (18914,167455), (19082,177541), (19087,168956), (19095,168960), (19096,168959), (19124,177579), (19134,177580), (19136,177585), (19138,177584), (19167,177586), (19188,169367), (19190,177594), (19195,177607), (19198,178184), (19219,177610), (19224,169582), (19229,169583), (19230,169575), (19239,177631), (19264,169991), (19267,169992), (19281,177649), (19284,177648), (19327,170477), (19332,178186), (19357,170480), (19358,170497), (19360,170495), (19371,170503), (19376,177710), (19379,170511), (19390,170474), (19392,19397), (19428,170568), (19518,40067), (19520,177808), (19521,177807), (19545,171912), (19559,177824), (19564,171914), (19568,171915), (19575,19619), (19576,178193), (19581,19613), (19585,40154), (19589,177820), (19606,171906), (19608,40164), (19632,172610), (19676,177900), (19682,177904), (19684,177902), (19687,177914), (19691,177916), (19721,40558), (19723,177925), (19756,172936), (19761,177938), (19764,172939), (19773,177940), (19827,173125), (19828,177945), (19861,177960), (19890,177971), (19999,20002), (20006,24182), (20094,24178), (20098,20081), (20121,20120), (20126,20122), (20295,20267), (20296,24067), (20308,21344), (20341,24182), (20358,26469), (20374,20177), (20406,20387), (20407,23616), (20417,20451), (20418,31995), (20435,131577), (20436,20259), (20448,20384), (20453,20257), (20460,31169), (20480,20261), (20486,20457), (20488,20459), (20489,20179), (20491,20010), (20497,20204), (20502,24184), (20523,20262), (20530,13384), (20553,20255), (20561,13373), (20596,20391), (20597,20390), (20605,20266), (20620,13367), (20625,26480), (20630,20263), (20632,20254), (20633,22791), (20642,23478), (20653,20323), (20655,20588), (20659,20256), (20660,20251), (20661,20538), (20663,20260), (20670,20542), (20674,20603), (20677,20165), (20681,20325), (20689,20392), (20693,20166), (20702,20266), (20708,178360), (20709,20389), (20712,20606), (20721,38599), (20729,20215), (20736,20202), (20737,20426), (20738,20396), (20740,20159), (20744,20393), (20745,20461), (20750,20644), (20752,20647), (20756,20454), (20757,20394), (20760,23613), (20767,20607), (20771,131506), (20778,20248), (20781,131782), (20786,20648), (20791,20458), (20792,13417), (20794,20649), (20795,20645), (20796,20456), (20807,20982), (20812,20817), (20818,20799), (20823,20822), (20839,20869), (20841,20004), (20874,20876), (20881,32964), (20906,24130), (20936,20928), (20941,20923), (20953,173981), (20956,20955), (20977,20975), (21029,21035), (21034,21024), (21060,21037), (21063,21017), (21067,20811), (21070,21049), (21079,21036), (21083,21018), (21085,21093), (21102,21072), (21108,21056), (21109,21019), (21111,38130), (21118,132805), (21123,21010), (21124,26413), (21127,21095), (21129,21016), (21130,21053), (21132,21055), (21133,21073), (21135,13541), (21137,21058), (21146,13577), (21185,21170), (21201,133216), (21205,21160), (21209,21153), (21211,21195), (21213,32988), (21214,21171), (21218,21183), (21219,174045), (21225,21210), (21233,21154), (21235,21195), (21237,21169), (21240,21149), (21243,21248), (21293,21286), (21295,27719), (21297,21294), (21312,21306), (21332,21327), (21369,24676), (21371,21364), (21373,21363), (21401,21389), (21408,21397), (21412,21382), (21421,21388), (21426,21385), (21428,21411), (21443,21442), (21444,21441), (21474,19995), (21522,21668), (21555,21556), (21558,21584), (21570,21525), (21692,21593), (21729,21592), (21743,134111), (21764,21591), (21779,174131), (21816,24565), (21839,38382), (21843,21551), (21854,21713), (21855,21551), (21858,21793), (21902,13726), (21914,21796), (21930,20007), (21931,21507), (21932,20052), (21934,21333), (21938,21727), (21958,21595), (21959,21868), (21962,21789), (21966,21527), (21978,21596), (21993,21794), (22000,134070), (22006,21716), (22009,174159), (22022,21497), (22029,21949), (22035,21871), (22036,21589), (22038,21863), (22039,23581), (22044,21787), (22057,21719), (22058,174147), (22062,21792), (22063,21880), (22064,21501), (22067,174174), (22069,21715), (22072,21586), (22074,174144), (22077,21876), (22081,24694), (22085,134112), (22099,22040), (22106,13706), (22109,21661), (22110,174155), (22112,21714), (22117,21725), (22118,21717), (22127,22003), (22130,21721), (22132,21943), (22136,21544), (22137,24403), (22144,21659), (22151,21523), (22156,21724), (22160,23581), (22165,22108), (22169,21870), (22171,174136), (22181,21693), (22182,21590), (22183,134199), (22184,21657), (22190,21521), (22194,20152), (22195,21950), (22196,20005), (22198,22052), (22205,174229), (22208,21869), (22209,21995), (22210,22179), (22211,134238), (22213,20865), (22216,21587), (22217,21872), (22220,33487), (22225,22065), (22226,174240), (22250,22257), (22279,22261), (22283,22269), (22285,22260), (22290,22253), (22291,22278), (22294,22270), (22296,22242), (22302,174254), (22459,22365), (22497,22445), (22504,179042), (22508,174278), (22512,37319), (22519,25191), (22533,22362), (22538,22441), (22550,22452), (22554,174290), (22557,22490), (22575,23591), (22577,25253), (22580,22330), (22602,22359), (22603,33556), (22607,22450), (22610,22488), (22615,28034), (22618,20898), (22626,22366), (22628,22489), (22645,23576), (22648,179039), (22649,22545), (22655,174331), (22666,22443), (22684,22368), (22688,179075), (22702,22549), (22704,22363), (22706,174264), (22707,22367), (22710,22447), (22715,22681), (22718,22438), (22727,22363), (22728,136324), (22731,22449), (22734,22489), (22739,21387), (22743,135908), (22744,22418), (22745,22329), (22746,22406), (22748,22363), (22750,22351), (22751,22404), (22752,22405), (22754,22364), (22755,174362), (22761,22365), (22762,22598), (22767,22766), (22778,22774), (22780,22776), (22781,23551), (22816,22815), (22818,26790), (22821,20249), (22846,22841), (22864,22850), (22887,22885), (22889,22849), (22890,22842), (22892,22870), (22894,22859), (22908,23033), (22941,22918), (22989,22999), (23014,22904), (23065,179227), (23067,23089), (23105,23044), (23137,178027), (23142,22919), (23149,23045), (23176,178024), (23207,23090), (23215,22955), (23216,14016), (23228,23210), (23229,22920), (23243,34949), (23255,22954), (23285,22953), (23290,23092), (23291,23092), (23295,23155), (23296,22955), (23299,23213), (23303,178028), (23304,23046), (23307,23157), (23308,23047), (23321,23281), (23329,23250), (23331,174448), (23332,23351), (23334,178025), (23338,23252), (23344,23156), (23352,23158), (23355,174463), (23363,23064), (23364,178030), (23366,178029), (23367,174443), (23371,14052), (23372,23048), (23374,137247), (23403,23385), (23416,23398), (23419,137575), (23422,174528), (23423,23402), (23470,23467), (23488,37319), (23520,174552), (23522,23517), (23526,23454), (23527,23425), (23529,23457), (23531,20889), (23532,23485), (23541,23456), (23542,23453), (23559,23558), (23560,19987), (23563,23547), (23565,23545), (23566,23548), (23607,23604), (23622,23626), (23629,23608), (23635,23619), (23644,23625), (23650,23649), (23652,23618), (23656,23654), (23657,174615), (23660,23646), (23713,20872), (23791,23792), (23796,23704), (23798,23707), (23805,23777), (23821,23811), (23825,26118), (23831,23703), (23833,20177), (23842,23781), (23852,23741), (23888,23706), (23895,23681), (23932,138676), (23933,179591), (23934,14309), (23937,23901), (23940,23853), (23943,23702), (23944,138883), (23956,23898), (23959,23810), (23960,138884), (23968,23780), (23970,23779), (23975,23748), (23976,23747), (23982,23812), (23992,23896), (23993,178037), (23994,23725), (23996,23679), (23997,23731), (24010,174670), (24011,23743), (24018,23782), (24020,24005), (24022,23721), (24023,174647), (24024,174680), (24048,24047), (24057,21370), (24101,24069), (24107,24072), (24115,24080), (24118,24102), (24128,24103), (24131,24079), (24147,14414), (24151,24124), (24152,24123), (24157,174711), (24159,24092), (24163,24065), (24169,174712), (24171,24110), (24172,24113), (24183,24182), (24185,24178), (24190,20960), (24235,24211), (24257,21397), (24258,21410), (24260,21417), (24264,21414), (24270,24252), (24277,33643), (24282,21416), (24285,21422), (24286,179703), (24287,24217), (24288,21378), (24289,24209), (24290,24223), (24291,24191), (24295,174750), (24297,24298), (24300,24208), (24307,21381), (24338,24337), (24340,21514), (24371,24362), (24373,24352), (24375,24378), (24387,174780), (24388,179753), (24390,21035), (24392,24377), (24396,24357), (24398,24367), (24404,24405), (24409,27719), (24416,24415), (24421,24422), (24427,38613), (24434,24424), (24447,20315), (24460,21518), (24465,24452), (24478,20174), (24480,24469), (24489,22797), (24501,24449), (24505,24443), (24511,174796), (24646,24658), (24677,32827), (24709,24742), (24734,24750), (24757,24581), (24758,38391), (24765,20932), (24801,24694), (24817,24700), (24818,24701), (24827,24699), (24859,29233), (24860,24812), (24872,24747), (24884,24582), (24887,24698), (24891,140879), (24894,24574), (24900,26647), (24907,24577), (24909,24864), (24920,24808), (24922,24813), (24927,24696), (24931,24815), (24932,24747), (24938,24580), (24939,24578), (24942,34385), (24947,24749), (24950,24198), (24954,14698), (24956,25114), (24958,27442), (24962,24551), (24970,24811), (24976,24604), (24977,20973), (24978,24870), (24982,24941), (24986,24814), (24994,140882), (24996,24868), (25003,24751), (25006,24579), (25010,23466), (25014,24518), (25016,174842), (25017,140880), (25024,140883), (25031,24691), (25033,24212), (25036,24639), (25037,25044), (25038,141313), (25054,33945), (25055,24636), (25059,25041), (25060,14653), (25064,24697), (25074,24809), (25078,25042), (25079,24576), (25080,24748), (25082,24527), (25084,24807), (25086,24913), (25088,24651), (25095,25094), (25108,25099), (25127,25111), (25129,25132), (25136,25112), (25137,25135), (25138,25103), (25142,25143), (25182,25421), (25291,25243), (25306,25340), (25385,25437), (25393,25394), (25406,25375), (25448,33293), (25451,25194), (25457,25384), (25458,21367), (25475,25195), (25476,25249), (25478,14799), (25495,25372), (25497,25379), (25498,174965), (25499,25346), (25505,37319), (25536,25315), (25562,25196), (25563,25442), (25582,25381), (25583,25604), (25613,25439), (25622,25671), (25623,25443), (25639,25159), (25653,25598), (25654,25250), (25675,142060), (25680,174946), (25681,25524), (25692,25532), (25695,25602), (25711,25370), (25715,25248), (25718,25247), (25722,25240), (25723,25530), (25736,25438), (25738,174974), (25743,25382), (25744,25745), (25747,25376), (25757,14801), (25759,25378), (25763,25528), (25765,25320), (25767,174998), (25771,25242), (25778,25169), (25779,25599), (25787,25374), (25790,25373), (25791,25441), (25793,25317), (25796,25523), (25799,25321), (25802,20987), (25803,25377), (25811,14815), (25812,25285), (25818,25454), (25823,174951), (25824,25380), (25825,25260), (25827,25443), (25835,142093), (25836,25311), (25839,25672), (25840,25319), (25841,25601), (25842,25527), (25844,25193), (25847,25783), (25850,25670), (25851,25822), (25852,25784), (25853,14832), (25854,25200), (25860,25669), (25862,25781), (25867,175030), (25871,25314), (25876,25318), (25878,25732), (25881,25600), (25883,25786), (25884,25658), (25885,25668), (25890,25874), (25891,25371), (25892,25674), (25898,25605), (25900,25597), (25933,21465), (25934,25945), (25939,25946), (25943,36133), (25944,21465), (25973,25932), (25976,25968), (25986,25947), (25987,27609), (25989,143230), (25990,25961), (26005,26003), (26028,26025), (26039,26029), (26040,143553), (26044,20110), (26050,26071), (26083,26082), (26119,21319), (26178,26102), (26185,26187), (26203,180266), (26205,26172), (26248,26197), (26249,26198), (26256,180265), (26264,26104), (26274,30021), (26283,26242), (26308,26196), (26310,21382), (26311,26137), (26313,26195), (26314,175158), (26319,21521), (26326,26279), (26336,26103), (26341,143760), (26344,26173), (26348,26194), (26360,20070), (26371,20250), (26405,157416), (26407,32999), (26414,26415), (26481,19996), (26545,21488), (26548,25296), (26613,26629), (26618,25296), (26619,26597), (26737,144405), (26751,26438), (26772,26624), (26774,175223), (26776,26535), (26780,180393), (26781,26465), (26783,26541), (26802,26817), (26820,24323), (26826,26827), (26838,26536), (26839,26531), (26847,26635), (26849,15182), (26855,26632), (26866,26646), (26870,26814), (26895,26720), (26930,15183), (26951,144524), (26954,26472), (26963,26539), (26984,26722), (26989,19994), (26997,26497), (27032,30697), (27046,24178), (27050,26473), (27054,33635), (27058,27013), (27071,26724), (27083,26500), (27085,26538), (27091,26464), (27108,26815), (27111,26912), (27112,26881), (27115,144354), (27118,26926), (27123,26728), (27126,26914), (27132,26909), (27137,26729), (27138,20048), (27141,26526), (27153,26753), (27155,27004), (27161,26631), (27166,26530), (27168,144842), (27170,15204), (27171,26679), (27172,144652), (27175,27037), (27179,15220), (27187,26730), (27192,26420), (27193,26641), (27194,26726), (27199,26923), (27208,26721), (27211,26725), (27231,26426), (27234,26925), (27243,27178), (27247,144639), (27265,27305), (27273,26621), (27284,26723), (27292,26727), (27295,27098), (27298,26816), (27299,27183), (27309,144948), (27310,26812), (27311,21488), (27315,27103), (27317,175259), (27320,26592), (27323,27099), (27331,26588), (27333,175246), (27341,180426), (27347,27257), (27354,27016), (27355,26633), (27357,26911), (27358,27260), (27359,26638), (27360,175278), (27365,27249), (27367,27104), (27368,26636), (27370,26533), (27371,27237), (27372,27015), (27377,34326), (27379,26634), (27384,27017), (27387,27185), (27396,26639), (27397,27017), (27399,175309), (27402,26435), (27405,144420), (27407,26916), (27408,175252), (27409,175385), (27410,26686), (27411,144843), (27414,27012), (27416,145050), (27422,26818), (27453,38054), (27470,21497), (27472,27431), (27487,27428), (27489,27426), (27506,23681), (27511,21382), (27512,24402), (27519,27521), (27544,27531), (27550,27538), (27554,145980), (27556,27527), (27560,15470), (27563,27546), (27565,20725), (27566,27539), (27567,27553), (27568,15465), (27570,27516), (27578,26432), (27579,22771), (27580,22771), (27584,27585), (27590,27572), (27594,175441), (27647,27637), (27650,29286), (27656,27617), (27660,27655), (27683,27668), (27691,27682), (27692,27689), (27693,146525), (27699,27698), (27710,27867), (27726,27867), (27737,27745), (27770,20915), (27794,27809), (27798,20914), (27841,20917), (27869,28335), (27945,27844), (27958,27769), (28025,27971), (28031,180697), (28039,27902), (28055,28058), (28092,20937), (28114,20932), (28122,27882), (28133,28172), (28136,20928), (28137,20940), (28138,27814), (28149,28170), (28150,28062), (28154,27973), (28185,28067), (28187,20943), (28194,27816), (28198,28065), (28204,27979), (28222,27985), (28234,20945), (28235,146583), (28254,27976), (28263,28044), (28271,27748), (28296,27817), (28310,20934), (28317,27807), (28321,175492), (28331,28201), (28334,27977), (28339,28066), (28348,28287), (28356,27815), (28357,28781), (28364,28068), (28366,33637), (28377,27719), (28396,27818), (28399,28382), (28402,28183), (28407,21348), (28408,27986), (28411,27984), (28414,28378), (28415,28385), (28417,28180), (28426,28295), (28429,180729), (28442,27812), (28450,27721), (28451,28063), (28460,28173), (28466,28072), (28469,28294), (28472,28176), (28479,27974), (28480,28520), (28481,39053), (28497,27900), (28500,27905), (28501,146584), (28505,27817), (28506,15627), (28507,28508), (28515,178071), (28516,28070), (28527,27988), (28528,28291), (28535,28375), (28543,28064), (28544,28073), (28549,146857), (28550,27975), (28551,28061), (28560,27780), (28567,28071), (28576,28177), (28580,27901), (28582,28394), (28585,27894), (28587,180693), (28588,178074), (28590,27981), (28593,28096), (28606,15584), (28609,27978), (28611,27987), (28612,15585), (28614,146979), (28629,28287), (28632,27870), (28634,28289), (28635,33945), (28636,27989), (28639,27982), (28644,28059), (28647,15572), (28651,28389), (28656,28493), (28657,28392), (28666,28293), (28668,27898), (28670,28388), (28671,175473), (28674,28571), (28675,147319), (28677,28386), (28678,28174), (28679,15551), (28681,27899), (28683,27784), (28687,27983), (28693,28626), (28696,27896), (28701,27813), (28703,28487), (28704,28486), (28710,28532), (28711,27895), (28712,28625), (28720,24357), (28722,28491), (28734,28572), (28739,27811), (28740,28384), (28749,178077), (28753,27922), (28754,175613), (28757,28435), (28760,28393), (28761,147132), (28765,28751), (28769,15573), (28771,28286), (28772,28390), (28775,28383), (28777,28383), (28797,28798), (28858,20026), (28879,20044), (28916,28867), (28961,26080), (28999,175657), (29001,28860), (29010,28828), (29017,28895), (29026,33557), (29029,28949), (29033,28902), (29036,28800), (29041,15805), (29058,175637), (29061,29044), (29065,148022), (29068,147908), (29074,33639), (29075,147873), (29079,28829), (29082,147961), (29089,148175), (29104,180860), (29105,28909), (29106,39054), (29118,28861), (29120,180900), (29121,28904), (29128,28783), (29129,28822), (29138,28903), (29142,180872), (29145,28907), (29148,28950), (29151,33829), (29158,28799), (29164,27585), (29165,28891), (29172,28905), (29174,15798), (29179,29071), (29180,28908), (29182,28952), (29187,178081), (29188,147907), (29191,159135), (29197,28865), (29200,28809), (29206,147949), (29211,28866), (29221,175731), (29223,178080), (29229,20105), (29234,20026), (29242,29239), (29246,23572), (29248,24202), (29254,22681), (29272,29261), (29300,25269), (29309,29301), (29334,33638), (29339,29286), (29342,175789), (29346,29322), (29351,29306), (29376,29366), (29433,29421), (29437,29384), (29452,175805), (29465,29424), (29494,29369), (29499,29426), (29505,29368), (29507,21574), (29508,29425), (29509,29422), (29514,175799), (29518,22870), (29544,29420), (29545,149379), (29546,29423), (29547,29443), (29550,29405), (29552,29406), (29553,16013), (29554,33719), (29557,29454), (29559,29367), (29560,20861), (29562,29549), (29563,29486), (29564,29461), (29568,29473), (29569,149412), (29692,178085), (29694,29616), (29745,38613), (29754,29648), (29759,29682), (29771,29614), (29778,29594), (29795,29712), (29796,29814), (29801,33721), (29802,29595), (29810,29617), (29819,175858), (29821,175824), (29833,29711), (29834,178089), (29845,181092), (29847,181089), (29853,175866), (29857,29710), (29859,29585), (29862,29815), (29867,29680), (29871,16069), (29872,29615), (29877,29593), (29880,29816), (29884,178088), (29885,29626), (29886,178086), (29887,29831), (29892,175848), (29893,181083), (29898,29756), (29903,29649), (29908,29838), (29909,149888), (29914,29906), (29915,150141), (29964,29935), (29973,29934), (29986,20135), (29987,20135), (30045,20137), (30050,27605), (30059,30011), (30064,24322), (30069,30011), (30070,24403), (30076,175944), (30087,30068), (30090,21472), (30169,30153), (30176,37240), (30190,175978), (30206,30132), (30210,30166), (30219,30127), (30221,30113), (30227,30186), (30238,30231), (30241,30126), (30247,30111), (30254,30214), (30257,175991), (30258,30125), (30266,30232), (30267,30232), (30274,30103), (30278,30184), (30279,30187), (30281,30213), (30288,150922), (30290,24840), (30296,30112), (30303,30250), (30305,30196), (30306,30162), (30308,30102), (30309,30151), (30311,30124), (30313,30302), (30316,30307), (30317,30271), (30318,30270), (30320,30152), (30321,30251), (30322,30315), (30332,21457), (30337,30338), (30362,30353), (30367,151424), (30384,30129), (30392,30386), (30394,30385), (30403,26479), (30428,30423), (30430,30415), (30433,23613), (30435,30417), (30436,30424), (30439,21346), (30440,176020), (30442,33633), (30493,176035), (30494,30495), (30501,30502), (30526,20247), (30541,176034), (30543,22256), (30556,30529), (30558,30544), (30616,30477), (30620,16470), (30622,30610), (30628,151975), (30646,30598), (30652,30545), (30663,33945), (30665,176056), (30673,176038), (30675,30508), (30682,30633), (30703,30699), (30787,26417), (30812,30785), (30820,30806), (30824,30743), (30831,30746), (30869,22524), (30873,152635), (30889,30805), (30893,30720), (30904,30748), (30906,30830), (30908,30721), (30909,16565), (30929,30809), (30938,30742), (30944,30837), (30947,30876), (30951,30875), (30959,30710), (30973,30807), (30974,16581), (30980,30810), (30990,30784), (30992,181384), (30994,152607), (31001,30861), (31014,30719), (31018,30778), (31019,30782), (31020,30718), (31022,176107), (31025,30779), (31061,31192), (31103,31108), (31117,31096), (31118,31087), (31125,31054), (31137,31043), (31142,24481), (31146,31109), (31150,31036), (31152,31074), (31153,31095), (31167,31171), (31176,31868), (31237,31246), (31240,31174), (31247,16713), (31260,26865), (31263,31104), (31278,31181), (31281,31216), (31296,35895), (31303,16735), (31308,31267), (31309,31215), (31310,39062), (31328,31230), (31329,31313), (31330,31229), (31337,31283), (31339,33719), (31341,31326), (31401,31389), (31402,27964), (31406,31351), (31407,31377), (31413,31374), (31414,31405), (31418,31397), (31428,31388), (31429,31373), (31431,31398), (31432,28790), (31434,31363), (31450,154207), (31466,31446), (31473,176223), (31478,31454), (31558,31508), (31565,31499), (31591,31509), (31604,16882), (31623,20010), (31627,31546), (31631,31581), (31642,26413), (31680,33410), (31684,33539), (31689,31569), (31691,31655), (31700,31612), (31704,154400), (31712,31615), (31714,181570), (31716,31491), (31721,31579), (31731,31578), (31736,154558), (31744,31654), (31746,176262), (31757,31699), (31761,34001), (31774,31658), (31777,31616), (31778,176259), (31779,31697), (31787,31659), (31801,31580), (31805,31614), (31806,24088), (31811,31726), (31813,154339), (31819,154398), (31820,31609), (31828,16996), (31833,31635), (31835,31727), (31836,31656), (31839,31809), (31840,31548), (31844,31614), (31849,31550), (31850,31766), (31852,31729), (31854,31657), (31858,21505), (31911,22918), (31925,31908), (31945,31933), (31965,31937), (31966,31914), (31975,31918), (31981,31933), (31984,22242), (31986,31901), (31988,31860), (31990,31900), (31993,32415), (31994,176409), (31998,32416), (32000,32426), (32002,32419), (32003,181779), (32004,32422), (32005,32418), (32006,32417), (32007,32421), (32008,32424), (32009,32427), (32011,32441), (32013,32435), (32016,32445), (32019,32446), (32020,32431), (32021,32432), (32022,32444), (32023,32433), (32024,32430), (32025,32440), (32026,32423), (32027,32439), (32028,32429), (32029,32436), (32030,181784), (32031,176411), (32033,32442), (32044,17207), (32046,25166), (32048,32454), (32049,32450), (32050,32449), (32051,32453), (32053,32443), (32057,32461), (32058,32448), (32060,32459), (32063,32464), (32064,32460), (32065,176415), (32066,32456), (32067,24358), (32068,32452), (32069,17209), (32070,32458), (32077,178115), (32078,32471), (32080,32467), (32085,32477), (32089,176416), (32091,32486), (32093,32468), (32094,32478), (32097,32476), (32098,32474), (32101,176418), (32102,32473), (32103,176417), (32104,32466), (32106,181793), (32112,32470), (32113,32479), (32114,19997), (32115,32475), (32118,32477), (32121,32482), (32122,176424), (32128,156172), (32129,32465), (32131,32481), (32132,181803), (32134,32480), (32135,156171), (32136,32488), (32137,32483), (32139,178116), (32140,32484), (32142,181801), (32143,32485), (32144,17212), (32145,25414), (32147,32463), (32150,176423), (32156,32508), (32157,181805), (32158,32525), (32159,176427), (32160,32511), (32161,178117), (32162,32504), (32163,32507), (32167,181807), (32170,181804), (32171,32447), (32172,32502), (32173,32500), (32175,32505), (32176,32510), (32177,32434), (32178,32593), (32179,32503), (32180,32512), (32181,24425), (32184,32438), (32185,32506), (32186,32494), (32187,32509), (32189,32496), (32190,32491), (32191,32501), (32196,32498), (32199,32513), (32202,32039), (32203,32495), (32205,156175), (32209,32511), (32210,32490), (32211,32492), (32212,32497), (32215,32515), (32216,32516), (32217,32514), (32218,32447), (32221,32521), (32222,32526), (32223,178118), (32224,32532), (32225,32535), (32227,32536), (32228,176428), (32230,32524), (32232,32534), (32233,32531), (32236,32517), (32238,176429), (32239,32428), (32240,156181), (32241,32529), (32242,32520), (32244,32451), (32246,32527), (32247,156169), (32248,156177), (32249,32519), (32251,33268), (32252,32522), (32264,33830), (32265,32537), (32266,32546), (32267,32530), (32269,176432), (32270,156180), (32272,32457), (32273,32547), (32277,32522), (32279,32542), (32283,32538), (32285,32540), (32286,32543), (32287,32539), (32291,21439), (32295,32486), (32299,32541), (32300,156186), (32301,32545), (32302,32553), (32303,181826), (32304,176435), (32305,32437), (32306,32551), (32307,17208), (32308,32420), (32309,32550), (32310,32119), (32311,32533), (32312,176434), (32313,32549), (32314,156176), (32317,24635), (32318,32489), (32322,176436), (32323,32503), (32325,32555), (32326,32554), (32328,176438), (32335,156189), (32336,199480), (32338,32559), (32339,156187), (32340,32455), (32341,32558), (32346,32557), (32350,32469), (32351,156174), (32353,32483), (32354,32523), (32360,176420), (32361,32499), (32362,32472), (32363,31995), (32364,176433), (32365,33575), (32366,32560), (32367,32563), (32368,32562), (32371,32564), (32374,176439), (32375,176419), (32376,17217), (32377,32462), (32379,156193), (32380,32487), (32381,32548), (32382,32561), (32383,17216), (32385,176440), (32390,181834), (32391,39075), (32392,32556), (32394,32425), (32396,32493), (32397,32047), (32399,32544), (32403,32552), (32404,25165), (32405,181835), (32406,32420), (32407,176441), (32408,32565), (32410,176421), (32412,32518), (32573,38069), (32579,17640), (32584,22363), (32588,32578), (32590,22363), (32624,32602), (32629,39554), (32631,32610), (32645,32599), (32646,32628), (32648,32641), (32651,33416), (32675,32676), (32677,32671), (32680,32673), (32681,20041), (32693,176471), (32694,33211), (32722,20064), (32747,29609), (32748,32730), (32761,32728), (32765,32729), (32812,32807), (32814,32802), (32854,22307), (32862,38395), (32879,32852), (32880,32874), (32882,22768), (32883,32824), (32885,32873), (32886,32834), (32887,32844), (32889,32845), (32891,176527), (32893,21548), (32894,32843), (32901,32899), (33029,32961), (33032,33033), (33051,33003), (33059,21767), (33061,144240), (33065,20462), (33067,33073), (33081,32960), (33102,32958), (33110,33000), (33121,33078), (33126,33041), (33130,144239), (33131,32959), (33139,33050), (33144,32928), (33155,33149), (33173,33112), (33178,32932), (33182,17373), (33184,33014), (33186,157564), (33193,33147), (33209,175205), (33213,32966), (33214,33037), (33215,33043), (33225,33080), (33229,33040), (33231,33169), (33239,144273), (33240,33098), (33242,33002), (33247,33039), (33248,33044), (33250,33244), (33253,21351), (33256,20020), (33274,21488), (33287,19982), (33288,20852), (33289,20030), (33290,26087), (33302,38138), (33304,39302), (33369,33329), (33379,176603), (33380,33315), (33382,33328), (33387,33339), (33393,33392), (33399,33395), (33467,21005), (33511,33486), (33586,20857), (33610,33606), (33674,24196), (33686,33550), (33698,33626), (33703,33483), (33749,199720), (33775,21326), (33780,24245), (33784,28895), (33799,33484), (33802,33713), (33836,19975), (33844,33629), (33845,33716), (33865,21494), (33874,33645), (33885,176654), (33892,33646), (33894,33479), (33903,33647), (33911,33636), (33933,176621), (33936,25628), (33939,33724), (33940,33715), (33941,33920), (33950,33669), (33965,176628), (33980,33485), (33984,33642), (33990,24109), (33995,30422), (34023,158735), (34030,33714), (34031,33473), (34036,33724), (34045,33628), (34052,182060), (34068,21340), (34072,21442), (34078,33932), (34083,33931), (34085,33905), (34086,33553), (34093,33643), (34095,176671), (34111,176621), (34113,33640), (34118,33927), (34126,33630), (34130,33644), (34131,33464), (34133,33720), (34136,33627), (34141,176693), (34146,33929), (34153,33633), (34154,33436), (34157,33831), (34163,176649), (34167,34019), (34173,176637), (34176,34160), (34182,176705), (34184,33631), (34186,34015), (34188,33431), (34193,23004), (34196,34103), (34200,33625), (34207,33718), (34214,33616), (34217,33832), (34227,17621), (34228,33486), (34229,17619), (34233,33492), (34234,33632), (34253,34013), (34254,33641), (34269,33402), (34277,33647), (34282,34222), (34285,17622), (34292,34164), (34294,33480), (34295,176708), (34297,34108), (34298,34106), (34304,33818), (34308,34162), (34310,33446), (34311,33487), (34314,34164), (34315,33529), (34330,34259), (34334,34105), (34335,159445), (34338,33551), (34349,20848), (34362,34016), (34367,33821), (34374,34050), (34377,182209), (34389,22788), (34395,34394), (34396,34383), (34399,21495), (34407,20111), (34415,34412), (34554,34545), (34555,34581), (34566,34476), (34624,182269), (34645,34432), (34655,29484), (34662,34430), (34664,34417), (34680,34583), (34692,34547), (34718,34434), (34722,33828), (34734,17878), (34747,34684), (34751,34688), (34754,176839), (34756,34544), (34760,34632), (34766,34728), (34776,176844), (34780,176824), (34787,34414), (34796,34633), (34799,34546), (34802,34411), (34803,176827), (34806,34511), (34811,34433), (34816,160727), (34817,34435), (34821,34631), (34822,34431), (34829,34638), (34832,34548), (34833,34686), (34836,34461), (34841,160726), (34847,34593), (34851,34510), (34854,176814), (34856,34767), (34865,34506), (34870,34453), (34875,34542), (34878,160847), (34886,20247), (34890,34065), (34899,26415), (34901,21516), (34906,32993), (34907,21355), (34909,20914), (34910,21355), (34937,21482), (34974,34926), (34999,22841), (35018,34949), (35023,37324), (35036,34917), (35037,35013), (35041,37324), (35069,21046), (35079,22797), (35084,35016), (35096,34950), (35122,35044), (35123,35042), (35128,35099), (35131,20149), (35136,176896), (35143,35045), (35145,35045), (35151,34991), (35155,176889), (35158,34948), (35159,176887), (35160,176891), (35165,35043), (35168,35014), (35172,35124), (35178,34972), (35180,25670), (35183,34924), (35184,161629), (35186,34989), (35188,35157), (35189,176903), (35208,26680), (35211,35265), (35214,35267), (35215,35268), (35219,35269), (35222,35270), (35224,35271), (35227,176938), (35233,35275), (35237,35277), (35238,35278), (35242,20146), (35244,35274), (35247,35279), (35250,35280), (35255,35281), (35257,176941), (35258,35273), (35260,176936), (35261,35272), (35263,35276), (35264,35266), (35316,35294), (35318,35311), (35320,35302), (35329,35744), (35330,35746), (35331,35747), (35336,35745), (35338,35759), (35340,35751), (35342,35752), (35343,182489), (35344,35750), (35345,176985), (35346,35761), (35347,35757), (35349,35754), (35350,35755), (35351,25176), (35352,35760), (35355,35769), (35356,176987), (35357,35766), (35358,176986), (35359,35772), (35362,18211), (35363,35776), (35365,35767), (35368,178142), (35369,35771), (35370,35775), (35373,35774), (35377,35768), (35380,35785), (35382,35779), (35386,35786), (35387,27880), (35388,35777), (35392,162730), (35393,35778), (35398,35787), (35402,178143), (35406,35765), (35408,35784), (35409,176993), (35410,35794), (35411,176988), (35412,35791), (35413,35780), (35414,35792), (35415,35783), (35416,35790), (35419,35781), (35421,182494), (35422,35789), (35424,21647), (35425,35817), (35426,35810), (35427,35811), (35430,35797), (35433,35799), (35434,182515), (35435,35815), (35436,35807), (35437,35809), (35438,35808), (35440,35800), (35441,35805), (35442,35813), (35443,35814), (35445,35804), (35447,176995), (35452,35801), (35455,35798), (35458,176997), (35460,35796), (35461,35803), (35462,35795), (35463,22840), (35467,177002), (35468,24535), (35469,35748), (35473,35827), (35474,35830), (35477,35806), (35480,35825), (35482,35822), (35486,35821), (35488,35802), (35489,35819), (35491,35820), (35492,35823), (35493,35824), (35494,35829), (35496,35826), (35498,35828), (35499,177000), (35500,35828), (35504,35841), (35506,35838), (35507,177006), (35508,178145), (35510,35847), (35511,177004), (35513,35837), (35514,176999), (35516,35850), (35518,35354), (35519,35843), (35522,35844), (35524,35846), (35527,35848), (35529,35839), (35531,35831), (35533,35812), (35535,35833), (35537,35836), (35538,35845), (35539,182497), (35542,35770), (35543,35842), (35547,35840), (35548,35853), (35549,35870), (35550,35869), (35551,182538), (35553,35877), (35554,35816), (35555,177001), (35556,35860), (35557,177011), (35558,35867), (35559,35856), (35563,35855), (35565,35861), (35566,21672), (35567,177009), (35568,177008), (35569,35763), (35570,182535), (35571,35865), (35572,177007), (35574,35852), (35575,35773), (35576,35832), (35578,35866), (35580,35862), (35582,35834), (35584,35851), (35585,35858), (35586,35859), (35588,35466), (35589,35788), (35590,177016), (35593,177015), (35594,35854), (35598,35868), (35599,177010), (35600,35879), (35604,35857), (35606,35873), (35607,35876), (35609,35878), (35610,35877), (35611,35762), (35613,35874), (35616,35875), (35617,35875), (35624,35871), (35627,35882), (35628,35884), (35629,35883), (35631,177017), (35633,177012), (35635,35764), (35640,177013), (35641,35880), (35646,35881), (35649,21719), (35650,178144), (35653,200078), (35654,177019), (35657,35777), (35658,176994), (35662,35890), (35663,35749), (35665,176996), (35667,182557), (35670,35886), (35672,35782), (35673,35887), (35674,35885), (35676,35889), (35678,177021), (35679,22122), (35688,176998), (35691,35893), (35693,27585), (35695,35793), (35696,35758), (35700,35892), (35703,25252), (35704,35818), (35709,35465), (35710,35883), (35712,35835), (35717,35849), (35722,21464), (35723,35423), (35724,18217), (35726,38624), (35730,35863), (35731,35753), (35733,35888), (35734,35894), (35738,36190), (35740,35872), (35742,35891), (35903,28330), (35912,23682), (35918,31446), (35920,20016), (35924,33395), (35948,29482), (35957,177030), (35958,35950), (35981,29432), (35987,29483), (35991,177036), (35993,18265), (35997,36125), (35998,36126), (35999,36128), (36000,36127), (36001,36130), (36002,36129), (36007,36139), (36008,36135), (36009,36137), (36010,36138), (36011,36143), (36012,36131), (36015,36142), (36016,36147), (36018,36160), (36019,36144), (36020,36149), (36022,36140), (36023,20080), (36024,36151), (36026,36150), (36027,36153), (36028,36148), (36029,36155), (36031,36152), (36032,36154), (36033,36146), (36034,36162), (36035,36161), (36036,36159), (36037,36165), (36039,36164), (36040,36158), (36042,36156), (36049,36168), (36050,36170), (36051,23486), (36053,36167), (36057,36178), (36058,36169), (36060,36176), (36061,177065), (36062,36175), (36063,163414), (36064,36180), (36065,36179), (36066,36132), (36067,21334), (36068,36145), (36070,36171), (36071,36181), (36074,36136), (36075,36173), (36076,36134), (36077,36172), (36080,18320), (36084,36182), (36085,36183), (36090,36186), (36091,36185), (36092,36141), (36093,36187), (36094,36188), (36099,163415), (36100,36157), (36101,36184), (36103,36191), (36104,36192), (36105,177067), (36106,36190), (36107,36189), (36109,36193), (36111,36194), (36112,36166), (36113,177068), (36115,36163), (36116,36177), (36118,36174), (36119,36189), (36122,177062), (36123,36195), (36124,36163), (36204,36202), (36245,36214), (36249,36213), (36264,36235), (36274,36273), (36321,36857), (36368,36341), (36400,36926), (36404,36362), (36428,36292), (36436,177104), (36437,36344), (36447,36857), (36448,36310), (36451,36434), (36452,36394), (36467,177094), (36474,36343), (36475,177099), (36482,36342), (36489,36280), (36490,36364), (36491,36347), (36493,36291), (36494,18402), (36497,36399), (36498,36318), (36499,36396), (36501,36464), (36504,163841), (36506,36345), (36509,164204), (36513,36433), (36517,36479), (36518,36508), (36522,36495), (36544,36527), (36553,164439), (36554,36710), (36555,36711), (36556,36712), (36557,20891), (36559,177156), (36561,36714), (36562,36713), (36564,36715), (36565,177157), (36567,164869), (36571,36717), (36572,177159), (36573,182786), (36575,36719), (36580,36727), (36584,177161), (36587,36728), (36588,177162), (36594,36721), (36599,177160), (36600,36724), (36601,36725), (36602,36730), (36603,36722), (36604,36726), (36606,36732), (36607,177164), (36611,36739), (36612,164872), (36613,36738), (36615,36737), (36616,36736), (36617,36733), (36618,36734), (36619,174646), (36626,36740), (36627,25405), (36628,36741), (36629,36731), (36630,177167), (36631,177168), (36635,36742), (36636,36750), (36637,36745), (36638,36747), (36639,36749), (36642,177166), (36645,36746), (36646,36743), (36648,177169), (36649,36744), (36650,36718), (36652,36748), (36654,177171), (36655,36753), (36659,36751), (36662,182798), (36663,177170), (36664,36755), (36667,36752), (36668,36754), (36670,36759), (36671,33286), (36672,36754), (36674,27586), (36676,36758), (36677,36757), (36678,36760), (36679,177174), (36681,36716), (36682,177173), (36685,36761), (36686,36735), (36688,177175), (36692,36762), (36695,177176), (36703,36720), (36704,177177), (36705,36756), (36706,36729), (36707,177158), (36708,36723), (36774,21150), (36781,36766), (36782,36779), (36783,36777), (36786,20892), (36852,22238), (36885,24452), (36889,36825), (36899,36830), (36913,21608), (36914,36827), (36938,28216), (36939,36816), (36942,36807), (36948,36798), (36949,36829), (36953,36965), (36956,36874), (36958,36882), (36960,36828), (36961,28335), (36969,36866), (36977,177207), (36978,36831), (36982,32469), (36983,36801), (36984,36873), (36986,36951), (36988,36797), (36993,36808), (36996,36824), (36999,36841), (37002,36793), (37007,36923), (37008,36902), (37087,37071), (37109,37038), (37126,37075), (37129,20065), (37138,37049), (37140,37036), (37142,37095), (37151,177240), (37159,37011), (37161,182909), (37165,37073), (37168,37051), (37170,37112), (37171,177249), (37172,37050), (37174,37072), (37178,37021), (37191,37186), (37192,37094), (37251,33100), (37270,37213), (37276,19985), (37278,37213), (37279,33935), (37283,31958), (37291,21307), (37292,37233), (37297,37222), (37298,182953), (37302,177271), (37312,37247), (37313,34885), (37315,37246), (37317,37245), (37323,37322), (37328,21400), (37330,38021), (37331,38022), (37332,38023), (37333,38028), (37335,38026), (37336,38025), (37337,38027), (37338,178162), (37341,38024), (37343,177381), (37347,38035), (37348,38032), (37350,25187), (37351,38031), (37352,177382), (37353,38034), (37362,178163), (37363,166975), (37364,183081), (37365,38039), (37367,38029), (37369,38037), (37370,38030), (37374,18810), (37375,183089), (37376,38063), (37377,38059), (37379,38040), (37380,38061), (37381,38053), (37382,177386), (37383,177383), (37384,38042), (37385,38048), (37387,166978), (37389,38045), (37390,38057), (37392,38052), (37393,38051), (37394,38033), (37396,38046), (37397,38062), (37398,178164), (37399,178165), (37403,177384), (37406,38055), (37408,166977), (37409,38047), (37411,38041), (37413,38060), (37414,38043), (37415,38058), (37422,38092), (37423,166980), (37424,38088), (37426,166979), (37427,38070), (37428,38083), (37431,38068), (37432,38073), (37433,38093), (37434,38064), (37437,38072), (37438,38080), (37439,38079), (37440,38078), (37441,166981), (37445,24040), (37446,38075), (37448,38090), (37449,38089), (37450,183103), (37451,38087), (37453,38091), (37457,38082), (37460,177388), (37461,38071), (37463,38067), (37466,38086), (37467,38085), (37469,178167), (37470,38074), (37472,177389), (37474,38069), (37476,38057), (37477,183096), (37478,38066), (37479,183105), (37484,38076), (37485,38077), (37486,183097), (37491,38187), (37494,38095), (37495,178169), (37496,38128), (37498,38098), (37499,38124), (37501,178168), (37502,177396), (37503,38122), (37504,38134), (37505,177394), (37506,178171), (37507,38131), (37509,38108), (37512,177391), (37514,177392), (37517,38106), (37519,178166), (37521,38115), (37523,38120), (37526,38114), (37528,38125), (37530,38123), (37531,38118), (37532,34900), (37536,38097), (37539,38135), (37541,38129), (37542,38111), (37544,38133), (37545,38117), (37546,38101), (37547,38127), (37548,38096), (37553,38110), (37555,38160), (37558,166983), (37559,38144), (37561,38152), (37563,38161), (37564,38153), (37569,38109), (37570,200580), (37571,38162), (37573,38156), (37575,38049), (37577,166984), (37580,38116), (37583,38103), (37584,183118), (37586,38155), (37591,177398), (37593,38139), (37597,38154), (37599,38163), (37600,177397), (37603,38104), (37604,38148), (37605,38147), (37606,38164), (37608,38151), (37609,38099), (37610,38138), (37613,38160), (37614,38102), (37615,38150), (37616,38146), (37617,38141), (37622,38157), (37624,38191), (37625,183086), (37628,38050), (37632,183085), (37633,38174), (37634,166987), (37636,24405), (37638,38166), (37639,38187), (37640,38185), (37647,38100), (37648,38181), (37650,38165), (37653,38175), (37656,38180), (37657,38193), (37658,38126), (37659,38171), (37660,177403), (37661,177405), (37662,183130), (37663,38188), (37664,38189), (37665,38172), (37666,38065), (37668,177401), (37669,177406), (37670,38182), (37672,38170), (37673,38176), (37675,38177), (37678,38178), (37679,38169), (37682,24405), (37683,38192), (37686,34920), (37688,38140), (37692,38222), (37693,177400), (37696,38173), (37697,38184), (37699,38186), (37700,166985), (37701,38059), (37702,38036), (37703,38196), (37704,38195), (37705,177410), (37706,28860), (37707,38149), (37709,38208), (37714,177412), (37716,38199), (37720,38113), (37722,38038), (37723,38203), (37728,38205), (37732,38200), (37733,38194), (37737,38168), (37740,38201), (37741,183140), (37742,166990), (37744,38206), (37749,38190), (37750,38198), (37754,38167), (37756,38024), (37758,38047), (37762,38209), (37764,38207), (37767,38213), (37768,178175), (37770,38225), (37772,38256), (37773,177413), (37779,183145), (37780,38229), (37782,38145), (37784,38217), (37785,177416), (37786,38180), (37787,38216), (37789,166991), (37790,177415), (37793,38211), (37794,38056), (37795,34021), (37798,38223), (37799,38112), (37801,38121), (37802,38204), (37804,38224), (37805,38215), (37806,38215), (37807,166989), (37808,38226), (37810,38219), (37811,38221), (37813,38227), (37814,40916), (37815,166974), (37816,38220), (37823,38222), (37827,38238), (37830,166988), (37831,26059), (37832,38142), (37833,166994), (37836,38214), (37837,38233), (37839,183148), (37840,38240), (37841,38237), (37847,38143), (37848,38197), (37850,183149), (37852,38231), (37853,38232), (37854,38235), (37855,38130), (37857,38236), (37858,38230), (37860,38210), (37861,177418), (37862,177385), (37864,37694), (37872,38234), (37877,38119), (37879,38244), (37881,38250), (37882,18813), (37883,183160), (37885,38152), (37886,177420), (37891,38105), (37892,166993), (37895,177421), (37896,177393), (37899,38132), (37901,177422), (37902,166995), (37903,166996), (37904,38243), (37906,38137), (37907,38246), (37908,38241), (37912,38047), (37913,38251), (37917,38242), (37920,38248), (37925,18821), (37926,38158), (37927,38159), (37928,38212), (37929,183164), (37930,177402), (37931,38220), (37934,38256), (37935,18819), (37938,38255), (37939,38253), (37941,38081), (37942,38254), (37944,38094), (37946,38107), (37948,177409), (37949,178172), (37951,38257), (37952,200621), (37956,38136), (37961,178177), (37962,38252), (37964,38228), (37969,37492), (37970,37492), (37972,38258), (37973,38183), (37982,38260), (37984,38084), (37987,38259), (37989,38245), (37994,183099), (37997,38247), (38000,38053), (38001,38261), (38002,38262), (38004,177428), (38007,38218), (38009,38249), (38012,38179), (38013,38075), (38014,37550), (38015,20991), (38017,38242), (38018,38219), (38263,38271), (38272,38376), (38274,38377), (38275,38378), (38278,38379), (38280,38380), (38281,38381), (38283,24320), (38284,38390), (38285,167426), (38286,38387), (38287,38384), (38288,167427), (38289,38386), (38290,38386), (38291,38388), (38292,38389), (38295,177455), (38296,38392), (38301,178178), (38302,177456), (38305,38402), (38307,38401), (38308,21512), (38309,38400), (38312,38394), (38313,38397), (38315,38403), (38316,38406), (38317,38398), (38321,38405), (38322,38405), (38325,177460), (38326,38410), (38329,38409), (38331,38414), (38332,38415), (38333,38413), (38334,38408), (38335,38412), (38339,38418), (38342,26495), (38343,26263), (38344,38385), (38345,183217), (38346,38420), (38347,38421), (38348,38417), (38349,38407), (38352,38423), (38353,177462), (38354,38424), (38355,38399), (38356,38422), (38357,38425), (38358,38383), (38364,20851), (38366,38426), (38368,38419), (38369,38416), (38370,36767), (38372,38427), (38373,38396), (38488,38473), (38493,38485), (38494,21319), (38499,38453), (38512,38452), (38515,38472), (38520,38470), (38525,38451), (38537,38503), (38538,38431), (38542,38454), (38545,183231), (38549,38504), (38555,38469), (38564,183246), (38568,38543), (38570,38505), (38574,183232), (38575,38502), (38577,38544), (38580,38471), (38584,38582), (38587,21482), (38603,38589), (38614,34429), (38617,21452), (38619,38607), (38620,26434), (38622,40481), (38626,31163), (38627,38590), (38642,20113), (38651,30005), (38673,27838), (38690,38689), (38691,177509), (38695,38654), (38716,175459), (38717,38657), (38722,38643), (38724,38701), (38726,21447), (38728,28789), (38729,21446), (38746,38739), (38748,38745), (38749,38740), (38758,33148), (38759,177539), (38760,38757), (38799,24041), (38813,32497), (38822,31179), (38845,38802), (38846,177543), (38849,32560), (38851,38801), (38854,21315), (38857,38831), (38859,38886), (38860,38887), (38861,38888), (38867,38889), (38873,38890), (38874,178181), (38875,177556), (38876,38892), (38877,38834), (38878,38891), (38880,177554), (38907,38901), (38911,21709), (38913,39029), (38914,39030), (38915,39031), (38917,39033), (38918,39034), (38919,39032), (38920,39035), (38922,39036), (38924,39042), (38925,178182), (38926,39040), (38927,39043), (38928,39044), (38929,39037), (38930,39041), (38931,39039), (38932,183382), (38935,39047), (38936,39046), (38940,39052), (38944,183391), (38945,39049), (38948,39056), (38950,39055), (38955,177583), (38957,22836), (38958,39058), (38960,39050), (38962,39051), (38964,39061), (38965,177587), (38967,39060), (38968,39048), (38969,39059), (38971,39057), (38973,39059), (38978,169163), (38979,169366), (38981,177590), (38982,39063), (38988,39064), (38989,39069), (38990,39066), (38991,39068), (38994,39065), (38995,39067), (38996,39068), (38999,177582), (39000,24895), (39001,39073), (39003,39072), (39006,31867), (39010,39071), (39011,177593), (39013,39074), (39015,39038), (39019,39076), (39020,39077), (39023,26174), (39024,39078), (39025,39045), (39027,39070), (39028,39079), (39080,39118), (39085,39120), (39086,39121), (39087,39122), (39088,169573), (39089,21488), (39091,21038), (39094,39123), (39095,169578), (39096,39124), (39098,39119), (39099,39126), (39100,39125), (39102,169579), (39104,39127), (39108,39128), (39110,39129), (39112,39130), (39115,177611), (39131,39134), (39136,39267), (39138,39269), (39139,39268), (39141,39270), (39142,177630), (39145,39272), (39146,39274), (39147,39275), (39149,39276), (39151,39277), (39153,39143), (39154,39278), (39156,39284), (39157,177634), (39158,177635), (39164,39282), (39165,39281), (39166,39280), (39167,39283), (39171,39290), (39172,39288), (39173,39292), (39176,31949), (39177,39287), (39178,20859), (39180,39285), (39182,39289), (39183,39291), (39185,39293), (39186,39297), (39187,39295), (39188,177638), (39189,39298), (39190,39294), (39191,177639), (39192,20313), (39194,32948), (39195,39300), (39196,39299), (39198,39279), (39201,39301), (39206,177632), (39207,177642), (39208,39302), (39210,177644), (39211,177637), (39212,31946), (39213,177646), (39217,31943), (39219,39271), (39221,21890), (39222,39305), (39223,39303), (39224,169996), (39226,39310), (39228,39273), (39230,39311), (39231,39306), (39233,39308), (39235,39309), (39237,39314), (39240,39312), (39241,39313), (39242,39315), (39243,39304), (39244,39316), (39249,39269), (39250,39286), (39255,39144), (39256,177652), (39260,39181), (39262,39307), (39263,177653), (39264,177641), (39266,39317), (39340,39532), (39341,39533), (39342,20911), (39343,177691), (39345,39534), (39347,39536), (39348,39535), (39353,39538), (39356,177692), (39361,39539), (39363,177693), (39369,183542), (39370,177695), (39374,170472), (39376,39547), (39377,39549), (39378,39545), (39379,183541), (39380,39541), (39381,39550), (39384,39552), (39385,39544), (39386,170475), (39387,39542), (39389,39548), (39390,177694), (39391,39543), (39393,39554), (39394,39560), (39396,177696), (39399,170482), (39401,170484), (39402,183549), (39403,177697), (39405,39559), (39408,39555), (39409,39558), (39414,170490), (39416,39566), (39419,177699), (39420,183551), (39423,39567), (39425,39563), (39426,39565), (39427,177700), (39428,177703), (39429,39571), (39433,177701), (39434,177702), (39436,39572), (39437,39570), (39438,39569), (39439,39568), (39441,183554), (39444,170496), (39446,39579), (39449,39575), (39450,170506), (39452,177705), (39453,170499), (39454,183555), (39455,170504), (39456,177704), (39460,39577), (39463,19396), (39466,170500), (39467,39582), (39469,39576), (39470,39581), (39472,33150), (39473,177708), (39476,177707), (39477,177706), (39478,39546), (39479,39578), (39480,39583), (39483,177709), (39484,178187), (39486,39585), (39488,34022), (39489,39580), (39490,39574), (39491,39584), (39492,39586), (39493,39537), (39498,39557), (39499,170479), (39500,39573), (39501,39553), (39502,183562), (39503,39587), (39507,177711), (39509,39556), (39511,39564), (39513,177712), (39514,24778), (39515,39551), (39519,39588), (39522,39540), (39524,39591), (39525,39589), (39526,39590), (39528,177713), (39530,39562), (39531,39561), (39599,32942), (39631,39621), (39634,33039), (39636,20307), (39637,39628), (39638,39627), (39662,21457), (39686,26494), (39693,32993), (39702,170873), (39706,39035), (39712,177725), (39714,39699), (39717,26007), (39719,38393), (39720,21700), (39721,38411), (39726,38404), (39729,37057), (39737,39734), (39758,39753), (39768,39751), (39770,40060), (39771,40061), (39775,177801), (39778,40062), (39781,171897), (39782,177804), (39784,40064), (39791,40065), (39796,40066), (39797,177805), (39799,40063), (39802,40068), (39805,178192), (39808,183693), (39809,40069), (39811,40070), (39812,177810), (39813,177809), (39814,177814), (39816,183691), (39818,40076), (39819,40073), (39821,40079), (39822,40071), (39824,40080), (39825,40077), (39826,40075), (39827,40074), (39834,40082), (39836,40088), (39837,40094), (39838,40085), (39839,171902), (39840,183695), (39841,183696), (39843,19615), (39844,177811), (39846,40086), (39850,40084), (39851,40091), (39853,40081), (39854,40092), (39855,177815), (39856,177812), (39859,40083), (39861,177819), (39862,40106), (39864,171907), (39866,40093), (39871,177818), (39872,40103), (39873,40096), (39876,171905), (39878,177817), (39879,40105), (39881,40100), (39882,40104), (39890,40108), (39892,40123), (39893,40111), (39894,40109), (39895,40094), (39899,40119), (39901,40116), (39902,177825), (39905,40113), (39906,40117), (39908,40114), (39911,40115), (39912,40120), (39914,40110), (39915,40112), (39916,177822), (39920,40118), (39921,171911), (39924,40122), (39926,171900), (39927,40128), (39931,183711), (39933,40107), (39934,177827), (39935,40138), (39937,40136), (39938,40087), (39939,40130), (39942,19616), (39944,40125), (39945,40135), (39946,183712), (39947,177826), (39948,19617), (39949,40133), (39951,40126), (39952,40132), (39953,177802), (39954,40134), (39955,40131), (39957,177829), (39963,40129), (39964,40146), (39967,40145), (39968,40139), (39971,40101), (39972,177813), (39973,40143), (39974,177828), (39975,19618), (39976,40142), (39977,40144), (39979,177830), (39981,40141), (39982,40129), (39985,40098), (39986,40140), (39987,40147), (39989,40152), (39990,183725), (39991,40102), (39993,40099), (39994,40121), (39995,40151), (39996,40155), (39997,177831), (39998,40148), (40000,183720), (40002,40137), (40004,177803), (40005,40153), (40006,178194), (40007,171916), (40008,40149), (40009,40150), (40010,177834), (40018,40159), (40020,40157), (40022,40156), (40023,40158), (40024,40095), (40026,183726), (40029,40124), (40031,40078), (40032,40089), (40034,177835), (40035,40163), (40036,40161), (40039,40162), (40040,40127), (40045,40090), (40046,177800), (40047,40160), (40050,177837), (40055,40132), (40056,40072), (40058,40097), (40165,40479), (40167,20971), (40169,40480), (40172,20971), (40178,40484), (40179,20964), (40180,40483), (40182,40482), (40183,177883), (40188,172611), (40189,177882), (40190,19731), (40192,177884), (40195,177886), (40197,177885), (40198,40489), (40199,40488), (40201,40486), (40208,177892), (40210,40496), (40212,177889), (40213,40501), (40215,176225), (40219,40499), (40220,172616), (40221,40498), (40222,40494), (40223,40497), (40227,40490), (40229,177891), (40230,40495), (40232,40493), (40238,177894), (40239,40504), (40240,40505), (40242,172614), (40243,177897), (40244,40507), (40247,19733), (40251,40511), (40253,177898), (40255,40509), (40257,19732), (40258,40506), (40259,40508), (40266,177893), (40271,183765), (40272,40512), (40273,40515), (40274,40518), (40275,40513), (40282,172621), (40284,40520), (40285,40517), (40287,177901), (40288,40516), (40289,40521), (40295,177896), (40297,177907), (40298,40524), (40299,177905), (40300,40527), (40302,40528), (40303,40526), (40304,38613), (40306,40522), (40311,40531), (40318,40525), (40324,19734), (40327,40491), (40329,40529), (40330,40530), (40332,177909), (40338,177910), (40339,40523), (40342,40537), (40343,177912), (40344,40533), (40346,40535), (40352,183832), (40353,40534), (40357,40539), (40358,177911), (40361,40540), (40362,19735), (40364,40487), (40365,177903), (40367,33722), (40368,177899), (40369,183843), (40370,40543), (40372,40548), (40377,40544), (40378,40545), (40379,40536), (40380,40547), (40383,40538), (40384,40538), (40385,40546), (40386,40542), (40388,40481), (40389,177917), (40393,19736), (40394,40541), (40400,177920), (40403,40551), (40404,172625), (40406,40549), (40407,40485), (40409,40503), (40410,40552), (40415,183846), (40419,177923), (40420,177908), (40421,40502), (40422,40554), (40424,172618), (40425,177921), (40427,40532), (40429,183850), (40431,40553), (40434,40555), (40435,40519), (40436,40519), (40439,177924), (40440,40556), (40441,40560), (40442,40557), (40445,40500), (40447,183855), (40450,15753), (40455,40559), (40458,19737), (40459,177890), (40460,40561), (40463,40562), (40465,183834), (40469,40492), (40471,177887), (40472,40564), (40474,40550), (40475,40563), (40477,40514), (40478,40510), (40565,21348), (40569,21688), (40570,40574), (40572,30897), (40573,30416), (40599,20029), (40613,40614), (40616,172938), (40617,40632), (40618,38754), (40619,38754), (40620,151538), (40623,26354), (40626,172937), (40627,172940), (40628,26354), (40629,38754), (40631,177937), (40636,20040), (40637,20040), (40643,40644), (40652,40649), (40670,28857), (40680,20826), (40690,40682), (40692,38665), (40694,40673), (40695,40681), (40701,40702), (40703,40715), (40706,40716), (40713,40717), (40725,20908), (40756,40761), (40778,40784), (40779,25995), (40782,36173), (40783,40785), (40786,40831), (40788,40832), (40789,40833), (40791,40834), (40792,183932), (40793,40837), (40796,40839), (40799,40835), (40800,40838), (40801,40836), (40803,20986), (40806,40840), (40807,21870), (40809,177962), (40810,40842), (40812,40841), (40813,177965), (40814,183944), (40815,178204), (40816,177964), (40818,40843), (40820,177966), (40822,33133), (40823,40844), (40828,183955), (40830,177968), (40845,40857), (40846,21392), (40848,24222), (40849,19886), (40851,177970), (40852,40858), (40853,40859), (40860,40863), (40877,170510), (40879,166982), (40897,18212), (40915,40914), (63744,23682), (63745,26356), (63746,36710), (63747,36158), (63748,28369), (63749,20018), (63750,21477), (63751,40863), (63752,40863), (63753,22865), (63754,37329), (63755,21895), (63756,22856), (63757,25042), (63758,30302), (63759,32599), (63760,33821), (63761,34746), (63762,35064), (63763,36923), (63764,20048), (63765,27931), (63766,28889), (63767,29662), (63768,33853), (63769,37226), (63770,39558), (63771,20081), (63772,21365), (63773,26639), (63774,28866), (63775,20848), (63776,40510), (63777,23706), (63778,28389), (63779,34013), (63780,35124), (63781,25289), (63782,33098), (63783,34593), (63784,24266), (63785,26391), (63786,28010), (63787,29436), (63788,37070), (63789,26469), (63790,20919), (63791,21171), (63792,25523), (63793,27257), (63794,28809), (63795,21346), (63796,32769), (63797,33446), (63798,34383), (63799,36335), (63800,38706), (63801,40065), (63802,40557), (63803,30860), (63804,31108), (63805,32511), (63806,33737), (63807,24405), (63808,40575), (63809,35770), (63810,22404), (63811,24324), (63812,31548), (63813,32843), (63814,29282), (63815,30922), (63816,36162), (63817,38647), (63818,22418), (63819,23649), (63820,27004), (63821,27882), (63822,28431), (63823,32047), (63824,32533), (63825,38475), (63826,21202), (63827,32907), (63828,20955), (63829,20940), (63830,26865), (63831,32491), (63832,33777), (63833,38517), (63834,35835), (63835,25295), (63836,20048), (63837,35834), (63838,20025), (63839,23425), (63840,24594), (63841,29575), (63842,24322), (63843,21271), (63844,30971), (63845,20415), (63846,22797), (63847,19981), (63848,27852), (63849,25968), (63850,32034), (63851,21442), (63852,22622), (63853,30465), (63854,21494), (63855,35828), (63856,26432), (63857,36784), (63858,27784), (63859,25342), (63860,33509), (63861,25504), (63862,30053), (63863,20142), (63864,20004), (63865,20937), (63866,26753), (63867,31918), (63868,33391), (63869,35845), (63870,37327), (63871,21169), (63872,21525), (63873,22899), (63874,24208), (63875,26053), (63876,28388), (63877,30778), (63878,38398), (63879,39562), (63880,20029), (63881,40654), (63882,21147), (63883,21382), (63884,21382), (63885,36729), (63886,24180), (63887,24604), (63888,24651), (63889,25754), (63890,28063), (63891,28860), (63892,29711), (63893,31178), (63894,32451), (63895,32852), (63896,36743), (63897,33714), (63898,36830), (63899,28860), (63900,21015), (63901,21155), (63902,21693), (63903,28872), (63904,35010), (63905,35828), (63906,24265), (63907,24565), (63908,25467), (63909,27539), (63910,24088), (63911,29454), (63912,20196), (63913,22265), (63914,23425), (63915,23725), (63916,24604), (63917,29618), (63918,33721), (63919,32666), (63920,32838), (63921,38083), (63922,38646), (63923,28789), (63924,39046), (63925,20363), (63926,31036), (63927,37300), (63928,38582), (63929,24694), (63930,20102), (63931,20698), (63932,23534), (63933,23615), (63934,26009), (63935,20048), (63936,29134), (63937,30103), (63938,34044), (63939,36797), (63940,40857), (63941,26197), (63942,38446), (63943,21016), (63944,26491), (63945,26611), (63946,27969), (63947,28316), (63948,29705), (63949,30041), (63950,30827), (63951,32445), (63952,31867), (63953,20845), (63954,25134), (63955,38470), (63956,20262), (63957,20177), (63958,27814), (63959,36718), (63960,24459), (63961,26647), (63962,26647), (63963,29575), (63964,38534), (63965,21033), (63966,21519), (63967,23653), (63968,26131), (63969,26446), (63970,26792), (63971,27877), (63972,29702), (63973,30178), (63974,32633), (63975,37324), (63976,37324), (63977,37324), (63978,31163), (63979,21311), (63980,28346), (63981,21533), (63982,29136), (63983,29848), (63984,34106), (63985,38563), (63986,40158), (63987,40607), (63988,26519), (63989,28107), (63990,20020), (63991,31435), (63992,31520), (63993,31890), (63994,29366), (63995,28825), (63996,35782), (63997,20160), (63998,33590), (63999,21050), (64000,20999), (64001,24230), (64002,25299), (64003,31958), (64004,23429), (64005,27934), (64006,26292), (64007,36752), (64008,34892), (64009,38477), (64010,35265), (64011,24275), (64012,20800), (64013,21952), (64016,20898), (64018,26228), (64021,20958), (64022,29482), (64023,30410), (64024,31036), (64025,31070), (64026,31077), (64027,31119), (64028,38742), (64029,31934), (64030,32701), (64032,34322), (64034,35832), (64037,36920), (64038,37117), (64042,39277), (64043,39282), (64044,39302), (64045,40548), (64046,37086), (64047,38583), (64048,20398), (64049,20711), (64050,20813), (64051,21193), (64052,21220), (64053,21329), (64054,21917), (64055,21497), (64056,22120), (64057,22592), (64058,22696), (64059,23618), (64060,23662), (64061,24724), (64062,24936), (64063,24974), (64064,24809), (64065,25935), (64066,26082), (64067,26257), (64068,26757), (64069,28023), (64070,28186), (64071,27721), (64072,29038), (64073,29227), (64074,29730), (64075,30865), (64076,31038), (64077,31049), (64078,31048), (64079,31056), (64080,31062), (64081,31069), (64082,31096), (64083,31087), (64084,35895), (64085,31361), (64086,33410), (64087,32451), (64088,32537), (64089,32321), (64090,32626), (64091,32773), (64092,33261), (64093,33401), (64094,33401), (64095,33879), (64096,35088), (64097,35270), (64098,35858), (64099,35880), (64100,23486), (64101,36192), (64102,36790), (64103,36920), (64104,38590), (64105,21709), (64106,39057), (64107,24693), (64108,148206), (64109,39302), (64112,24182), (64113,20917), (64114,20840), (64115,20352), (64116,20805), (64117,20864), (64118,21191), (64119,21242), (64120,21917), (64121,21845), (64122,21913), (64123,21986), (64124,20898), (64125,22367), (64126,22852), (64127,22868), (64128,23138), (64129,23336), (64130,24274), (64131,24281), (64132,24425), (64133,24493), (64134,24792), (64135,24910), (64136,24840), (64137,24974), (64138,24928), (64139,24809), (64140,25140), (64141,25540), (64142,25628), (64143,25682), (64144,25942), (64145,26228), (64146,26391), (64147,26395), (64148,26454), (64149,27513), (64150,26432), (64151,27969), (64152,28379), (64153,28363), (64154,27721), (64155,28702), (64156,29038), (64157,30631), (64158,29237), (64159,29359), (64160,29482), (64161,29809), (64162,29958), (64163,30011), (64164,30237), (64165,30239), (64166,30410), (64167,30427), (64168,30452), (64169,30538), (64170,30528), (64171,30924), (64172,31409), (64173,33410), (64174,31867), (64175,32486), (64176,32451), (64177,32574), (64178,32773), (64179,33618), (64180,21326), (64181,34681), (64182,35137), (64183,35206), (64184,35270), (64185,35843), (64186,35832), (64187,35831), (64188,35858), (64189,35834), (64190,35861), (64191,35880), (64192,21464), (64193,36192), (64194,36755), (64195,36831), (64196,37273), (64197,38095), (64198,38524), (64199,38590), (64200,38742), (64201,177556), (64202,21709), (64203,38923), (64204,39057), (64205,39698), (64206,40863), (64207,141386), (64208,141380), (64209,144341), (64210,15261), (64211,16408), (64212,151924), (64213,152137), (64214,154832), (64215,163539), (64216,40771), (64217,21392), (131166,131134), (131877,131519), (132066,131671), (132106,177995), (132579,13510), (132998,132806), (133134,132787), (133913,174113), (134948,178820), (134979,174138), (135125,173838), (135329,174226), (135364,174202), (135381,134427), (135396,174224), (135444,134434), (135459,134520), (135503,134309), (135535,174230), (136269,179068), (136301,135895), (136385,174340), (136446,135872), (136470,136035), (137141,14047), (137195,178026), (137273,14079), (137347,14048), (138121,138076), (138147,138092), (138483,138435), (138775,174633), (138860,174649), (138965,23681), (139095,138755), (139185,14300), (139222,174683), (140144,174772), (141372,140881), (141520,174874), (141530,140829), (141549,140830), (141609,174817), (141617,140825), (141631,174895), (142327,174941), (142738,174959), (142763,142046), (142830,142026), (142975,142118), (143027,175027), (143926,26245), (144075,143907), (144208,178627), (144974,15203), (145196,175319), (145237,144951), (145339,144915), (145449,145294), (145458,144502), (146409,146403), (146420,146276), (146422,27638), (147279,175534), (147383,15586), (147401,146859), (147555,147133), (147767,175506), (147830,146935), (148595,148411), (148601,175680), (148622,148096), (148667,175737), (148684,175712), (148686,148410), (148713,148144), (148992,175779), (149230,149103), (149233,178082), (149254,175786), (149550,175800), (149663,149346), (149691,141456), (150082,178087), (150202,16088), (150249,16079), (150277,175924), (150775,175965), (150776,150724), (150979,175981), (151083,150951), (151188,175988), (152221,151935), (152323,151896), (152541,176074), (152933,152624), (152965,152623), (153010,176094), (153031,176117), (153085,181399), (153360,176147), (153392,176140), (153525,153510), (153762,16746), (153782,178103), (153783,176174), (154128,154050), (154242,154234), (154596,176243), (154920,176278), (154940,176250), (154947,154708), (154954,154441), (155069,176241), (155168,154507), (155366,176319), (155453,155237), (155478,155271), (155567,176413), (155594,156168), (155670,176422), (155781,156178), (155844,156183), (155881,176431), (155975,176426), (155976,176437), (156082,178119), (156800,176485), (156950,176508), (157223,138450), (157692,176541), (157701,178053), (157789,176555), (157832,144232), (157902,157655), (158202,176600), (158361,17533), (158397,158249), (158796,176618), (159647,159163), (160648,160549), (160943,176825), (161061,160941), (161119,160336), (161559,17950), (161589,17994), (161630,17947), (161707,176907), (161728,161639), (161908,176939), (161924,176940), (162205,176990), (162215,176991), (162389,177005), (162393,18213), (162428,177014), (162525,177018), (162596,177020), (162632,177022), (162681,176976), (163039,163029), (163187,18316), (163220,163411), (163239,18318), (163278,174080), (163352,177064), (163400,174432), (163695,177080), (163984,177100), (164131,163889), (164173,163956), (164266,177109), (164289,163784), (164318,164203), (164324,177128), (164336,177118), (164349,177105), (164362,164026), (164364,164100), (164528,18560), (164536,18561), (164539,164870), (164578,18562), (164616,177165), (164720,177172), (164748,177163), (164782,164873), (164832,164871), (164837,164874), (165818,178155), (165834,178156), (166079,165977), (166088,166010), (166110,165875), (166119,165928), (166203,166192), (166235,166976), (166239,177387), (166315,18816), (166336,183114), (166364,18817), (166384,178173), (166385,166986), (166415,183131), (166427,177404), (166434,177407), (166512,178174), (166549,177390), (166610,166992), (166678,177423), (166726,183158), (166734,183155), (166742,177425), (166776,177424), (166786,166997), (166835,177426), (166853,18815), (166879,177427), (166915,177417), (166923,177395), (166949,177429), (166962,177411), (167091,177430), (167121,167425), (167125,167424), (167191,167429), (167225,177458), (167273,167430), (167288,167431), (167296,167433), (167311,167434), (167342,167436), (167346,167435), (167410,167438), (167731,177469), (167759,167448), (167976,177498), (168281,177512), (168854,177553), (168866,168958), (168898,177555), (168928,177558), (168938,168957), (168951,176343), (169044,177578), (169102,177581), (169187,169365), (169189,177589), (169233,177591), (169267,177588), (169392,178183), (169408,169574), (169427,177608), (169460,177609), (169472,169577), (169501,169581), (169529,169576), (169530,169580), (169544,169584), (169627,169983), (169637,169984), (169641,177633), (169653,169985), (169670,169986), (169676,177636), (169697,177640), (169705,169987), (169735,169993), (169766,169990), (169781,169994), (169812,169995), (169853,177651), (169860,169998), (169894,169999), (169903,19306), (169936,169989), (169943,177626), (170036,170016), (170083,170070), (170106,170470), (170145,170476), (170164,170485), (170168,170483), (170174,170478), (170191,170486), (170193,19395), (170219,170488), (170229,170491), (170234,170492), (170250,170473), (170265,170502), (170290,170505), (170296,170501), (170308,170507), (170311,170509), (170313,170481), (170321,170508), (170400,178188), (170438,170512), (170841,170787), (170945,177730), (170995,170962), (171008,170788), (171065,171056), (171236,171154), (171317,171276), (171366,178191), (171369,171898), (171385,171899), (171393,177806), (171416,19614), (171440,171903), (171441,171901), (171504,171908), (171523,171909), (171524,177821), (171553,177823), (171558,171910), (171735,177832), (171756,177833), (171758,177816), (171830,177836), (171847,171918), (171973,178198), (172004,177888), (172010,172612), (172054,177895), (172070,172613), (172094,172619), (172104,172617), (172118,172620), (172166,172622), (172237,172624), (172239,172623), (172242,177915), (172263,177913), (172294,172628), (172309,172626), (172354,177922), (172471,177918), (172531,172629), (172604,201372), (172664,177930), (172799,178670), (172845,177939), (172896,177941), (173296,177951), (173365,173357), (173568,173711), (173615,173712), (173647,177967), (174038,132862), (175571,146861), (177313,177399), (177958,177963), (194560,20029), (194561,20024), (194562,20033), (194563,131362), (194564,20320), (194565,20398), (194566,20411), (194567,20482), (194568,20602), (194569,22791), (194570,20711), (194571,20687), (194572,13470), (194573,132666), (194574,20813), (194575,20820), (194576,20836), (194577,20855), (194578,132380), (194579,13497), (194580,20869), (194581,20877), (194582,132427), (194583,20887), (194584,20900), (194585,20172), (194586,20908), (194587,20917), (194588,168415), (194589,20981), (194590,20995), (194591,13535), (194592,21051), (194593,21062), (194594,21106), (194595,38130), (194596,13589), (194597,21191), (194598,21193), (194599,21220), (194600,21242), (194601,21253), (194602,21254), (194603,21271), (194604,21321), (194605,21329), (194606,21338), (194607,21363), (194608,21363), (194609,21375), (194610,21375), (194611,21375), (194612,133676), (194613,28784), (194614,21450), (194615,21471), (194616,133987), (194617,21483), (194618,21489), (194619,21510), (194620,21662), (194621,21560), (194622,21576), (194623,21608), (194624,21666), (194625,21750), (194626,21776), (194627,21551), (194628,21859), (194629,21892), (194630,21892), (194631,21913), (194632,21507), (194633,21939), (194634,21954), (194635,22270), (194636,21497), (194637,22295), (194638,22097), (194639,21943), (194640,20999), (194641,22766), (194642,22478), (194643,22516), (194644,22541), (194645,22411), (194646,22578), (194647,25253), (194648,22700), (194649,136420), (194650,22770), (194651,22775), (194652,22790), (194653,22810), (194654,26790), (194655,22882), (194656,136872), (194657,136938), (194658,23020), (194659,23089), (194660,23079), (194661,23000), (194662,22919), (194663,14062), (194664,14076), (194665,23046), (194666,23358), (194667,23358), (194668,137672), (194669,23491), (194670,23512), (194671,23425), (194672,23539), (194673,138008), (194674,23551), (194675,23558), (194676,24403), (194677,23586), (194678,14209), (194679,23648), (194680,23662), (194681,23744), (194682,23693), (194683,138724), (194684,23875), (194685,138726), (194686,23918), (194687,23915), (194688,138676), (194689,24033), (194690,24034), (194691,14383), (194692,24061), (194693,24104), (194694,24125), (194695,174712), (194696,14434), (194697,139651), (194698,14460), (194699,24240), (194700,24243), (194701,24246), (194702,24266), (194703,172946), (194704,24318), (194705,140081), (194706,140081), (194707,33281), (194708,24354), (194709,24354), (194710,14535), (194711,144056), (194712,156122), (194713,24418), (194714,38613), (194715,14563), (194716,24474), (194717,24525), (194718,24535), (194719,24569), (194720,24705), (194721,14650), (194722,14620), (194723,24724), (194724,141012), (194725,24775), (194726,24904), (194727,24908), (194728,24910), (194729,24908), (194730,14698), (194731,24974), (194732,23466), (194733,24868), (194734,25007), (194735,33945), (194736,24809), (194737,25042), (194738,25104), (194739,25115), (194740,25181), (194741,25265), (194742,25300), (194743,25424), (194744,142092), (194745,25405), (194746,25340), (194747,33293), (194748,25195), (194749,25572), (194750,142321), (194751,25634), (194752,25541), (194753,25513), (194754,14894), (194755,25705), (194756,25726), (194757,14801), (194758,25719), (194759,14956), (194760,25935), (194761,25964), (194762,143370), (194763,26082), (194764,20070), (194765,26187), (194766,15129), (194767,26257), (194768,15112), (194769,15076), (194770,20882), (194771,20885), (194772,26368), (194773,26268), (194774,32941), (194775,17369), (194776,26391), (194777,26395), (194778,26401), (194779,26462), (194780,26451), (194781,144323), (194782,15177), (194783,25296), (194784,26501), (194785,26706), (194786,26757), (194787,144493), (194788,26766), (194789,26655), (194790,26900), (194791,15261), (194792,26946), (194793,27043), (194794,27114), (194795,27304), (194796,145059), (194797,26633), (194798,15384), (194799,27425), (194800,145575), (194801,27476), (194802,15438), (194803,23681), (194804,27551), (194805,26432), (194806,22771), (194807,146061), (194808,138507), (194809,146170), (194810,27867), (194811,146620), (194812,27839), (194813,27853), (194814,27751), (194815,27926), (194816,27966), (194817,28023), (194818,27969), (194819,28009), (194820,28024), (194821,28037), (194822,146718), (194823,27956), (194824,28207), (194825,28270), (194826,15667), (194827,28363), (194828,28359), (194829,147153), (194830,28153), (194831,28526), (194832,147294), (194833,147342), (194834,146979), (194835,28729), (194836,28702), (194837,28699), (194838,15766), (194839,28746), (194840,28798), (194841,28791), (194842,28845), (194843,132389), (194844,28997), (194845,148067), (194846,29084), (194847,148395), (194848,29224), (194849,29237), (194850,29264), (194851,149000), (194852,29312), (194853,29333), (194854,149301), (194855,149524), (194856,29549), (194857,29579), (194858,16044), (194859,29605), (194860,16056), (194861,16056), (194862,29767), (194863,29788), (194864,29809), (194865,29829), (194866,29756), (194867,16155), (194868,29988), (194869,150582), (194870,30014), (194871,150674), (194872,24322), (194873,139679), (194874,30224), (194875,151457), (194876,151480), (194877,151620), (194878,16380), (194879,16392), (194880,30452), (194881,151795), (194882,151794), (194883,151833), (194884,151859), (194885,30495), (194886,30495), (194887,30495), (194888,30538), (194889,151924), (194890,30603), (194891,16454), (194892,16534), (194893,152605), (194894,30798), (194895,30860), (194896,30924), (194897,16611), (194898,153126), (194899,31062), (194900,153242), (194901,153285), (194902,31119), (194903,31211), (194904,16687), (194905,35895), (194906,31306), (194907,31311), (194908,153980), (194909,154279), (194910,154279), (194911,31470), (194912,16898), (194913,154539), (194914,31686), (194915,31569), (194916,16935), (194917,154752), (194918,31954), (194919,17056), (194920,31976), (194921,31971), (194922,32426), (194923,155526), (194924,32099), (194925,17153), (194926,32513), (194927,32258), (194928,32555), (194929,17204), (194930,156200), (194931,156231), (194932,17241), (194933,156377), (194934,32634), (194935,156478), (194936,32661), (194937,32762), (194938,32773), (194939,156890), (194940,156963), (194941,32864), (194942,157096), (194943,32874), (194944,144223), (194945,17365), (194946,32946), (194947,33027), (194948,17419), (194949,33086), (194950,23221), (194951,157607), (194952,157621), (194953,144275), (194954,144284), (194955,33281), (194956,33284), (194957,36766), (194958,17515), (194959,33425), (194960,33419), (194961,33437), (194962,21171), (194963,33457), (194964,33459), (194965,33469), (194966,33510), (194967,158524), (194968,33509), (194969,33565), (194970,33635), (194971,33709), (194972,33571), (194973,33725), (194974,33767), (194975,33879), (194976,33619), (194977,33738), (194978,33740), (194979,33756), (194980,158774), (194981,159083), (194982,158933), (194983,17707), (194984,34033), (194985,34035), (194986,34070), (194987,160714), (194988,34148), (194989,159532), (194990,17757), (194991,17761), (194992,159665), (194993,159954), (194994,17771), (194995,34384), (194996,34383), (194997,20111), (194998,34409), (194999,34473), (195000,34440), (195001,34574), (195002,34530), (195003,34681), (195004,34600), (195005,34667), (195006,34694), (195007,17879), (195008,34785), (195009,34435), (195010,17913), (195011,34912), (195012,34915), (195013,161383), (195014,35031), (195015,35038), (195016,17973), (195017,35066), (195018,13499), (195019,161966), (195020,162150), (195021,18110), (195022,18119), (195023,35802), (195024,35861), (195025,21464), (195026,35925), (195027,162984), (195028,36143), (195029,36146), (195030,36195), (195031,36215), (195032,163631), (195033,133124), (195034,36299), (195035,36284), (195036,36336), (195037,133342), (195038,36715), (195039,36755), (195040,165330), (195041,165357), (195042,37012), (195043,37105), (195044,37137), (195045,165678), (195046,37147), (195047,38073), (195048,177398), (195049,37592), (195050,37500), (195051,38250), (195052,37909), (195053,166906), (195054,24320), (195055,18837), (195056,38327), (195057,167287), (195058,18918), (195059,38595), (195060,23986), (195061,177509), (195062,168261), (195063,168474), (195064,19054), (195065,19062), (195066,177554), (195067,168970), (195068,19122), (195069,169110), (195070,38923), (195071,38923), (195072,38953), (195073,169398), (195074,39269), (195075,19251), (195076,39209), (195077,39335), (195078,39362), (195079,39422), (195080,19406), (195081,170800), (195082,39698), (195083,183720), (195084,177882), (195085,19662), (195086,19693), (195087,177896), (195088,172238), (195089,19704), (195090,172293), (195091,172558), (195092,172689), (195093,40635), (195094,19798), (195095,40697), (195096,40702), (195097,40709), (195098,40719), (195099,40726), (195100,40763), (195101,173711), (200414,200413);
CREATE VIEW articles_seg AS
  SELECT id, (SELECT group_concat(folded, '') FROM (
  SELECT (SELECT group_concat(s, '') FROM (
    SELECT CASE WHEN b.c GLOB '*[々-􏿿]*' THEN
      (SELECT group_concat(CASE
      WHEN u < 0x3005 THEN char(u)
      WHEN u BETWEEN 0x3400 AND 0x9fff OR u BETWEEN 0x3005 AND 0x30ff OR u BETWEEN 0xac00 AND 0xd7a3 OR u BETWEEN 0xf900 AND 0xfaff OR u >= 0x20000 THEN
        char(8203, coalesce((SELECT simplified FROM _fold WHERE variant = u), u), 8203)
      WHEN u BETWEEN 0xff10 AND 0xff19 OR u BETWEEN 0xff21 AND 0xff3a OR u BETWEEN 0xff41 AND 0xff5a THEN char(u - 0xfee0)
      ELSE char(u) END, '')
    FROM (SELECT unicode(substr(b.c, n+1, 1)) AS u FROM _nums WHERE n < length(b.c) ORDER BY n LIMIT 64)) ELSE b.c END AS s
    FROM (SELECT substr(p.part, n*64+1, 64) AS c FROM _nums
          WHERE n < (length(p.part)+63)/64
          ORDER BY n LIMIT 64) AS b)) AS folded
  FROM (SELECT substr(title, n*4096+1, 4096) AS part FROM _nums
        WHERE n < (length(title)+4095)/4096 ORDER BY n LIMIT 256) AS p)) AS title, (SELECT group_concat(folded, '') FROM (
  SELECT (SELECT group_concat(s, '') FROM (
    SELECT CASE WHEN b.c GLOB '*[々-􏿿]*' THEN
      (SELECT group_concat(CASE
      WHEN u < 0x3005 THEN char(u)
      WHEN u BETWEEN 0x3400 AND 0x9fff OR u BETWEEN 0x3005 AND 0x30ff OR u BETWEEN 0xac00 AND 0xd7a3 OR u BETWEEN 0xf900 AND 0xfaff OR u >= 0x20000 THEN
        char(8203, coalesce((SELECT simplified FROM _fold WHERE variant = u), u), 8203)
      WHEN u BETWEEN 0xff10 AND 0xff19 OR u BETWEEN 0xff21 AND 0xff3a OR u BETWEEN 0xff41 AND 0xff5a THEN char(u - 0xfee0)
      ELSE char(u) END, '')
    FROM (SELECT unicode(substr(b.c, n+1, 1)) AS u FROM _nums WHERE n < length(b.c) ORDER BY n LIMIT 64)) ELSE b.c END AS s
    FROM (SELECT substr(p.part, n*64+1, 64) AS c FROM _nums
          WHERE n < (length(p.part)+63)/64
          ORDER BY n LIMIT 64) AS b)) AS folded
  FROM (SELECT substr(text, n*4096+1, 4096) AS part FROM _nums
        WHERE n < (length(text)+4095)/4096 ORDER BY n LIMIT 256) AS p)) AS text FROM articles;
CREATE VIRTUAL TABLE articles_fts USING fts5(title, text, /* content="articles" */
  content='articles_seg', content_rowid='id', tokenize='unicode61 remove_diacritics 2');
INSERT INTO articles_fts(articles_fts, rank) VALUES ('rank', 'bm25(8.0, 1.0)');

CREATE VIEW search AS
-- SELECT * FROM search WHERE q = '"央行 降准"' ORDER BY rank LIMIT 10; q is a JSON string: its
-- words, and phrases in \" \", must all occur. json_quote(:text) makes it. source is its id.
SELECT j.json AS q, f.rowid AS id, f.rank AS rank,
  (CASE WHEN instr(a.title, replace(replace(replace(highlight(articles_fts, 0, char(2), char(3)), char(8203), ''), char(2), ''), char(3), '')) THEN
    replace(replace(replace(highlight(articles_fts, 0, char(2), char(3)), char(8203), ''), char(2), '['), char(3), ']') ELSE
    (SELECT group_concat(CASE c WHEN char(2) THEN '[' WHEN char(3) THEN ']'
        ELSE substr(replace(a.title, char(8203), ''), start + k - 1, 1) END, '')
      FROM (SELECT c, sum(c <> char(2) AND c <> char(3)) OVER (ORDER BY n) AS k, start
        FROM (SELECT n, substr(m, n+1, 1) AS c, start FROM _nums, (SELECT replace(highlight(articles_fts, 0, char(2), char(3)), char(8203), '') AS m,
            instr(replace((SELECT title FROM articles_seg WHERE id = a.id), char(8203), ''), replace(replace(replace(highlight(articles_fts, 0, char(2), char(3)), char(8203), ''), char(2), ''), char(3), '')) AS start LIMIT 1)
          WHERE n < length(m) ORDER BY n))) END) AS title,
  (CASE WHEN instr(a.text, replace(replace(replace(snippet(articles_fts, 1, char(2), char(3), '', 40), char(8203), ''), char(2), ''), char(3), '')) THEN
    replace(replace(replace(snippet(articles_fts, 1, char(2), char(3), '', 40), char(8203), ''), char(2), '['), char(3), ']') ELSE
    (SELECT group_concat(CASE c WHEN char(2) THEN '[' WHEN char(3) THEN ']'
        ELSE substr(replace(a.text, char(8203), ''), start + k - 1, 1) END, '')
      FROM (SELECT c, sum(c <> char(2) AND c <> char(3)) OVER (ORDER BY n) AS k, start
        FROM (SELECT n, substr(m, n+1, 1) AS c, start FROM _nums, (SELECT replace(snippet(articles_fts, 1, char(2), char(3), '', 40), char(8203), '') AS m,
            instr(replace((SELECT text FROM articles_seg WHERE id = a.id), char(8203), ''), replace(replace(replace(snippet(articles_fts, 1, char(2), char(3), '', 40), char(8203), ''), char(2), ''), char(3), '')) AS start LIMIT 1)
          WHERE n < length(m) ORDER BY n))) END) AS snippet,
  a.url, a.source_id AS source, a.published
FROM json_each AS j CROSS JOIN articles_fts AS f JOIN articles AS a ON a.id = f.rowid
WHERE f.articles_fts MATCH coalesce((SELECT group_concat('"' || t || '"', ' ') FROM (
  SELECT (SELECT group_concat(CASE
      WHEN u < 0x3005 THEN char(u)
      WHEN u BETWEEN 0x3400 AND 0x9fff OR u BETWEEN 0x3005 AND 0x30ff OR u BETWEEN 0xac00 AND 0xd7a3 OR u BETWEEN 0xf900 AND 0xfaff OR u >= 0x20000 THEN
        char(32, coalesce((SELECT simplified FROM _fold WHERE variant = u), u), 32)
      WHEN u BETWEEN 0xff10 AND 0xff19 OR u BETWEEN 0xff21 AND 0xff3a OR u BETWEEN 0xff41 AND 0xff5a THEN char(u - 0xfee0)
      ELSE char(u) END, '')
    FROM (SELECT unicode(substr(term, n+1, 1)) AS u FROM _nums WHERE n < length(term) ORDER BY n LIMIT 16384)) AS t FROM (
    SELECT CASE part.key % 2 WHEN 1 THEN part.value ELSE word.value END AS term
    FROM json_each('[' || replace(json_quote(
        replace(replace(j.value, char(0), ' '), char(92), ' ')), '\"', '","') || ']') AS part
      CROSS JOIN json_each(CASE part.key % 2 WHEN 1 THEN '[0]'
        ELSE '[' || replace(json_quote(part.value), ' ', '","') || ']' END) AS word))
  WHERE trim(t) <> ''), '""');

ALTER TABLE sources ADD COLUMN attempt INTEGER NOT NULL DEFAULT 0;
ALTER TABLE documents ADD COLUMN attempt INTEGER NOT NULL DEFAULT 0;
ALTER TABLE entries ADD COLUMN attempt INTEGER NOT NULL DEFAULT 0;
ALTER TABLE articles ADD COLUMN attempt INTEGER NOT NULL DEFAULT 0;
ALTER TABLE articles ADD COLUMN evidence TEXT NOT NULL DEFAULT '{}';

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
DROP VIEW search;
CREATE VIEW search AS
-- SELECT * FROM search WHERE q = '"央行 降准"' ORDER BY rank LIMIT 10; q is a JSON string: its
-- words, and phrases in \" \", must all occur. json_quote(:text) makes it. source is its id.
SELECT j.json AS q, f.rowid AS id, f.rank AS rank,
  (CASE WHEN instr(a.title, replace(replace(replace(highlight(articles_fts, 0, char(2), char(3)), char(8203), ''), char(2), ''), char(3), '')) THEN
    replace(replace(replace(highlight(articles_fts, 0, char(2), char(3)), char(8203), ''), char(2), '['), char(3), ']') ELSE
    (SELECT group_concat(CASE c WHEN char(2) THEN '[' WHEN char(3) THEN ']'
        ELSE substr(replace(a.title, char(8203), ''), start + k - 1, 1) END, '')
      FROM (SELECT c, sum(c <> char(2) AND c <> char(3)) OVER (ORDER BY n) AS k, start
        FROM (SELECT n, substr(m, n+1, 1) AS c, start FROM _nums, (SELECT replace(highlight(articles_fts, 0, char(2), char(3)), char(8203), '') AS m,
            instr(replace((SELECT title FROM articles_seg WHERE id = a.id), char(8203), ''), replace(replace(replace(highlight(articles_fts, 0, char(2), char(3)), char(8203), ''), char(2), ''), char(3), '')) AS start LIMIT 1)
          WHERE n < length(m) ORDER BY n))) END) AS title,
  (CASE WHEN instr(a.text, replace(replace(replace(snippet(articles_fts, 1, char(2), char(3), '', 40), char(8203), ''), char(2), ''), char(3), '')) THEN
    replace(replace(replace(snippet(articles_fts, 1, char(2), char(3), '', 40), char(8203), ''), char(2), '['), char(3), ']') ELSE
    (SELECT group_concat(CASE c WHEN char(2) THEN '[' WHEN char(3) THEN ']'
        ELSE substr(replace(a.text, char(8203), ''), start + k - 1, 1) END, '')
      FROM (SELECT c, sum(c <> char(2) AND c <> char(3)) OVER (ORDER BY n) AS k, start
        FROM (SELECT n, substr(m, n+1, 1) AS c, start FROM _nums, (SELECT replace(snippet(articles_fts, 1, char(2), char(3), '', 40), char(8203), '') AS m,
            instr(replace((SELECT text FROM articles_seg WHERE id = a.id), char(8203), ''), replace(replace(replace(snippet(articles_fts, 1, char(2), char(3), '', 40), char(8203), ''), char(2), ''), char(3), '')) AS start LIMIT 1)
          WHERE n < length(m) ORDER BY n))) END) AS snippet,
  a.url, a.source_id AS source, a.published
FROM json_each AS j CROSS JOIN articles_fts AS f JOIN articles AS a ON a.id = f.rowid AND a.held IS NULL
WHERE f.articles_fts MATCH coalesce((SELECT group_concat('"' || t || '"', ' ') FROM (
  SELECT (SELECT group_concat(CASE
      WHEN u < 0x3005 THEN char(u)
      WHEN u BETWEEN 0x3400 AND 0x9fff OR u BETWEEN 0x3005 AND 0x30ff OR u BETWEEN 0xac00 AND 0xd7a3 OR u BETWEEN 0xf900 AND 0xfaff OR u >= 0x20000 THEN
        char(32, coalesce((SELECT simplified FROM _fold WHERE variant = u), u), 32)
      WHEN u BETWEEN 0xff10 AND 0xff19 OR u BETWEEN 0xff21 AND 0xff3a OR u BETWEEN 0xff41 AND 0xff5a THEN char(u - 0xfee0)
      ELSE char(u) END, '')
    FROM (SELECT unicode(substr(term, n+1, 1)) AS u FROM _nums WHERE n < length(term) ORDER BY n LIMIT 16384)) AS t FROM (
    SELECT CASE part.key % 2 WHEN 1 THEN part.value ELSE word.value END AS term
    FROM json_each('[' || replace(json_quote(
        replace(replace(j.value, char(0), ' '), char(92), ' ')), '\"', '","') || ']') AS part
      CROSS JOIN json_each(CASE part.key % 2 WHEN 1 THEN '[0]'
        ELSE '[' || replace(json_quote(part.value), ' ', '","') || ']' END) AS word))
  WHERE trim(t) <> ''), '""');

ALTER TABLE sources ADD COLUMN offset_s INTEGER;  -- by which its dates run ahead; NULL: by none

ALTER TABLE visits ADD COLUMN remark TEXT;  -- what is odd though it was read; NULL: nothing

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


ALTER TABLE articles ADD COLUMN confidence REAL NOT NULL DEFAULT 1.0;  -- 0-1: how sure its text is

ALTER TABLE holds ADD COLUMN moved TEXT;  -- JSON: of a second row, what went over to the first one

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

INSERT INTO changes(at, kind, article_id, number, detail)
SELECT r.seen, iif(r.number = 1, 'new', r.kind), r.article_id, r.number,
  iif(o.number IS NULL, '{}', json_object('was', json_object('revision', o.number,
    'title', o.title, 'content_hash', o.content_hash, 'version_seen', o.seen,
    'version_kind', o.kind, 'text', NULL, 'markdown', NULL)))
FROM revisions AS r JOIN articles AS a ON a.id = r.article_id
LEFT JOIN revisions AS o ON o.article_id = r.article_id AND o.number = r.number - 1
ORDER BY r.seen, r.article_id, r.number;

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

CREATE VIEW superseded_seg AS
  SELECT id, (SELECT group_concat(folded, '') FROM (
  SELECT (SELECT group_concat(s, '') FROM (
    SELECT CASE WHEN b.c GLOB '*[々-􏿿]*' THEN
      (SELECT group_concat(CASE
      WHEN u < 0x3005 THEN char(u)
      WHEN u BETWEEN 0x3400 AND 0x9fff OR u BETWEEN 0x3005 AND 0x30ff OR u BETWEEN 0xac00 AND 0xd7a3 OR u BETWEEN 0xf900 AND 0xfaff OR u >= 0x20000 THEN
        char(8203, coalesce((SELECT simplified FROM _fold WHERE variant = u), u), 8203)
      WHEN u BETWEEN 0xff10 AND 0xff19 OR u BETWEEN 0xff21 AND 0xff3a OR u BETWEEN 0xff41 AND 0xff5a THEN char(u - 0xfee0)
      ELSE char(u) END, '')
    FROM (SELECT unicode(substr(b.c, n+1, 1)) AS u FROM _nums WHERE n < length(b.c) ORDER BY n LIMIT 64)) ELSE b.c END AS s
    FROM (SELECT substr(p.part, n*64+1, 64) AS c FROM _nums
          WHERE n < (length(p.part)+63)/64
          ORDER BY n LIMIT 64) AS b)) AS folded
  FROM (SELECT substr(title, n*4096+1, 4096) AS part FROM _nums
        WHERE n < (length(title)+4095)/4096 ORDER BY n LIMIT 256) AS p)) AS title, (SELECT group_concat(folded, '') FROM (
  SELECT (SELECT group_concat(s, '') FROM (
    SELECT CASE WHEN b.c GLOB '*[々-􏿿]*' THEN
      (SELECT group_concat(CASE
      WHEN u < 0x3005 THEN char(u)
      WHEN u BETWEEN 0x3400 AND 0x9fff OR u BETWEEN 0x3005 AND 0x30ff OR u BETWEEN 0xac00 AND 0xd7a3 OR u BETWEEN 0xf900 AND 0xfaff OR u >= 0x20000 THEN
        char(8203, coalesce((SELECT simplified FROM _fold WHERE variant = u), u), 8203)
      WHEN u BETWEEN 0xff10 AND 0xff19 OR u BETWEEN 0xff21 AND 0xff3a OR u BETWEEN 0xff41 AND 0xff5a THEN char(u - 0xfee0)
      ELSE char(u) END, '')
    FROM (SELECT unicode(substr(b.c, n+1, 1)) AS u FROM _nums WHERE n < length(b.c) ORDER BY n LIMIT 64)) ELSE b.c END AS s
    FROM (SELECT substr(p.part, n*64+1, 64) AS c FROM _nums
          WHERE n < (length(p.part)+63)/64
          ORDER BY n LIMIT 64) AS b)) AS folded
  FROM (SELECT substr(text, n*4096+1, 4096) AS part FROM _nums
        WHERE n < (length(text)+4095)/4096 ORDER BY n LIMIT 256) AS p)) AS text FROM superseded;
CREATE VIRTUAL TABLE superseded_fts USING fts5(title, text,
  content='superseded_seg', content_rowid='id', tokenize='unicode61 remove_diacritics 2');
INSERT INTO superseded_fts(superseded_fts, rank) VALUES ('rank', 'bm25(8.0, 1.0)');
INSERT INTO superseded_fts(superseded_fts) VALUES ('rebuild');

DROP VIEW articles_seg;
DROP VIEW superseded_seg;
CREATE VIEW articles_seg AS
  SELECT id, (SELECT group_concat(folded, '') FROM (
  SELECT (SELECT group_concat(s, '') FROM (
    SELECT CASE WHEN b.c GLOB '*[々-􏿿]*' THEN
      (SELECT group_concat(CASE
      WHEN u < 0x3005 THEN char(u)
      WHEN u BETWEEN 0x3400 AND 0x9fff OR u BETWEEN 0x3005 AND 0x30ff OR u BETWEEN 0xac00 AND 0xd7a3 OR u BETWEEN 0xf900 AND 0xfaff OR u >= 0x20000 THEN
        char(8203, coalesce((SELECT simplified FROM _fold WHERE variant = u), u), 8203)
      WHEN u BETWEEN 0xff10 AND 0xff19 OR u BETWEEN 0xff21 AND 0xff3a OR u BETWEEN 0xff41 AND 0xff5a THEN char(u - 0xfee0)
      ELSE char(u) END, '')
    FROM (SELECT unicode(substr(b.c, n+1, 1)) AS u FROM _nums WHERE n < length(b.c) ORDER BY n LIMIT 64)) ELSE b.c END AS s
    FROM (SELECT substr(p.part, n*64+1, 64) AS c FROM _nums
          WHERE n < (length(p.part)+63)/64
          ORDER BY n LIMIT 64) AS b)) AS folded
  FROM (SELECT substr(title, n*4096+1, 4096) AS part FROM _nums
        WHERE n < (length(title)+4095)/4096 ORDER BY n LIMIT 256) AS p)) AS title, (SELECT group_concat(folded, '') FROM (
  SELECT (SELECT group_concat(s, '') FROM (
    SELECT CASE WHEN b.c GLOB '*[々-􏿿]*' THEN
      (SELECT group_concat(CASE
      WHEN u < 0x3005 THEN char(u)
      WHEN u BETWEEN 0x3400 AND 0x9fff OR u BETWEEN 0x3005 AND 0x30ff OR u BETWEEN 0xac00 AND 0xd7a3 OR u BETWEEN 0xf900 AND 0xfaff OR u >= 0x20000 THEN
        char(8203, coalesce((SELECT simplified FROM _fold WHERE variant = u), u), 8203)
      WHEN u BETWEEN 0xff10 AND 0xff19 OR u BETWEEN 0xff21 AND 0xff3a OR u BETWEEN 0xff41 AND 0xff5a THEN char(u - 0xfee0)
      ELSE char(u) END, '')
    FROM (SELECT unicode(substr(b.c, n+1, 1)) AS u FROM _nums WHERE n < length(b.c) ORDER BY n LIMIT 64)) ELSE b.c END AS s
    FROM (SELECT substr(p.part, n*64+1, 64) AS c FROM _nums
          WHERE n < (length(p.part)+63)/64
          ORDER BY n LIMIT 64) AS b)) AS folded
  FROM (SELECT substr(text, n*4096+1, 4096) AS part FROM _nums
        WHERE n < (length(text)+4095)/4096 ORDER BY n LIMIT 256) AS p)) AS text FROM articles;
CREATE VIEW superseded_seg AS
  SELECT id, (SELECT group_concat(folded, '') FROM (
  SELECT (SELECT group_concat(s, '') FROM (
    SELECT CASE WHEN b.c GLOB '*[々-􏿿]*' THEN
      (SELECT group_concat(CASE
      WHEN u < 0x3005 THEN char(u)
      WHEN u BETWEEN 0x3400 AND 0x9fff OR u BETWEEN 0x3005 AND 0x30ff OR u BETWEEN 0xac00 AND 0xd7a3 OR u BETWEEN 0xf900 AND 0xfaff OR u >= 0x20000 THEN
        char(8203, coalesce((SELECT simplified FROM _fold WHERE variant = u), u), 8203)
      WHEN u BETWEEN 0xff10 AND 0xff19 OR u BETWEEN 0xff21 AND 0xff3a OR u BETWEEN 0xff41 AND 0xff5a THEN char(u - 0xfee0)
      ELSE char(u) END, '')
    FROM (SELECT unicode(substr(b.c, n+1, 1)) AS u FROM _nums WHERE n < length(b.c) ORDER BY n LIMIT 64)) ELSE b.c END AS s
    FROM (SELECT substr(p.part, n*64+1, 64) AS c FROM _nums
          WHERE n < (length(p.part)+63)/64
          ORDER BY n LIMIT 64) AS b)) AS folded
  FROM (SELECT substr(title, n*4096+1, 4096) AS part FROM _nums
        WHERE n < (length(title)+4095)/4096 ORDER BY n LIMIT 256) AS p)) AS title, (SELECT group_concat(folded, '') FROM (
  SELECT (SELECT group_concat(s, '') FROM (
    SELECT CASE WHEN b.c GLOB '*[々-􏿿]*' THEN
      (SELECT group_concat(CASE
      WHEN u < 0x3005 THEN char(u)
      WHEN u BETWEEN 0x3400 AND 0x9fff OR u BETWEEN 0x3005 AND 0x30ff OR u BETWEEN 0xac00 AND 0xd7a3 OR u BETWEEN 0xf900 AND 0xfaff OR u >= 0x20000 THEN
        char(8203, coalesce((SELECT simplified FROM _fold WHERE variant = u), u), 8203)
      WHEN u BETWEEN 0xff10 AND 0xff19 OR u BETWEEN 0xff21 AND 0xff3a OR u BETWEEN 0xff41 AND 0xff5a THEN char(u - 0xfee0)
      ELSE char(u) END, '')
    FROM (SELECT unicode(substr(b.c, n+1, 1)) AS u FROM _nums WHERE n < length(b.c) ORDER BY n LIMIT 64)) ELSE b.c END AS s
    FROM (SELECT substr(p.part, n*64+1, 64) AS c FROM _nums
          WHERE n < (length(p.part)+63)/64
          ORDER BY n LIMIT 64) AS b)) AS folded
  FROM (SELECT substr(text, n*4096+1, 4096) AS part FROM _nums
        WHERE n < (length(text)+4095)/4096 ORDER BY n LIMIT 256) AS p)) AS text FROM superseded;
DROP VIEW search;
CREATE VIEW search AS
-- SELECT * FROM search WHERE q = '"央行 降准"' ORDER BY rank LIMIT 10; q is a JSON string: its
-- words, and phrases in \" \", must all occur. json_quote(:text) makes it. source is its id.
SELECT j.json AS q, f.rowid AS id, f.rank AS rank,
  (CASE WHEN instr(a.title, replace(replace(replace(highlight(articles_fts, 0, char(2), char(3)), char(8203), ''), char(2), ''), char(3), '')) THEN
    replace(replace(replace(highlight(articles_fts, 0, char(2), char(3)), char(8203), ''), char(2), '['), char(3), ']') ELSE
    (SELECT group_concat(CASE c WHEN char(2) THEN '[' WHEN char(3) THEN ']'
        ELSE substr(replace(a.title, char(8203), ''), start + k - 1, 1) END, '')
      FROM (SELECT c, sum(c <> char(2) AND c <> char(3)) OVER (ORDER BY n) AS k, start
        FROM (SELECT n, substr(m, n+1, 1) AS c, start FROM _nums, (SELECT replace(highlight(articles_fts, 0, char(2), char(3)), char(8203), '') AS m,
            instr(replace((SELECT title FROM articles_seg WHERE id = a.id), char(8203), ''), replace(replace(replace(highlight(articles_fts, 0, char(2), char(3)), char(8203), ''), char(2), ''), char(3), '')) AS start LIMIT 1)
          WHERE n < length(m) ORDER BY n))) END) AS title,
  (CASE WHEN instr(a.text, replace(replace(replace(snippet(articles_fts, 1, char(2), char(3), '', 40), char(8203), ''), char(2), ''), char(3), '')) THEN
    replace(replace(replace(snippet(articles_fts, 1, char(2), char(3), '', 40), char(8203), ''), char(2), '['), char(3), ']') ELSE
    (SELECT group_concat(CASE c WHEN char(2) THEN '[' WHEN char(3) THEN ']'
        ELSE substr(replace(a.text, char(8203), ''), start + k - 1, 1) END, '')
      FROM (SELECT c, sum(c <> char(2) AND c <> char(3)) OVER (ORDER BY n) AS k, start
        FROM (SELECT n, substr(m, n+1, 1) AS c, start FROM _nums, (SELECT replace(snippet(articles_fts, 1, char(2), char(3), '', 40), char(8203), '') AS m,
            instr(replace((SELECT text FROM articles_seg WHERE id = a.id), char(8203), ''), replace(replace(replace(snippet(articles_fts, 1, char(2), char(3), '', 40), char(8203), ''), char(2), ''), char(3), '')) AS start LIMIT 1)
          WHERE n < length(m) ORDER BY n))) END) AS snippet,
  a.url, a.source_id AS source, a.published
FROM json_each AS j CROSS JOIN articles_fts AS f JOIN articles AS a ON a.id = f.rowid AND a.held IS NULL
WHERE f.articles_fts MATCH coalesce((SELECT group_concat('"' || t || '"', ' ') FROM (
  SELECT (SELECT group_concat(CASE
      WHEN u < 0x3005 THEN char(u)
      WHEN u BETWEEN 0x3400 AND 0x9fff OR u BETWEEN 0x3005 AND 0x30ff OR u BETWEEN 0xac00 AND 0xd7a3 OR u BETWEEN 0xf900 AND 0xfaff OR u >= 0x20000 THEN
        char(32, coalesce((SELECT simplified FROM _fold WHERE variant = u), u), 32)
      WHEN u BETWEEN 0xff10 AND 0xff19 OR u BETWEEN 0xff21 AND 0xff3a OR u BETWEEN 0xff41 AND 0xff5a THEN char(u - 0xfee0)
      ELSE char(u) END, '')
    FROM (SELECT unicode(substr(term, n+1, 1)) AS u FROM _nums WHERE n < length(term) ORDER BY n LIMIT 16384)) AS t FROM (
    SELECT CASE part.key % 2 WHEN 1 THEN part.value ELSE word.value END AS term
    FROM json_each('[' || replace(json_quote(
        replace(replace(j.value, char(0), ' '), char(92), ' ')), '\"', '","') || ']') AS part
      CROSS JOIN json_each(CASE part.key % 2 WHEN 1 THEN '[0]'
        ELSE '[' || replace(json_quote(part.value), ' ', '","') || ']' END) AS word))
  WHERE trim(t) <> ''), '""');


CREATE INDEX articles_front ON articles(published DESC, first_seen, source_id, source_name,
  language, section, copy_of, revision, held, withdrawn);
CREATE INDEX changes_edits ON changes(seq) WHERE kind IN ('edit', 'minor');


ALTER TABLE sources ADD COLUMN body_digest TEXT;  -- of its document, with the rules it is read by
ALTER TABLE sources ADD COLUMN hints TEXT NOT NULL DEFAULT '{}';  -- JSON: when it asks for visits

CREATE INDEX entries_raw_url ON entries(raw_url) WHERE raw_url <> url;
CREATE INDEX articles_language ON articles(language);
CREATE INDEX sources_hosts ON sources(id, hosts) WHERE enabled;


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

DROP INDEX articles_author;
CREATE INDEX articles_author ON articles(source_id, author, published) WHERE author <> '';


DROP INDEX articles_author;
CREATE INDEX articles_author ON articles(source_id, author, substr(text, 1, 20), published)
  WHERE author <> '';
CREATE INDEX articles_title ON articles(source_id, title);
CREATE INDEX holds_text ON holds(text_hash) WHERE version IS NOT NULL;
CREATE INDEX sources_name ON sources(name);

CREATE TABLE source_hosts (              -- `sources.hosts` one by one: triggers write it
  host TEXT NOT NULL,                    -- lower case; of a tenant (platform.example/@a) its host
  -- whose own it is, with all below it:
  source_id TEXT NOT NULL REFERENCES sources(id) ON UPDATE CASCADE ON DELETE CASCADE,
  PRIMARY KEY (host, source_id)
) WITHOUT ROWID;
CREATE INDEX source_hosts_source ON source_hosts(source_id);
INSERT INTO source_hosts(host, source_id) 
SELECT DISTINCT substr(h.value, 1, instr(h.value || '/', '/') - 1) AS host, s.id AS source_id
FROM sources AS s CROSS JOIN json_each(iif(json_valid(s.hosts), s.hosts, '[]')) AS h
WHERE h.type = 'text'
;
CREATE TRIGGER source_hosts_ai AFTER INSERT ON sources BEGIN
  DELETE FROM source_hosts WHERE source_id = new.id;
  INSERT INTO source_hosts(host, source_id) 
SELECT DISTINCT substr(h.value, 1, instr(h.value || '/', '/') - 1) AS host, s.id AS source_id
FROM (SELECT new.id AS id, new.hosts AS hosts) AS s CROSS JOIN json_each(iif(json_valid(s.hosts), s.hosts, '[]')) AS h
WHERE h.type = 'text'
; END;
CREATE TRIGGER source_hosts_au AFTER UPDATE OF id, hosts ON sources
WHEN new.hosts IS NOT old.hosts OR new.id IS NOT old.id BEGIN
  DELETE FROM source_hosts WHERE source_id IN (old.id, new.id);
  INSERT INTO source_hosts(host, source_id) 
SELECT DISTINCT substr(h.value, 1, instr(h.value || '/', '/') - 1) AS host, s.id AS source_id
FROM (SELECT new.id AS id, new.hosts AS hosts) AS s CROSS JOIN json_each(iif(json_valid(s.hosts), s.hosts, '[]')) AS h
WHERE h.type = 'text'
; END;
DROP INDEX sources_hosts;

DROP TABLE IF EXISTS sqlite_stat1;
DROP TABLE IF EXISTS sqlite_stat4;


DROP VIEW IF EXISTS coverage;
CREATE VIEW coverage AS
WITH RECURSIVE lost AS (
  SELECT source_id, substr(coalesce(ended, started), 1, 10) AS day, count(*) AS gaps
  FROM gaps WHERE healed IS NULL AND NOT windowless GROUP BY 1, 2
), announcing(source_id, day) AS (
  SELECT s.id, (SELECT substr(min(announced), 1, 10) FROM entries AS e WHERE e.source_id = s.id)
  FROM sources AS s
  UNION SELECT a.source_id, (SELECT substr(min(announced), 1, 10) FROM entries AS e
    WHERE e.source_id = a.source_id AND e.announced >= a.day || char(1114111))
  FROM announcing AS a WHERE a.day IS NOT NULL
), days AS (
  SELECT source_id, day FROM announcing WHERE day IS NOT NULL
  UNION ALL SELECT source_id, day FROM lost
  WHERE NOT EXISTS (SELECT 1 FROM entries AS e WHERE e.source_id = lost.source_id AND e.announced >= lost.day
    AND e.announced < lost.day || char(1114111))
)

SELECT d.source_id, d.day,
  (SELECT count(*) FROM entries AS e WHERE e.source_id = d.source_id AND e.announced >= d.day
    AND e.announced < d.day || char(1114111)) AS announced,
  (SELECT count(*) FROM entries AS e WHERE e.source_id = d.source_id AND e.announced >= d.day
    AND e.announced < d.day || char(1114111) AND state IN ('archived', 'copy')) AS archived,
  (SELECT count(*) FROM entries AS e WHERE e.source_id = d.source_id AND e.announced >= d.day
    AND e.announced < d.day || char(1114111) AND state = 'rejected') AS rejected,
  (SELECT count(*) FROM entries AS e WHERE e.source_id = d.source_id AND e.announced >= d.day
    AND e.announced < d.day || char(1114111) AND state = 'forbidden') AS forbidden,
  (SELECT count(*) FROM entries AS e WHERE e.source_id = d.source_id AND e.announced >= d.day
    AND e.announced < d.day || char(1114111) AND state = 'failed') AS failed,
  (SELECT count(*) FROM entries AS e WHERE e.source_id = d.source_id AND e.announced >= d.day
    AND e.announced < d.day || char(1114111) AND state = 'gone') AS gone,
  (SELECT count(*) FROM entries AS e WHERE e.source_id = d.source_id AND e.announced >= d.day
    AND e.announced < d.day || char(1114111) AND state IN ('owed', 'held')) AS owed,
  (SELECT CAST(round(avg(delay)) AS INTEGER) FROM (
    SELECT delay, count(*) OVER () AS dated, row_number() OVER (ORDER BY delay) AS place FROM (
      SELECT max(0, strftime('%s', announced) - strftime('%s', published)) AS delay
      FROM entries AS e WHERE e.source_id = d.source_id AND e.announced >= d.day
    AND e.announced < d.day || char(1114111) AND strftime('%s', published) IS NOT NULL))
    WHERE place IN ((dated + 1) / 2, (dated + 2) / 2)) AS late,
  coalesce((SELECT l.gaps FROM lost AS l WHERE l.source_id = d.source_id AND l.day = d.day), 0)
    AS gaps
FROM days AS d;

CREATE INDEX changes_owed_again ON changes(seq) WHERE kind = 'reopened';
CREATE TRIGGER IF NOT EXISTS articles_fts_ai AFTER INSERT ON articles
WHEN NOT EXISTS (SELECT 1 FROM _indexing WHERE url = new.url) BEGIN
  INSERT INTO articles_fts(rowid, title, text)
    SELECT id, title, text FROM articles_seg WHERE id = new.id; END;
CREATE TRIGGER IF NOT EXISTS articles_fts_bd BEFORE DELETE ON articles BEGIN
  INSERT INTO articles_fts(articles_fts, rowid, title, text)
    SELECT 'delete', id, title, text FROM articles_seg WHERE id = old.id; END;
CREATE TRIGGER IF NOT EXISTS articles_fts_bu BEFORE UPDATE OF id, title, text ON articles BEGIN
  INSERT INTO articles_fts(articles_fts, rowid, title, text)
    SELECT 'delete', id, title, text FROM articles_seg WHERE id = old.id; END;
CREATE TRIGGER IF NOT EXISTS articles_fts_au AFTER UPDATE OF id, title, text ON articles BEGIN
  INSERT INTO articles_fts(rowid, title, text)
    SELECT id, title, text FROM articles_seg WHERE id = new.id; END;
CREATE TRIGGER IF NOT EXISTS superseded_fts_ai AFTER INSERT ON superseded BEGIN
  INSERT INTO superseded_fts(rowid, title, text)
    SELECT id, title, text FROM superseded_seg WHERE id = new.id; END;
CREATE TRIGGER IF NOT EXISTS superseded_fts_bd BEFORE DELETE ON superseded BEGIN
  INSERT INTO superseded_fts(superseded_fts, rowid, title, text)
    SELECT 'delete', id, title, text FROM superseded_seg WHERE id = old.id; END;
CREATE TRIGGER IF NOT EXISTS superseded_fts_bu BEFORE UPDATE OF id, title, text ON superseded BEGIN
  INSERT INTO superseded_fts(superseded_fts, rowid, title, text)
    SELECT 'delete', id, title, text FROM superseded_seg WHERE id = old.id; END;
CREATE TRIGGER IF NOT EXISTS superseded_fts_au AFTER UPDATE OF id, title, text ON superseded BEGIN
  INSERT INTO superseded_fts(rowid, title, text)
    SELECT id, title, text FROM superseded_seg WHERE id = new.id; END;
INSERT INTO migrations(version, applied) VALUES (1, '2026-11-23T08:00:00Z');
INSERT INTO migrations(version, applied) VALUES (2, '2026-11-23T08:00:00Z');
INSERT INTO migrations(version, applied) VALUES (3, '2026-11-23T08:00:00Z');
INSERT INTO migrations(version, applied) VALUES (4, '2026-11-23T08:00:00Z');
INSERT INTO migrations(version, applied) VALUES (5, '2026-11-23T08:00:00Z');
INSERT INTO migrations(version, applied) VALUES (6, '2026-11-23T08:00:00Z');
INSERT INTO migrations(version, applied) VALUES (7, '2026-11-23T08:00:00Z');
INSERT INTO migrations(version, applied) VALUES (8, '2026-11-23T08:00:00Z');
INSERT INTO migrations(version, applied) VALUES (9, '2026-11-23T08:00:00Z');
INSERT INTO sources(id, name, kind, url, category, section, language, enabled, etag, last_modified, validators_url, next_due, interval_s, failures, last_success, last_new, status, status_reason, moved_to, moved_polls, rhythm, attempt, domains, hosts, vain, offset_s, listing, trust, body_digest, hints) VALUES ('cnbc', 'Outlet cnbc', 'feed', 'https://cnbc.example.com/rss', '金融', '', '', 1, NULL, NULL, NULL, '2026-11-23T08:00:00Z', NULL, 0.0, NULL, NULL, 'ok', NULL, NULL, 0, '{}', 0, '[]', '["cnbc.example.com"]', 0, NULL, '{}', 5, NULL, '{}');
INSERT INTO sources(id, name, kind, url, category, section, language, enabled, etag, last_modified, validators_url, next_due, interval_s, failures, last_success, last_new, status, status_reason, moved_to, moved_polls, rhythm, attempt, domains, hosts, vain, offset_s, listing, trust, body_digest, hints) VALUES ('stcn', 'Outlet stcn', 'feed', 'https://stcn.example.com/rss', '金融', '', '', 1, NULL, NULL, NULL, '2026-11-23T08:00:00Z', NULL, 0.0, NULL, NULL, 'ok', NULL, NULL, 0, '{}', 0, '[]', '["stcn.example.com"]', 0, NULL, '{}', 5, NULL, '{}');
INSERT INTO articles(id, url, source_id, source_name, title, author, published, published_from, published_claimed, updated, fetched, checked, page_id, withdrawn, language, category, section, tags, summary, text, markdown, image, word_count, content_hash, text_hash, fingerprint, copy_of, origin, revision, paywalled, markdown_path, page_url, page_etag, page_last_modified, next_check, attempt, evidence, held, lead_reason, confidence, first_seen, version_seen, version_kind) VALUES (1, 'https://stcn.example.com/1', 'stcn', 'Outlet stcn', '央行降准0.5个百分点', '', '2026-11-23T08:00:00Z', 'meta', '', NULL, '2026-11-23T08:00:00Z', '2026-11-23T08:00:00Z', NULL, NULL, '', '金融', '', '[]', '', '央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。其中大型银行降至10%。', '央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。其中大型银行降至10%。', '', 309, '2:3a1c5f89a811e9d5a4891245346e534a', '1e436a57fbeb72297eb65a45dc2093bd', 'lPRJFT3pUBdi+Z8kf5OQLLBZ2U1Z10ADEjpjPplRaSDo1zGC0cF/C7YNpE1lQlnbtMghPQGgdW4sQM4Ne8aWb7wH6z+FqXJvplyDPUWfHraUJecX46uveTIyeNv59pbWSH1fODmA+lWIBsO314yLGUZvnLmV9WQbaigeuPfrOP9GcgFhlfjJwg45MgnvcKQ2', NULL, '', 2, 0, '2026/11/2026-11-23-1-1.md', '', NULL, NULL, NULL, 0, '{}', NULL, 'archived first', 1.0, '2026-11-23T08:00:00Z', '2026-11-23T08:00:00Z', 'edit');
INSERT INTO articles(id, url, source_id, source_name, title, author, published, published_from, published_claimed, updated, fetched, checked, page_id, withdrawn, language, category, section, tags, summary, text, markdown, image, word_count, content_hash, text_hash, fingerprint, copy_of, origin, revision, paywalled, markdown_path, page_url, page_etag, page_last_modified, next_check, attempt, evidence, held, lead_reason, confidence, first_seen, version_seen, version_kind) VALUES (2, 'https://cnbc.example.com/2', 'cnbc', 'Outlet cnbc', '央行降准', '', '2026-11-23T08:00:00Z', 'meta', '', NULL, '2026-11-23T08:00:00Z', '2026-11-23T08:00:00Z', NULL, NULL, '', '金融', '', '[]', '', '本报讯。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。', '本报讯。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。', '', 303, '2:99fde174ef1fab34513080287e9cf900', 'a0913664e70817fd5949d0300a321847', 'lPRJFRNz18Ji+Z8kf5OQLLBZ2U1Z10ADFt1pDJlRaSDo1zGC0cF/C+rMU+BlQlnbtMghPd25BawsQM4Ne8aWb7wH6z+FqXJvNjv6ikWfHraUJecX46uveTIyeNv59pbWSH1fOKddG2b24+PHm9qUdupgXdg55yU6aigeuPfrOP9GcgFhlfjJwg45MgnvcKQ2', 1, '', 1, 0, NULL, '', NULL, NULL, NULL, 0, '{}', NULL, '', 1.0, '2026-11-23T08:00:00Z', '2026-11-23T08:00:00Z', 'first');
INSERT INTO article_urls(url, article_id, reason) VALUES ('https://cnbc.example.com/2', 2, '');
INSERT INTO article_urls(url, article_id, reason) VALUES ('https://stcn.example.com/1', 1, '');
INSERT INTO superseded(id, article_id, number, seen, kind, title, text, markdown, content_hash, author, published, updated, language, section, tags, summary, image, paywalled, confidence, url, source_id) VALUES (1, 1, 1, '2026-11-23T08:00:00Z', 'first', '央行降准', '央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。', '央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。央行宣布下调存款准备金率零点五个百分点，释放长期资金约一万亿元。', '2:85a2a63f93183ab0a678f4ac203c1bce', '', '2026-11-23T08:00:00Z', NULL, '', '', '[]', '', '', 0, 1.0, 'https://stcn.example.com/1', 'stcn');
INSERT INTO near_bands(band, day, article_id) VALUES (1454076116678546511, 20780, 2);
INSERT INTO near_bands(band, day, article_id) VALUES (1480434649716632611, 20780, 1);
INSERT INTO near_bands(band, day, article_id) VALUES (1480434649716632611, 20780, 2);
INSERT INTO near_bands(band, day, article_id) VALUES (1480599957933392126, 20780, 2);
INSERT INTO near_bands(band, day, article_id) VALUES (1684810645046971973, 20780, 1);
INSERT INTO near_bands(band, day, article_id) VALUES (1684810645046971973, 20780, 2);
INSERT INTO near_bands(band, day, article_id) VALUES (1724432287749685860, 20780, 2);
INSERT INTO near_bands(band, day, article_id) VALUES (2963369793885260026, 20780, 1);
INSERT INTO near_bands(band, day, article_id) VALUES (2963369793885260026, 20780, 2);
INSERT INTO near_bands(band, day, article_id) VALUES (3088983287426110895, 20780, 1);
INSERT INTO near_bands(band, day, article_id) VALUES (3354958919774405120, 20780, 2);
INSERT INTO near_bands(band, day, article_id) VALUES (3467406562680748403, 20780, 1);
INSERT INTO near_bands(band, day, article_id) VALUES (3467406562680748403, 20780, 2);
INSERT INTO near_bands(band, day, article_id) VALUES (4206180578909799200, 20780, 2);
INSERT INTO near_bands(band, day, article_id) VALUES (4284310002937818015, 20780, 1);
INSERT INTO near_bands(band, day, article_id) VALUES (4477541609331362265, 20780, 1);
INSERT INTO near_bands(band, day, article_id) VALUES (4488968607951422559, 20780, 2);
INSERT INTO near_bands(band, day, article_id) VALUES (4503268703655666013, 20780, 1);
INSERT INTO near_bands(band, day, article_id) VALUES (4503268703655666013, 20780, 2);
INSERT INTO near_bands(band, day, article_id) VALUES (4544095588647974358, 20780, 1);
INSERT INTO near_bands(band, day, article_id) VALUES (774888145402908851, 20780, 2);
INSERT INTO near_bands(band, day, article_id) VALUES (854553535342649549, 20780, 1);
INSERT INTO near_bands(band, day, article_id) VALUES (8714210593696887, 20780, 1);
INSERT INTO near_bands(band, day, article_id) VALUES (883728153781192268, 20780, 1);
INSERT INTO entries(id, source_id, guid, url, raw_url, aliases, host, title, published, updated, payload, announced, state, reason, attempts, not_before, closed, article_id, attempt, shown, vain) VALUES (1, 'stcn', '', 'https://stcn.example.com/1', 'https://stcn.example.com/1', '[]', 'stcn.example.com', '', NULL, NULL, '{}', '2026-11-23T08:00:00Z', 'archived', 'revised', 0, '2026-11-23T08:00:00Z', '2026-11-23T08:00:00Z', 1, 0, '', 0);
INSERT INTO entries(id, source_id, guid, url, raw_url, aliases, host, title, published, updated, payload, announced, state, reason, attempts, not_before, closed, article_id, attempt, shown, vain) VALUES (2, 'cnbc', '', 'https://cnbc.example.com/2', 'https://cnbc.example.com/2', '[]', 'cnbc.example.com', '', NULL, NULL, '{}', '2026-11-23T08:00:00Z', 'archived', 'new', 0, '2026-11-23T08:00:00Z', '2026-11-23T08:00:00Z', 2, 0, '', 0);
INSERT INTO files(path, article_id, wanted_hash, written_hash) VALUES ('2026/11/2026-11-23-1-1.md', 1, '2d5081571f6a1a80e2403634cf9cd5031cd0d2ff6636d37f73c1d45e5e131e62', NULL);
INSERT INTO changes(seq, at, kind, article_id, number, detail) VALUES (1, '2026-11-23T08:00:00Z', 'new', 1, 1, '{}');
INSERT INTO changes(seq, at, kind, article_id, number, detail) VALUES (2, '2026-11-23T08:00:00Z', 'reopened', 1, NULL, '{"entry":1,"state":"owed","was":{"state":"archived","reason":"new","closed":"2026-11-23T08:00:00Z"}}');
INSERT INTO changes(seq, at, kind, article_id, number, detail) VALUES (3, '2026-11-23T08:00:00Z', 'edit', 1, 2, '{"was":{"title":"央行降准","version_kind":"first","text":null,"markdown":null,"word_count":300,"content_hash":"2:85a2a63f93183ab0a678f4ac203c1bce","text_hash":"e4d219dec693a701a6a6430d1c4f8e89","revision":1}}');
INSERT INTO changes(seq, at, kind, article_id, number, detail) VALUES (4, '2026-11-23T08:00:00Z', 'new', 2, 1, '{}');
INSERT INTO changes(seq, at, kind, article_id, number, detail) VALUES (5, '2026-11-23T08:00:00Z', 'copied', 2, 1, '{"was":{"copy_of":null},"story":1}');
INSERT INTO changes(seq, at, kind, article_id, number, detail) VALUES (6, '2026-11-23T08:00:00Z', 'led', 1, 2, '{"was":{"lead_reason":""},"reason":"archived first"}');
CREATE TRIGGER changes_new AFTER INSERT ON articles BEGIN
  INSERT INTO changes(at, kind, article_id, number, detail) VALUES (max(coalesce((SELECT at FROM _moment), strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    coalesce((SELECT at FROM changes ORDER BY seq DESC LIMIT 1), '')), coalesce((SELECT via FROM _moment), 'new'), new.id, new.revision, '{}'); END;
CREATE TRIGGER articles_seen AFTER INSERT ON articles
WHEN new.first_seen = '' BEGIN
  UPDATE articles SET first_seen = fetched, version_seen = iif(version_seen = '', fetched,
    version_seen) WHERE id = new.id; END;
CREATE TRIGGER changes_version AFTER UPDATE OF revision ON articles
WHEN new.revision IS NOT old.revision BEGIN
  INSERT INTO changes(at, kind, article_id, number, detail) VALUES (max(coalesce((SELECT at FROM _moment), strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    coalesce((SELECT at FROM changes ORDER BY seq DESC LIMIT 1), '')), coalesce((SELECT via FROM _moment), new.version_kind), new.id, new.revision, json_object('was', json((SELECT json_group_object(k, v) FROM (SELECT 'url' AS k, old.url AS v WHERE old.url IS NOT new.url UNION ALL SELECT 'source_id' AS k, old.source_id AS v WHERE old.source_id IS NOT new.source_id UNION ALL SELECT 'source_name' AS k, old.source_name AS v WHERE old.source_name IS NOT new.source_name UNION ALL SELECT 'title' AS k, old.title AS v WHERE old.title IS NOT new.title UNION ALL SELECT 'author' AS k, old.author AS v WHERE old.author IS NOT new.author UNION ALL SELECT 'published' AS k, old.published AS v WHERE old.published IS NOT new.published UNION ALL SELECT 'published_from' AS k, old.published_from AS v WHERE old.published_from IS NOT new.published_from UNION ALL SELECT 'published_claimed' AS k, old.published_claimed AS v WHERE old.published_claimed IS NOT new.published_claimed UNION ALL SELECT 'updated' AS k, old.updated AS v WHERE old.updated IS NOT new.updated UNION ALL SELECT 'fetched' AS k, old.fetched AS v WHERE old.fetched IS NOT new.fetched UNION ALL SELECT 'version_seen' AS k, old.version_seen AS v WHERE old.version_seen IS NOT new.version_seen UNION ALL SELECT 'version_kind' AS k, old.version_kind AS v WHERE old.version_kind IS NOT new.version_kind UNION ALL SELECT 'language' AS k, old.language AS v WHERE old.language IS NOT new.language UNION ALL SELECT 'category' AS k, old.category AS v WHERE old.category IS NOT new.category UNION ALL SELECT 'section' AS k, old.section AS v WHERE old.section IS NOT new.section UNION ALL SELECT 'tags' AS k, old.tags AS v WHERE old.tags IS NOT new.tags UNION ALL SELECT 'summary' AS k, old.summary AS v WHERE old.summary IS NOT new.summary UNION ALL SELECT 'text' AS k, NULL AS v WHERE old.text IS NOT new.text UNION ALL SELECT 'markdown' AS k, NULL AS v WHERE old.markdown IS NOT new.markdown UNION ALL SELECT 'image' AS k, old.image AS v WHERE old.image IS NOT new.image UNION ALL SELECT 'word_count' AS k, old.word_count AS v WHERE old.word_count IS NOT new.word_count UNION ALL SELECT 'content_hash' AS k, old.content_hash AS v WHERE old.content_hash IS NOT new.content_hash UNION ALL SELECT 'text_hash' AS k, old.text_hash AS v WHERE old.text_hash IS NOT new.text_hash UNION ALL SELECT 'origin' AS k, old.origin AS v WHERE old.origin IS NOT new.origin UNION ALL SELECT 'revision' AS k, old.revision AS v WHERE old.revision IS NOT new.revision UNION ALL SELECT 'paywalled' AS k, old.paywalled AS v WHERE old.paywalled IS NOT new.paywalled UNION ALL SELECT 'evidence' AS k, old.evidence AS v WHERE old.evidence IS NOT new.evidence UNION ALL SELECT 'confidence' AS k, old.confidence AS v WHERE old.confidence IS NOT new.confidence))))); END;
CREATE TRIGGER changes_said AFTER UPDATE OF url, source_id, source_name, title, author, published, published_from, published_claimed, updated, fetched, version_seen, version_kind, language, category, section, tags, summary, text, markdown, image, word_count, content_hash, text_hash, origin, revision, paywalled, evidence, confidence ON articles
WHEN new.revision IS old.revision AND (old.url IS NOT new.url OR old.source_id IS NOT new.source_id OR old.source_name IS NOT new.source_name OR old.title IS NOT new.title OR old.author IS NOT new.author OR old.published IS NOT new.published OR old.published_from IS NOT new.published_from OR old.published_claimed IS NOT new.published_claimed OR old.updated IS NOT new.updated OR old.fetched IS NOT new.fetched OR old.version_seen IS NOT new.version_seen OR old.version_kind IS NOT new.version_kind OR old.language IS NOT new.language OR old.category IS NOT new.category OR old.section IS NOT new.section OR old.tags IS NOT new.tags OR old.summary IS NOT new.summary OR old.text IS NOT new.text OR old.markdown IS NOT new.markdown OR old.image IS NOT new.image OR old.word_count IS NOT new.word_count OR old.content_hash IS NOT new.content_hash OR old.text_hash IS NOT new.text_hash OR old.origin IS NOT new.origin OR old.revision IS NOT new.revision OR old.paywalled IS NOT new.paywalled OR old.evidence IS NOT new.evidence OR old.confidence IS NOT new.confidence) BEGIN
  INSERT INTO changes(at, kind, article_id, number, detail) VALUES (max(coalesce((SELECT at FROM _moment), strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    coalesce((SELECT at FROM changes ORDER BY seq DESC LIMIT 1), '')), coalesce((SELECT via FROM _moment),
    CASE WHEN old.source_id IS NOT new.source_id THEN 'attributed'
    WHEN old.url IS NOT new.url THEN 'moved'
    WHEN old.published IS NOT new.published THEN 'redated' ELSE 'extraction' END), new.id, new.revision, json_object('was', json((SELECT json_group_object(k, v) FROM (SELECT 'url' AS k, old.url AS v WHERE old.url IS NOT new.url UNION ALL SELECT 'source_id' AS k, old.source_id AS v WHERE old.source_id IS NOT new.source_id UNION ALL SELECT 'source_name' AS k, old.source_name AS v WHERE old.source_name IS NOT new.source_name UNION ALL SELECT 'title' AS k, old.title AS v WHERE old.title IS NOT new.title UNION ALL SELECT 'author' AS k, old.author AS v WHERE old.author IS NOT new.author UNION ALL SELECT 'published' AS k, old.published AS v WHERE old.published IS NOT new.published UNION ALL SELECT 'published_from' AS k, old.published_from AS v WHERE old.published_from IS NOT new.published_from UNION ALL SELECT 'published_claimed' AS k, old.published_claimed AS v WHERE old.published_claimed IS NOT new.published_claimed UNION ALL SELECT 'updated' AS k, old.updated AS v WHERE old.updated IS NOT new.updated UNION ALL SELECT 'fetched' AS k, old.fetched AS v WHERE old.fetched IS NOT new.fetched UNION ALL SELECT 'version_seen' AS k, old.version_seen AS v WHERE old.version_seen IS NOT new.version_seen UNION ALL SELECT 'version_kind' AS k, old.version_kind AS v WHERE old.version_kind IS NOT new.version_kind UNION ALL SELECT 'language' AS k, old.language AS v WHERE old.language IS NOT new.language UNION ALL SELECT 'category' AS k, old.category AS v WHERE old.category IS NOT new.category UNION ALL SELECT 'section' AS k, old.section AS v WHERE old.section IS NOT new.section UNION ALL SELECT 'tags' AS k, old.tags AS v WHERE old.tags IS NOT new.tags UNION ALL SELECT 'summary' AS k, old.summary AS v WHERE old.summary IS NOT new.summary UNION ALL SELECT 'text' AS k, old.text AS v WHERE old.text IS NOT new.text UNION ALL SELECT 'markdown' AS k, old.markdown AS v WHERE old.markdown IS NOT new.markdown UNION ALL SELECT 'image' AS k, old.image AS v WHERE old.image IS NOT new.image UNION ALL SELECT 'word_count' AS k, old.word_count AS v WHERE old.word_count IS NOT new.word_count UNION ALL SELECT 'content_hash' AS k, old.content_hash AS v WHERE old.content_hash IS NOT new.content_hash UNION ALL SELECT 'text_hash' AS k, old.text_hash AS v WHERE old.text_hash IS NOT new.text_hash UNION ALL SELECT 'origin' AS k, old.origin AS v WHERE old.origin IS NOT new.origin UNION ALL SELECT 'revision' AS k, old.revision AS v WHERE old.revision IS NOT new.revision UNION ALL SELECT 'paywalled' AS k, old.paywalled AS v WHERE old.paywalled IS NOT new.paywalled UNION ALL SELECT 'evidence' AS k, old.evidence AS v WHERE old.evidence IS NOT new.evidence UNION ALL SELECT 'confidence' AS k, old.confidence AS v WHERE old.confidence IS NOT new.confidence))))); END;
CREATE TRIGGER changes_withdrawn AFTER UPDATE OF withdrawn ON articles
WHEN old.withdrawn IS NOT new.withdrawn BEGIN
  INSERT INTO changes(at, kind, article_id, number, detail) VALUES (max(coalesce((SELECT at FROM _moment), strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    coalesce((SELECT at FROM changes ORDER BY seq DESC LIMIT 1), '')), iif(new.withdrawn IS NULL, 'returned', 'withdrawn'), new.id, new.revision, json_object('was', json_object('withdrawn', old.withdrawn))); END;
CREATE TRIGGER changes_held AFTER UPDATE OF held ON articles
WHEN old.held IS NOT new.held BEGIN
  INSERT INTO changes(at, kind, article_id, number, detail) VALUES (max(coalesce((SELECT at FROM _moment), strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    coalesce((SELECT at FROM changes ORDER BY seq DESC LIMIT 1), '')), iif(new.held IS NULL, 'released', 'held'), new.id, new.revision, json_object('was', json_object('held', old.held), 'reason', coalesce(new.held, old.held))); END;
CREATE TRIGGER changes_copy AFTER UPDATE OF copy_of ON articles
WHEN old.copy_of IS NOT new.copy_of BEGIN
  INSERT INTO changes(at, kind, article_id, number, detail) VALUES (max(coalesce((SELECT at FROM _moment), strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    coalesce((SELECT at FROM changes ORDER BY seq DESC LIMIT 1), '')), iif(new.copy_of IS NULL, 'left', 'copied'), new.id, new.revision, json_object('was', json_object('copy_of', old.copy_of), 'story', coalesce(new.copy_of, old.copy_of))); END;
CREATE TRIGGER changes_lead AFTER UPDATE OF lead_reason ON articles
WHEN old.lead_reason IS NOT new.lead_reason BEGIN
  INSERT INTO changes(at, kind, article_id, number, detail) VALUES (max(coalesce((SELECT at FROM _moment), strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    coalesce((SELECT at FROM changes ORDER BY seq DESC LIMIT 1), '')), 'led', new.id, new.revision, json_object('was', json_object('lead_reason', old.lead_reason), 'reason', new.lead_reason)); END;
CREATE TRIGGER changes_gone BEFORE DELETE ON articles BEGIN
  UPDATE changes SET detail = '{}' WHERE article_id = old.id;
  INSERT INTO changes(at, kind, article_id, number, detail) VALUES (max(coalesce((SELECT at FROM _moment), strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    coalesce((SELECT at FROM changes ORDER BY seq DESC LIMIT 1), '')), 'forgotten', old.id, old.revision, '{}'); END;
CREATE TRIGGER changes_reopened AFTER UPDATE OF state ON entries
WHEN old.state <> 'owed' AND new.state IS NOT old.state AND new.reason IS NOT 'forgotten' BEGIN
  INSERT INTO changes(at, kind, article_id, number, detail) VALUES (max(coalesce((SELECT at FROM _moment), strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    coalesce((SELECT at FROM changes ORDER BY seq DESC LIMIT 1), '')), 'reopened',
    old.article_id, NULL, json_object('entry', old.id, 'state', new.state, 'was', json_object(
      'state', old.state, 'reason', old.reason, 'closed', old.closed))); END;
CREATE TRIGGER articles_superseded AFTER UPDATE OF revision
ON articles WHEN new.revision > old.revision BEGIN
  INSERT INTO superseded(article_id, number, seen, kind, title, text, markdown, content_hash, author, published, updated, language, section, tags, summary, image, paywalled, confidence, url, source_id)
  VALUES (old.id, old.revision, old.version_seen, old.version_kind,
    old.title, old.text, old.markdown, old.content_hash, old.author, old.published, old.updated, old.language, old.section, old.tags, old.summary, old.image, old.paywalled, old.confidence, old.url, old.source_id); END;
COMMIT;
