"""Plain sentences about what a recording cannot tell, most important first."""

from collections.abc import Iterator

import numpy as np

from gaitlab.model.analysis import FootFacts
from gaitlab.model.gait import RUN, Contacts, Flag
from gaitlab.model.recording import Recording

PITCH_SHARE = 0.7
SLOW_HZ, SPRINT_HZ = 100.0, 200.0
MISSING_SHARE, CLIPPED_SHARE = 0.01, 0.05
FEWEST_STRIDES = 10
# assumption: feet point outward; wrongly suspected in 6 of 335 simulated runs
SWAPPED_RAD = np.radians(4.0)


def cautions_for(
    recording: Recording, contacts: Contacts, feet: tuple[FootFacts, ...]
) -> tuple[str, ...]:
    """Everything that a reader of the numbers should know, one sentence each."""
    return (*_about_contacts(contacts), *_about_sides(feet),
            *(s for foot in feet for s in _about_foot(foot, contacts)),
            *_about_recording(recording))  # fmt: skip


def _about_contacts(contacts: Contacts) -> Iterator[str]:
    running = contacts.activity == RUN
    if not len(contacts):
        yield "No ground contact was found in this recording."
    elif not running.any():
        yield "No running was found in this recording."
    elif (running & contacts.valid).sum() < FEWEST_STRIDES:
        n = int((running & contacts.valid).sum())
        yield f"Only {n} running contacts count: too few for a steady mean (10 per foot)."


def _about_sides(feet: tuple[FootFacts, ...]) -> Iterator[str]:
    """Feet point outward a little: a left foot that travels to its left may be a right one."""
    yaw = {foot.foot: foot.travel_yaw_rad for foot in feet}
    left, right = yaw.get("left", float("nan")), yaw.get("right", float("nan"))
    if left > SWAPPED_RAD and right < -SWAPPED_RAD:
        yield "The pods may be on the other feet: both feet would point inward as they are named."


def _about_foot(foot: FootFacts, contacts: Contacts) -> Iterator[str]:
    name = "The pod" if foot.foot == "unknown" else f"The {foot.foot} pod"
    rate = foot.clock.true_rate_hz
    if not foot.has_gyroscope:
        yield f"{name} has no gyroscope: contacts are counted, not timed; no strike, no length."
    elif not foot.aligned:
        yield f"{name}: the foot frame could not be found, so there is no strike and no length."
    if rate < SLOW_HZ:
        yield f"{name} records {rate:.0f} samples a second: too few to time a contact."
    elif rate < SPRINT_HZ and _shortest(contacts) < 0.12:
        yield f"{name} records {rate:.0f} samples a second: contacts under 120 ms are coarse."
    if foot.clock.missing_fraction > MISSING_SHARE:
        yield f"{name} lost {100 * foot.clock.missing_fraction:.0f} % of its samples."
    clipped = _clipped_strides(foot, contacts)
    if clipped > CLIPPED_SHARE:
        yield (
            f"{name} hit its range in {100 * clipped:.0f} % of the strides: "
            "lengths and angles there are less certain, peaks are not known."
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
        yield "This recording is simulated: nobody ran it."
    yield from recording.notes


def _shortest(contacts: Contacts) -> float:
    times = contacts.contact_time_s[contacts.valid & (contacts.activity == RUN)]
    return float(np.nanpercentile(times, 10)) if np.isfinite(times).any() else np.inf


def _clipped_strides(foot: FootFacts, contacts: Contacts) -> float:
    from gaitlab.model.recording import FEET

    mine = (contacts.foot == FEET.index(foot.foot)) & (contacts.activity == RUN)
    return float(np.mean((contacts.flags[mine] & Flag.CLIPPED) > 0)) if mine.any() else 0.0
