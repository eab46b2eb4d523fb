"""What each kind of pod is, can and cannot do; says beforehand what is unfit for running."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from gaitlab.model.errors import DeviceError
from gaitlab.pod.model import Advertisement, Conversation, Decoder, PodSettings, Write
from gaitlab.pod.own import own_descriptions, own_folder
from gaitlab.pod.protocols import (
    bluest,
    dot,
    generic,
    metawear,
    movesense,
    polar,
    rsc,
    standard,
    thingy,
    witmotion,
)
from gaitlab.pod.protocols.packets import Part, RoutingDecoder

# Assumptions: what a running shoe asks of a sensor at the instep; docs/pods.md.
NEEDED_ACC_G = 16.0
NEEDED_RATE_HZ, GOOD_RATE_HZ = 100.0, 200.0
NEEDED_GYR_DPS = 1000.0

IF_THERE = (standard.BATTERY_LEVEL, rsc.MEASUREMENT)  # decoded for every pod that has them


@dataclass(frozen=True, slots=True)
class Limits:
    """The best that a kind of pod can stream live.

    raw_motion : sends acceleration and rotation at all
    acc_range_g, gyr_range_dps, rate_hz : None when nobody says, 0 when it has none
    clock_resolution_s : of the pod's own clock in the data; None = no clock
    loss_visible : whether lost notifications can be told from the data
    """

    raw_motion: bool = True
    acc_range_g: float | None = None
    gyr_range_dps: float | None = None
    rate_hz: float | None = None
    clock_resolution_s: float | None = None
    loss_visible: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of pod.

    services, names : how its advertisement is known: any of the services, or a name's beginning
    notify : characteristics to subscribe to, all needed
    notify_if_there : subscribed to as well when the pod has them
    begin, end, part : conversation after connecting, writes before leaving, decoder of the data
    silent : notified characteristics that carry answers, not data
    remark : one sentence for the buyer, or ""
    """

    name: str
    title: str
    limits: Limits
    notify: tuple[str, ...]
    begin: Callable[[float | None], Conversation]
    parts: Callable[[PodSettings], Mapping[str, Part]]
    end: tuple[Write, ...] = ()
    services: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    notify_if_there: tuple[str, ...] = IF_THERE
    remark: str = ""

    def matches(self, advertisement: Advertisement) -> bool:
        """Whether this pod sends such an advertisement."""
        heard = {service.lower() for service in advertisement.services}
        name = advertisement.name.lower()
        return bool(heard & set(self.services)) or (
            bool(name) and name.startswith(tuple(start.lower() for start in self.names))
        )

    def start(self, wanted_rate_hz: float | None = None) -> Conversation:
        """What to say after connecting: highest range, best rate (or the nearest to a wanted)."""
        return self.begin(wanted_rate_hz)

    def stop(self) -> Sequence[Write]:
        """What to write before leaving."""
        return self.end

    def decoder(self, settings: PodSettings) -> Decoder:
        """A fresh decoder for one connection."""
        return RoutingDecoder({**STANDARD_PARTS, **self.parts(settings)}, self.silent)

    def unfit(self, settings: PodSettings | None = None) -> tuple[str, ...]:
        """Why this pod (as set up) should not measure running, in plain words; () = it may."""
        if not self.limits.raw_motion:
            return ("sends no raw motion, only speed and cadence: no contact times, no strikes",)
        acc_g, gyr_dps, rate_hz = self._as_set(settings)
        reasons = {
            f"its accelerometer ends at ±{acc_g or 0:g} g; a landing needs ±16 g, "
            "so impacts are cut off": acc_g is not None and acc_g < NEEDED_ACC_G,
            "nobody knows where its accelerometer ends; a landing needs ±16 g": acc_g is None
            and settings is not None,
            f"it sends {rate_hz or 0:g} samples a second; contact times need 100, "
            "better 200": rate_hz is not None and rate_hz < NEEDED_RATE_HZ,
            "it has no gyroscope: only cadence and counts": gyr_dps == 0,
            f"its gyroscope ends at ±{gyr_dps or 0:g} deg/s; a swinging foot needs ±1000": gyr_dps
            is not None
            and 0 < gyr_dps < NEEDED_GYR_DPS,
        }
        return tuple(text for text, applies in reasons.items() if applies)

    def cautions(self, settings: PodSettings | None = None) -> tuple[str, ...]:
        """What is worth knowing although the pod may be used."""
        if not self.limits.raw_motion:
            return ()
        rate_hz, resolution_s = self._as_set(settings)[2], self.limits.clock_resolution_s
        reasons = {
            f"{rate_hz or 0:g} samples a second do, 200 are better": rate_hz is not None
            and NEEDED_RATE_HZ <= rate_hz < GOOD_RATE_HZ,
            "no clock of its own: times come from arrival and the mean rate": resolution_s is None,
            "lost samples cannot be seen in its data": not self.limits.loss_visible,
        }
        return tuple(text for text, applies in reasons.items() if applies)

    def _as_set(
        self, settings: PodSettings | None
    ) -> tuple[float | None, float | None, float | None]:
        """Ranges and rate of the settings, where they say nothing those of the limits."""
        limits = self.limits
        if settings is None:
            return limits.acc_range_g, limits.gyr_range_dps, limits.rate_hz
        acc, gyr = settings.acc_range_g, settings.gyr_range_dps
        return (
            limits.acc_range_g if acc is None else acc,
            limits.gyr_range_dps if gyr is None else gyr,
            settings.rate_hz,
        )


STANDARD_PARTS: Mapping[str, Part] = {
    standard.BATTERY_LEVEL: standard.decode_battery,
    rsc.MEASUREMENT: rsc.decode_measurements,
}


def described_pod(about: generic.PodDescription) -> Profile:
    """The profile of a pod that a file describes."""
    layout = generic.Layout(about)
    has = layout.kind

    def parts(settings: PodSettings) -> Mapping[str, Part]:
        own = generic.description_in(settings) if settings.details.get("description") else about
        return {own.data: partial(generic.decode, generic.Layout(own))}

    return Profile(
        about.name,
        about.title,
        Limits(
            acc_range_g=0.0 if has.sensor == "gyr" else about.acc_range_g,
            gyr_range_dps=0.0 if has.sensor == "acc" else about.gyr_range_dps,
            rate_hz=about.rate_hz,
            clock_resolution_s=1.0 / has.tick_hz if has.tick_bits else None,
            loss_visible=bool(has.tick_bits or has.counter_bits),
        ),
        notify=(about.data,),
        begin=lambda _wanted: generic.start(about),
        parts=parts,
        end=generic.stop(about),
        services=(about.service,) if about.service else (),
    )


POLAR = Profile(
    "polar",
    "Polar Verity Sense",
    Limits(True, 16.0, 2000.0, 416.0, clock_resolution_s=1e-9, loss_visible=True),
    notify=(polar.CONTROL, polar.DATA),
    begin=polar.start,
    parts=lambda settings: {polar.DATA: partial(polar.decode, settings)},
    end=polar.stop(),
    services=(polar.SERVICE,),
    names=("Polar Sense", "Polar Verity", "Polar OH1"),
    silent=(polar.CONTROL,),
    remark="an arm sensor with a clip; needs its SDK mode, which gaitlab switches on",
)
METAMOTION = Profile(
    "metamotion",
    "MetaMotion S or R",
    Limits(True, metawear.BEST_ACC_G, metawear.BEST_GYR_DPS, metawear.BEST_RATE_HZ),
    notify=(metawear.DATA,),
    begin=metawear.start,
    parts=lambda settings: {metawear.DATA: partial(metawear.decode, settings)},
    end=metawear.stop(),
    services=(metawear.SERVICE,),
    names=("MetaWear", "MetaMotion"),
    remark="sends 133 notifications a second: one adapter carries two of them at best",
)
MOVESENSE = Profile(
    "movesense",
    "Movesense",
    Limits(True, None, None, 208.0, clock_resolution_s=1e-3, loss_visible=True),
    notify=(movesense.DATA,),
    begin=movesense.start,
    parts=lambda settings: {movesense.DATA: movesense.MovesenseDecoder(settings).feed},
    end=movesense.stop(),
    services=(movesense.SERVICE, movesense.NEWER_SERVICE),
    names=("Movesense",),
    remark="its range must be set to 16 g beforehand, with the vendor's own program",
)
WITMOTION = Profile(
    "witmotion",
    "WitMotion WT901BLE or WT9011DCL",
    Limits(True, witmotion.ACC_RANGE_G, witmotion.GYR_RANGE_DPS, 200.0),
    notify=(witmotion.DATA,),
    begin=witmotion.start,
    parts=lambda _settings: {witmotion.DATA: witmotion.WitMotionDecoder().feed},
    services=(witmotion.SERVICE,),
    names=("WT901", "WT9011", "BWT901"),
)
DOT = Profile(
    "dot",
    "Movella (Xsens) DOT",
    Limits(True, None, 2000.0, dot.TOP_LIVE_RATE_HZ, clock_resolution_s=1e-6, loss_visible=True),
    notify=(dot.MEDIUM,),
    begin=dot.start,
    parts=lambda settings: {dot.MEDIUM: partial(dot.decode, dot.mode_in(settings))},
    end=dot.stop(),
    services=(dot.ADVERTISED, dot.SERVICE),
    names=("Movella DOT", "Xsens DOT"),
)
THINGY = Profile(
    "thingy52",
    "Nordic Thingy:52",
    Limits(True, 2.0, 1024.0, 200.0),
    notify=(thingy.RAW,),
    begin=thingy.start,
    parts=lambda _settings: {thingy.RAW: thingy.decode},
    services=(thingy.ADVERTISED, thingy.SERVICE),
    names=("Thingy",),
)
BLUEST = Profile(
    "bluest",
    "STMicroelectronics BlueST board",
    Limits(True, clock_resolution_s=8e-3, loss_visible=False),
    notify=(bluest.MOTION,),
    begin=bluest.start,
    parts=lambda _settings: {bluest.MOTION: bluest.decode},
    services=(bluest.SERVICE,),
    remark="its firmware decides rate and range; only worth it with firmware of one's own",
)
RSC = Profile(
    "rsc",
    "foot pod with the Running Speed and Cadence service",
    Limits(raw_motion=False, rate_hz=1.0),
    notify=(rsc.MEASUREMENT,),
    begin=rsc.start,
    parts=lambda _settings: {},
    services=(rsc.SERVICE,),
    notify_if_there=(standard.BATTERY_LEVEL,),
    remark="beside two others: gaitlab record --foot-pod",
)

# In the order in which an advertisement is tried; RSC last, many raw pods offer it as well.
PROFILES: dict[str, Profile] = {
    profile.name: profile
    for profile in (
        described_pod(generic.DEFAULT),
        *(POLAR, METAMOTION, MOVESENSE, WITMOTION, DOT, THINGY, BLUEST),
        RSC,
    )
}


def profile_for(
    advertisement: Advertisement, own: Sequence[generic.PodDescription] | None = None
) -> Profile | None:
    """The kind of pod that sends such an advertisement; None for anything else.

    own : descriptions of the user's pods, tried first; None takes those of the user's folder
    """
    descriptions = own_descriptions(own_folder()) if own is None else own
    profiles = (*map(described_pod, descriptions), *PROFILES.values())
    return next((profile for profile in profiles if profile.matches(advertisement)), None)


def decoder_for(settings: PodSettings) -> Decoder:
    """The decoder that a stored recording names; descriptions travel in its settings."""
    if settings.details.get("description"):
        return described_pod(generic.description_in(settings)).decoder(settings)
    if settings.profile not in PROFILES:
        raise DeviceError(
            f"no profile '{settings.profile}' to decode this pod",
            f"known: {', '.join(PROFILES)}",
            "read it with the version of gaitlab that recorded it, or newer",
        )
    return PROFILES[settings.profile].decoder(settings)
