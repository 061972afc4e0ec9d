import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

import pytest

from app.lib.markdown import to_html
from app.lib.rendering import LONGEST, Renderer

ENDLESS = "[a](" * 40_000


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    made = Renderer(limit=1.0)
    yield made
    made.close()


def test_gives_what_markdown_gives(renderer: Renderer) -> None:
    source = "# Größe 👍\n\n- [x] **done**[^1]\n\n[^1]: Why."
    rendered = renderer.render(source, within="comment-12")
    assert (rendered.html, rendered.is_plain) == (to_html(source, within="comment-12"), False)
    assert rendered.text == "Größe 👍\ndone\nWhy."


def test_a_text_that_takes_too_long_is_shown_as_typed(renderer: Renderer) -> None:
    renderer.render("warm")
    began = perf_counter()
    rendered = renderer.render(f"{ENDLESS} <b>&")
    assert perf_counter() - began < 60  # it comes back at all
    assert rendered.is_plain
    assert rendered.html == f'<pre class="plain">{ENDLESS} &lt;b&gt;&amp;</pre>'
    assert renderer.render("*next*").html == "<p><em>next</em></p>"


def test_a_million_brackets_come_back_at_once(renderer: Renderer) -> None:
    began = perf_counter()
    for many in (5_000, 190_000, 1_000_000):
        assert renderer.render("[" * many).is_plain
    assert renderer.render("[ [" * 300).is_plain
    assert perf_counter() - began < 5  # it is not even tried
    assert not renderer.render("- [ ] Call the schools\n" * 300).is_plain


def test_the_longest_text_is_still_rendered() -> None:
    patient = Renderer(limit=30)
    assert not patient.render("word " * (LONGEST // 5)).is_plain
    assert patient.render("x" * (LONGEST + 1)).is_plain
    patient.close()


def test_a_text_that_breaks_the_parser_is_shown_as_typed(renderer: Renderer) -> None:
    nested = "\n".join(f"{'  ' * depth}- x" for depth in range(300))
    assert renderer.render(nested).is_plain
    assert renderer.render("half a sign \ud83d").html == '<pre class="plain">half a sign ?</pre>'


def test_a_child_that_was_ended_is_replaced(renderer: Renderer) -> None:
    renderer.render("start it")
    child = renderer._idle.queue[-1].process  # noqa: SLF001 - whom to end
    assert child is not None
    child.kill()
    child.wait()
    assert renderer.render("*on*").html == "<p><em>on</em></p>"


def test_many_threads_get_each_their_own() -> None:
    with ThreadPoolExecutor(8) as pool:
        shared = Renderer()
        answers = list(pool.map(lambda n: shared.render(f"text {n}").html, range(100)))
        shared.close()
    assert answers == [f"<p>text {n}</p>" for n in range(100)]


def test_somebody_elses_endless_text_does_not_hold_up_the_rest() -> None:
    shared = Renderer(limit=8.0)
    shared.render("warm")
    endless = threading.Thread(target=shared.render, args=(ENDLESS,))
    endless.start()
    assert shared.render("*quick*").html == "<p><em>quick</em></p>"
    assert endless.is_alive()
    endless.join()
    shared.close()


def test_closing_ends_the_child_and_asking_starts_another() -> None:
    own = Renderer(children=1)
    own.render("x")
    child = own._idle.queue[0].process  # noqa: SLF001 - whom to look for
    assert child is not None
    own.close()
    assert child.poll() is not None
    assert own.render("*x*").html == "<p><em>x</em></p>"
    own.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this machine has no fork")
@pytest.mark.filterwarnings("ignore:This process.*fork:DeprecationWarning")
def test_a_fork_has_children_of_its_own(renderer: Renderer) -> None:
    renderer.render("before")
    pid = os.fork()
    if pid == 0:
        signal.alarm(20)
        is_right = renderer.render("*mine*").html == "<p><em>mine</em></p>"
        renderer.close()
        os._exit(0 if is_right else 1)
    assert renderer.render("*yours*").html == "<p><em>yours</em></p>"
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
