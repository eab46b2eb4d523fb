"""The same stages as the batch analysis, fed in batches: contacts while the runner runs."""

from gaitlab.live.analyzer import LiveAnalyzer, LiveState, no_contacts
from gaitlab.live.foot import LivePod

__all__ = ["LiveAnalyzer", "LivePod", "LiveState", "no_contacts"]
