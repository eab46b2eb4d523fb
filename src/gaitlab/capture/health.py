"""How a recording fared: each question with a verdict and what to do about it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from gaitlab.capture.finish import CaptureReport, PodReport, span
from gaitlab.capture.foot_pod import sentence
from gaitlab.model.analysis import Analysis, FootFacts
from gaitlab.model.recording import FootStream, Recording
from gaitlab.model.series import ReferenceSeries
from gaitlab.model.units import STANDARD_GRAVITY_MPS2
from gaitlab.model.words import some
from gaitlab.signal.clipping import clipped_samples
from gaitlab.signal.stamps import in_order

Verdict = Literal["good", "fair", "poor", "unknown"]
OTHER_RATE, LOWEST_RATE_HZ, GOOD_RATE_HZ = 0.01, 100.0, 190.0
CLOCK_PPM = 200.0  # a watch crystal is within 20 to 50
SOME_LOST, MANY_LOST = 0.005, 0.03
SOME_CLIPPED, MANY_CLIPPED = 0.001, 0.01
LOW_BATTERY = 20
WIDEST_G = 15.9  # of the pods that there are
LONG_GAP_S, LONG_SILENCE_S = 0.05, 5.0
WHOLE: Final = "recording"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor: about which foot, which question, verdict, numbers, what to do."""

    foot: str
    topic: str
    verdict: Verdict
    says: str
    todo: str = ""


def findings(
    recording: Recording,
    report: CaptureReport | None,
    analysis: Analysis | None,
    why_not: str = "",
    series: Sequence[ReferenceSeries] = (),
) -> list[Finding]:
    """Everything that can be said; less without a journal, less when it cannot be analysed.

    series : of foot pods, recorded together with it
    """
    pods = {pod.foot: pod for pod in (report.pods if report else ())}
    facts = {foot.foot: foot for foot in (analysis.feet if analysis else ())}
    found = list(_journal(report)) if report else []
    found += [
        Finding(pod.foot, "samples", "poor", pod.problem, "gaitlab pods says what is fit")
        for pod in pods.values()
        if pod.stream is None and pod.speed is None
    ]
    for stream in recording.feet:
        pod = pods.get(stream.foot)
        found += _stream(stream, pod)
        found += [*_radio(pod)] if pod else []
        found.append(_mounting(stream.foot, facts.get(stream.foot), why_not))
    return [*found, *_sides(recording, analysis), *map(_foot_pod, series)]


def _by(value: float, fair: float, poor: float) -> Verdict:
    return "good" if value < fair else "fair" if value < poor else "poor"


def _journal(report: CaptureReport) -> Iterator[Finding]:
    lost = ", ".join(span(*stretch) for stretch in report.lost_s)
    if report.damage:
        yield Finding(
            WHOLE, "journal", "fair", f"damaged: {lost or report.damage[0].segment}",
            "copy the folder again; otherwise those seconds are gone",
        )  # fmt: skip
    else:
        yield Finding(WHOLE, "journal", "good", f"{some(report.segments, 'segment')}, no damage")
    if not report.closed:
        yield Finding(
            WHOLE, "end", "fair", "the recorder did not come to its end",
            "gaitlab recover makes the recording; at most the last second is missing",
        )  # fmt: skip


def _stream(stream: FootStream, pod: PodReport | None) -> Iterator[Finding]:
    """What the samples themselves show."""
    ordered, repairs = in_order(stream)
    step_s = np.diff(ordered.time_s)
    rate = 1.0 / float(np.median(step_s)) if len(step_s) else float("nan")
    declared = stream.declared_rate_hz
    yield _rate(stream.foot, pod.stream.rate_hz if pod and pod.stream else rate, declared)
    lost = ~np.isfinite(stream.acc_mps2).all(axis=1)
    long = step_s[step_s > max(LONG_GAP_S, 2.5 / rate)]
    skipped = float((long * rate - 1).sum())
    share = (int(lost.sum()) + skipped) / max(stream.n_samples + skipped, 1)
    gaps = len(long) + int((np.diff(lost.astype(np.int8)) == 1).sum())
    yield Finding(
        stream.foot, "loss", _by(share, SOME_LOST, MANY_LOST),
        f"{share:.2%} of the samples missing in {some(gaps, 'place')}",
        "carry the receiver closer, pods on the outer side" if share >= SOME_LOST else "",
    )  # fmt: skip
    again = pod.stream.repeated if pod and pod.stream else repairs.duplicates
    yield Finding(
        stream.foot, "repeats", "good", f"{some(again, 'sample')} came twice, each is kept once"
    )
    acc, gyr = (float(values.mean()) if len(values) else 0.0 for values in clipped_samples(stream))
    worst = max(acc, gyr)
    yield Finding(
        stream.foot, "clipping", _by(worst, SOME_CLIPPED, MANY_CLIPPED),
        f"acceleration {acc:.2%}, angular rate {gyr:.2%} of the samples at full scale",
        _about_range(stream) if worst >= SOME_CLIPPED else "",
    )  # fmt: skip


def _about_range(stream: FootStream) -> str:
    """What to do about clipping: nothing, where the pod can do no better."""
    widest = (stream.acc_range_mps2 or 0.0) >= WIDEST_G * STANDARD_GRAVITY_MPS2
    return f"{'' if widest else 'set the widest range; '}such contacts are flagged"


def _rate(foot: str, rate: float, declared: float | None) -> Finding:
    off = abs(rate / declared - 1.0) if declared else 0.0
    slow: Verdict = "good" if rate >= GOOD_RATE_HZ else "fair" if rate >= LOWEST_RATE_HZ else "poor"
    says = f"{rate:.2f} Hz measured, " + (f"{declared:g} declared" if declared else "none declared")
    if off > OTHER_RATE:
        return Finding(foot, "rate", "poor", says, "the pod is not set up as it says: restart it")
    todo = "" if slow == "good" else "set the pod to 200 Hz; contact times need 100 at least"
    return Finding(foot, "rate", slow, says, todo)


def _radio(pod: PodReport) -> Iterator[Finding]:
    """What only the journal knows: clock, connections, battery."""
    stream = pod.stream
    if stream is None:
        return
    if np.isnan(stream.clock_ppm):
        yield Finding(
            pod.foot, "clock", "fair", "no clock of its own: times come from the mean rate",
            "expect a few ms more spread in contact times",
        )  # fmt: skip
    else:
        verdict: Verdict = "good" if abs(stream.clock_ppm) < CLOCK_PPM else "fair"
        says = f"{stream.clock_ppm:+.0f} ppm (SD {stream.clock_ppm_sd:.1f}) against this computer"
        yield Finding(pod.foot, "clock", verdict, f"{says}, {stream.restarts} restarts")
    drops = max(pod.connections - 1, 0)
    yield Finding(
        pod.foot, "radio", "good" if not drops else "fair", f"{drops} lost connections",
        "keep the receiver within a few metres, in sight" if drops else "",
    )  # fmt: skip
    if pod.battery:
        low = pod.battery[-1] < LOW_BATTERY
        yield Finding(
            pod.foot, "battery", "poor" if low else "good",
            f"{pod.battery[0]} % at the start, {pod.battery[-1]} % at the end",
            "charge it before the next session" if low else "",
        )  # fmt: skip
    else:
        yield Finding(pod.foot, "battery", "unknown", "the pod does not tell")


def _mounting(foot: str, facts: FootFacts | None, why_not: str) -> Finding:
    if facts is None:
        return Finding(foot, "mounting", "unknown", why_not or "not analysed")
    if not facts.aligned:
        return Finding(
            foot, "mounting", "poor", "the foot frame could not be found",
            "fix the pod tightly to the laces or heel; stand still 3 s before running",
        )  # fmt: skip
    loose = np.degrees(facts.gravity_residual_rad)
    verdict: Verdict = "good" if facts.pitch_share >= 0.7 and facts.forward_vote >= 0.8 else "fair"
    says = f"{facts.pitch_share:.0%} of the turning about one axis, gravity within {loose:.0f} deg"
    return Finding(foot, "mounting", verdict, says, "" if verdict == "good" else "fix it tighter")


def _foot_pod(series: ReferenceSeries) -> Finding:
    """Whether it spoke once a second, and whether its cadence says what it counts."""
    silent_s = float(np.diff(series.time_s).max(initial=0.0))
    sure = np.isfinite(series.quantity("cadence_spm")).any()
    todo = "carry the receiver closer" if silent_s > LONG_SILENCE_S else ""
    if not sure:
        todo = "gaitlab reference --cadence steps (or strides) says what it counts"
    verdict: Verdict = "good" if sure and silent_s <= LONG_SILENCE_S else "fair"
    return Finding(WHOLE, "foot pod", verdict, sentence(series).removeprefix("foot pod: "), todo)


def _sides(recording: Recording, analysis: Analysis | None) -> Sequence[Finding]:
    if analysis is None or len(recording.feet) < 2:
        return []
    said = [line for line in analysis.warnings if "other feet" in line]
    if said:
        return [Finding(WHOLE, "sides", "poor", said[0], "record with --left and --right swapped")]
    return [Finding(WHOLE, "sides", "good", "nothing speaks for swapped feet")]
