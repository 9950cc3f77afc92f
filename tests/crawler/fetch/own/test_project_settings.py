"""Settings of a person's own project, under our spiders."""

from __future__ import annotations

from scrapy.settings import Settings

from spiders.feed import FeedSpider


def test_a_project_s_spider_middlewares_stay_beside_those_that_are_not_needed() -> None:
    settings = Settings({"SPIDER_MIDDLEWARES": {"my.Middleware": 540}})
    FeedSpider.update_settings(settings)
    assert settings.getdict("SPIDER_MIDDLEWARES") == {
        "my.Middleware": 540,
        "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
        "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
    }


def test_a_scheduler_of_a_persons_own_stays() -> None:
    settings = Settings()
    settings.set("SCHEDULER", "my.Scheduler", priority="project")
    FeedSpider.update_settings(settings)
    assert settings["SCHEDULER"] == "my.Scheduler"
    assert settings["DOWNLOADER"] == "crawler.fetch.http.downloader.StraightDownloader"
