"""Published open recordings: where they are, under which licence, and how to fetch them.

The catalogue is ``samples.json`` beside this file: only recordings whose authors state a
permissive licence (MIT, Apache-2.0). Nothing is downloaded but on request, and nothing is
used whose checksum differs.
"""

import hashlib
import json
import os
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from gaitlab.model.errors import InputError, UsageError

MIRROR_VARIABLE: Final = "GAITLAB_SAMPLES_MIRROR"
TIMEOUT_S = 30.0
CHUNK_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Sample:
    """One published recording.

    name : what to ask for;  file : its name in a mirror or the cache
    about : what it is, in a sentence
    repository, commit, path : where it was published on GitHub
    licence, licence_url : as stated by its authors
    sha256, bytes : of the published file
    """

    name: str
    file: str
    about: str
    repository: str
    commit: str
    path: str
    licence: str
    licence_url: str
    sha256: str
    bytes: int

    @property
    def url(self) -> str:
        """Address of exactly this version of the file."""
        return f"https://raw.githubusercontent.com/{self.repository}/{self.commit}/{self.path}"


@cache
def list_samples() -> tuple[Sample, ...]:
    """All samples that can be fetched, in the catalogue's order.

    >>> list_samples()[0].licence
    'Apache-2.0'
    """
    text = files("gaitlab.recordings").joinpath("samples.json").read_text(encoding="utf-8")
    return tuple(Sample(**entry) for entry in json.loads(text))


def fetch_sample(name: str, mirror: Path | None = None) -> Path:
    """Path of the sample's file, checked against its SHA-256.

    It comes from the folder ``mirror``, else from the one named by the environment variable
    ``GAITLAB_SAMPLES_MIRROR``, else from the cache, else from the network (with pooch, the
    extra ``samples``).

    Raises UsageError for an unknown name or without pooch, InputError when the file is not
    in the mirror, cannot be downloaded, or is not the published one.
    """
    sample = next((sample for sample in list_samples() if sample.name == name), None)
    if sample is None:
        raise UsageError(
            f"there is no sample called {name!r}",
            "there are " + ", ".join(sample.name for sample in list_samples()),
            "choose one of them",
        )
    from_environment = os.environ.get(MIRROR_VARIABLE)
    if mirror is None and from_environment:
        mirror = Path(from_environment)
    return _download(sample) if mirror is None else _from_mirror(sample, mirror)


def _from_mirror(sample: Sample, mirror: Path) -> Path:
    path = mirror / sample.file
    if not path.is_file():
        raise InputError(
            f"the sample {sample.name} is not in the mirror",
            f"{path} does not exist",
            f"copy it there from {sample.url}, or go without a mirror",
        )
    size = path.stat().st_size
    if size != sample.bytes:
        raise _not_the_sample(sample, path, f"it has {size:,} bytes, expected {sample.bytes:,}")
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != sample.sha256:
        raise _not_the_sample(
            sample, path, f"its SHA-256 is {found[:12]}..., not {sample.sha256[:12]}..."
        )
    return path


def _not_the_sample(sample: Sample, path: Path | str, why: str) -> InputError:
    return InputError(
        f"{path} is not the published sample {sample.name}",
        why,
        f"delete it and fetch it again from {sample.url}",
    )


def _download(sample: Sample) -> Path:
    try:
        import pooch
    except ImportError as error:
        raise UsageError(
            "samples cannot be downloaded without pooch",
            "it is not installed",
            'pip install "gaitlab-running[samples]", or name a folder that holds the samples',
        ) from error
    try:
        found = pooch.retrieve(
            sample.url,
            known_hash=f"sha256:{sample.sha256}",
            fname=sample.file,
            path=pooch.os_cache("gaitlab") / "samples",
            downloader=_Bounded(sample.bytes),
        )
    except OSError as error:
        raise InputError(
            f"the sample {sample.name} cannot be downloaded",
            f"{sample.url}: {error}"[:300],
            f"go online, or set {MIRROR_VARIABLE} to a folder that holds {sample.file}",
        ) from error
    except ValueError as error:  # pooch: the checksum differs
        raise _not_the_sample(sample, sample.url, str(error).splitlines()[0][:200]) from error
    return Path(found)


@dataclass(frozen=True, slots=True)
class _Bounded:
    """A downloader for pooch that stops after the bytes that the sample is known to have."""

    bytes: int

    def __call__(self, url: str, output_file: str, pooch: object) -> None:
        from urllib.request import urlopen

        with urlopen(url, timeout=TIMEOUT_S) as answer, Path(output_file).open("wb") as file:
            left = self.bytes + 1  # one more, so that a longer file has another checksum
            while left > 0 and (chunk := answer.read(min(CHUNK_BYTES, left))):
                file.write(chunk)
                left -= len(chunk)
