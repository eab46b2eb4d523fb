"""Draw sprint_steps.png, the steps of a simulated sprint in docs/drills.md.

python docs/images/make_sprint_steps.py
"""

from pathlib import Path

from gaitlab.coaching.sprint.evidence import Anchors
from gaitlab.coaching.sprint.search import sprints_of
from gaitlab.coaching.sprint.timed import Setting
from gaitlab.pipeline import analyze
from gaitlab.report.picture import write_page_or_picture
from gaitlab.report.sheets.sprint import picture
from gaitlab.simulate import Programme, simulate
from gaitlab.simulate.presets import preset


def main() -> None:
    """Simulate, time by its gates, draw."""
    sixty = preset("sprint60")
    programme = Programme("sprint60", sixty.phases(sixty.speed_mps, sixty.duration_s))
    made = simulate(sixty.runner, programme, sixty.pods(), seed=4)
    sprints = sprints_of(analyze(made.recording), Setting(), Anchors(60.0))
    target = Path(__file__).with_name("sprint_steps.png")
    write_page_or_picture(target, lambda: "", lambda: picture(sprints), "the steps")


if __name__ == "__main__":
    main()
