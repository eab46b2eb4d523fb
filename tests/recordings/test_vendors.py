"""Other makers' files: what is written in their layout is found again in SI units."""

import json
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from gaitlab.model.errors import GaitlabError, InputError, UnitsError, UsageError
from gaitlab.recordings.vendors import Asked, import_recording
from gaitlab.recordings.vendors.columns import at_times, unwrapped
from gaitlab.recordings.vendors.join import side_from
from gaitlab.recordings.vendors.movesense import sample_times
from gaitlab.recordings.vendors.xsens import turn_rates

G = 9.80665
DEG = np.pi / 180
RATE_HZ = 100.0
N = 400


@pytest.fixture(scope="module")
def motion() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Time s, specific force m/s^2 and rotation rad/s of a foot that stands, then swings."""
    t = np.arange(N) / RATE_HZ
    swing = np.where(t > 2.0, np.sin(2 * np.pi * 3 * t), 0.0)
    acc = np.column_stack([20 * swing, 5 * swing, G + 15 * swing])
    gyr = np.column_stack([2 * swing, -8 * swing, 1 * swing]) + 1e-3
    return t, acc, gyr


def table(
    path: Path, header: str, rows: np.ndarray, between: str = ",", decimal: str = "."
) -> Path:
    lines = [between.join(f"{x:.9g}" for x in row).replace(".", decimal) for row in rows]
    path.write_text(header + "\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def same(stream, motion, rtol=1e-6):
    t, acc, gyr = motion
    np.testing.assert_allclose(stream.time_s, t, atol=2e-4)
    np.testing.assert_allclose(stream.acc_mps2, acc, rtol=rtol, atol=1e-4)
    np.testing.assert_allclose(stream.gyr_radps, gyr, rtol=rtol, atol=1e-4)


def dot(path: Path, motion, *, mode: str = "rates", synced: bool = False, start_us: int = 1000):
    t, acc, gyr = motion
    ticks = (start_us + np.round(t * 1e6).astype(np.int64)) % 2**32
    head = "sep=,\nDeviceTag:,DOT7,,\nOutputRate:,100Hz,,\n"
    head += f"SyncStatus:,{'Synced' if synced else 'Un-synced'},,\n"
    head += f"Measurement Mode:,Inertial Mode - {mode},,\n\nPacketCounter,SampleTimeFine,"
    count = np.arange(len(t))
    if mode == "rates":
        names = "Acc_X,Acc_Y,Acc_Z,Gyr_X,Gyr_Y,Gyr_Z"
        rows = np.column_stack([count, ticks, acc, gyr / DEG])
    else:
        half = gyr / RATE_HZ / 2
        angle = np.linalg.norm(half, axis=1, keepdims=True)
        turn = np.hstack([np.cos(angle), half * np.sinc(angle / np.pi)])
        names = "dq_W,dq_X,dq_Y,dq_Z,dv[1],dv[2],dv[3]"
        rows = np.column_stack([count, ticks, turn, acc / RATE_HZ])
    lines = [", ".join(f"{x:.12g}" for x in row) for row in rows]
    path.write_text(head + names + "\n" + "\n".join(lines) + "\n")
    return path


def xyz(motion, acc_unit: float, gyr_unit: float) -> np.ndarray:
    t, acc, gyr = motion
    return np.column_stack([t, acc / acc_unit, gyr / gyr_unit])


def write(kind: str, folder: Path, motion) -> Path:  # noqa: C901, PLR0912, PLR0915  # one branch each
    t, acc, gyr = motion
    if kind == "dot rates":
        return dot(folder / "a.csv", motion)
    if kind == "dot, counter starts again":
        return dot(folder / "a.csv", motion, start_us=2**32 - 1_500_000)
    if kind == "dot increments":
        return dot(folder / "a.csv", motion, mode="High Fidelity")
    if kind == "movesense":
        packets = [
            {
                "ArrayAcc": [dict(zip("xyz", row, strict=True)) for row in acc[i : i + 8].tolist()],
                "ArrayGyro": [
                    dict(zip("xyz", row, strict=True)) for row in (gyr[i : i + 8] / DEG).tolist()
                ],
                "Timestamp": round(1e3 * t[i]) + 17541,
            }
            for i in range(0, N, 8)
        ]
        path = folder / "log.json"
        path.write_text(json.dumps({"Meas": {"IMU9": packets}}))
        return path
    if kind == "ximu3":
        header = "Timestamp (us),Gyroscope X (deg/s),Gyroscope Y (deg/s),Gyroscope Z (deg/s),"
        header += "Accelerometer X (g),Accelerometer Y (g),Accelerometer Z (g)"
        rows = np.column_stack([t * 1e6, gyr / DEG, acc / G])
        return table(folder / "Inertial.csv", header, rows)
    if kind == "sensorconnect":
        channels = [f"n1:scaledAccel{a}" for a in "XYZ"] + [f"n1:scaledGyro{a}" for a in "XYZ"]
        return table(folder / "sc.csv", ",".join(["Time", *channels]), xyz(motion, G, 1.0))
    if kind == "metabase":
        ms = np.round(1.7e12 + t * 1e3)
        for word, unit, values in (
            ("Accelerometer", "g", acc / G),
            ("Gyroscope", "deg/s", gyr / DEG),
        ):
            lines = [
                "epoc (ms),timestamp (-0700),elapsed (s),"
                + ",".join(f"{a}-axis ({unit})" for a in "xyz")
            ]
            lines += [
                f"{m:.0f},2023-11-14T22:13:20.000,{s:.3f}," + ",".join(f"{x:.9g}" for x in row)
                for m, s, row in zip(ms, t, values, strict=True)
            ]
            path = folder / f"Left_MetaWear_{word}_100.000Hz_1.4.4.csv"
            path.write_text("\n".join(lines) + "\n")
        return folder / "Left_MetaWear_Gyroscope_100.000Hz_1.4.4.csv"
    if kind == "witmotion txt":
        lines = [
            "StartTime: 2024-05-01 10:00:00.000",
            "Chiptime\tax(g)\tay(g)\taz(g)\twx(deg/s)\twy(deg/s)\twz(deg/s)\tT(C)",
        ]
        for s, row in zip(t, np.hstack([acc / G, gyr / DEG]), strict=True):
            stamp = f"2024-5-1 10:00:0{int(s)}:{round(1e3 * (s % 1)):03d}"
            lines.append("\t".join([stamp, *(f"{x:.9g}" for x in row), "25.1"]))
        path = folder / "20240501.txt"
        path.write_text("\n".join(lines) + "\n")
        return path
    if kind == "sensor logger":
        path = folder / "run.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, values in (("TotalAcceleration", acc), ("Gyroscope", gyr)):
                lines = ["time,seconds_elapsed,z,y,x"]
                lines += [
                    f"{1_700_000_000_000_000_000 + round(s * 1e9)},{s:.6f},{z:.9g},{y:.9g},{x:.9g}"
                    for s, (x, y, z) in zip(t, values, strict=True)
                ]
                archive.writestr(f"{name}.csv", "\n".join(lines))
            archive.writestr("Metadata.csv", "version,device name,platform\n3,Pixel,android\n")
        return path
    if kind == "phyphox, German":
        for name, word, unit, values in (
            ("Accelerometer", "Acceleration", "m/s^2", acc),
            ("Gyroscope", "Gyroscope", "rad/s", gyr),
        ):
            header = ";".join(['"Time (s)"', *(f'"{word} {a} ({unit})"' for a in "xyz")])
            table(folder / f"{name}.csv", header, np.column_stack([t, values]), ";", ",")
        return folder
    if kind == "arduino":
        rows = xyz((t * 1e3, acc, gyr), G, DEG)
        return table(folder / "pod.csv", "time,aX,aY,aZ,gX,gY,gZ", rows)
    if kind == "gaitmap":
        axes = ["acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z"]
        header = "," + ",".join(["left_sensor"] * 6) + "\n," + ",".join(axes)
        return table(folder / "walk.csv", header, xyz((np.arange(N), acc, gyr), 1.0, DEG))
    if kind == "pyshoe":
        from scipy.io import savemat

        savemat(folder / "trial.mat", {"imu": np.hstack([acc, gyr]), "ts": t[None]})
        return folder / "trial.mat"
    raise AssertionError(kind)


KINDS = {
    "dot rates": "Movella", "dot, counter starts again": "Movella", "dot increments": "Movella",
    "movesense": "Movesense", "ximu3": "x-IMU", "sensorconnect": "SensorConnect",
    "metabase": "MetaBase", "witmotion txt": "WitMotion", "sensor logger": "Sensor Logger",
    "phyphox, German": "phyphox", "arduino": "Arduino", "gaitmap": "gaitmap", "pyshoe": "PyShoe",
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_in_a_vendors_layout_is_found_again(kind, tmp_path, motion):
    path = write(kind, tmp_path, motion)
    found = import_recording([path], asked=Asked(rate_hz=RATE_HZ))
    assert KINDS[kind] in found.pods[0][1]
    same(found.recording.feet[0], motion, rtol=1e-5)
    assert found.pods[0][2]  # the evidence


def test_the_foot_is_taken_from_a_name_that_says_it(tmp_path, motion):
    path = write("metabase", tmp_path, motion)
    assert import_recording([path]).recording.feet[0].foot == "left"
    assert side_from("20240501_links") == "left"
    assert side_from("leftright") is None


def test_increments_over_half_a_turn_and_with_either_sign_are_the_same_turn():
    turn = np.array([[np.cos(0.3), np.sin(0.3), 0, 0], [-np.cos(0.3), -np.sin(0.3), 0, 0]])
    np.testing.assert_allclose(turn_rates(turn, 0.1)[:, 0], [6.0, 6.0])
    assert (turn_rates(np.array([[1.0, 0, 0, 0]]), 0.1) == 0).all()


def test_two_synced_pods_come_together_on_their_shared_clock(tmp_path, motion):
    left = dot(tmp_path / "pod_left.csv", motion, synced=True, start_us=5_000_000)
    right = dot(tmp_path / "pod_right.csv", motion, synced=True, start_us=5_240_000)
    found = import_recording([left, right], told=_by_file(left, right))
    one, other = found.recording.feet
    assert (one.foot, other.foot) == ("left", "right")
    assert other.time_s[0] - one.time_s[0] == pytest.approx(0.24)


def _by_file(left: Path, right: Path):
    right.write_text(right.read_text().replace("DOT7", "DOT8"))
    return {str(left): "left", right.name: "right"}


def test_two_pods_that_nobody_named_are_told_apart_by_their_files(tmp_path, motion):
    one, other = (dot(tmp_path / name, motion, synced=True) for name in ("a.csv", "b.csv"))
    with pytest.raises(InputError, match="not clear which") as caught:
        import_recording([one, other])
    assert 'of b.csv"' in caught.value.todo
    found = import_recording([one, other], told={"b.csv": "left", "a": "right"})
    assert [(pod[0][-8:], pod[3]) for pod in found.pods] == [
        ("of a.csv", "right"), ("of b.csv", "left")
    ]  # fmt: skip
    with pytest.raises(UsageError, match="named twice"):
        import_recording([one, one])


def test_an_offset_without_a_second_pod_or_without_a_number_is_refused(tmp_path, motion):
    left, right = dot(tmp_path / "l.csv", motion), dot(tmp_path / "r.csv", motion)
    for files, offset_s in (([left], 3.0), ([left, right], float("nan"))):
        with pytest.raises(UsageError, match="offset has no meaning"):
            import_recording(files, offset_s=offset_s)


def test_a_zip_made_to_fill_memory_and_a_damaged_one_are_refused(tmp_path):
    path = tmp_path / "bomb.zip"
    header = "time,seconds_elapsed,z,y,x\n"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("../../Accelerometer.csv", "Gravity.csv", "Gyroscope.csv"):
            archive.writestr(name, header + "\n" * 20_000_000)
    with pytest.raises(InputError, match="no measured signal"):
        import_recording([path])
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(InputError, match="no known format") as caught:
        import_recording([path])
    assert caught.value.why == "it is a damaged zip"
    assert [one.name for one in tmp_path.iterdir()] == ["bomb.zip"]


def test_a_parquet_without_motion_is_refused_for_that_reason(tmp_path):
    path = tmp_path / "watch.parquet"
    pd.DataFrame({"timestamp": [1], "enhanced_speed": [3.0]}).to_parquet(path)
    with pytest.raises(InputError, match="no raw motion") as caught:
        import_recording([path])
    assert "timestamp, enhanced_speed" in caught.value.why


def test_two_pods_without_a_common_clock_are_not_laid_side_by_side_silently(tmp_path, motion):
    left, right = dot(tmp_path / "l.csv", motion), dot(tmp_path / "r.csv", motion)
    told = _by_file(left, right)
    with pytest.raises(InputError, match="no common clock"):
        import_recording([left, right], told=told)
    found = import_recording([left, right], told=told, offset_s=-0.5)
    assert found.recording.feet[0].time_s[0] - found.recording.feet[1].time_s[0] == 0.5


def test_an_iphone_s_accelerations_are_turned_round(tmp_path, motion):
    t, acc, _ = motion
    for name, values in (("Accelerometer", acc - [0, 0, G]), ("Gravity", acc * 0 + [0, 0, G])):
        lines = ["time,seconds_elapsed,z,y,x"] + [
            f"{round(s * 1e9)},{s:.6f},{-z:.9g},{-y:.9g},{-x:.9g}"
            for s, (x, y, z) in zip(t, values, strict=True)
        ]
        (tmp_path / f"{name}.csv").write_text("\n".join(lines))
    (tmp_path / "Metadata.csv").write_text("version,device name,platform\n3,iPhone,ios\n")
    found = import_recording([tmp_path]).recording
    np.testing.assert_allclose(found.feet[0].acc_mps2, acc, atol=1e-4)
    assert any("opposite sign" in note for note in found.notes)


@pytest.mark.parametrize(
    "named", [("TotalAcceleration",), ("Gyroscope",), ("Gyroscope", "TotalAcceleration")]
)
def test_one_sensor_of_a_phone_brings_the_other_that_lies_beside_it(named, tmp_path, motion):
    t, acc, gyr = motion
    folder = tmp_path / "left"
    folder.mkdir()
    for name, values in (("TotalAcceleration", acc), ("Gyroscope", gyr)):
        rows = [f"{int(1e18 + 1e9 * s)},{s:.6f},{x:.9g},{y:.9g},{z:.9g}"
                for s, (x, y, z) in zip(t, values, strict=True)]  # fmt: skip
        (folder / f"{name}.csv").write_text("\n".join(["time,seconds_elapsed,x,y,z", *rows]))
    found = import_recording([folder / f"{name}.csv" for name in named]).recording
    same(found.feet[0], motion, rtol=1e-5)
    assert found.feet[0].foot == "left"
    alone = (folder / "Gyroscope.csv").rename(tmp_path / "walk.csv")
    with pytest.raises(InputError, match="one sensor of Sensor Logger"):
        import_recording([alone])


def test_several_witmotion_sensors_in_one_file_are_told_apart(tmp_path, motion):
    t, acc, gyr = motion
    names = ["AccX(g)", "AccY(g)", "AccZ(g)", "AsX(°/s)", "AsY(°/s)", "AsZ(°/s)"]
    lines = ["\t".join(["time", "DeviceName", "ChipTime()", *names])]
    for s, row in zip(t, np.hstack([acc / G, gyr / DEG]), strict=True):
        for pod in ("WT-left", "WT-right"):
            stamp = f"2026-10-02T23:59:5{int(s) + 6}.{round(1e3 * (s % 1)):03d}"
            lines.append("\t".join([stamp, pod, "null", *(f"{x:.9g}" for x in row)]))
    path = tmp_path / "wit.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    feet = import_recording([path]).recording.feet
    assert [one.foot for one in feet] == ["left", "right"]
    same(feet[0], motion, rtol=1e-5)


@pytest.mark.parametrize(
    "fraction",
    [
        lambda ms: f".{ms}",
        lambda ms: f":{ms}",
        lambda ms: f".{ms:03d}",
        lambda ms: f".{ms:03d}".rstrip("0").rstrip("."),
    ],
    ids=["counted", "counted behind a colon", "padded", "trimmed"],
)
def test_milliseconds_of_witmotion_are_read_as_they_were_meant(fraction, tmp_path, motion):
    t, acc, gyr = motion
    lines = ["Chiptime\tax(g)\tay(g)\taz(g)\twx(deg/s)\twy(deg/s)\twz(deg/s)\tT(C)"]
    for ms, row in zip(np.rint(t * 1e3).astype(int), np.hstack([acc / G, gyr / DEG]), strict=True):
        stamp = f"2024-5-1 10:0:{ms // 1000}{fraction(ms % 1000)}"
        lines.append("\t".join([stamp, *(f"{x:.9g}" for x in row), "25.1"]))
    path = tmp_path / "wit.txt"
    path.write_text("\n".join(lines) + "\n")
    same(import_recording([path]).recording.feet[0], motion, rtol=1e-5)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda s: s.replace(".", ","), "decimal commas between commas"),
        (lambda s: s.replace("gZ\n", "gZ" + ",c" * 2000 + "\n"), "2,007 columns"),
    ],
)
def test_a_table_that_does_not_fit_its_header_is_refused(change, words, tmp_path, motion):
    path = write("arduino", tmp_path, motion)
    path.write_text(change(path.read_text()))
    with pytest.raises(InputError, match=words):
        import_recording([path])


@pytest.mark.parametrize(
    "written",
    [
        lambda s: s.replace("\n", "\r").encode(),
        lambda s: s.replace("\n", "\r\n").encode("utf-16"),
        lambda s: s.replace(",", "\t").replace(".", ",").encode("utf-8-sig"),
    ],
    ids=["old Mac", "UTF-16, Windows", "tabs, decimal commas, mark"],
)
def test_ends_of_lines_and_encodings_do_not_matter(written, tmp_path, motion):
    path = write("arduino", tmp_path, motion)
    path.write_bytes(written(path.read_text()))
    same(import_recording([path]).recording.feet[0], motion, rtol=1e-5)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk", "latin-1"])
@pytest.mark.parametrize("between", ["\t", ","])
def test_a_file_of_today_s_witmotion_program_is_read(encoding, between, tmp_path, motion):
    t, acc, gyr = motion
    words = (("Acceleration", "g"), ("Angular velocity", "°/s"), ("Angle", "°"))
    axes = [f"{word} {a}({unit})" for word, unit in words for a in "XYZ"]
    lines = [between.join(["Time", "Device name", "Chip Time()", *axes])]
    for s, row in zip(t, np.hstack([acc / G, gyr / DEG, 0 * acc]), strict=True):
        fraction = f"{int(s)}:{round(1e3 * (s % 1)):03d}"
        cells = [f" 16:44:1{fraction.replace(':', '.')}", "WT901BLE67(d6-a8-left)",
                 f" 2024-3-19 16:44:1{fraction}"]  # fmt: skip
        lines.append(between.join([*cells, *(f"{x:.9g}" for x in row)]))
    path = tmp_path / "data_0.csv"
    path.write_bytes("\n".join(lines).encode(encoding))
    found = import_recording([path])
    same(found.recording.feet[0], motion, rtol=1e-5)
    assert any("sensor's own clock" in note for note in found.remarks)


def test_a_chinese_witmotion_file_is_read(tmp_path, motion):
    t, acc, gyr = motion
    words = (("加速度", "g"), ("角速度", "°/s"))
    axes = [f"{word}{a}({unit})" for word, unit in words for a in "XYZ"]
    lines = [",".join(["时间", "设备名称", *axes, "温度(°C)"])]
    for s, row in zip(t, np.hstack([acc / G, gyr / DEG]), strict=True):
        stamp = f"2026-10-02 10:00:0{int(s)}.{round(1e3 * (s % 1)):03d}"
        lines.append(",".join([stamp, "WT5(left)", *(f"{x:.9g}" for x in row), "25.1"]))
    path = tmp_path / "wit.csv"
    path.write_text("\n".join(lines), encoding="utf-8-sig")
    same(import_recording([path]).recording.feet[0], motion, rtol=1e-5)


@pytest.mark.parametrize(
    ("kind", "change", "error", "words"),
    [
        ("arduino", lambda s: s.replace("aX", "foo"), InputError, "no known format"),
        ("dot rates", lambda s: s.replace("Acc_X", "FreeAcc_X"), InputError, "no raw motion"),
        ("ximu3", lambda s: s.replace("Timestamp (us)", "Packet number"), InputError, "no time"),
        ("movesense", lambda s: s[:-100], InputError, "damaged JSON"),
        ("movesense", lambda s: s.replace("Timestamp", "When"), InputError, "damaged JSON"),
        ("sensorconnect", lambda s: s.replace("\n0.5,", "\nhalf,"), InputError, "not made of num"),
        ("arduino", lambda s: "\n".join(s.splitlines()[:5]), GaitlabError, "too short|unit"),
        ("arduino", lambda s: s.splitlines()[0], GaitlabError, "no recording|readable"),
        ("gaitmap", lambda s: s, InputError, "no time"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(
    kind, change, error, words, tmp_path, motion
):
    path = write(kind, tmp_path, motion)
    path.write_text(change(path.read_text()))
    with pytest.raises(error, match=words):
        import_recording([path])


@pytest.mark.parametrize("kind", [k for k in KINDS if k not in {"phyphox, German", "metabase"}])
def test_a_file_cut_in_half_gives_its_first_half_or_a_clear_refusal(kind, tmp_path, motion):
    path = write(kind, tmp_path, motion)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 6 // 10])
    try:
        stream = import_recording([path], asked=Asked(rate_hz=RATE_HZ)).recording.feet[0]
    except GaitlabError:
        return
    n = stream.n_samples
    assert n < N
    np.testing.assert_allclose(stream.acc_mps2, motion[1][:n], rtol=1e-5, atol=1e-4)


def test_raw_counts_are_never_taken_for_a_unit(tmp_path, motion):
    t, acc, gyr = motion
    path = table(tmp_path / "pod.csv", "time,ax,ay,az,gx,gy,gz",
                 np.column_stack([t * 1e3, acc * 208.8, gyr * 900]))  # fmt: skip
    with pytest.raises(UnitsError, match="no known unit"):
        import_recording([path])


def test_wrong_words_are_refused(tmp_path, motion):
    path = write("arduino", tmp_path, motion)
    with pytest.raises(UsageError, match="not known"):
        import_recording([path], kind="stryd")
    with pytest.raises(InputError, match="does not look like"):
        import_recording([path], kind="movesense")
    with pytest.raises(UsageError, match="no pod is called"):
        import_recording([path], told={"x": "left"})
    with pytest.raises(InputError, match="does not exist"):
        import_recording([tmp_path / "no.csv"])
    (tmp_path / "a.pkl").write_bytes(b"\x80\x04cos\nsystem\n")
    with pytest.raises(InputError, match="no known format"):
        import_recording([tmp_path / "a.pkl"])


def test_holes_in_the_gyroscope_stay_holes():
    there = np.r_[0:0.5:0.01, 1.0:1.5:0.01]
    out = at_times(np.array([0.25, 0.75, 1.2, 2.0]), there, there[:, None] * 3, 0.05)[:, 0]
    np.testing.assert_allclose(out, [0.75, np.nan, 3.6, np.nan])


def test_counters_run_on_and_packets_behind_a_hole_keep_their_stamp():
    assert (unwrapped(np.array([2**32 - 1.0, 0.0]), 2.0**32) == [2**32 - 1, 2**32]).all()
    times = sample_times(np.array([0.0, 0.08, 0.5]), np.array([8, 8, 8]))
    np.testing.assert_allclose(times[[0, 7, 8, 15, 16]], [0.0, 0.07, 0.08, 0.15, 0.5])


@pytest.mark.parametrize(
    ("vendor", "plain"),
    [
        ("arduino_ble_shoe_pod.csv", "fuzzylabs-shoe-pod/race_matt.parquet"),
        ("arduino_ble_shoe_pod_test-run.csv", "fuzzylabs-shoe-pod/android_test_run.parquet"),
        ("xsensdot_rate_quantities.csv", "xsensdot-foot-60hz/test2_V2.parquet"),
        ("xsensdot_high_fidelity_dq_dv.csv", "xsensdot-foot-60hz/test3.parquet"),
    ],
)
def test_real_files_equal_their_independent_conversion(vendor, plain, shared_data):
    stream = import_recording([shared_data / "real" / "vendor-formats" / vendor]).recording.feet[0]
    other = pq.read_table(shared_data / "real" / plain).to_pandas()
    acc = other[["acc_x", "acc_y", "acc_z"]].to_numpy()
    gyr = other[["gyr_x", "gyr_y", "gyr_z"]].to_numpy()
    n = min(len(acc), stream.n_samples)
    assert n > 0.95 * max(len(acc), stream.n_samples)
    np.testing.assert_allclose(stream.acc_mps2[:n], acc[:n], rtol=2e-3, atol=2e-2)
    np.testing.assert_allclose(stream.gyr_radps[:n] / DEG, gyr[:n], rtol=2e-3, atol=0.2)


def test_every_real_vendor_file_is_read(shared_data):
    folder = shared_data / "real" / "vendor-formats"
    names = [
        p for p in sorted(folder.iterdir()) if p.suffix in {".csv", ".mat"} or "imu9" in p.name
    ]
    for path in names:
        found = import_recording([path], asked=Asked(rate_hz=256 if "calin" in path.name else None))
        still = np.median(np.linalg.norm(found.recording.feet[0].acc_mps2, axis=1))
        assert 8 < still < 80, path.name


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_gaitmap_data_set_of_two_sensors_is_read_from_files_and_memory(form, tmp_path, motion):
    import pandas as pd

    import gaitlab

    _, acc, gyr = motion
    axes = ["acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z"]
    frame = pd.DataFrame(np.hstack([acc, gyr / DEG]), columns=axes)
    both = pd.concat({"left_sensor": frame, "right_sensor": frame}, axis=1)
    path = tmp_path / f"walk.{form}"
    both.to_csv(path) if form == "csv" else both.to_parquet(path)
    found = import_recording([path], asked=Asked(rate_hz=RATE_HZ)).recording
    for recording in (found, gaitlab.from_gaitmap(both, RATE_HZ),
                      gaitlab.from_gaitmap({"L": frame, "R": frame}, RATE_HZ)):  # fmt: skip
        assert [one.foot for one in recording.feet] == ["left", "right"]
        same(recording.foot("left"), motion, rtol=1e-5)
    with pytest.raises(UsageError, match="lacks gyr_z"):
        gaitlab.from_gaitmap(frame.drop(columns="gyr_z"), RATE_HZ)


def test_what_the_checks_say_is_told_but_not_kept_twice(tmp_path, motion):
    from gaitlab.recordings import load, save

    t, acc, gyr = motion
    twice = np.concatenate([t[:200], t[199:]]), acc[[*range(200), *range(199, N)]], gyr[
        [*range(200), *range(199, N)]]  # fmt: skip
    path = table(
        tmp_path / "pod.csv", "time,ax,ay,az,gx,gy,gz", xyz((twice[0] * 1e3, *twice[1:]), G, DEG)
    )
    found = import_recording([path])
    assert any("repeated" in note for note in found.remarks)
    save(found.recording, tmp_path / "pod.gait.parquet")
    notes = load(tmp_path / "pod.gait.parquet").notes
    assert len(notes) == len(set(notes))
