"""Byte vectors with their sources, and the small words that every decoder test needs."""

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from gaitlab.pod.model import Notification

VECTORS = json.loads((Path(__file__).parent / "data" / "vectors.json").read_text(encoding="utf-8"))
RADPS_PER_DPS = np.pi / 180


def _vectors(device, key, uuid_has=""):
    found = [
        (bytes.fromhex(vector["hex"]), SimpleNamespace(**{"params": vector["params"], **vector}))
        for vector in VECTORS
        if vector["device"] == device
        and (key is None or key in vector["expected"])
        and uuid_has in vector["characteristic"]
    ]
    assert found, f"no vector of {device} with {key}"
    return [(raw, vector.expected, vector) for raw, vector in found]


def _heard(uuid, *payloads, start_ns=1_000, step_ns=10):
    return [
        Notification(start_ns + step_ns * i, uuid, payload) for i, payload in enumerate(payloads)
    ]


def _same(packets, acc_mps2=None, gyr_dps=None, atol=2e-5):
    if acc_mps2 is not None:
        np.testing.assert_allclose(packets.samples[:, :3], np.atleast_2d(acc_mps2), atol=atol)
    if gyr_dps is not None:
        np.testing.assert_allclose(
            packets.samples[:, -3:], np.atleast_2d(gyr_dps) * RADPS_PER_DPS, atol=atol
        )


@pytest.fixture(scope="session")
def vectors():
    """(bytes, expected, whole vector) of one device whose expectation has a key."""
    return _vectors


@pytest.fixture(scope="session")
def heard():
    """Notifications of one characteristic, one after the other."""
    return _heard


@pytest.fixture(scope="session")
def same_samples():
    """The samples are what the vector says, in SI."""
    return _same
