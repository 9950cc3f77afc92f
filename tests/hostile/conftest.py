from tests.line.conftest import desk, other_web, web

__all__ = ["desk", "other_web", "web"]
