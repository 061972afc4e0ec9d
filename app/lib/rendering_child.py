"""The process that renders Markdown for `app.lib.rendering`, so that it can be stopped.

It reads a question from its standard input and writes the answer to its standard output, until the input ends.
"""

import faulthandler
import json
import os
import signal
import sys

from app.lib.markdown import to_html
from app.lib.pipes import receive, send


def serve(limit: float) -> None:
    """Answer questions until there are no more.

    Args:
        limit: seconds after which one question ends the process, should nobody be left to stop it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    send(answers, receive(questions))  # the first one only asks whether we are there
    with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123 - a device, not a path of ours
        while True:
            try:
                question = json.loads(receive(questions))
            except EOFError:
                return
            faulthandler.dump_traceback_later(limit, exit=True, file=nowhere)
            answer = _answer(**question)
            faulthandler.cancel_dump_traceback_later()
            send(answers, json.dumps(answer).encode())


def _answer(source: str, within: str) -> str | None:
    """Return the HTML, or nothing where the text is more than the parser can take."""
    try:
        html = to_html(source, within=within)
        html.encode()
    except Exception:  # noqa: BLE001 - whatever a text breaks in the parser, its author still gets to see it, as plain text
        return None
    return html
