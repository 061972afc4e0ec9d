"""E-mail addresses as we keep them: in lower case, without anything around them."""

from email_validator import EmailNotValidError, validate_email

LONGEST = 254


def normalise(text: str) -> str:
    """Return the address in ``text``, in lower case.

    Nobody is asked whether it exists; a made-up place such as ``fresno.test`` will do.

    Raises:
        ValueError: if it is no address; the message is for people.
    """
    written = text.strip()
    try:
        found = validate_email(written, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        msg = f"“{written}” is not an e-mail address. Write one like ana.ruiz@fresnounified.org."
        raise ValueError(msg) from None
    address = found.normalized.lower()
    if len(address) > LONGEST:
        msg = f"That address has more than {LONGEST} characters. Check it."
        raise ValueError(msg)
    return address
