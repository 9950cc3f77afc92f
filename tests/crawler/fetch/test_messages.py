"""What goes over a desk between processes comes out of its message as it went in."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from archive.errors import ForeignMessage
from archive.images.formats import Picture, PictureType
from archive.model import (
    Article,
    Document,
    Entry,
    EntryState,
    GapSearch,
    ListedItem,
    RawPage,
    Reason,
    Rejection,
)
from archive.model import Validators as Version
from crawler.discover.model import Hints
from crawler.fetch.desk import read_outcome, read_task, write_outcome, write_task
from crawler.fetch.http.outcomes import Failed
from crawler.fetch.tasks import (
    Announced,
    Answered,
    Child,
    Closed,
    Extracted,
    ImageFetched,
    ImageTask,
    Listed,
    NotModified,
    Outcome,
    PageTask,
    Poll,
    Postponed,
    Recheck,
    Rejected,
    Task,
    Visited,
)
from tests.crawler.fetch.harness import NOW, make_source

SOURCE = make_source("a", headers={"Authorization": "Bearer s3cret"}, cookies={"session": "c00kie"})
GONE = Closed(failed=Failed(reason="HTTP 410", state=EntryState.GONE, final=True))
LATER = Postponed(failed=Failed(reason="HTTP 500"))
WEB = "https://x.example.com/"

ENTRY = Entry(url=WEB + "1", raw_url=WEB + "1", id=7, source_id="a", published=NOW)
VERSION_1 = Version(url=WEB + "1", etag='"1"')
FILE = Document(url=WEB + "news.xml", lastmod=NOW)
ARTICLE = Article(
    url=WEB + "1", title="央行降准", text="一\n\n二", markdown="一", authors=("张三",)
)
RAW = RawPage(url=WEB, source_id="a", fetched=NOW, status=200, headers=(("A", "b"),), body=b"\xff<")
ANSWERED = Answered(status=200, validators=VERSION_1, fresh=timedelta(minutes=3))
LISTED = Listed(
    document="feed",
    entries=(ENTRY,),
    found=1,
    unused=(("from before since", 2),),
    offset_s=28800,
    offset_reason="3 of 6",
    dates=(NOW, None),
    items=(ListedItem(keys=("a1", "b2"), date=NOW), ListedItem(keys=("c3",))),
    search=GapSearch(places=(WEB,), found=4, reached=True),
    hints=Hints(skip_days=frozenset({6})),
)
COMMON = {"source": SOURCE, "attempt": 3, "delay_s": 1.5}
TASKS = [
    Poll(
        **COMMON,
        document="feed",
        validators=VERSION_1,
        anew=True,
        offset_s=28800,
        visited=NOW,
    ),
    Child(**COMMON, sitemap=FILE, visit_id=5),
    PageTask(**COMMON, entry=ENTRY, learned="ab12", last=True),
    Recheck(**COMMON, entry=ENTRY, article_id=9, validators=VERSION_1),
    ImageTask(**COMMON, image_id=4, address=WEB + "a.png", page=WEB + "1", max_bytes=5),
]
VISIT = {"at": datetime(2026, 1, 2, tzinfo=UTC), "seconds": 0.5}
OUTCOMES: list[Outcome] = [
    Announced(**VISIT, answered=ANSWERED, listed=LISTED, hub=WEB, topic=WEB),
    NotModified(**VISIT, answered=ANSWERED),
    Visited(**VISIT, answered=None, failed=Failed(reason="timed out"), listed=Listed()),
    Extracted(article=ARTICLE, addresses=(WEB,), page=VERSION_1, raw=(RAW,)),
    Rejected(rejection=Rejection(reason=Reason.PAYWALL, detail="x"), raw=(RAW,)),
    ImageFetched(body=b"\xff\xd8", picture=Picture(type=PictureType.JPEG, width=4, height=3)),
    GONE,
    LATER,
]


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.kind)
def test_every_task_comes_out_of_its_message_as_it_went_in(task: Task) -> None:
    again = read_task(write_task(task))
    assert (type(again), again.id, again.attempt, again.url) == (
        type(task),
        task.id,
        3,
        task.url,
    )
    assert again.validators == task.validators
    assert again.source.headers == {}


@pytest.mark.parametrize("outcome", OUTCOMES, ids=lambda outcome: outcome.form)
def test_every_outcome_comes_out_of_its_message_as_it_went_in(outcome: Outcome) -> None:
    delivery = read_outcome(write_outcome(TASKS[2], outcome))
    assert (delivery.task_id, delivery.attempt, delivery.outcome) == ("page:7", 3, outcome)


@pytest.mark.parametrize("message", [b"PING", b"[]", b"{}", b'{"version": 1}'])
def test_what_is_no_message_of_ours_is_refused_aloud(message: bytes) -> None:
    with pytest.raises(ForeignMessage):
        read_task(message)
    with pytest.raises(ForeignMessage):
        read_outcome(message)


def test_a_message_of_another_version_is_refused_aloud() -> None:
    newer = json.loads(write_task(TASKS[0])) | {"version": 2}
    with pytest.raises(ForeignMessage, match="has version 2, this program knows 1"):
        read_task(json.dumps(newer).encode())


def test_a_message_without_a_version_is_none_of_ours() -> None:
    task, outcome = (
        json.loads(write_task(TASKS[0])),
        json.loads(write_outcome(TASKS[2], OUTCOMES[0])),
    )
    del task["version"], outcome["version"]
    with pytest.raises(ForeignMessage, match="is none of ours"):
        read_task(json.dumps(task).encode())
    with pytest.raises(ForeignMessage, match="is none of ours"):
        read_outcome(json.dumps(outcome).encode())
