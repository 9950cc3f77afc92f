"""The kinds of damage that `broadsheet verify` knows, by names that stay."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class DamageKind(StrEnum):
    """The name is stable: people filter `verify --json` by it. See docs/how-to/keep-it-safe.md."""

    SQLITE_CORRUPT = "sqlite-corrupt"
    SCHEMA_OBJECT_MISSING = "schema-object-missing"
    SCHEMA_OBJECT_DIFFERS = "schema-object-differs"
    SCHEMA_OBJECT_FOREIGN = "schema-object-foreign"
    REFERENCE_DANGLING = "reference-dangling"

    ALIAS_MISSING = "alias-missing"
    ALIAS_DANGLING = "alias-dangling"
    COPY_OF_MISSING = "copy-of-missing"
    COPY_OF_A_COPY = "copy-of-a-copy"
    BAND_MISSING = "band-missing"
    BAND_STALE = "band-stale"
    HOSTS_WRONG = "hosts-wrong"
    ENTRY_WITHOUT_ARTICLE = "entry-without-article"
    ENTRY_ARCHIVED_WITHOUT_ID = "entry-archived-without-id"
    ENTRY_STATE_WRONG = "entry-state-wrong"
    MENTION_WITHOUT_ARTICLE = "mention-without-article"
    MENTION_WITHOUT_INSTRUMENT = "mention-without-instrument"
    REVISION_WITHOUT_ARTICLE = "revision-without-article"
    REVISION_GAP = "revision-gap"
    HASH_WRONG = "hash-wrong"
    FINGERPRINT_WRONG = "fingerprint-wrong"
    VALUE_MALFORMED = "value-malformed"

    INDEX_TRIGGER_MISSING = "index-trigger-missing"
    INDEX_ROW_MISSING = "index-row-missing"
    INDEX_ROW_EXTRA = "index-row-extra"
    INDEX_STALE = "index-stale"
    INDEX_CORRUPT = "index-corrupt"

    FILE_NOT_ORDERED = "file-not-ordered"
    FILE_OF_NO_STORY = "file-of-no-story"
    FILE_ORDER_STALE = "file-order-stale"
    FILE_NOT_WRITTEN = "file-not-written"
    FILE_MISSING = "file-missing"
    FILE_DIFFERS = "file-differs"
    FILE_ORPHANED = "file-orphaned"

    IMAGE_MISSING = "image-missing"
    IMAGE_DIFFERS = "image-differs"
    IMAGE_ORPHANED = "image-orphaned"

    NOT_COMPARED = "not-compared"  # no damage that was seen: nobody could look

    PAGES_CORRUPT = "pages-corrupt"
    PAGE_DAMAGED = "page-damaged"
    PAGE_MISSING = "page-missing"
    PAGE_UNLINKED = "page-unlinked"
    PAGE_OF_MISSING_ARTICLE = "page-of-missing-article"
    PAGE_OF_FORGOTTEN_ARTICLE = "page-of-forgotten-article"


# The rest is repaired: archive.upkeep.verify.repair says how.
BEYOND_REPAIR = {
    DamageKind.NOT_COMPARED: "verify as the user who writes it",
    DamageKind.VALUE_MALFORMED: "correct the value by hand, or restore a backup",
    DamageKind.PAGE_DAMAGED: "`broadsheet retry URL` fetches the page again",
}
# What to do where a repair was tried and this is still so.
LAST_RESORT = {
    DamageKind.SQLITE_CORRUPT: "restore a backup, or `sqlite3 archive.db .recover` what is left",
    DamageKind.PAGES_CORRUPT: "restore a backup, or move pages.db away: pages are then kept anew",
}


def not_compared(where: str, error: OSError) -> Damage:
    """What can't be read: the rest is compared all the same."""
    detail = f"can't be read: {error.strerror}"
    return Damage(kind=DamageKind.NOT_COMPARED, where=where, detail=detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """One thing that is wrong: `where` is a path, a URL or a row; `detail` says what is wrong."""

    kind: DamageKind
    where: str
    detail: str
    key: int | str = ""  # what its repair needs: an id, a path, a name
