"""No child of ours looks for modules in the working directory: a `config.py` there is a stranger's.

`python -m` and `python -c` put that directory first on the path. Ours are started with `-P`; those
that the standard library starts (the fork server, the resource tracker) read the environment.
"""

from __future__ import annotations

import os

_NAME = "PYTHONSAFEPATH"
_GIVEN = os.environ.get(_NAME)


def keep_children_safe() -> None:
    """Give every child from now on the safe path, a fork server that starts anew as well."""
    os.environ[_NAME] = "1"


def user_environment() -> dict[str, str]:
    """The environment as the user gave it: what they start may import what lies beside it."""
    given = {} if _GIVEN is None else {_NAME: _GIVEN}
    return {name: value for name, value in os.environ.items() if name != _NAME} | given
