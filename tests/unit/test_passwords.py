from time import perf_counter

import pytest

from app.lib import passwords

GOOD = "plum river lantern"


def test_only_the_password_itself_opens() -> None:
    stored = passwords.hash(GOOD)
    assert stored.startswith("$argon2id$")
    assert passwords.verify(stored, GOOD)
    assert not passwords.verify(stored, GOOD.title())
    assert not passwords.verify("not a hash", GOOD)


def test_the_same_password_is_never_stored_the_same_way() -> None:
    assert passwords.hash(GOOD) != passwords.hash(GOOD)


def test_accents_may_be_composed_either_way() -> None:
    assert passwords.verify(passwords.hash("cafe\u0301 au lait, no sugar"), "caf\u00e9 au lait, no sugar")


def test_nobody_signs_in_where_nothing_is_stored() -> None:
    assert not passwords.verify(None, GOOD)
    assert not passwords.verify("", GOOD)
    assert not passwords.verify(None, "nobody has this password")


def test_the_time_taken_does_not_tell_whether_an_account_exists() -> None:
    stored = passwords.hash(GOOD)
    passwords.verify(None, GOOD)
    known, unknown = (min(_seconds(account) for _ in range(5)) for account in (stored, None))
    assert 0.2 < known / unknown < 5  # without the dummy work it is thousands


def _seconds(stored: str | None) -> float:
    began = perf_counter()
    passwords.verify(stored, "some other words")
    return perf_counter() - began


def test_old_settings_are_noticed() -> None:
    weak = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$n6KjLgp5GpXvbhkYIdDCXQ"
    assert passwords.needs_rehash(weak)
    assert not passwords.needs_rehash(passwords.hash(GOOD))


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("", "Use at least 12 characters."),
        ("plum river", "Use at least 12 characters."),
        ("x y" * 67, "Use at most 200 characters."),
        ("passwordpassword", "one of the first passwords"),
        ("P@ssw0rd2026!", "one of the first passwords"),
        ("123456789012", "one of the first passwords"),
        ("qwertyuiopasdf", "one of the first passwords"),
        ("aaaaaaaaaaaaaa", "one of the first passwords"),
        ("basketball-2008", "one of the first passwords"),
        ("my name is Ana Ruiz", "Leave “ruiz” out"),
        ("the a.ruiz-lopez mailbox", "Leave “a.ruiz-lopez” out"),
    ],
)
def test_says_what_to_do_about_a_weak_password(password: str, sentence: str) -> None:
    found = passwords.problems(password, email="a.ruiz-lopez@fresno.example", name="Ana Ruiz")
    assert found is not None
    assert sentence in found


@pytest.mark.parametrize(
    "password",
    [GOOD, "Ana would like a pony", "7382 9164 0182 plum", "数学をみんなで学ぶ学校です！", "x" * 4 + "yzw ab pq"],
)
def test_has_nothing_to_say_about_a_good_one(password: str) -> None:
    assert passwords.problems(password, email="a.ruiz-lopez@fresno.example", name="Ana Ruiz") is None
