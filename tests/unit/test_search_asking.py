from hypothesis import given
from hypothesis import strategies as st

from app.search.asking import LONGEST_QUESTION, MOST_FIELDS, MOST_QUOTED, MOST_UNWANTED, MOST_WORDS, Phrase, Word, ask


def test_words_are_what_is_typed_without_the_commonest() -> None:
    asked = ask("Theory of Action")

    assert asked.words == (Word((("theory",),)), Word((("action",),)))
    assert asked.notes == ()


def test_a_repeated_word_counts_more() -> None:
    assert ask("data talks data").words == (Word((("data",),), times=2), Word((("talks",),)))


def test_a_hyphenated_word_is_found_as_one_or_as_two() -> None:
    assert ask("walk-in").words == (Word((("walkin",),)),)
    assert ask("number-talk").words == (Word((("numbertalk",), ("number", "talk"))),)


def test_a_quoted_phrase_keeps_its_small_words() -> None:
    assert ask("“theory of action”").phrases == (Phrase(("theory", "of", "action")),)


def test_one_quoted_word_is_meant_as_it_is_written() -> None:
    assert ask('"placement"').phrases == (Phrase(("placement",)),)


def test_minus_leaves_out_words_phrases_and_values() -> None:
    asked = ask('-pilot -"summer school" -kind:plan maths')

    assert asked.without == (Word((("pilot",),)), Phrase(("summer", "school")))
    assert asked.without_fields == {"kind": frozenset({"plan"})}
    assert asked.words == (Word((("maths",),)),)


def test_fields_take_several_and_quoted_values() -> None:
    asked = ask('strand:3 Strand:4 tag:"number talks" year:2014-15 lessons')

    assert asked.fields == {
        "strand": frozenset({"3", "4"}),
        "tag": frozenset({"number talks"}),
        "year": frozenset({"2014-15"}),
    }
    assert asked.rest == "lessons"


def test_an_unknown_field_is_said_and_its_words_are_searched() -> None:
    asked = ask("colour:blue")

    assert asked.words == (Word((("colour",),)), Word((("blue",),)))
    assert asked.notes[0].startswith("“colour:” is not something to search by")


def test_an_address_is_not_a_field() -> None:
    assert ask("https://www.fresnounified.org").notes == ()


def test_a_field_without_value_is_said() -> None:
    assert ask("strand: maths").notes == ("Say which strand after “strand:”.",)


def test_a_lonely_quotation_mark_is_said_and_the_words_are_searched() -> None:
    asked = ask('"number talks')

    assert [word.ways for word in asked.words] == [(("number",),), (("talks",),)]
    assert asked.notes == ("One quotation mark has no partner, so the words after it were searched for one by one.",)


def test_nothing_typed_asks_for_everything_but_signs_and_small_words_ask_for_nothing() -> None:
    assert ask("  ").is_empty
    assert ask("?!").has_nothing_to_find
    assert ask("?!").notes == ("There is no word or number in that to search for.",)
    assert ask("of the").notes == ("“of the” is in almost every post. Add a word that says more.",)


def test_a_very_long_question_is_cut_and_says_so() -> None:
    asked = ask(" ".join(f"word{number}" for number in range(1_000)))

    assert len(asked.words) == MOST_WORDS
    assert asked.notes == (
        f"Only the first {LONGEST_QUESTION:,} characters were searched for.",
        f"Only the first {MOST_WORDS} different words were searched for.",
    )


@given(st.text(max_size=300))
def test_anything_typed_is_understood_or_said(typed: str) -> None:
    asked = ask(typed)

    assert asked.is_empty == (not typed.strip())
    if asked.has_nothing_to_find:
        assert asked.notes
    assert len(asked.words) <= MOST_WORDS


def test_only_so_many_names_are_searched_by() -> None:
    asked = ask(" ".join(f"author:a{number}" for number in range(100)))

    assert len(asked.fields["author"]) == MOST_FIELDS
    assert asked.notes == ("Only the first 24 names such as strand: and author: were searched by.",)


def test_only_so_many_quoted_words_are_searched_for() -> None:
    asked = ask(" ".join(f'"number talk{number} plan"' for number in range(50)))

    assert sum(len(phrase.words) for phrase in asked.phrases) == MOST_QUOTED
    assert asked.notes == ("Only the first 40 words in quotation marks were searched for.",)


def test_only_so_many_words_are_left_out() -> None:
    asked = ask("talks " + " ".join(f"-word{number}" for number in range(100)))

    assert len(asked.without) == MOST_UNWANTED
    assert asked.notes == ("Only the first 32 words with a minus sign were left out.",)
