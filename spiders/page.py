"""`scrapy crawl page -a url=URL`: archives one page and explains itself."""

from __future__ import annotations

from typing import Any

from archive.errors import UnusableArgument
from archive.model import Article, EntryState, Rejection, Saved
from archive.text.strings import without_commands
from crawler.fetch.house.unannounced import Unannounced
from crawler.fetch.http.outcomes import Failed
from crawler.fetch.tasks import Fetching
from crawler.text.addresses import canonical_url
from spiders.base import SourceSpider

_SHOWN = (
    "title", "authors", "published", "updated", "section", "tags", "summary", "language", "image",
    "paywalled", "confidence",
)  # fmt: skip


class PageSpider(SourceSpider):
    name = "page"

    @classmethod
    def takes(cls) -> tuple[str, ...]:
        return ("url", *super().takes())

    def __init__(self, url: str = "", **kwargs: Any):
        super().__init__(**kwargs)
        if not canonical_url(url):
            raise UnusableArgument(
                f"-a url={url!r}: give an address beginning with http:// or https://"
            )
        self.url = url

    async def prepare(self) -> None:
        house, clock = self.crawl.house, self.crawl.clock
        house.pages.observers.append(self.explain)
        unannounced = Unannounced(house, kind="page", clock=clock)
        house.hand_out(await unannounced.task(self.url, now=clock.now()))

    def explain(
        self, task: Fetching, what: Article | Rejection | Failed, how: Saved | EntryState
    ) -> None:
        say = self.logger.info
        say("filed under source %s", task.source.id)
        if isinstance(what, Article):
            self._explain_article(what)
        if isinstance(how, Saved) and how.held:
            say("held: %s", how.held)
        elif isinstance(how, Saved) and how.rejected is None:
            say("archived: %s as article %s", how.verdict, how.article_id)
        elif isinstance(how, Saved):
            say("not archived: %s", how.rejected)
        else:
            reason = str(what) if isinstance(what, Rejection) else getattr(what, "reason", "")
            say("not archived: %s (%s)", how, without_commands(reason))

    def _explain_article(self, article: Article) -> None:
        """Every field with what gave it; a field without a value says so."""
        evidence = dict(article.evidence)
        for name in _SHOWN:
            value = getattr(article, name)
            shown = ", ".join(value) if isinstance(value, tuple) else value
            if shown:
                words = without_commands(str(shown))
                self.logger.info("%s: %s (from %s)", name, words, evidence.get(name, "the page"))
            else:
                self.logger.info("%s: none", name)
        self.logger.info(
            "text: %d characters in %d paragraphs, %d images (from %s)",
            len(article.text),
            len(article.text.split("\n\n")),
            len(article.images),
            evidence.get("text", "the page"),
        )
