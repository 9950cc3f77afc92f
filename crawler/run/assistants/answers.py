"""What each tool answers: values that JSON has, of bounded size, each with its addresses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from archive.asof.changes import change_fields
from archive.database.times import to_text
from archive.errors import ArchiveError
from archive.model import ChangeKind
from crawler.run.assistants.quotations import Quoter

if TYPE_CHECKING:
    from archive.articles.columns import StoredArticle
    from archive.reader import Archive, StoredRevision
    from archive.search.answer import Hit

MOST_HITS = 50
MOST_EVENTS = 200
MOST_CHARACTERS = 20_000  # of a text in one answer; `next_offset` says where to go on
MOST_DAYS = 400  # of coverage: rows of a source and a day
_TITLE = 300
_SNIPPET = 400
_MEMBERS = 100  # copies or versions of one story
_CODES = 200

Answer = dict[str, object]


@dataclass(frozen=True, slots=True)
class Answers:
    """What an archive, perhaps as it stood at a moment, says to each question."""

    archive: Archive
    quoter: Quoter

    def search(self, query: str, limit: int, *, copies: bool) -> Answer:
        """Find articles, the best first. Raises QueryError."""
        most = max(1, min(limit, MOST_HITS))
        found = self.archive.search(query, most + 1, copies=copies)
        return {"hits": [self._hit(hit) for hit in found[:most]], "more": len(found) > most}

    def article(self, article: str, version: int | None, offset: int) -> Answer:
        """Give an article, or one of its versions, with its text from a character on."""
        found = self._get(article)
        said = found if version is None else self._version(found.id, version)
        start = max(0, offset)
        text = said.text[start : start + MOST_CHARACTERS]
        end = start + len(text)
        return {
            **self._head(found),
            "title": self.quoter.line(said.title, _TITLE),
            "version": found.revision if version is None else version,
            "versions": found.revision,
            "author": self.quoter.line(said.author or "", _TITLE),
            "updated_claim": to_text(said.updated),
            "language": said.language,
            "paywalled": said.paywalled,
            "confidence": said.confidence,
            "copy_of": found.copy_of,
            "names_as_origin": self.quoter.line(found.origin, _TITLE),
            "characters": len(said.text),
            "text": self.quoter.text(text),
            "next_offset": end if end < len(said.text) else None,
        }

    def story(self, article: str) -> Answer:
        """Give who carried a story, in the order of arrival, and what its versions were."""
        found = self._get(article)
        lead = found if found.copy_of is None else self._get(str(found.copy_of))
        copies = self.archive.copies(lead.id)
        members = sorted([lead, *copies], key=lambda member: (member.first_seen, member.id))
        return {
            "lead": lead.id,
            "carried_by": [self._head(member) for member in members[:_MEMBERS]],
            "carried_by_in_all": len(members),
            "versions": [
                {
                    "version": version.number,
                    "seen": to_text(version.seen),
                    "kind": version.kind,
                    "title": self.quoter.line(version.title, _TITLE),
                }
                for version in self.archive.revisions(lead.id)[-_MEMBERS:]
            ],
            "says_the_contrary": [
                self._head(other) for other, _ in self.archive.contraries(lead.id)[:_MEMBERS]
            ],
        }

    def changes(self, since: int, kinds: Sequence[ChangeKind], limit: int) -> Answer:
        """Give numbered events after a number, oldest first, without the texts in them."""
        most = max(1, min(limit, MOST_EVENTS))
        events = list(islice(self.archive.changes(since, kinds=kinds, limit=most + 1), most + 1))
        shown = [
            {name: value for name, value in change_fields(event).items() if name != "detail"}
            for event in events[:most]
        ]
        after = events[:most][-1].seq if events else since
        return {"events": shown, "next_since": after, "more": len(events) > most}

    def coverage(self, sources: Sequence[str], since: datetime | None) -> Answer:
        """Say per source and day what was announced and what came of it, and what is missing."""
        known = self.archive.source_ids()
        if unknown := sorted(set(sources) - known):
            raise ArchiveError(
                f"no source {', '.join(unknown)}: there are {', '.join(sorted(known))}"
            )
        found = self.archive.coverage(*sources, since=since)
        days = [
            {
                "source": day.source_id,
                "day": day.day,
                "announced": day.announced,
                "archived": day.archived,
                "owed": day.owed,
                "refused": dict(day.refused),
                "gaps": day.gaps,
            }
            for day in found.days[:MOST_DAYS]
        ]
        gaps = [
            {
                "source": gap.source_id,
                "from": to_text(gap.started),
                "to": to_text(gap.ended),
                "why": gap.why.value,
                "missing": gap.missing,
            }
            for gap in found.gaps[:MOST_DAYS]
        ]
        return {"days": days, "gaps": gaps, "more": len(found.days) > MOST_DAYS}

    def securities(self, code: str, limit: int) -> Answer:
        """Give the newest stories that mention a security; without a code, what is mentioned."""
        if code:
            return {"code": code, **self.search(f'code:"{code}"', limit, copies=False)}
        named = self.archive.securities(_CODES)
        return {"securities": [{"code": c, "articles": count} for c, count in named.items()]}

    def _get(self, article: str) -> StoredArticle:
        found = self.archive.get(article)
        if found is None:
            raise ArchiveError(f"no article {article[:200]}: search for its id or address")
        return found

    def _version(self, article_id: int, number: int) -> StoredRevision:
        versions = {v.number: v for v in self.archive.revisions(article_id)}
        if number not in versions:
            raise ArchiveError(f"article {article_id} has the versions 1 to {len(versions)}")
        return versions[number]

    def _head(self, article: StoredArticle) -> Answer:
        return dict(self._fields(article))

    def _fields(self, article: StoredArticle) -> Iterator[tuple[str, object]]:
        yield "id", article.id
        yield "url", article.url
        yield "outlet", self.quoter.line(article.source_name, _TITLE)
        yield "source", article.source
        yield "title", self.quoter.line(article.title, _TITLE)
        yield "published", to_text(article.published)
        yield "published_from", article.published_from
        yield "first_seen", to_text(article.first_seen)
        yield "version_seen", to_text(article.version_seen)
        yield "withdrawn", to_text(article.withdrawn)

    def _hit(self, hit: Hit) -> Answer:
        return {
            "id": hit.id,
            "url": hit.url,
            "source": hit.source,
            "title": self.quoter.line(hit.title, _TITLE),
            "published": to_text(hit.published),
            "first_seen": to_text(hit.first_seen),
            "withdrawn": to_text(hit.withdrawn),
            "snippet": self.quoter.line(hit.snippet, _SNIPPET),
        }
