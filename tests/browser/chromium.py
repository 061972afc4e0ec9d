"""The browser that tests drive, and what they need of this machine."""

import os

import pytest

from tests.start import chromium

CHROMIUM = chromium()
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
NEEDED = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None and "CI" not in os.environ,  # where everything is checked, its absence is a failure
        reason="no Chromium here; on Debian: sudo apt install chromium",
    ),
]
