"""Descriptions of own pods: a small JSON or TOML file that says what the bytes mean."""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from gaitlab.model.errors import InputError
from gaitlab.pod.model import Sensor
from gaitlab.pod.protocols.packets import LONGEST_BYTES

SERVICE = "6a170001-5b1e-4c39-9e1c-9a1d70f00d01"
DATA = "6a170002-5b1e-4c39-9e1c-9a1d70f00d01"
CONTROL = "6a170003-5b1e-4c39-9e1c-9a1d70f00d01"

TYPES = {"u8": "u1", "i8": "i1", "u16": "u2", "i16": "i2", "u32": "u4", "i32": "i4", "f32": "f4"}
AXES: dict[Sensor, tuple[str, ...]] = {
    "imu": ("ax", "ay", "az", "gx", "gy", "gz"),
    "acc": ("ax", "ay", "az"),
    "gyr": ("gx", "gy", "gz"),
}
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class DescriptionError(InputError):
    """A description of an own pod that cannot be used."""


@dataclass(frozen=True, slots=True)
class PodDescription:
    """An own pod: where its bytes come from and what they mean.

    data, service, control : UUIDs; without ``control`` the pod sends by itself
    start, stop : bytes for ``control``, as hexadecimal text
    header : fields before the samples, "name type"; the names ``version``, ``count``, ``tick`` and
        ``counter`` mean something, any other is skipped
    sample : fields of one sample; ``ax ay az gx gy gz`` mean something, any other is skipped
    samples : how many in a packet; 0 = the field ``count``, or as many as fit
    acc_g, gyr_dps : size of one count
    tick_hz, tick_bits, tick_of : the pod's clock; bits 0 = those of the field
    """

    name: str = "generic"
    title: str = "gaitlab's own packet"
    service: str = SERVICE
    data: str = DATA
    control: str = CONTROL
    start: str = "01"
    stop: str = "00"
    rate_hz: float = 200.0
    acc_range_g: float | None = 16.0
    gyr_range_dps: float | None = 2000.0
    header: tuple[str, ...] = ("version u8", "count u8", "counter u16", "tick u32")
    sample: tuple[str, ...] = ("ax i16", "ay i16", "az i16", "gx i16", "gy i16", "gz i16")
    samples: int = 0
    byte_order: Literal["little", "big"] = "little"
    version: int | None = 1
    acc_g: float = 1.0 / 2048.0
    gyr_dps: float = 1.0 / 16.4
    tick_hz: float = 32768.0
    tick_bits: int = 0
    tick_of: Literal["first", "last"] = "first"
    counter_bits: int = 0
    counter_counts: Literal["packets", "samples"] = "packets"

    def __post_init__(self) -> None:
        for problem in _problems(self):
            raise DescriptionError(
                f"the description of the pod '{self.name}' cannot be used",
                problem,
                "docs/pods.md shows a complete description",
            )


def _problems(about: PodDescription) -> list[str]:
    """What is wrong with a description, in plain words; empty when it can be used."""
    fields = [text.split() for text in (*about.header, *about.sample)]
    wrong = [" ".join(pair) for pair in fields if len(pair) != 2 or pair[1] not in TYPES]
    if wrong:
        return [f"field '{wrong[0]}' is not 'name type' with a type of {', '.join(TYPES)}"]
    names = [[text.split()[0] for text in texts] for texts in (about.header, about.sample)]
    twice = [name for few in names for name in few if few.count(name) > 1]
    uuids = {"data": about.data, "service": about.service, "control": about.control}
    bad_uuids = [key for key, uuid in uuids.items() if uuid and not UUID.fullmatch(uuid)]
    checks = {
        f"field '{(twice or [''])[0]}' appears twice": bool(twice),
        "a UUID is needed for data": not about.data,
        f"{', '.join(bad_uuids)}: not a 128-bit UUID in lower case": bool(bad_uuids),
        "sample needs ax ay az, gx gy gz or both": sensor_of(names[1]) is None,
        "count, tick and counter must be unsigned (u8, u16, u32)": any(
            name in ("version", "count", "tick", "counter") and not kind.startswith("u")
            for name, kind in (text.split() for text in about.header)
        ),
        "rate_hz, acc_g, gyr_dps and tick_hz must be positive numbers": not all(
            np.isfinite(number) and number > 0
            for number in (about.rate_hz, about.acc_g, about.gyr_dps, about.tick_hz)
        ),
        f"a packet must fit in {LONGEST_BYTES} bytes": not 0 <= about.samples <= LONGEST_BYTES,
        "tick_of must be first or last": about.tick_of not in ("first", "last"),
        "counter_counts must be packets or samples": about.counter_counts
        not in ("packets", "samples"),
        "byte_order must be little or big": about.byte_order not in ("little", "big"),
        "tick_bits and counter_bits must be 0 to 32": not all(
            0 <= bits <= 32 for bits in (about.tick_bits, about.counter_bits)
        ),
        "start and stop must be hexadecimal": not all(
            re.fullmatch(r"([0-9a-fA-F]{2})*", text) for text in (about.start, about.stop)
        ),
    }
    return [text for text, wrong_here in checks.items() if wrong_here]


def sensor_of(names: Sequence[str]) -> Sensor | None:
    """Which sensor fields of these names make; None when axes are missing."""
    found = [sensor for sensor, axes in AXES.items() if set(axes) <= set(names)]
    return found[0] if found else None


# --- reading and writing descriptions ---------------------------------------------------------


def description_from(values: Mapping[str, Any]) -> PodDescription:
    """A description from the content of a JSON or TOML file; what is left out is the default.

    A description with its own ``header`` has no version number to check unless it says so.
    """
    known = PodDescription.__dataclass_fields__
    unknown = sorted(set(values) - set(known))
    if unknown:
        raise DescriptionError(
            "the description of the pod cannot be used",
            f"unknown: {', '.join(map(str, unknown))}",
            f"known: {', '.join(known)}",
        )
    wanted = dict(values)
    if "header" in wanted:
        wanted.setdefault("version", None)
    for name in ("header", "sample"):
        if name in wanted:
            wanted[name] = _texts(name, wanted[name])
    for name, value in wanted.items():
        _check_type(name, value)
    for name in ("service", "data", "control"):
        if name in wanted:
            wanted[name] = wanted[name].lower()
    return PodDescription(**wanted)


def _texts(name: str, value: object) -> tuple[str, ...]:
    if isinstance(value, list | tuple) and all(isinstance(text, str) for text in value):
        return tuple(value)
    raise DescriptionError(
        "the description of the pod cannot be used",
        f"{name} must be a list of texts",
        'for example ["tick u32", "counter u16"]',
    )


def _check_type(name: str, value: object) -> None:
    default = getattr(DEFAULT, name)
    if isinstance(default, str | tuple):
        fine = isinstance(value, type(default))
    elif name in ("acc_range_g", "gyr_range_dps", "version") and value is None:
        fine = True
    else:
        numbers = (int, float) if isinstance(default, float) else (int,)
        fine = isinstance(value, numbers) and not isinstance(value, bool)
    if not fine:
        raise DescriptionError(
            "the description of the pod cannot be used",
            f"{name} = {value!r} is of the wrong kind",
            f"the default is {default!r}",
        )


def read_description(text: str) -> PodDescription:
    """A description from the text of a JSON or TOML file."""
    try:
        values = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise DescriptionError(
            "the description of the pod cannot be read",
            str(error),
            "it must be JSON or TOML; docs/pods.md shows one",
        ) from error
    return description_from(values)


def description_text(about: PodDescription) -> str:
    """A description as one line of JSON; `read_description` reads it back."""
    return json.dumps(asdict(about), sort_keys=True)


DEFAULT = PodDescription()
