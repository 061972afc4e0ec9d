"""No test speaks to anyone but this machine."""

import socket

import pytest


@pytest.mark.parametrize("address", [("93.184.215.14", 80), ("10.0.0.1", 25), ("2606:2800:21f:cb07::1", 443)])
def test_tests_reach_nobody_else(address: tuple[str, int]) -> None:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as one, pytest.raises(AssertionError, match="beyond this machine"):
        one.connect(address)


def test_this_machine_is_reached() -> None:
    with socket.socket() as waiting, socket.socket() as calling:
        waiting.bind(("127.0.0.1", 0))
        waiting.listen()
        calling.connect(waiting.getsockname())
        assert calling.getpeername() == waiting.getsockname()
