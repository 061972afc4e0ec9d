from app.lib.memory import Memory


def test_what_was_asked_for_longest_ago_is_forgotten_first() -> None:
    memory = Memory(3)
    for name in "abc":
        memory.put(name, name.upper())
    assert memory.get("a") == "A"
    memory.put("d", "D")
    assert [memory.get(name) for name in "abcd"] == ["A", None, "C", "D"]
    assert memory.weight == 3


def test_nothing_heavier_than_all_of_it_is_kept() -> None:
    memory = Memory(10)
    memory.put("small", "x", 4)
    memory.put("vast", "y", 11)
    assert (memory.get("vast"), memory.get("small"), memory.weight) == (None, "x", 4)


def test_a_key_holds_its_last_value_at_its_last_weight() -> None:
    memory = Memory(10)
    memory.put("key", "first", 9)
    memory.put("key", "second", 2)
    assert (memory.get("key"), memory.weight) == ("second", 2)
