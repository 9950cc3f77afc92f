from __future__ import annotations

from crawler.run.terminal.terminal import printable


def test_what_commands_a_terminal_or_ends_the_print_is_replaced() -> None:
    assert printable("a\x1b[31m \u202eb \ud800c\tд\n") == "a�[31m �b �c\tд\n"
