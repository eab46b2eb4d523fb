"""Numbers out of Arrow columns against Arrow's own conversion."""

import numpy as np
import pyarrow as pa
import pytest

from gaitlab.recordings.buffers import values_of

KINDS = [pa.float64(), pa.float32(), pa.float16(), pa.int64(), pa.int16(), pa.uint8()]


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("holes", [False, True])
@pytest.mark.parametrize("start", [0, 3, 9])
def test_a_column_comes_out_as_arrow_itself_says(kind, holes, start):
    plain = np.arange(40) * 3
    values = [None if holes and n % 7 == 2 else int(n) for n in plain]
    if pa.types.is_floating(kind):
        values = [None if n is None else np.float16(n) for n in values]
    whole = pa.array(values, kind)
    column = pa.chunked_array([whole.slice(start, 20), whole.slice(30), whole.slice(0, 0)])
    expected = [np.nan if n is None else float(n) for n in column.to_pylist()]
    np.testing.assert_array_equal(np.asarray(values_of(column), np.float64), expected)


def test_a_column_of_nothing_is_missing_throughout():
    assert np.isnan(values_of(pa.chunked_array([pa.nulls(3)]))).tolist() == [True] * 3
    assert len(values_of(pa.chunked_array([], pa.float64()))) == 0
