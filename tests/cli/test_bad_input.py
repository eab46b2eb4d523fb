"""Whatever is wrong with a file: one clear message, the right exit status, nothing left behind."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

RATE_HZ, DURATION_S = 200.0, 6.0
STANDING_MPS2 = (0.0, 0.0, 9.81)


def plain_frame(rate_hz: float = RATE_HZ, duration_s: float = DURATION_S) -> pd.DataFrame:
    """Standing, then a foot that turns and shakes a little: enough to be a recording."""
    time = np.arange(round(rate_hz * duration_s)) / rate_hz
    moving = time > duration_s / 2
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"foot": "left", "time": time})
    for axis, still in zip("xyz", STANDING_MPS2, strict=True):
        frame[f"acc_{axis}"] = still + moving * rng.normal(0, 10.0, len(time))
    for axis in "xyz":
        frame[f"gyr_{axis}"] = moving * 300.0 * np.sin(8.0 * time) + rng.normal(0, 0.1, len(time))
    return frame


def empty(path: Path) -> None:
    path.touch()


def not_parquet(path: Path) -> None:
    path.write_bytes(b"this is a letter, not a table" * 100)


def truncated(path: Path) -> None:
    plain_frame().to_parquet(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def no_time_column(path: Path) -> None:
    plain_frame().drop(columns="time").to_parquet(path)


def no_acc_column(path: Path) -> None:
    plain_frame().drop(columns="acc_y").to_parquet(path)


def nothing_but_nan(path: Path) -> None:
    frame = plain_frame()
    frame[[name for name in frame if name[:3] in ("acc", "gyr")]] = np.nan
    frame.to_parquet(path)


def text_for_numbers(path: Path) -> None:
    frame = plain_frame().astype({"acc_x": object})
    frame["acc_x"] = "fast"
    frame.to_parquet(path)


def ten_hertz(path: Path) -> None:
    plain_frame(10.0, 60.0).to_parquet(path)


def one_sample(path: Path) -> None:
    plain_frame().head(1).to_parquet(path)


def no_rows(path: Path) -> None:
    plain_frame().head(0).to_parquet(path)


def in_g(path: Path) -> None:
    frame = plain_frame()
    frame[["acc_x", "acc_y", "acc_z"]] /= 9.81
    frame.to_parquet(path)


def time_backwards(path: Path) -> None:
    frame = plain_frame()
    frame["time"] = frame["time"].to_numpy()[::-1]
    frame.to_parquet(path)


def two_gigabytes_of_zeros(path: Path) -> None:
    """A few kB on disk whose header declares 2 GB."""
    zeros = pa.array(np.zeros(1_000_000))
    names = ["time", "acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z"]
    foot = pa.DictionaryArray.from_arrays(np.zeros(1_000_000, np.int8), ["left"]).cast(pa.string())
    table = pa.table([foot] + [zeros] * 7, names=["foot", *names])
    with pq.ParquetWriter(path, table.schema, compression="zstd") as writer:
        for _ in range(36):
            writer.write_table(table)


def a_folder(path: Path) -> None:
    path.mkdir()


BAD = {
    kind.__name__: kind
    for kind in (
        empty, not_parquet, truncated, no_time_column, no_acc_column, nothing_but_nan,
        text_for_numbers, ten_hertz, one_sample, no_rows, in_g, time_backwards,
        two_gigabytes_of_zeros, a_folder,
    )
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_is_refused_with_status_3_and_three_lines(gaitlab, tmp_path, kind):
    path, out = tmp_path / f"{kind}.parquet", tmp_path / "out"
    BAD[kind](path)
    result = gaitlab("analyze", path, "--out", out)
    assert result.status == 3, result.err
    assert len(result.err.strip().splitlines()) == 3, result.err
    assert "gaitlab itself failed" not in result.err
    assert path.name in result.err
    assert result.out == ""
    assert not out.exists()


def test_a_truncated_csv_is_refused(gaitlab, tmp_path):
    path = tmp_path / "cut.csv"
    plain_frame().to_csv(path, index=False)
    text = path.read_text()
    path.write_text(text[: text.rfind(",", 0, len(text) - 3)])
    assert gaitlab("analyze", path).status == 3


def test_a_path_that_does_not_exist_is_named(gaitlab, tmp_path):
    result = gaitlab("analyze", tmp_path / "nowhere.parquet", "--out", tmp_path / "out")
    assert result.status in (2, 3)
    assert "nowhere.parquet" in result.err
    assert len(result.err.strip().splitlines()) == 3
    assert not (tmp_path / "out").exists()


def test_wrong_units_say_how_to_go_on(gaitlab, tmp_path):
    in_g(tmp_path / "g.parquet")
    assert "--assume-units g" in gaitlab("analyze", tmp_path / "g.parquet").err


def test_unknown_units_are_a_usage_error(gaitlab, tmp_path):
    plain_frame().to_parquet(tmp_path / "x.parquet")
    result = gaitlab("analyze", tmp_path / "x.parquet", "--assume-units", "furlongs")
    assert result.status == 2
    assert "furlongs" in result.err
