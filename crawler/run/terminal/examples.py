"""Examples below the `--help` of every command; tests run the parser over each."""

from __future__ import annotations

_EXAMPLES = {
    "init": "broadsheet init\nbroadsheet --config news.toml init",
    "demo": "broadsheet demo\nbroadsheet demo --data /tmp/demo",
    "crawl": """\
broadsheet crawl
broadsheet crawl stcn wire --since 7d
broadsheet crawl --retry""",
    "daemon": "broadsheet daemon\nbroadsheet daemon --redis redis://10.0.0.5:6379/0 --slots 8",
    "status": "broadsheet status\nbroadsheet status --json",
    "sources": """\
broadsheet sources list
broadsheet sources check stcn
broadsheet sources disable stcn""",
    "search": """\
broadsheet search 央行 降准
broadsheet search 'steel -tariff after:2026-11' --newest
broadsheet search --json 'source:stcn code:300778'""",
    "show": "broadsheet show 9\nbroadsheet show 9 --revisions\nbroadsheet show https://news.example.com/1",
    "stats": "broadsheet stats\nbroadsheet stats --json",
    "coverage": "broadsheet coverage\nbroadsheet coverage stcn --since 7d",
    "changes": "broadsheet changes --since 1200\nbroadsheet changes --follow --json",
    "copies": "broadsheet copies\nbroadsheet copies list",
    "held": "broadsheet held\nbroadsheet held release 12",
    "retry": "broadsheet retry --state failed\nbroadsheet retry https://news.example.com/1",
    "export": """\
broadsheet export --format jsonl --since 30d news.jsonl
broadsheet export --format csv --query 央行 -
broadsheet export --format parquet news""",
    "import": "broadsheet import posts",
    "render": "broadsheet render",
    "reextract": "broadsheet reextract --dry-run\nbroadsheet reextract --source stcn --since 30d",
    "verify": "broadsheet verify\nbroadsheet verify --full\nbroadsheet verify --repair",
    "backup": "broadsheet backup /mnt/backups\nbroadsheet backup news.tar.zst",
    "restore": "broadsheet restore news.tar.zst --data restored",
    "merge": "broadsheet merge other/archive.db",
    "forget": "broadsheet forget 12\nbroadsheet forget https://news.example.com/1",
    "serve": "broadsheet serve\nbroadsheet serve --port 8080",
    "worker": "broadsheet worker --redis redis://10.0.0.5:6379/0 --slots 2",
    "mcp": "broadsheet mcp",
    "sources check": "broadsheet sources check\nbroadsheet sources check stcn",
    "sources list": "broadsheet sources list\nbroadsheet sources list --json",
    "sources show": "broadsheet sources show stcn",
    "sources remove": "broadsheet sources remove stcn",
    "sources rename": "broadsheet sources rename stcn stcn-news",
    "sources enable": "broadsheet sources enable stcn",
    "sources import": "broadsheet sources import feeds.opml --check",
    "sources export": "broadsheet sources export --opml feeds.opml",
    "sources catalog": "broadsheet sources catalog 证券",
    "sources disable": "broadsheet sources disable stcn",
    "held list": "broadsheet held list",
    "held release": "broadsheet held release 12",
    "held refuse": "broadsheet held refuse 12",
    "copies list": "broadsheet copies list",
    "copies lead": "broadsheet copies lead 12",
    "copies merge": "broadsheet copies merge 12 34",
    "copies split": "broadsheet copies split 34",
}


def examples_of(command: str) -> str | None:
    """Give the examples of a command as click prints them, line by line; None where it has none."""
    lines = _EXAMPLES.get(command, "").splitlines()
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)]) if lines else None
