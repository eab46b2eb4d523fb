"""From the motion of the foot to the samples of a pod."""

import numpy as np

from gaitlab.model.recording import FootStream
from gaitlab.model.units import STANDARD_GRAVITY_MPS2, Floats
from gaitlab.simulate.motion import FootMotion, Pose
from gaitlab.simulate.pod import (
    Pod,
    full_scales,
    limited,
    lost_samples,
    mounting_matrix,
    pod_clock_s,
    turn,
)

INSIDE_HZ = 1000.0  # the motion is evaluated at least this often, then filtered
_BLOCK = 1 << 16
_SLIP_S = 0.06
_RATTLE_S = 0.018


def body_rates(pose: Pose) -> tuple[Floats, Floats]:
    """Angular velocity and acceleration in foot axes, (n, 3) each, rad/s and rad/s^2.

    Yaw about z, then pitch (toes up positive, so minus about y), then roll about x.
    """
    roll, roll1, roll2 = pose.roll
    pitch, pitch1, pitch2 = (-part for part in pose.pitch)
    _, yaw1, yaw2 = pose.yaw
    sr, cr, sp, cp = np.sin(roll), np.cos(roll), np.sin(pitch), np.cos(pitch)
    rate = np.stack(
        (roll1 - yaw1 * sp, pitch1 * cr + yaw1 * cp * sr, yaw1 * cp * cr - pitch1 * sr), axis=1
    )
    tilt = yaw2 * cp - yaw1 * pitch1 * sp
    growth = np.stack(
        (
            roll2 - yaw2 * sp - yaw1 * pitch1 * cp,
            pitch2 * cr - pitch1 * roll1 * sr + tilt * sr + yaw1 * roll1 * cp * cr,
            tilt * cr - yaw1 * roll1 * cp * sr - pitch2 * sr - pitch1 * roll1 * cr,
        ),
        axis=1,
    )
    return rate, growth


def into_foot(pose: Pose, world: Floats) -> Floats:
    """World vectors (n, 3) in foot axes."""
    roll, pitch, yaw = pose.roll[0], pose.pitch[0], pose.yaw[0]
    x = np.cos(yaw) * world[:, 0] + np.sin(yaw) * world[:, 1]
    y = np.cos(yaw) * world[:, 1] - np.sin(yaw) * world[:, 0]
    z = world[:, 2]
    x, z = np.cos(pitch) * x + np.sin(pitch) * z, np.cos(pitch) * z - np.sin(pitch) * x
    return np.stack(
        (x, np.cos(roll) * y + np.sin(roll) * z, np.cos(roll) * z - np.sin(roll) * y), axis=1
    )


def out_of_foot(pose: Pose, local: Floats) -> Floats:
    """Foot vectors (n, 3) or (3,) in world axes."""
    roll, pitch, yaw = pose.roll[0], pose.pitch[0], pose.yaw[0]
    x, y, z = np.moveaxis(np.broadcast_to(local, (len(roll), 3)), 1, 0)
    y, z = np.cos(roll) * y - np.sin(roll) * z, np.cos(roll) * z + np.sin(roll) * y
    x, z = np.cos(pitch) * x - np.sin(pitch) * z, np.cos(pitch) * z + np.sin(pitch) * x
    return np.stack(
        (np.cos(yaw) * x - np.sin(yaw) * y, np.cos(yaw) * y + np.sin(yaw) * x, z), axis=1
    )


def ideal_readings(
    motion: FootMotion, lever_m: Floats, time_s: Floats, turning_radps: Floats | None = None
) -> tuple[Floats, Floats]:
    """Specific force (m/s^2) and angular rate (rad/s) in foot axes at the lever, (n, 3) each.

    turning_radps : (n,) how fast the whole way turns to the left; the foot turns along, on the
        ground too (1.4 degrees a contact in a bend)
    """
    pose = motion.at(time_s)
    world = pose.moved(2)
    world[:, 2] += STANDARD_GRAVITY_MPS2
    rate, growth = body_rates(pose)
    force = into_foot(pose, world)
    force += np.cross(growth, lever_m) + np.cross(rate, np.cross(rate, lever_m))
    if turning_radps is not None:
        upright = np.stack((0.0 * turning_radps, 0.0 * turning_radps, turning_radps), axis=1)
        velocity = pose.moved(1) + out_of_foot(pose, np.cross(rate, lever_m))
        force += into_foot(pose, np.cross(upright, velocity))
        rate = rate + into_foot(pose, upright)
    return force, rate


def ideal_path(motion: FootMotion, lever_m: Floats, time_s: Floats) -> tuple[Floats, Floats]:
    """World position (m) and velocity (m/s) of the sensor, (n, 3) each."""
    pose = motion.at(time_s)
    position, velocity = pose.moved(0), pose.moved(1)
    rate, _ = body_rates(pose)
    return (
        position + out_of_foot(pose, lever_m),
        velocity + out_of_foot(pose, np.cross(rate, lever_m)),
    )


def _strap_and_filter(values: Floats, pod: Pod, inside_hz: float, strap_hz: float) -> Floats:
    """Resonance of the strap and the anti-alias filter; a constant passes unchanged."""
    from scipy import signal

    if strap_hz:
        w, damping = 2.0 * np.pi * strap_hz, pod.strap_damping
        b, a = signal.bilinear([2.0 * damping * w, w**2], [1.0, 2.0 * damping * w, w**2], inside_hz)
        settled = signal.lfilter_zi(b, a)[:, None] * values[:1]
        values = signal.lfilter(b, a, values, axis=0, zi=settled)[0]
    if pod.lowpass_share:
        cut_hz = min(pod.lowpass_share * pod.rate_hz, 0.45 * inside_hz)
        sections = signal.butter(2, cut_hz, fs=inside_hz, output="sos")
        values = signal.sosfiltfilt(sections, values, axis=0)
    return np.asarray(values)


def _rattle(motion: FootMotion, time_s: Floats, size: float, rng: np.random.Generator) -> Floats:
    """(n, 3) noise bursts that start with each impact and die away."""
    contacts = motion.contacts
    number = np.clip(np.searchsorted(contacts.ic_s, time_s, "right") - 1, 0, None)
    since = (time_s - contacts.ic_s[number]) / _RATTLE_S
    envelope = contacts.down_mps[number] * np.minimum(3.0 * since, 1.0) * np.exp(-since)
    return np.asarray(size * envelope[:, None] * rng.standard_normal((len(time_s), 3)))


def _slipped(values: Floats, time_s: Floats, pod: Pod, axis: Floats) -> Floats:
    """The pod turns about an axis once, within 60 ms."""
    if pod.slip_at_s is None or not pod.slip_rad:
        return values
    share = np.clip((time_s - pod.slip_at_s) / _SLIP_S, 0.0, 1.0)[:, None]
    return np.asarray(values + share * (values @ turn(axis, pod.slip_rad).T - values))


def sense(
    motion: FootMotion,
    pod: Pod,
    end_s: float,
    rng: np.random.Generator,
    turning: tuple[Floats, Floats] | None = None,
) -> FootStream:
    """What the pod records from 0 to ``end_s`` (true time).

    turning : times, s, and how fast the way turns to the left there, rad/s
    """
    every = max(1, int(np.ceil(INSIDE_HZ / pod.rate_hz)))
    inside_hz = every * pod.true_rate_hz
    n_samples = int(end_s * pod.true_rate_hz)
    time_s = np.arange(n_samples * every) / inside_hz
    lever_m = pod.lever_m()
    blocks = [
        ideal_readings(
            motion, lever_m, part, None if turning is None else np.interp(part, *turning)
        )
        for part in (time_s[start : start + _BLOCK] for start in range(0, len(time_s), _BLOCK))
    ]
    force = np.concatenate([block[0] for block in blocks])
    rate = np.concatenate([block[1] for block in blocks])
    if pod.rattle_mps2 or pod.rattle_radps:
        force += _rattle(motion, time_s, pod.rattle_mps2, rng)
        rate += _rattle(motion, time_s, pod.rattle_radps, rng)
    force = _strap_and_filter(force, pod, inside_hz, pod.strap_hz)[::every]
    rate = _strap_and_filter(rate, pod, inside_hz, 0.0)[::every]
    return _recorded(force, rate, time_s[::every], pod, rng)


def _recorded(
    force: Floats, rate: Floats, true_s: Floats, pod: Pod, rng: np.random.Generator
) -> FootStream:
    """Mounting, errors, range, counts, clock and loss."""
    mounting = mounting_matrix(pod, rng)
    axis = rng.standard_normal(3)
    acc_range, gyr_range = full_scales(pod)
    streams, counts = [], []
    for values, bias, scale, noise, full_scale in (
        (force, pod.acc_bias_mps2, pod.acc_scale, pod.acc_noise_mps2, acc_range),
        (rate, pod.gyr_bias_radps, pod.gyr_scale, pod.gyr_noise_radps, gyr_range),
    ):
        turned = _slipped(values @ mounting.T, true_s, pod, axis)
        read = turned * (1.0 + scale * rng.standard_normal(3)) + bias * rng.standard_normal(3)
        read = read + noise * rng.standard_normal(read.shape)
        cut, count = limited(read, full_scale, pod)
        streams.append(cut)
        counts.append(count)
    time_s = pod_clock_s(pod, len(true_s), rng)
    kept = ~lost_samples(pod, true_s, rng)
    gyr = streams[1] if pod.gyroscope else np.full_like(streams[1], np.nan)
    return FootStream(
        pod.foot, time_s[kept], streams[0][kept], gyr[kept], acc_range,
        gyr_range if pod.gyroscope else None, pod.rate_hz, counts[0],
        counts[1] if pod.gyroscope else None,
    )  # fmt: skip
