from hypothesis import given
from hypothesis import strategies as st

from app.search.asking import ask
from app.search.passages import LENGTH, marked, passages
from app.search.protocol import Piece
from app.search.units import Marks

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


@given(st.text(alphabet="talk ing-é\n'", max_size=400), st.text(alphabet="talk ing-é\n'", max_size=400))
def test_every_piece_is_text_of_the_document(before: str, after: str) -> None:
    text = f"{before} talk {after}"
    plain = " ".join(text.split())

    for passage in passages(text, TALKS):
        assert any(piece.is_match for piece in passage)
        inside = "".join(piece.text for piece in passage).removeprefix("…").removesuffix(" …")
        assert " ".join(inside.split()) in plain
        assert len(inside) <= 2 * LENGTH
