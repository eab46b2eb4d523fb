"""MetaMotion S (BMI270) and R (BMI160): acceleration and rotation in turn, three samples each.

The same register number means different things on the two chips, so the chip is asked first.
Source: mbientlab/MetaWear-SDK-Cpp, src and test.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from gaitlab.model.errors import DeviceError
from gaitlab.model.units import RAD_PER_DEG, STANDARD_GRAVITY_MPS2
from gaitlab.pod.model import (
    Conversation,
    Decoded,
    Expect,
    Notification,
    PodSettings,
    Sensor,
    Write,
)
from gaitlab.pod.protocols.packets import WRONG_LENGTH, PacketKind, Parsed, by_length, merged

SERVICE = "326a9000-85cb-9195-d9dd-464cfbbae75a"
COMMAND = "326a9001-85cb-9195-d9dd-464cfbbae75a"
DATA = "326a9006-85cb-9195-d9dd-464cfbbae75a"

ACC, GYR = 0x03, 0x13  # modules
POWER, ENABLE, CONFIG, INFO, ANSWER = 1, 2, 3, 0x80, 0x80  # registers; answers have the top bit
RATE_CODES: Final = {25.0: 6, 50.0: 7, 100.0: 8, 200.0: 9, 400.0: 10, 800.0: 11}
BEST_RATE_HZ = 200.0  # two packed streams of this rate are what a phone-grade link carries
BEST_ACC_G, BEST_GYR_DPS = 16.0, 2000.0


@dataclass(frozen=True, slots=True)
class Chip:
    """Registers of one chip. acc, gyr : (single sample, packed); the rest is its configuration."""

    acc: tuple[int, int]
    gyr: tuple[int, int]
    acc_conf: int
    acc_range_codes: dict[int, int]


CHIPS: Final = {
    "BMI160": Chip((0x04, 0x1C), (0x05, 0x07), 0x20, {2: 3, 4: 5, 8: 8, 16: 12}),
    "BMI270": Chip((0x04, 0x05), (0x04, 0x05), 0xA0, {2: 0, 4: 1, 8: 2, 16: 3}),
}
ACC_CHIPS, GYR_CHIPS = {1: "BMI160", 4: "BMI270"}, {0: "BMI160", 1: "BMI270"}


def acc_config(chip: str, rate_hz: float, range_g: int) -> bytes:
    """Rate and range of the accelerometer.

    >>> acc_config("BMI270", 100.0, 16).hex(), acc_config("BMI160", 200.0, 16).hex()
    ('0303a803', '0303290c')
    """
    about = CHIPS[chip]
    conf = about.acc_conf | RATE_CODES[rate_hz]
    return bytes([ACC, CONFIG, conf, about.acc_range_codes[range_g]])


def gyr_config(rate_hz: float) -> bytes:
    """Rate of the gyroscope at +-2000 deg/s; the same on both chips.

    >>> gyr_config(200.0).hex()
    '13032900'
    """
    return bytes([GYR, CONFIG, 0x20 | RATE_CODES[rate_hz], 0])


def begin_commands(chip: str, rate_hz: float) -> tuple[bytes, ...]:
    """Configure, subscribe to packed data, enable, start; both sensors."""
    about = CHIPS[chip]
    return (
        acc_config(chip, rate_hz, round(BEST_ACC_G)),
        gyr_config(rate_hz),
        bytes([ACC, about.acc[1], 1]),
        bytes([GYR, about.gyr[1], 1]),
        bytes([ACC, ENABLE, 1, 0]),
        bytes([GYR, ENABLE, 1, 0]),
        bytes([ACC, POWER, 1]),
        bytes([GYR, POWER, 1]),
    )


END_COMMANDS: Final = tuple(
    bytes([module, *rest]) for module in (ACC, GYR) for rest in ((POWER, 0), (ENABLE, 0, 1))
)


def start(wanted_rate_hz: float | None = None) -> Conversation:
    """Ask for the chip, then the full ranges and one rate for both sensors."""
    chips = []
    for module, known in ((ACC, ACC_CHIPS), (GYR, GYR_CHIPS)):
        yield Write(COMMAND, bytes([module, INFO]))
        info = yield Expect(DATA, bytes([module, INFO]))
        chips.append(known.get(info[2]) if info is not None and len(info) > 2 else None)
    if chips[0] is None or chips[0] != chips[1]:
        raise DeviceError(
            "this MetaWear board is none that gaitlab can read",
            f"its motion chips: {chips[0] or 'unknown'} and {chips[1] or 'unknown'}",
            "MetaMotionS (BMI270) and MetaMotionR (BMI160) can be read",
        )
    enough = [rate for rate in RATE_CODES if rate >= (wanted_rate_hz or BEST_RATE_HZ)]
    rate_hz = enough[0] if enough else max(RATE_CODES)
    for command in begin_commands(chips[0], rate_hz):
        yield Write(COMMAND, command)
    return PodSettings("metamotion", rate_hz, BEST_ACC_G, BEST_GYR_DPS, details={"chip": chips[0]})


def stop() -> tuple[Write, ...]:
    """Both sensors to standby."""
    return tuple(Write(COMMAND, command) for command in END_COMMANDS)


def decode(settings: PodSettings, notifications: Sequence[Notification]) -> Decoded:
    """Acceleration and rotation, packed or single; answers of the board are skipped."""
    chip = CHIPS.get(str(settings.details.get("chip")), CHIPS["BMI270"])
    acc = (settings.acc_range_g or BEST_ACC_G) * STANDARD_GRAVITY_MPS2 / 32768.0
    gyr = RAD_PER_DEG / (16.4 * 2000.0 / (settings.gyr_range_dps or BEST_GYR_DPS))
    kinds = {
        ACC: PacketKind("acc", acc_lsb_mps2=acc),
        GYR: PacketKind("gyr", gyr_lsb_radps=gyr),
    }
    registers, scales = {ACC: chip.acc, GYR: chip.gyr}, {ACC: acc, GYR: gyr}
    refused: Counter[str] = Counter()
    parsed: dict[int, list[Parsed]] = {ACC: [], GYR: []}
    for rows, raw in by_length([notification.payload for notification in notifications]):
        if raw.shape[1] < 2:
            refused[WRONG_LENGTH] += len(rows)
            continue
        taken = (raw[:, 1] & ANSWER) > 0
        for module, (single, packed) in registers.items():
            fits = {8: single, 20: packed}.get(raw.shape[1], -1)
            mine = (raw[:, 0] == module) & (raw[:, 1] == fits)
            counts = np.frombuffer(raw[mine][:, 2:].tobytes(), "<i2") if mine.any() else None
            if counts is not None:
                samples = counts.reshape(int(mine.sum()), -1, 3) * scales[module]
                parsed[module].append(Parsed(rows[mine], samples))
            taken |= mine
        refused["no data of the accelerometer or gyroscope"] += int(np.count_nonzero(~taken))
    host_ns = [notification.host_ns for notification in notifications]
    sensors: tuple[tuple[int, Sensor], ...] = ((ACC, "acc"), (GYR, "gyr"))
    packets = tuple(
        found
        for module, _ in sensors
        for found in merged(kinds[module], host_ns, parsed[module], refused)
    )
    return Decoded(packets=packets, refused={why: n for why, n in refused.items() if n})
