"""Telling people what was done, with the way back where there is one."""

from flask import flash


def done(sentence: str) -> None:
    """Say, on the next page, that something was done."""
    flash(sentence, "success")


def undoable(sentence: str, url: str) -> None:
    """Say that something was done, with a button that POSTs to ``url`` to take it back."""
    flash({"text": sentence, "url": url}, "undo")  # type: ignore[arg-type]  # a cookie keeps dictionaries as well


def warn(sentence: str) -> None:
    """Say what stopped us and what to do."""
    flash(sentence, "warning")
