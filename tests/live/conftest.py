"""A short simulated run and its analysis as a whole."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # live_streams


@pytest.fixture(scope="session")
def easy():
    from live_streams import made

    return made().recording


@pytest.fixture(scope="session")
def easy_batch(easy):
    from gaitlab.pipeline import analyze

    return analyze(easy).contacts
