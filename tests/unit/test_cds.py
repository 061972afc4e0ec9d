import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lib import cds

FRESNO, ALAMEDA = "10621660000000", "01611190000000"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("10621660000000", FRESNO),
        ("10-62166-0000000", FRESNO),
        ("10 62166 0000000", FRESNO),
        ("10621660000000.0", FRESNO),
        ("'10621660000000", FRESNO),
        ("1062166", FRESNO),
        ("1611190000000", ALAMEDA),
        ("161119", ALAMEDA),
        ("01–61119–0000000", ALAMEDA),
    ],
)
def test_reads_a_code_as_spreadsheets_leave_it(written: str, code: str) -> None:
    assert cds.normalise(written) == code


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("Fresno", "“Fresno” is not a CDS code. A CDS code has digits only"),
        ("", "is not a CDS code"),
        ("1.06217E+13", "digits only"),
        ("10621", "has 5 digits. A CDS code has 14, or 7 for a district"),
        ("106216600000001", "has 15 digits"),
        ("99621660000000", "begins with 99, and California’s counties are 01 to 58"),
        ("00000000000000", "begins with 00"),
        ("١٠621660000000", "digits only"),
    ],
)
def test_says_what_is_wrong_with_a_code(written: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        cds.normalise(written)


@given(st.integers(1, 58), st.integers(0, 99999), st.integers(0, 9999999))
def test_losing_the_leading_zero_loses_nothing(county: int, district: int, school: int) -> None:
    code = f"{county:02}{district:05}{school:07}"
    assert cds.normalise(str(int(code))) == cds.normalise(f"{int(code)}.0") == cds.normalise(cds.format(code)) == code


def test_a_school_belongs_to_its_district() -> None:
    assert cds.district_part("10621661030642") == FRESNO
    assert cds.is_school("10621661030642")
    assert not cds.is_school(FRESNO)


def test_is_shown_in_its_three_groups() -> None:
    assert cds.format(FRESNO) == "10 62166 0000000"
