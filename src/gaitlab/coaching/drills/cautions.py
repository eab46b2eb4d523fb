"""What has to be known of a repetition before its numbers are used."""

from typing import Final

import numpy as np

from gaitlab.model.gait import LEFT, RIGHT, Contacts, Flag

MOST: Final = 0.5  # of the contacts: then the caution holds for their median
UNEVEN: Final = 0.6  # of the other foot's landings, less one at an end
TOO_SLOW: Final = (
    "too few samples a second for contacts this short: contact and flight times are rough, "
    "times and steps hold"
)
CUT: Final = (
    "the recording begins or ends within the repetition, or data are missing in it: a faster part "
    "may be lost"
)


def rate_caution(contacts: Contacts) -> tuple[str, ...]:
    """Says when contacts are shorter than the pods sample well; empty otherwise."""
    slow = (contacts.flags & Flag.LOW_RATE) != 0
    return (TOO_SLOW,) if len(slow) and slow.mean() > MOST else ()


def feet_caution(contacts: Contacts) -> tuple[str, ...]:
    """Says when one foot, or mostly one, was seen; empty otherwise."""
    left, right = (int(np.count_nonzero(contacts.foot == code)) for code in (LEFT, RIGHT))
    if left + right and not min(left, right):
        return (f"{'left' if left else 'right'} foot only: every second landing is seen",)
    if min(left, right) < UNEVEN * max(left, right) - 1.0:
        return (f"{left} landings of the left foot and {right} of the right: a pod fell silent",)
    return ()
