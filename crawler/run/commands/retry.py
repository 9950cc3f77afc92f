"""`broadsheet retry`: closed entries are owed again."""

from __future__ import annotations

import click

from archive.images.rows import retry_images
from archive.model import EntryState
from crawler.run.terminal.context import Context, Failure, pass_context, spellings, unknown_source
from crawler.run.terminal.plurals import they_are
from crawler.run.terminal.terminal import printable_line

_STATES = [str(state) for state in EntryState]


@click.command()
@click.argument("entry", metavar="[ENTRY|URL]", required=False)
@click.option("--state", type=click.Choice(_STATES), help="Only entries in this state.")
@click.option("--source", "source_id", metavar="ID", help="Only entries of this source.")
@click.option("--images", is_flag=True, help="Refused images ([images] keep), and no entry.")
@pass_context
def retry(
    context: Context, entry: str | None, state: str | None, source_id: str | None, images: bool
) -> None:
    """Make closed entries owed again, and due at once; the next crawl fetches them.

    ENTRY is an entry's number. Without ENTRY, URL and --state: all entries that have no article.
    """
    if images and (entry or state):
        raise Failure("--images takes --source alone: it is about no entry", exit_code=2)
    from archive.database.connect import transaction
    from archive.entries.owed import retry_entries
    from archive.sources.declarations import source_states

    with context.changing("retry") as connection, transaction(connection):
        known = [source.id for source in source_states(connection)]
        if source_id is not None and source_id not in known:
            raise unknown_source(source_id, known)
        if images:
            count = retry_images(connection, source_id=source_id, now=context.now())
            context.console.print(f"{they_are(count, 'image')} owed again.")
            return
        count = 0
        for spelling in spellings(entry) if entry else (None,):
            count += retry_entries(
                connection, now=context.now(), entry=spelling, state=state, source_id=source_id
            )
    if entry and not count:
        raise Failure(
            f"no such entry, or it was forgotten: {printable_line(entry)}; "
            "`broadsheet show URL` names entries"
        )
    context.console.print(f"{they_are(count, 'entry')} owed again.")
