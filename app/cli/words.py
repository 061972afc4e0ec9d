"""Words that options take, and the sentences that say what to type instead."""

from datetime import date

import click


class Day(click.ParamType[date]):
    """A day, as year-month-day."""

    name = "date"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day that was typed."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            option = f"{param.opts[0]} " if param else ""
            msg = f"“{value}” is not a day. Type its year, month and day, such as {option}2027-06-30"
            raise click.UsageError(msg, ctx) from None
