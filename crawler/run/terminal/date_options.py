"""The options that name a moment: --since, --until, --as-of, in the forms of a source's `since`."""

from __future__ import annotations

from datetime import datetime

import click

from archive.asof.past_moments import NoMoment, read_past
from crawler.run.terminal.context import Context


class MomentOption(click.ParamType[datetime | None]):
    """A day is its midnight in UTC, a duration reaches back from now, "all" is None."""

    name = "date"

    def convert(
        self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime | None:
        from config.moments import moment_of, read_since

        if isinstance(value, datetime):
            return value
        context = ctx and ctx.find_object(Context)
        try:
            return moment_of(read_since(value), (context or Context()).now())
        except ValueError as error:
            self.fail(f"{value!r} {error}", param, ctx)


class PastOption(click.ParamType[datetime]):
    """A moment that is over."""

    name = "moment"

    def convert(
        self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        if isinstance(value, datetime):
            return value
        context = ctx and ctx.find_object(Context)
        try:
            return read_past(value, (context or Context()).now())
        except NoMoment as error:
            self.fail(f"{value!r} {error}", param, ctx)


as_of_option = click.option(
    "--as-of",
    type=PastOption(),
    metavar="T",
    help="As the archive stood at T: a time with its zone (2026-11-23T09:30Z), a day's beginning"
    " in UTC, or an age (36h).",
)
