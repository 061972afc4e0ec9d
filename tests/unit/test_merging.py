from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lib.merging import Merged, merge_content, merge_rows, merge_text, merge_value

NOTE = "Agenda\n\n- placement\n- reclassification\n\nWe meet on Monday at nine in the board room."


def test_changes_in_different_paragraphs_are_joined() -> None:
    mine = NOTE.replace("placement", "placement in Algebra")
    theirs = NOTE.replace("Monday", "Tuesday")
    assert merge_text(NOTE, mine, theirs) == mine.replace("Monday", "Tuesday")


def test_changes_in_different_places_of_one_sentence_are_joined() -> None:
    mine, theirs = NOTE.replace("Monday", "Tuesday"), NOTE.replace("board room", "library")
    assert merge_text(NOTE, mine, theirs) == mine.replace("board room", "library")


def test_two_words_for_one_word_are_a_conflict() -> None:
    assert merge_text(NOTE, NOTE.replace("Monday", "Tuesday"), NOTE.replace("Monday", "Friday")) is None


def test_what_both_added_at_the_end_is_kept_from_both() -> None:
    assert merge_text("- one", "- one\n- mine", "- one\n- theirs") == "- one\n- theirs\n- mine"


def test_both_adding_the_same_line_add_it_once() -> None:
    assert merge_text("- one", "- one\n- two", "- one\n- two") == "- one\n- two"


@pytest.mark.parametrize(
    ("base", "mine", "theirs"),
    [
        ("", "Mine, at length.", "Theirs, at length."),
        ("one two three", "", "one two four"),
        ("a b c d e f", "u v c w x y", "a b c d e z"),
    ],
)
def test_a_person_decides_where_little_is_left_of_what_was(base: str, mine: str, theirs: str) -> None:
    assert merge_text(base, mine, theirs) is None


_TEXTS = st.text(alphabet="ab .\n", max_size=40)


@given(_TEXTS, _TEXTS)
def test_a_side_that_changed_nothing_gives_way(base: str, changed: str) -> None:
    assert merge_text(base, base, changed) == merge_text(base, changed, base) == changed
    assert merge_text(base, changed, changed) == changed


_WORDS = st.lists(st.sampled_from([f"w{n}" for n in range(12)]), max_size=12)


@given(_WORDS, st.integers(0, 12), st.integers(0, 12), st.booleans())
def test_nothing_that_was_added_is_lost(words: list[str], here: int, there: int, by_lines: bool) -> None:  # noqa: FBT001
    between = "\n" if by_lines else " "
    mine = between.join([*words[:here], "MINE", *words[here:]])
    theirs = between.join([*words[:there], "THEIRS", *words[there:]])
    joined = merge_text(between.join(words), mine, theirs)
    assert joined is None or {"MINE", "THEIRS", *words} == set(joined.split())


@given(_TEXTS, _TEXTS, _TEXTS)
def test_a_joined_text_has_the_words_of_both_that_are_new(base: str, mine: str, theirs: str) -> None:
    joined = merge_text(base, mine, theirs)
    if joined is not None:
        assert set(joined) >= (set(mine) | set(theirs)) - set(base)


def test_long_texts_do_not_keep_the_page_waiting() -> None:
    base = "\n".join(f"{n * 7919 % 101} line" for n in range(30_000))
    mine, theirs = base.replace("3 l", "4 l"), base.replace("5 l", "6 l")
    began = perf_counter()
    merge_text(base, mine, theirs)
    assert perf_counter() - began < 1


def test_a_value_that_is_not_a_text_is_taken_as_a_whole() -> None:
    assert merge_value(1, 2, 1).value == 2
    assert merge_value("2026-10-03", "2026-11-03", "2026-10-05").is_conflict
    assert merge_value(None, 2, 3).is_conflict


def test_lists_of_names_take_what_either_added_and_drop_what_either_removed() -> None:
    assert merge_value(["el", "sed"], ["el", "sed", "swd"], ["sed", "foster"]).value == ["sed", "swd", "foster"]


def row(number: int | None, **fields: Any) -> dict[str, Any]:
    return {"id": number, **fields}


BASE = [row(1, what="Send the slides", done=False), row(2, what="Book a room", done=False)]


def test_rows_are_joined_field_by_field() -> None:
    mine = [{**BASE[0], "done": True}, BASE[1]]
    theirs = [{**BASE[0], "what": "Send the slides to Ben"}, BASE[1]]
    joined = merge_rows(BASE, mine, theirs)
    assert joined.value == [row(1, what="Send the slides to Ben", done=True), BASE[1]]


def test_new_rows_of_both_are_kept_in_their_places() -> None:
    mine = [BASE[0], row(None, what="Mine"), BASE[1]]
    theirs = [*BASE, row(3, what="Theirs")]
    assert [line["what"] for line in merge_rows(BASE, mine, theirs).value] == [
        "Send the slides",
        "Mine",
        "Book a room",
        "Theirs",
    ]


def test_saving_again_after_a_lost_answer_adds_nothing_twice() -> None:
    assert merge_rows(
        BASE, [*BASE, row(None, what="New"), row(None, what="Newer")], [*BASE, row(3, what="New")]
    ).value == [
        *BASE,
        row(3, what="New"),
        row(None, what="Newer"),
    ]


def test_a_removed_row_stays_removed_unless_the_other_changed_it() -> None:
    assert merge_rows(BASE, BASE[:1], [*BASE, row(3, what="x")]).value == [BASE[0], row(3, what="x")]
    changed = [BASE[0], {**BASE[1], "done": True}]
    assert merge_rows(BASE, BASE[:1], changed).is_conflict
    assert merge_rows(BASE, changed, BASE[:1]).value == changed


def test_an_order_that_somebody_chose_is_kept() -> None:
    three = [*BASE, row(3, what="x")]
    assert merge_rows(BASE, BASE[::-1], three).value == [BASE[1], three[2], BASE[0]]


_ROWS = st.lists(
    st.builds(row, st.one_of(st.none(), st.integers(1, 4)), what=st.sampled_from(["a", "b", "a b"])),
    max_size=4,
    unique_by=lambda line: line["id"] or id(line),
)


@given(_ROWS, _ROWS)
def test_rows_that_one_side_left_alone_are_the_other_s(
    base: list[dict[str, Any]], changed: list[dict[str, Any]]
) -> None:
    assert merge_rows(base, base, changed).value == changed
    assert merge_rows(base, changed, base).value == changed


@given(_ROWS.map(lambda rows: [line for line in rows if line["id"]]), _ROWS, _ROWS)
def test_no_new_row_is_lost(
    base: list[dict[str, Any]], mine: list[dict[str, Any]], theirs: list[dict[str, Any]]
) -> None:
    joined = merge_rows(base, mine, theirs)
    if joined.is_conflict:
        assert joined.value == mine
        return
    texts = [line["what"] for line in joined.value]
    old = {line["id"] for line in base} - {None}
    assert all(line["what"] in texts for line in [*mine, *theirs] if line["id"] not in old)


def test_content_is_joined_and_says_where_it_could_not_be() -> None:
    base = {"title": "Number talks", "body": NOTE, "tags": ["maths"], "strand_id": 1, "commitments": BASE}
    mine = {**base, "title": "Number talks, daily", "body": NOTE + " Bring data.", "strand_id": 2}
    theirs = {**base, "tags": ["maths", "k-2"], "body": NOTE.replace("nine", "ten"), "strand_id": 3, "commitments": []}
    assert merge_content(base, mine, theirs) == Merged(
        {
            "title": "Number talks, daily",
            "body": NOTE.replace("nine", "ten") + " Bring data.",
            "tags": ["maths", "k-2"],
            "strand_id": 2,
            "commitments": [],
        },
        conflicts=("strand_id",),
    )


def test_a_field_that_a_form_did_not_send_is_left_alone() -> None:
    base = {"title": "Talks", "body": "x", "commitments": BASE}
    theirs = {**base, "body": "y", "commitments": [*BASE, row(3, what="z", done=False)]}
    mine = {"title": "Number talks", "commitments": [{"id": 1, "done": True}, BASE[1]]}
    joined = merge_content(base, mine, theirs)
    assert joined.content["body"] == "y"
    assert joined.content["commitments"][0] == {**BASE[0], "done": True}
    assert len(joined.content["commitments"]) == 3
