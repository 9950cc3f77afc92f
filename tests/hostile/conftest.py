from tests.archive.conftest import conn
from tests.line.conftest import desk, other_web, site, web

__all__ = ["conn", "desk", "other_web", "site", "web"]
