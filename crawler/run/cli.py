"""`broadsheet`: one group whose commands are imported when they are called."""

from __future__ import annotations

import click

from crawler.run.terminal.context import Context, Failure, pass_context
from crawler.run.terminal.group import INTERRUPTED, Commands, shared_options

__all__ = ["INTERRUPTED", "Context", "Failure", "main", "pass_context"]

# name -> (where the command is, its line in the overview); `--help` imports none of them
_COMMANDS = {
    "init": ("init:init", "Write a commented config file."),
    "demo": ("demo:demo", "Crawl the bundled newsroom and show what comes of it."),
    "crawl": ("crawl:crawl", "Visit sources once and archive what they announce."),
    "daemon": ("daemon:daemon", "Visit every source on its schedule until stopped."),
    "worker": ("worker:worker", "Fetch pages for a daemon elsewhere, without archive or config."),
    "status": ("status:status", "Show how the sources fare, and what runs."),
    "sources": ("sources:sources", "List, check and change the sources."),
    "search": ("search:search", "Search the archived articles."),
    "show": ("show:show", "Show an article, or why an address is none."),
    "stats": ("stats:stats", "Count articles, entries and bytes."),
    "coverage": ("coverage:coverage", "Show what was announced, what came of it, and the gaps."),
    "changes": ("changes:changes", "List the archive's numbered events."),
    "copies": ("copies:copies", "List the stories that several outlets carried, and correct it."),
    "held": ("held:held", "List what a guess keeps back, release or refuse it."),
    "retry": ("retry:retry", "Make closed entries owed again."),
    "export": ("export:export", "Write articles as JSON Lines, CSV, Parquet, feeds or posts."),
    "import": ("import_posts:import_posts", "Archive the posts of an earlier site."),
    "render": ("render:render", "Rebuild the Markdown files from the archive."),
    "reextract": ("reextract:reextract", "Read the stored pages again with today's extraction."),
    "verify": ("verify:verify", "Check that rows, files, index and pages agree; repair them."),
    "backup": ("backup:backup", "Copy the archive to one file, beside whatever writes it."),
    "restore": ("backup:restore", "Bring an archive back from its backup."),
    "merge": ("merge:merge", "Bring another archive into this one."),
    "forget": ("forget:forget", "Take an article down, so that it doesn't return."),
    "mcp": ("mcp:mcp", "Serve the archive to assistants, read-only."),
    "serve": ("serve:serve", "Browse the archive with Datasette."),
}


@click.group(
    cls=Commands,
    lazy=_COMMANDS,
    params=shared_options(),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="broadsheet")
def main() -> None:
    """Broadsheet crawls financial news into SQLite and Markdown."""


if __name__ == "__main__":
    main()
