"""Which pages a browser would see more of."""

from __future__ import annotations

import pytest

from crawler.extract.script_page import is_script_filled

NOTE = "<noscript>Please enable JavaScript.</noscript>"
SCRIPT = '<script src="/app.js"></script>'
WORDS = "<p>" + "The bank raised its rate on Monday as traders had expected. " * 20 + "</p>"


@pytest.mark.parametrize(
    "page",
    [
        f'<html><body><div id="root"></div>{SCRIPT}</body></html>',
        f"<body><header>Daily</header><main></main>{SCRIPT}<footer>Imprint</footer></body>",
        f"<body>{'<p>About us and our rules.</p>' * 30}{NOTE}{SCRIPT}",
        f"<body><p>{'关于我们。' * 130}</p><noscript>请启用JavaScript</noscript>{SCRIPT}</body>",
    ],
)
def test_a_shell_is_filled_by_its_script(page: str) -> None:
    assert is_script_filled(page.encode(), "text/html; charset=utf-8")


@pytest.mark.parametrize(
    "page",
    [
        '<html><body><div id="root"></div></body></html>',
        f"<html><body>{WORDS}{SCRIPT}</body></html>",
        f"<html><body>{WORDS * 2}{NOTE}{SCRIPT}</body></html>",
        "",
    ],
)
def test_a_page_of_its_own_words_is_not(page: str) -> None:
    assert not is_script_filled(page.encode(), "text/html; charset=utf-8")
