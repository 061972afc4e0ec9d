"""Audience labels: the words of the one read rule (*you may read what shares a label with you*)."""

PUBLIC = "public"


def partnership(partnership_id: int) -> str:
    """Return the label that everybody in a partnership holds."""
    return f"partnership:{partnership_id}"


def district(partnership_id: int, district_id: int) -> str:
    """Return the label of one district's people in a partnership."""
    return f"district:{partnership_id}:{district_id}"


def strand(strand_id: int) -> str:
    """Return the label of a strand's team, and of the managers and observers of its partnership."""
    return f"strand:{strand_id}"


def person(person_id: int) -> str:
    """Return the label that one person alone holds."""
    return f"person:{person_id}"
