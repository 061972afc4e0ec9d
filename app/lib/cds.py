"""California's county-district-school codes: 2 + 5 + 7 digits.

Spreadsheets take them for numbers, so what arrives may have lost its leading zero or gained a ".0".
"""

import re

LENGTH = 14
_COUNTY, _DISTRICT = 2, 5
_OF_A_DISTRICT = _COUNTY + _DISTRICT
_NO_SCHOOL = "0" * (LENGTH - _OF_A_DISTRICT)
_COUNTIES = range(1, 59)  # 58 counties, numbered by the alphabet

_SEPARATORS = re.compile(r"[\s\u2010-\u2015\u2212-]+")
_FRACTION = re.compile(r"\.0*$")


def normalise(text: str) -> str:
    """Return ``text`` as 14 digits; a district's 7 digits get the seven zeros that stand for “no school”.

    Raises:
        ValueError: if it is not a CDS code.
    """
    written = text.strip().removeprefix("'")
    digits = _SEPARATORS.sub("", _FRACTION.sub("", written))
    if not (digits.isascii() and digits.isdigit()):
        msg = f"“{text}” is not a CDS code. A CDS code has digits only, like 10 62166 0000000."
        raise ValueError(msg)
    code = _padded(digits)
    if code is None:
        msg = f"“{text}” has {len(digits)} digits. A CDS code has 14, or 7 for a district, like 10 62166 0000000."
        raise ValueError(msg)
    if int(code[:_COUNTY]) not in _COUNTIES:
        msg = f"“{text}” begins with {code[:_COUNTY]}, and California’s counties are 01 to 58. Check the first digits."
        raise ValueError(msg)
    return code


def _padded(digits: str) -> str | None:
    """Return 14 digits, giving back one leading zero where a spreadsheet took it, or nothing."""
    if len(digits) in {LENGTH, LENGTH - 1}:
        return digits.zfill(LENGTH)
    if len(digits) in {_OF_A_DISTRICT, _OF_A_DISTRICT - 1}:
        return digits.zfill(_OF_A_DISTRICT) + _NO_SCHOOL
    return None


def format(code: str) -> str:  # noqa: A001 - read as cds.format
    """Return a code in its three groups, as the state prints it: "10 62166 0000000"."""
    digits = normalise(code)
    return f"{digits[:_COUNTY]} {digits[_COUNTY:_OF_A_DISTRICT]} {digits[_OF_A_DISTRICT:]}"


def district_part(code: str) -> str:
    """Return the code of the district that ``code`` belongs to, as 14 digits."""
    return normalise(code)[:_OF_A_DISTRICT] + _NO_SCHOOL


def is_school(code: str) -> bool:
    """Whether ``code`` names a school, not a whole district."""
    return not normalise(code).endswith(_NO_SCHOOL)
