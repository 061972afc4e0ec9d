import re

from app.lib import tokens


def test_a_token_fits_in_an_address_and_is_never_the_same() -> None:
    made = {tokens.new() for _ in range(1000)}
    assert len(made) == 1000
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", token) for token in made)


def test_what_is_stored_recognises_its_token_only() -> None:
    token = tokens.new()
    stored = tokens.digest(token)
    assert (len(stored), token in stored) == (64, False)
    assert tokens.matches(token, stored)
    assert not tokens.matches(token + "x", stored)
    assert not tokens.matches("\ud800", stored)
    assert not tokens.matches(token, "")


def test_the_digest_is_sha_256() -> None:
    assert tokens.digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
