"""`broadsheet forget`: an article is taken down, and may not return."""

from __future__ import annotations

import click
from rich.text import Text

from archive.folder import DataFolder
from crawler.run.terminal.context import Context, pass_context, spellings
from crawler.run.terminal.plurals import counted
from crawler.run.terminal.terminal import printable_line


@click.command()
@click.argument("article", metavar="ID|URL")
@click.option("--reason", default="", metavar="TEXT", help="Why, for the record.")
@click.option("--yes", is_flag=True, help="Don't ask.")
@pass_context
def forget(context: Context, article: str, reason: str, yes: bool) -> None:
    """Take an article down: its row, versions, raw pages, file and words in the index.

    Its addresses stay as tombstones, so that it isn't archived again. Backups made before still
    have it.
    """
    from archive.files.orders import write_owed
    from archive.pages.store import PageStore
    from archive.upkeep.forgetting import find_target
    from archive.upkeep.forgetting import forget as take_down

    with context.changing("forget") as connection:
        found = find_target(connection, article, spellings(article))
        title = f"{found.article_id}: {found.title}" if found.article_id else article
        if not yes:
            click.confirm(f"Forget {printable_line(title)}? It can't be brought back", abort=True)
        take_down(connection, found, reason=reason, now=context.now())
        written = write_owed(connection, context.markdown_dir)
        store = PageStore(DataFolder(context.data).pages)
        pages = store.forget(found.article_id, found.addresses)
        store.close()
    for problem in written.problems:
        context.errors.print(Text(printable_line(problem)))
    context.console.print(
        Text(
            f"Forgotten: {printable_line(title)}. {counted(len(found.addresses), 'address')} "
            f"may not return; {counted(written.removed, 'file')} and "
            f"{counted(pages, 'raw page')} deleted."
        )
    )
