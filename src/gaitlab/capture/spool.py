"""Decoded samples on the disk, so that a recording of hours is put together in little memory."""

from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import Self

import numpy as np

from gaitlab.model.errors import OutputError
from gaitlab.model.units import Floats

ITEM = np.dtype(np.float64)


class Spool:
    """Samples of one sensor in order of arrival, in a file without a name; see `pod.gathered`.

    It vanishes with the program. Raises OutputError when the disk is full.
    """

    def __init__(self, folder: Path, channels: int) -> None:
        self._folder, self._channels = folder, channels
        try:
            self._file = TemporaryFile(dir=folder)  # noqa: SIM115  # lives as long as this
        except OSError as error:
            raise self._full(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, samples: Floats) -> None:
        """(n, channels) more."""
        try:
            self._file.seek(0, 2)
            self._file.write(np.ascontiguousarray(samples, ITEM).data)
        except OSError as error:
            raise self._full(error) from error

    def rows(self, start: int, stop: int) -> Floats:
        """(stop - start, channels)."""
        width = self._channels * ITEM.itemsize
        self._file.seek(start * width)
        content = self._file.read((stop - start) * width)
        return np.frombuffer(content, ITEM).reshape(-1, self._channels)

    def _full(self, error: OSError) -> OutputError:
        return OutputError(
            f"the recording cannot be put together in {self._folder}",
            error.strerror or type(error).__name__,
            "make room, then gaitlab recover the journal: everything is in it",
        )
