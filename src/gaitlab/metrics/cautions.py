"""Plain sentences about what a recording cannot tell, most important first."""

from collections.abc import Iterator

import numpy as np

from gaitlab.events.standing import FELL_RAD, SLIP_RAD
from gaitlab.model.analysis import FootFacts
from gaitlab.model.gait import LEFT, LOW_RATE_HZ, RIGHT, RUN, SHORT_CONTACT_RATE_HZ, Contacts, Flag
from gaitlab.model.recording import Recording

PITCH_SHARE = 0.7
MISSING_SHARE, CLIPPED_SHARE = 0.01, 0.05
FEWEST_STRIDES = 10
ACROSS_SHARE = 0.5  # of the running contacts must have a step to the other foot
LOPSIDED_SHARE = 0.15  # of the stride, between its two steps: no runner limps like that
NO_RUNNING = "No running was found in this recording."
NOBODY_RAN = "This recording is simulated: nobody ran it."
MARK_BESIDE_S = 1.0  # a mark set just before or after the pods sent data is no slip
LONG_HOLE_S = 10.0  # longer ones are pauses of the recording, not losses
# assumption: feet point outward; wrongly suspected in 6 of 335 simulated runs
SWAPPED_RAD = np.radians(4.0)
ROLLS_RAD = np.radians(3.0)  # both feet together: less tells nothing; docs/metrics.md


def cautions_for(
    recording: Recording, contacts: Contacts, feet: tuple[FootFacts, ...]
) -> tuple[str, ...]:
    """Everything that a reader of the numbers should know, one sentence each."""
    apart_s = min((foot.clock.restarted_s for foot in feet), default=np.inf)
    return (*_about_contacts(contacts, apart_s), *_about_restart(feet), *_about_sides(feet),
            *(s for foot in feet for s in _about_foot(foot, contacts)),
            *_about_recording(recording))  # fmt: skip


def _about_contacts(contacts: Contacts, apart_s: float) -> Iterator[str]:
    running = contacts.activity == RUN
    if not len(contacts):
        yield "No ground contact was found in this recording."
    elif not running.any():
        yield NO_RUNNING
    else:
        counted = running & contacts.valid
        n, feet = int(counted.sum()), len(np.unique(contacts.foot[running]))
        if n < FEWEST_STRIDES * feet:
            some = "1 running contact counts" if n == 1 else f"{n} running contacts count"
            yield f"Only {some}: too few for a steady mean ({FEWEST_STRIDES} per foot)."
        yield from _about_steps(contacts.where(running & (contacts.ic_time_s < apart_s)))


def _about_steps(running: Contacts) -> Iterator[str]:
    """Steps that no two legs make: the pods are not on one clock."""
    if len(np.unique(running.foot)) < 2:
        return
    ends = [running.ic_time_s[running.foot == code][[0, -1]] for code in np.unique(running.foot)]
    low, high = max(first for first, _ in ends), min(last for _, last in ends)
    running = running.where((running.ic_time_s >= low) & (running.ic_time_s <= high))
    if len(running) < 2 * FEWEST_STRIDES:
        return  # one pod came late or fell off: hardly any step was seen by both
    across = (running.flags & Flag.ONE_SIDED) == 0
    if across.mean() < ACROSS_SHARE and not (running.flags & Flag.NO_GYROSCOPE).any():
        yield (
            "The two feet seem to land together in most steps of the run: the clocks of the pods "
            "are probably apart. Flight and step assume half a stride."
        )
        return
    steps = [running.step_time_s[across & (running.foot == code)] for code in (LEFT, RIGHT)]
    if min(np.isfinite(side).sum() for side in steps) < FEWEST_STRIDES:
        return
    left, right = (float(np.nanmedian(side)) for side in steps)
    if abs(left - right) > LOPSIDED_SHARE * (left + right):
        yield (
            f"The steps from left to right and from right to left take {1000 * left:.0f} and "
            f"{1000 * right:.0f} ms: the clocks of the pods are probably apart, and flight and "
            "step time are wrong by as much."
        )


def _about_restart(feet: tuple[FootFacts, ...]) -> Iterator[str]:
    """A clock that began again: how long the pod was silent, nobody knows."""
    first = min(feet, key=lambda foot: foot.clock.restarted_s, default=None)
    if first is None or len(feet) < 2 or not np.isfinite(first.clock.restarted_s):
        return
    yield (
        f"The clock of the {first.foot} pod began again {first.clock.restarted_s:.1f} s into the "
        "recording: from there on it is not known how the feet lie in time, and flight and step "
        "assume half a stride."
    )


def _about_sides(feet: tuple[FootFacts, ...]) -> Iterator[str]:
    """A foot lands on its outer edge and rolls inward, and it points outward a little."""
    roll, yaw = (
        [getattr(next((foot for foot in feet if foot.foot == side), None), name, float("nan"))
         for side in ("left", "right")]
        for name in ("landing_roll_rad", "travel_yaw_rad")
    )  # fmt: skip
    inward = roll[0] - roll[1]
    if inward < -ROLLS_RAD:
        yield (
            "The pods are probably on the other feet: as they are named, the feet would roll "
            f"outward by {np.degrees(-inward) / 2:.0f}° after each landing, and feet roll inward."
        )
    elif not inward > ROLLS_RAD and yaw[0] > SWAPPED_RAD and yaw[1] < -SWAPPED_RAD:
        yield "The pods may be on the other feet: both feet would point inward as they are named."


def _about_foot(foot: FootFacts, contacts: Contacts) -> Iterator[str]:
    name = "The pod" if foot.foot == "unknown" else f"The {foot.foot} pod"
    rate = foot.clock.true_rate_hz
    if not foot.has_gyroscope:
        yield f"{name} has no gyroscope: contacts are counted, not timed; no strike, no length."
    elif not foot.aligned:
        yield f"{name}: the foot frame could not be found, so there is no strike and no length."
    if rate < LOW_RATE_HZ:
        yield f"{name} records {rate:.0f} samples a second: too few to time a contact."
    elif rate < SHORT_CONTACT_RATE_HZ and _shortest(contacts) < 0.12:
        yield f"{name} records {rate:.0f} samples a second: contacts under 120 ms are coarse."
    lost = _lost_share(foot)
    if lost > MISSING_SHARE:
        yield f"{name} lost {100 * lost:.0f} % of its samples."
    clipped = _clipped_strides(foot, contacts)
    if clipped > CLIPPED_SHARE:
        yield (
            f"{name} hit its range in {100 * clipped:.0f} % of the strides: "
            "lengths and angles there are less certain, peaks are not known."
        )
    if foot.aligned and foot.slip_rad > SLIP_RAD:
        what = "slipped or came off" if foot.slip_rad > FELL_RAD else "slipped"
        yield (
            f"{name} sat {np.degrees(foot.slip_rad):.0f} degrees differently at the last standing "
            f"than at the first: it {what}, and strike angles after that are off by as much."
        )
    if foot.aligned and foot.pitch_share < PITCH_SHARE:
        yield f"{name} turns about several axes ({foot.pitch_share:.2f}): a loose mount?"
    if foot.has_gyroscope and foot.aligned and foot.zero_method == "none":
        yield (
            f"{name}: no standing was found and the foot never lies flat, so the strike angle "
            "has no zero; stand still for three seconds before the run."
        )


def _about_recording(recording: Recording) -> Iterator[str]:
    feet = {stream.foot for stream in recording.feet}
    if len(feet) == 1:
        yield "One pod only: flight and step assume that the other foot does the same."
    if recording.simulated:
        yield NOBODY_RAN
    yield from _about_marks(recording)
    yield from recording.notes


def _about_marks(recording: Recording) -> Iterator[str]:
    """Marks that lie where nothing was recorded: a slip of the pen, or of the clock."""
    times = [stream.time_s[np.isfinite(stream.time_s)] for stream in recording.feet]
    first_s = min((time[0] for time in times if len(time)), default=np.inf)
    last_s = max((time[-1] for time in times if len(time)), default=-np.inf)
    for mark in recording.marks:
        if not first_s - MARK_BESIDE_S <= mark.time_s <= last_s + MARK_BESIDE_S:
            yield (
                f"The mark {mark.label!r} at {mark.time_s:.1f} s lies outside of the recording "
                f"({first_s:.1f} to {last_s:.1f} s) and counts for nothing."
            )


def _lost_share(foot: FootFacts) -> float:
    """Share of samples that are missing while the pod recorded."""
    holes_s = np.diff(foot.clock.gaps_s, axis=1) if len(foot.clock.gaps_s) else np.empty(0)
    paused_s = float(holes_s[holes_s > LONG_HOLE_S].sum())
    missing_s = foot.clock.missing_fraction * foot.duration_s - paused_s
    return max(missing_s, 0.0) / max(foot.duration_s - paused_s, 1e-9)


def _shortest(contacts: Contacts) -> float:
    times = contacts.contact_time_s[contacts.valid & (contacts.activity == RUN)]
    return float(np.nanpercentile(times, 10)) if np.isfinite(times).any() else np.inf


def _clipped_strides(foot: FootFacts, contacts: Contacts) -> float:
    from gaitlab.model.recording import FEET

    mine = (contacts.foot == FEET.index(foot.foot)) & (contacts.activity == RUN)
    return float(np.mean((contacts.flags[mine] & Flag.CLIPPED) > 0)) if mine.any() else 0.0
