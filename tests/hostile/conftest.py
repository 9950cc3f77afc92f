from tests.archive.conftest import conn
from tests.crawler.run.conftest import archive, broadsheet, config_file, data
from tests.line.conftest import desk, other_web, site, web

__all__ = [
    "archive",
    "broadsheet",
    "config_file",
    "conn",
    "data",
    "desk",
    "other_web",
    "site",
    "web",
]
