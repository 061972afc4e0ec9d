"""What a data office says about columns becomes a mapping, and comes back as it was said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lib.figure_answers import MARKED, Answers, answers_of
from app.lib.figure_mappings import BadMapping
from app.lib.figure_rows import BadRow, Row

COLUMNS = {"LEA": "code", "Year": "year", "Group": "group", "Rate": "value", "N": "denominator"}


def read(answers: Answers, header: list[str], row: list[str], file_name: str = "f.csv") -> list[Row | BadRow]:
    reader = answers.mapping("Ours").reader(header, file_name)
    return [one for _, one in reader.read(iter([(2, row)]))]


@pytest.mark.parametrize(
    ("column", "counts", "year"),
    [("Rate2023", "end", 2022), ("Rate2023", "start", 2023), ("RATE23", "end", 2022), ("RATE23", "start", 2023),
     ("Rate 2022-23", "start", 2022), ("Rate_2022_23", "start", 2022), ("Rate 2022-2023", "start", 2022)],
)  # fmt: skip
def test_a_year_in_the_name_of_a_column_is_read_in_other_years_too(column: str, counts: str, year: int) -> None:
    said = Answers({"LEA": "code", column: "value:graduation"}, "Us", "names", counts)
    later = {"2023": "2024", "23": "24", "2022-23": "2023-24", "2022_23": "2023_24", "2022-2023": "2023-2024"}
    written = column.removeprefix("Rate").removeprefix("RATE").strip(" _")

    for name, expected in ((column, year), (column.replace(written, later[written]), year + 1)):
        (row,) = read(said, ["LEA", name], ["10-62166", "82.3"])
        assert isinstance(row, Row)
        assert (row.indicator, row.year, row.cds) == ("graduation", expected, "10621660000000")
        assert said.mapping("Ours").fits(["LEA", name])


def test_rows_that_are_left_out_and_markers() -> None:
    said = Answers(
        COLUMNS, "Us", indicator="graduation", names={"group": {"Girls": "-", "EL": "english_learners"}},
        markers={"<11": "suppressed"},
    )  # fmt: skip
    header = list(COLUMNS)

    assert read(said, header, ["10-62166", "2022-23", "Girls", "90", "20"]) == []
    (row,) = read(said, header, ["10-62166", "2022-23", "EL", "<11", ""])
    assert isinstance(row, Row)
    assert (row.group, row.status, row.value) == ("english_learners", "suppressed", None)


ANSWERS = st.builds(
    Answers,
    st.just(COLUMNS),
    st.text(max_size=20),
    counts=st.sampled_from(["start", "end"]),
    indicator=st.just("graduation"),
    names=st.fixed_dictionaries({"group": st.dictionaries(st.text(max_size=9), st.sampled_from(["", "-", "all"]))}),
    markers=st.dictionaries(st.text(min_size=1, max_size=9), st.sampled_from(list(MARKED))),
    new_places=st.booleans(),
    totals=st.booleans(),
)


@given(ANSWERS)
def test_answers_come_back_as_they_were_said(said: Answers) -> None:
    mapping = said.mapping("Ours")

    assert answers_of(mapping.words) == said
    assert mapping.fits(["More", *COLUMNS])
    assert not mapping.fits(list(COLUMNS)[1:])


def test_one_meaning_for_one_column() -> None:
    with pytest.raises(BadMapping, match="“Rate” and “Share” cannot both be “Value”"):
        Answers(COLUMNS | {"Share": "value"}, "Us", indicator="graduation").mapping("Ours")
