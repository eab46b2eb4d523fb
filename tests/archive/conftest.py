"""A small library: slices of a simulated run of two athletes, and a broken file."""

from dataclasses import replace
from pathlib import Path

import pytest

from gaitlab.library import Entry, Library
from gaitlab.recordings import load, save, save_plain


def cut(recording, start_s, stop_s):
    feet = []
    for stream in recording.feet:
        keep = (stream.time_s >= start_s) & (stream.time_s < stop_s)
        feet.append(replace(stream, time_s=stream.time_s[keep], acc_mps2=stream.acc_mps2[keep],
                            gyr_radps=stream.gyr_radps[keep]))  # fmt: skip
    return replace(recording, feet=tuple(feet))


@pytest.fixture(scope="session")
def slices(bundled):
    """Six slices of 10 s out of the run of the distance runner."""
    whole = load(bundled / "distance_easy.gait.parquet")
    return [cut(whole, 30 + 10 * i, 42 + 10 * i) for i in range(5)]


@pytest.fixture
def make_library(tmp_path, slices):
    def make(n: int = 5) -> Path:
        library = Library(tmp_path / "club")
        library.root.mkdir()
        for i, recording in enumerate(slices[:n]):
            path = library.root / f"2026-0{i + 3}-01 run{i}.gait.parquet"
            save(recording, path)
            library.write_entry(path, Entry("Anna" if i % 2 else "Bea", tags=("easy",)))
        return library.root

    return make


@pytest.fixture
def plain_copy(slices):
    def write(path):
        save_plain(slices[0], path)
        return path

    return write
