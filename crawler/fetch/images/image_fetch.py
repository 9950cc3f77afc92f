"""A picture at the worker, from request to outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from scrapy.http import Response

from archive.images.formats import NoPicture, picture_of
from archive.model import EntryState
from crawler.fetch.http.causes import Cause
from crawler.fetch.http.outcomes import Failed, of_status
from crawler.fetch.tasks import Closed, ImageFetched, ImageOutcome, ImageTask, Postponed

_ACCEPT = "image/avif,image/webp,image/*;q=0.9"  # some sites answer a browser's with a page


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageFetch:
    """A picture on its way."""

    task: ImageTask
    cut: str = ""  # digest of an answer that ended too early: the next one decides
    priority = -10  # behind all pages
    validators = None
    rendered = False

    @property
    def url(self) -> str:
        return self.task.url

    @property
    def max_bytes(self) -> int:
        return self.task.max_bytes

    @property
    def headers(self) -> Mapping[str, str]:
        """What a browser sends; many a site gives its pictures to its own pages only. Of the page
        nothing but its origin: the rest of an address may hold a token."""
        page = urlsplit(self.task.page)
        from_page = page.scheme == urlsplit(self.url).scheme and page.scheme in ("http", "https")
        referer = {"Referer": f"{page.scheme}://{page.netloc}/"} if from_page else {}
        return {"Accept": _ACCEPT, **referer}


def image_answered(step: ImageFetch, response: Response) -> ImageOutcome:
    """Look at what came: the bytes decide, whatever their header says."""
    failed = of_status(response)
    if failed is not None:
        return image_failed(failed)
    if len(response.body) > step.max_bytes:
        return image_failed(Failed(reason=str(Cause.TOO_LARGE), state=EntryState.REJECTED))
    found = picture_of(response.body)
    if isinstance(found, NoPicture):
        return Closed(failed=Failed(reason=found.reason, state=EntryState.REJECTED, final=True))
    return ImageFetched(body=response.body, picture=found)


def image_failed(failed: Failed) -> ImageOutcome:
    """No picture came: it is asked for again, or given up."""
    if failed.state is EntryState.REJECTED:  # the only one without an answer that was read whole
        reason = f"{Cause.TOO_LARGE}: over [images] max_mb"
        return Closed(failed=replace(failed, reason=reason, final=True))
    return Closed(failed=failed) if failed.final else Postponed(failed=failed)
