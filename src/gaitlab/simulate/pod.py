"""The pod on the shoe: where it sits, what its sensor does to the truth, what radio loses."""

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from gaitlab.model.errors import UsageError
from gaitlab.model.recording import Foot
from gaitlab.model.units import RAD_PER_DEG, STANDARD_GRAVITY_MPS2, Bools, Floats

# where a pod sits on a left shoe, m (ahead of the sole's origin, to the left, up), and how
# it lies there as pitch about y, rad; assumptions about a shoe of size 42
PLACEMENTS = MappingProxyType(
    {
        "laces": ((0.035, 0.0, 0.075), 22.0 * RAD_PER_DEG),
        "instep": ((0.0, 0.0, 0.085), 32.0 * RAD_PER_DEG),
        "heel": ((-0.12, 0.0, 0.05), -75.0 * RAD_PER_DEG),
        "lateral": ((-0.03, 0.045, 0.045), 0.0),
    }
)


@dataclass(frozen=True, slots=True)
class Pod:
    """One pod: its sensor and its faults. The defaults are a good consumer pod.

    rate_hz : what the pod claims;  rate_error : true rate over claimed rate, minus 1
    acc_range_g, gyr_range_dps : full scale;  gyroscope : False for accelerometer only
    placement : a name of PLACEMENTS;  mounting : "placed", or "random" for any orientation
    acc_bias_mps2, gyr_bias_radps : spread of the constant offsets
    acc_scale, gyr_scale : spread of the scale errors, share
    acc_noise_mps2, gyr_noise_radps : white noise per sample
    lowpass_share : cut-off of the anti-alias filter, share of the rate; zero delay
    strap_hz, strap_damping : resonance of pod and strap; 0 is rigid
    rattle_mps2, rattle_radps : noise bursts after an impact of 1 m/s
    quantised : 16-bit counts
    clock_ppm : error of the pod's clock;  jitter_s : spread of single time stamps
    loss, packet : share of lost packets and samples in each
    gaps_s : (start, stop) of stretches without any sample
    slip_at_s, slip_rad : the pod turns once on the shoe
    """

    foot: Foot
    rate_hz: float = 200.0
    acc_range_g: float = 16.0
    gyr_range_dps: float = 2000.0
    gyroscope: bool = True
    placement: str = "laces"
    mounting: str = "placed"
    acc_bias_mps2: float = 0.12
    gyr_bias_radps: float = 0.01
    acc_scale: float = 0.004
    gyr_scale: float = 0.004
    acc_noise_mps2: float = 0.03
    gyr_noise_radps: float = 0.002
    lowpass_share: float = 0.42
    strap_hz: float = 55.0
    strap_damping: float = 0.3
    rattle_mps2: float = 9.0
    rattle_radps: float = 0.6
    quantised: bool = True
    clock_ppm: float = 0.0
    rate_error: float = 0.0
    jitter_s: float = 0.0
    loss: float = 0.0
    packet: int = 6
    gaps_s: tuple[tuple[float, float], ...] = ()
    slip_at_s: float | None = None
    slip_rad: float = 0.0

    def __post_init__(self) -> None:
        if not 20.0 <= self.rate_hz <= 4000.0:
            raise UsageError(
                "the pod cannot sample like that", f"{self.rate_hz:g} Hz", "choose 20 to 4000 Hz"
            )
        if not 0.0 <= self.loss < 1.0 or self.packet < 1:
            raise UsageError(
                "the pod cannot lose that much",
                f"a share of {self.loss:g} in packets of {self.packet}",
                "choose a share from 0 to below 1 and packets of 1 or more samples",
            )
        if self.placement not in PLACEMENTS or self.mounting not in ("placed", "random"):
            raise UsageError(
                f"no pod sits at {self.placement!r} in a {self.mounting!r} way",
                f"known places are {', '.join(PLACEMENTS)}",
                "choose one of them, mounted as placed or random",
            )

    @property
    def true_rate_hz(self) -> float:
        """Samples per true second."""
        return self.rate_hz * (1.0 + self.rate_error) * (1.0 + 1e-6 * self.clock_ppm)

    @property
    def clock_ratio(self) -> float:
        """Seconds on the pod's time axis per true second."""
        return self.true_rate_hz / self.rate_hz

    def lever_m(self) -> Floats:
        """(3,) place of the sensor in the foot frame, m."""
        lever_m = np.array(PLACEMENTS[self.placement][0])
        return lever_m * (1.0, -1.0 if self.foot == "right" else 1.0, 1.0)


def perfect_pod(foot: Foot, rate_hz: float = 1000.0, placement: str = "laces") -> Pod:
    """A pod without any error, for checking the physics: foot axes, no filter, no range."""
    return Pod(
        foot, rate_hz, 1e4, 1e6, True, placement, "placed", 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
        0.0, 0.0, 0.3, 0.0, 0.0, quantised=False,
    )  # fmt: skip


def turn(axis: Floats, angle_rad: float) -> Floats:
    """(3, 3) right-handed rotation about an axis."""
    x, y, z = axis / np.linalg.norm(axis)
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.asarray(
        np.eye(3) + np.sin(angle_rad) * cross + (1.0 - np.cos(angle_rad)) * cross @ cross
    )


def mounting_matrix(pod: Pod, rng: np.random.Generator) -> Floats:
    """(3, 3) foot axes to sensor axes; small misplacement about the placed orientation."""
    if pod.mounting == "random":
        return turn(rng.standard_normal(3), float(rng.uniform(0.2, np.pi)))
    if pod.acc_bias_mps2 == 0.0 and pod.gyr_bias_radps == 0.0 and not pod.quantised:
        return np.eye(3)
    lies = turn(np.array([0.0, 1.0, 0.0]), -PLACEMENTS[pod.placement][1])
    small = turn(rng.standard_normal(3), float(rng.normal(0.0, 5.0 * RAD_PER_DEG)))
    return np.asarray(lies @ small)


def limited(values: Floats, full_scale: float, pod: Pod) -> tuple[Floats, float | None]:
    """Values cut at the range and rounded to 16-bit counts, and the size of one count."""
    if not pod.quantised:
        return np.clip(values, -full_scale, full_scale), None
    count = full_scale / 32768.0
    return np.clip(np.rint(values / count), -32768, 32767) * count, count


def lost_samples(pod: Pod, true_s: Floats, rng: np.random.Generator) -> Bools:
    """(n,) samples that never arrive: whole packets, and gaps."""
    n_samples = len(true_s)
    packets = -(-n_samples // pod.packet)
    lost = np.repeat(rng.random(packets) < pod.loss, pod.packet)[:n_samples]
    for start_s, stop_s in pod.gaps_s:
        lost = lost | ((true_s >= start_s) & (true_s < stop_s))
    return np.asarray(lost)


def pod_clock_s(pod: Pod, n_samples: int, rng: np.random.Generator) -> Floats:
    """(n,) the time stamps: even counts of the claimed rate, and jitter."""
    time_s = np.arange(n_samples) / pod.rate_hz
    return time_s + pod.jitter_s * rng.standard_normal(n_samples)


def full_scales(pod: Pod) -> tuple[float, float]:
    """Ranges of accelerometer (m/s^2) and gyroscope (rad/s)."""
    return pod.acc_range_g * STANDARD_GRAVITY_MPS2, pod.gyr_range_dps * RAD_PER_DEG
