"""Draw the picture of the page about drills: the mean splits of eight national sprinters.

.venv/bin/python docs/images/make_sprint.py

Splits: Haugen et al. 2019, PMC6655540, men; their height is an assumption.
"""

from pathlib import Path

import numpy as np

from gaitlab.coaching.sprint.force import Body
from gaitlab.coaching.sprint.timed import Setting, sprint_from_splits
from gaitlab.report.pages.sprint import write_sprints

DISTANCE_M, TIME_S = (10.0, 20.0, 30.0, 40.0), (1.90, 3.05, 4.09, 5.13)
TARGET = Path(__file__).with_name("sprint.png")


def main() -> None:
    """Fit, draw, save."""
    setting = Setting("block", Body(71.8, 1.80), body_known=True)
    sprint = sprint_from_splits(np.array(DISTANCE_M), np.array(TIME_S), setting)
    write_sprints([sprint], TARGET, program_version="")


if __name__ == "__main__":
    main()
