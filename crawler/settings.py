"""Scrapy settings. What the user configures (TOML) is laid over them by `crawler.fetch.crawl`.

The reasons, with measurements, are in docs/decisions/engine.md.
"""

from __future__ import annotations

BOT_NAME = "broadsheet"
SPIDER_MODULES = ["spiders"]
NEWSPIDER_MODULE = "spiders"
SPIDER_LOADER_CLASS = "crawler.fetch.own.spider_loader.NamedSpiders"
ADDONS = {
    "crawler.fetch.http.stopping.StopScope": 0,
    "crawler.fetch.crawl.Crawl": 1,
    "crawler.fetch.browser.chromium.Browser": 4,  # after what says how long a download may take
    "crawler.fetch.own.manners.OwnSpiders": 2,
    "crawler.fetch.own.quiet_log.QuietLog": 3,
}

# The guard checks the very address that is connected to; a proxy from the environment, or
# another download handler, would go round it.
TWISTED_DNS_RESOLVER = "crawler.fetch.http.guard.GuardedResolver"
HTTPPROXY_ENABLED = False
DOWNLOAD_HANDLERS = {
    "http": "crawler.fetch.http.handler.ShortKeepAlive",
    "https": "crawler.fetch.http.handler.ShortKeepAlive",
    "file": None,
    "ftp": None,
    "s3": None,
    "data": None,
}
DOWNLOAD_VERIFY_CERTIFICATES = True
REMOTE_CONTROL_ENABLED = False  # on by default in 2.19: runs any Python over a local port
TELNETCONSOLE_ENABLED = False

ROBOTSTXT_OBEY = True
DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0.0  # a jitter of 30 % would make gaps shorter than what was promised
CONCURRENT_REQUESTS = 128  # counts requests that wait out a delay: Work bounds the real ones
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_TIMEOUT = 30  # total time from the send; it also bounds a graceful stop
DOWNLOAD_MAXSIZE = 10 * 2**20
DOWNLOAD_WARNSIZE = 0
BROADSHEET_SOURCE_BYTES = 5 * 10**9
RETRY_TIMES = 1
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"  # the house says in its own words what came of the task
REDIRECT_MAX_TIMES = 5
COOKIES_ENABLED = False
REFERRER_POLICY = "same-origin"  # a source's address may hold a token
URLLENGTH_LIMIT = 0  # discovery bounds addresses; Scrapy's filter would drop a task without a word
METAREFRESH_ENABLED = False
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8",
}

DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"  # the archive is the only memory
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 2**40  # out of reach: one source would stop all; see Work
CONCURRENT_ITEMS = 16
MEMUSAGE_LIMIT_MB = 1024
EXTENSIONS = {
    "scrapy.extensions.memusage.MemoryUsage": None,
    "crawler.fetch.watch.memory.ResidentMemory": 0,
}

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.fetch.own.refusals.TellRefusals": 10,
    "crawler.fetch.http.literal_hosts.LiteralHosts": 50,  # before a robots.txt is asked for
    "crawler.fetch.http.politeness.Robots": 100,
    "crawler.fetch.http.politeness.Holds": 560,  # before Retry (550) on the way back
    "crawler.fetch.http.headers.UserProxy": 740,  # before Scrapy's own HttpProxy (750)
    "crawler.fetch.http.headers.HopHeaders": 890,
    "crawler.fetch.http.cut_answers.GzipEnds": 600,  # before decompression (590) on the way back
    "crawler.fetch.http.daily_bytes.DailyBytes": 892,  # bytes as they come: before decompression
    "crawler.fetch.http.guard.GuardErrors": 895,
}
ITEM_PIPELINES = {"crawler.fetch.pipelines.SaveArticle": 300}

FEED_EXPORT_ENCODING = "utf-8"  # of `-o FILE`: Chinese as it is, not in escapes
LOG_LEVEL = "INFO"  # DEBUG prints every item
LOG_FORMATTER = "crawler.fetch.http.logformat.Brief"
STATS_DUMP = False
