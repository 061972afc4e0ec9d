"""Numbers that arrive as texts."""

LARGEST = 2**31 - 1  # of the numbers that rows have


def row_number(text: str | None) -> int | None:
    """Return the number of a row that ``text`` names, or None for what no database holds."""
    if not text or not text.isascii() or not text.isdigit() or len(text) > len(str(LARGEST)):
        return None
    number = int(text)
    return number if number <= LARGEST else None
