"""Numbers out of Arrow columns, by their buffers.

Arrow's own ``to_numpy`` loads pandas first, and its ``cast`` a table of all its functions: together
they take longer than everything else that ``gaitlab analyze`` does with a minute of running.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from gaitlab.model.units import Bools, Floats

if TYPE_CHECKING:
    import pyarrow as pa


def values_of(column: "pa.ChunkedArray") -> np.ndarray:
    """Values (n,) of a column of integers, floats or nulls, in its own type.

    With an empty value (null) in it, float64 and NaN there.
    """
    parts = [_values(chunk) for chunk in column.chunks]
    if not parts:
        return np.empty(0)
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _values(chunk: "pa.Array") -> np.ndarray:
    import pyarrow as pa

    n, kind = len(chunk), chunk.type
    if not n or pa.types.is_null(kind):
        return np.full(n, np.nan)
    letter = "f" if pa.types.is_floating(kind) else "i" if pa.types.is_signed_integer(kind) else "u"
    dtype = np.dtype(f"{letter}{kind.bit_width // 8}")
    validity, data = chunk.buffers()
    values = np.frombuffer(data, dtype, count=n, offset=chunk.offset * dtype.itemsize)
    if not chunk.null_count:
        return values
    filled: Floats = values.astype(np.float64)
    filled[~_there(validity, chunk.offset, n)] = np.nan
    return filled


def _there(validity: Any, offset: int, n: int) -> Bools:  # noqa: ANN401  # pyarrow is untyped
    """(n,) bits of a buffer from a place on."""
    first = offset // 8
    bits = np.unpackbits(np.frombuffer(validity, np.uint8)[first:], bitorder="little")
    return bits[offset - 8 * first :][:n].astype(bool)
