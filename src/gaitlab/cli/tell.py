"""What a recorder tells while it runs: lines for programs, warnings for people."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from gaitlab.capture.recorder import settings_of
from gaitlab.cli import common
from gaitlab.cli.record_end import Outcome
from gaitlab.model.errors import OutputError
from gaitlab.model.recording import Foot

if TYPE_CHECKING:
    from gaitlab.capture.choice import Chosen
    from gaitlab.capture.foot_pod import SpeedNow
    from gaitlab.model.gait import Contacts


def misfits(pods: "Sequence[Chosen]") -> list[str]:
    """Why shoe pods of their kind should not measure running, a line for each reason."""
    return [
        f"{pod.found.title} on the {pod.foot} shoe is unfit for running: {reason}"
        for pod in pods
        if pod.foot is not None
        for reason in pod.profile.unfit()
    ]


class Teller:
    """Says what happens; and remembers which pod was worn on which foot.

    outcome : its view gets warnings about pods that turn out unfit once they are set up
    """

    def __init__(
        self, pods: "Sequence[Chosen]", outcome: Outcome, *, as_json: bool, remembers: bool
    ) -> None:
        self.pods, self.outcome = tuple(pods), outcome
        self.as_json, self.remembers = as_json, remembers

    def contacts(self, contacts: "Contacts") -> None:
        """One line for each."""
        if self.as_json:
            from gaitlab.cli.replay import emit_contacts

            emit_contacts("record", contacts)

    def speed(self, pod: int, now: "SpeedNow") -> None:
        """One line for each message of a foot pod."""
        if self.as_json:
            foot = self.pods[pod].foot
            common.emit_json("record", {"type": "speed", "foot": foot, **asdict(now)})

    def event(self, pod: int, facts: dict[str, Any]) -> None:
        """One line; a pod that has connected is remembered with its side."""
        foot = self.pods[pod].foot if pod >= 0 else None
        if foot and facts.get("event") == "connected":
            facts = {**facts, "unfit": self._unfit(pod, foot, facts)}
            if self.remembers:
                _remember(foot, facts.get("identity") or {})
        if self.as_json:
            common.emit_json("record", {"type": "event", "foot": foot, **facts})

    def _unfit(self, pod: int, foot: Foot, facts: dict[str, Any]) -> list[str]:
        """Reasons that only the settings of this very pod tell, also on the screen."""
        profile = self.pods[pod].profile
        known = profile.unfit()
        reasons = [it for it in profile.unfit(settings_of(facts)) if it not in known]
        if reasons and self.outcome.view is not None:
            said = f"{foot} pod is unfit for running: {'; '.join(reasons)}"
            self.outcome.view.notes[f"unfit {foot}"] = said
            self.outcome.unfit[foot] = said
        return [*known, *reasons]


def _remember(foot: Foot, identity: dict[str, Any]) -> None:
    """By the serial number, which is the same everywhere, else by the address here."""
    name = identity.get("serial") or identity.get("address")
    if not name:
        return
    from gaitlab.pod.known import KnownPod, remember

    with suppress(OutputError):  # the recording matters more
        remember(
            KnownPod(
                name, foot, identity.get("profile") or "",
                identity.get("name") or "", identity.get("address") or "",
            )
        )  # fmt: skip
