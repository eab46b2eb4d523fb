"""The catalogue of published recordings; no test touches the network."""

import dataclasses
import urllib.error
import urllib.request

import pytest

from gaitlab.model.errors import InputError, UsageError
from gaitlab.recordings import samples
from gaitlab.recordings.samples import MIRROR_VARIABLE, fetch_sample, list_samples


@pytest.fixture
def mirror(shared_data):
    folder = shared_data / "real" / "vendor-formats"
    if not folder.is_dir():
        pytest.skip(f"no mirror of the samples in {folder}")
    return folder


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A catalogue of one tiny sample whose file is in ``tmp_path``."""
    import hashlib

    content = b"time,aX\n0,1\n"
    (tmp_path / "small.csv").write_bytes(content)
    sample = dataclasses.replace(
        list_samples()[0], name="small", file="small.csv", bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )  # fmt: skip
    monkeypatch.setattr(samples, "list_samples", lambda: (sample,))
    monkeypatch.setattr("pooch.os_cache", lambda name: tmp_path / "cache" / name)
    monkeypatch.delenv(MIRROR_VARIABLE, raising=False)
    return sample


def test_every_sample_states_where_it_is_from_and_a_permissive_licence():
    names = [sample.name for sample in list_samples()]
    assert len(set(names)) == len(names) >= 5
    for sample in list_samples():
        assert sample.licence in {"MIT", "Apache-2.0"}
        assert sample.licence_url.startswith("https://")
        assert len(sample.sha256) == 64
        assert 0 < sample.bytes < 10_000_000
        assert sample.url.startswith(f"https://raw.githubusercontent.com/{sample.repository}/")
        assert sample.url.endswith(sample.path)


def test_every_sample_is_what_its_checksum_says(mirror):
    for sample in list_samples():
        assert fetch_sample(sample.name, mirror).stat().st_size == sample.bytes


def test_the_mirror_can_come_from_the_environment(small, tmp_path, monkeypatch):
    monkeypatch.setenv(MIRROR_VARIABLE, str(tmp_path))
    assert fetch_sample("small") == tmp_path / "small.csv"


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(UsageError) as caught:
        fetch_sample("marathon")
    assert list_samples()[0].name in caught.value.why


def test_a_file_that_is_not_in_the_mirror(small, tmp_path):
    with pytest.raises(InputError, match="not in the mirror"):
        fetch_sample("small", tmp_path / "elsewhere")


@pytest.mark.parametrize("content", [b"time,aX\n0,2\n", b"time,aX\n0,1\n0,2\n", b""])
def test_another_file_of_that_name(small, tmp_path, content):
    (tmp_path / "small.csv").write_bytes(content)
    with pytest.raises(InputError, match="not the published sample"):
        fetch_sample("small", tmp_path)


def test_no_network(small, monkeypatch):
    def offline(*_args, **_options):
        raise urllib.error.URLError("no route")

    monkeypatch.setattr(urllib.request, "urlopen", offline)
    with pytest.raises(InputError, match="cannot be downloaded") as caught:
        fetch_sample("small")
    assert MIRROR_VARIABLE in caught.value.todo


@pytest.mark.parametrize("extra", [b"", b"more", b"x" * 10_000_000])
def test_a_download_is_bounded_and_checked(small, tmp_path, monkeypatch, extra):
    import io

    answer = io.BytesIO((tmp_path / "small.csv").read_bytes() + extra)
    monkeypatch.setattr(urllib.request, "urlopen", lambda *_args, **_options: answer)
    if extra:
        with pytest.raises(InputError, match="not the published sample"):
            fetch_sample("small")
        assert answer.closed
    else:
        path = fetch_sample("small")
        assert path.read_bytes() == (tmp_path / "small.csv").read_bytes()
        assert path.is_relative_to(tmp_path / "cache")


def test_without_pooch_the_extra_is_named(small, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pooch", None)
    with pytest.raises(UsageError, match="pooch") as caught:
        fetch_sample("small")
    assert "gaitlab-running[samples]" in caught.value.todo
