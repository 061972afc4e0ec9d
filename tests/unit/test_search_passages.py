from operator import itemgetter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.search.analysis import stem, tokens
from app.search.asking import Phrase, ask
from app.search.marks import Marks
from app.search.passages import LENGTH, MOST_MATCHES, marked, matches, passages
from app.search.protocol import Piece
from tests.calls import calls

TALKS = Marks(stems=frozenset({"talk"}))


def shown(pieces: tuple[Piece, ...]) -> str:
    return "".join(f"[{piece.text}]" if piece.is_match else piece.text for piece in pieces)


def test_a_title_is_whole_with_every_form_marked() -> None:
    assert shown(marked("Number Talks: talking about numbers", TALKS)) == "Number [Talks]: [talking] about numbers"


def test_marks_stand_in_the_right_place_after_accents() -> None:
    assert shown(marked("Les élèves talk à l’école", TALKS)) == "Les élèves [talk] à l’école"


def test_a_code_is_marked_and_single_letters_are_not() -> None:
    assert shown(marked("A–G courses, plan A", Marks(stems=frozenset({"a-g"})))) == "[A–G] courses, plan A"


def test_a_phrase_is_marked_as_one_and_only_in_order() -> None:
    marks = Marks(phrases=ask('"theory of action"').phrases)

    assert (
        shown(marked("An action, a theory, a Theory of Action", marks)) == "An action, a theory, a [Theory of Action]"
    )


def test_passages_show_different_words_first() -> None:
    filler = "Nothing to see here at all. " * 30
    text = f"talk one. {filler}talk two. {filler}The placement was reviewed. {filler}"

    found = passages(text, Marks(stems=frozenset({"talk", "placement"})))

    assert ["[talk] one" in shown(found[0]), "[placement]" in shown(found[1])] == [True, True]
    assert len(found) == 2


def test_a_passage_says_where_text_was_left_out() -> None:
    filler = "Nothing to see here at all. " * 30

    [passage] = passages(filler + "We talk. " + filler, TALKS)

    assert shown(passage).startswith("…")
    assert shown(passage).endswith(" …")
    assert "[talk]" in shown(passage)


def test_without_a_match_the_text_begins_at_its_beginning() -> None:
    [passage] = passages("Planning notes. " * 40, TALKS)

    assert passage[0] == Piece(" ".join(["Planning notes."] * 14))
    assert passages("", TALKS) == ()


def test_a_passage_ends_where_a_field_or_a_paragraph_ends() -> None:
    text = "Planning notes for the spring\nWe talk about fractions.\n\nRuth Pennacook\n\ntalk moves\n\nmentors"

    assert [shown(passage) for passage in passages(text, TALKS)] == ["We [talk] about fractions.", "[talk] moves"]


@pytest.mark.parametrize("line", ["- Teachers talk first.", "  * Teachers talk first.", "12. Teachers talk first."])
def test_the_sign_of_a_list_is_no_part_of_a_passage(line: str) -> None:
    found = passages(f"Before.\n{line}\nAfter.", TALKS)

    assert [shown(one) for one in found] == ["Teachers [talk] first."]
    assert [shown(one) for one in passages("talk - 12. and more", TALKS)] == ["[talk] - 12. and more"]


def test_a_phrase_does_not_reach_from_one_field_into_the_next() -> None:
    marks = Marks(phrases=ask('"number talks"').phrases)

    assert matches("Every number\n\ntalks about itself", marks) == []
    assert [match.what for match in matches("Our number talks.\n\nmath", marks)] == ["number talks"]


def test_a_match_near_the_end_of_a_long_paragraph_shows_what_leads_to_it() -> None:
    [passage] = passages("Nothing to see here at all. " * 30 + "Then we talk.", TALKS)

    assert 150 < len(shown(passage)) <= LENGTH + len("…[]")
    assert shown(passage).endswith("Then we [talk].")


def test_a_text_without_a_match_begins_with_its_first_sentence_not_its_heading() -> None:
    sentence = "Teachers plan the week together and watch each other teach."

    assert passages(f"What people do\n{sentence}\n\nmath", TALKS) == ((Piece(sentence),),)


def test_words_with_signs_inside_are_marked_whole() -> None:
    text = "The I.E.P. team, O’Day’s walk-through and 1,200 students"
    marks = Marks(stems=frozenset({"iep", "oday", "walkthrough", "1200"}))

    assert [text[match.start : match.end] for match in matches(text, marks)] == [
        "I.E.P.",
        "O’Day’s",
        "walk-through",
        "1,200",
    ]


WORDS = [
    "study",
    "hope",
    "able",
    "possible",
    "organize",
    "relate",
    "die",
    "tie",
    "lie",
    "talk",
    "plan",
    "agency",
    "sky",
]
ENDINGS = ["", "s", "es", "ed", "ing", "ies", "ied", "y", "ly", "ity", "ities", "ation", "ational", "ability", "ful"]


@given(st.sampled_from(WORDS), st.sampled_from(ENDINGS), st.integers(0, 3), st.sampled_from(WORDS))
def test_every_form_of_a_word_is_found_as_if_each_word_were_read(word: str, ending: str, cut: int, other: str) -> None:
    form = word[: len(word) - cut] + ending
    text = f"{other} {form}, dying {other}ly-{form} tying"
    every = [token.start for token in tokens(text) if any(stem(part) == stem(form) for part in token.parts)]

    assert [match.start for match in matches(text, Marks(stems=frozenset({stem(form)})))] == every


PIECES = ["fresno", "plan", "a", "g", "k", "8", "1,234.5", "i.e.p.", "u.s.", "o’day’s", "don't", "école", "s"]
BETWEEN = [" ", "-", "--", ".", ",", "'", "'s ", "’s-", ", ", " _ ", "\n"]


@given(
    st.lists(
        st.tuples(st.sampled_from(PIECES), st.sampled_from(BETWEEN)), min_size=2, max_size=7, unique_by=itemgetter(0)
    ),
    st.integers(0, 6),
    st.integers(2, 3),
)
def test_a_phrase_is_found_as_if_each_word_were_read(pieces: list[tuple[str, str]], first: int, length: int) -> None:
    text = "".join(piece + between for piece, between in pieces)
    words = [part for token in tokens(text) for part in token.parts if part]
    wanted = tuple(words[first : first + length])
    assume(len(wanted) == length)

    assert matches(text, Marks(phrases=(Phrase(wanted),)))
    assert not matches(text, Marks(phrases=(Phrase((*wanted, "nowhere")),)))


def test_with_very_many_words_each_word_is_read() -> None:
    marks = Marks(stems=frozenset({f"word{number}" for number in range(100)}), words=frozenset({"talking"}))

    assert [match.what for match in matches("no talk, talking, word7", marks)] == ["talking", "word7"]


def test_a_text_full_of_matches_is_not_read_to_its_end() -> None:
    with calls() as work:
        assert len(matches("talk " * 100_000, TALKS)) == MOST_MATCHES
    assert work.count < 50 * MOST_MATCHES


@given(st.text(alphabet="talk ing-é\n'", max_size=400), st.text(alphabet="talk ing-é\n'", max_size=400))
def test_every_piece_is_text_of_the_document(before: str, after: str) -> None:
    text = f"{before} talk {after}"
    plain = " ".join(text.split())

    for passage in passages(text, TALKS):
        assert any(piece.is_match for piece in passage)
        inside = "".join(piece.text for piece in passage).removeprefix("…").removesuffix(" …")
        assert " ".join(inside.split()) in plain
        assert len(inside) <= 2 * LENGTH
