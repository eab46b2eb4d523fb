"""Race distances by name, times as people write them, and times that cannot be."""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from gaitlab.model.errors import UsageError
from gaitlab.model.units import METRES_PER_MILE

Sex = Literal["m", "f"]

SEX_WORDS: Final[dict[str, Sex]] = {
    "m": "m", "men": "m", "man": "m", "male": "m", "boys": "m",
    "f": "f", "w": "f", "women": "f", "woman": "f", "female": "f", "girls": "f",
}  # fmt: skip
PEOPLE: Final[dict[Sex, str]] = {"m": "men", "f": "women"}


@dataclass(frozen=True, slots=True)
class Event:
    """A race distance.

    name : as it is typed and printed;  key : as the tables of coefficients call it
    record_s : world records of men and women at the end of 2025, as listed by World Athletics
        (from memory, rounded towards faster where a mark was not ratified); only used to refuse
        times that nobody has run
    by_hand_s : what hand timing is too fast by (World Athletics' convention for hand times)
    """

    name: str
    key: str
    distance_m: float
    record_s: tuple[float, float]
    by_hand_s: float = 0.0

    def record_of(self, sex: Sex) -> float:
        """The world record of men or women, s."""
        return self.record_s[sex == "f"]

    @property
    def slowest_s(self) -> float:
        """Slower than this is no race: four times the men's world record (assumption)."""
        return 4.0 * self.record_s[0]


EVENTS: Final = (
    Event("200", "200", 200.0, (19.19, 21.34), 0.24),
    Event("400", "400", 400.0, (43.03, 47.60), 0.14),
    Event("800", "800", 800.0, (100.91, 113.28)),
    Event("1500", "1500", 1500.0, (206.00, 228.68)),
    Event("mile", "Mile", METRES_PER_MILE, (223.13, 246.42)),
    Event("3000", "3000", 3000.0, (437.55, 486.11)),
    Event("5000", "5000", 5000.0, (755.36, 838.06)),
    Event("10000", "10000", 10_000.0, (1571.00, 1734.14)),
    Event("half", "HM", 21_097.5, (3402.0, 3772.0)),
    Event("marathon", "Mar", 42_195.0, (7235.0, 7796.0)),
)
SPRINTS: Final = ("200", "400")
BY_NAME: Final = {event.name: event for event in EVENTS}
BY_KEY: Final = {event.key: event for event in EVENTS}
OTHER_NAMES: Final = {
    "1600": "mile", "1mile": "mile", "1mi": "mile", "mi": "mile", "1609": "mile", "1k5": "1500",
    "3k": "3000", "3km": "3000", "5k": "5000", "5km": "5000", "10k": "10000", "10km": "10000",
    "hm": "half", "halfmarathon": "half", "21.1k": "half", "21.1": "half", "21k": "half",
    "21097": "half", "21097.5": "half", "mar": "marathon", "42.2k": "marathon", "42.2": "marathon",
    "42k": "marathon", "42195": "marathon", "1.5k": "1500",
}  # fmt: skip
MILE_FROM_1600: Final = (METRES_PER_MILE / 1600.0) ** 1.07  # as the data were read
KNOWN: Final = ", ".join(event.name for event in EVENTS)

_PARTS = re.compile(r"\d+(?:\.\d+)?")
_LETTERS = re.compile(r"(?<=\d)\s*(h(?:ours?|rs?)?|m(?:in)?|s(?:ec)?|['’′\"”″]+)\s*", re.IGNORECASE)
_SHAPE = re.compile(r"\d+(?::\d{1,2}){0,2}(?:\.\d{1,3})?")


@dataclass(frozen=True, slots=True)
class RaceTime:
    """A best time in one event; ``by_hand`` when hand timing was corrected for."""

    event: Event
    time_s: float
    by_hand: bool = False
    note: str = ""

    @property
    def speed_mps(self) -> float:
        """Mean speed of the race."""
        return self.event.distance_m / self.time_s


def event_of(text: str) -> Event:
    """The event of that name.

    >>> event_of("5k").name, event_of("1500 m").name, event_of("Half-Marathon").name
    ('5000', '1500', 'half')

    Raises
    ------
    UsageError : no event of the tables.
    """
    word = re.sub(r"[\s_-]", "", text.lower())
    word = word.removesuffix("metres").removesuffix("meters")
    word = re.sub(r"(?<=\d)m$", "", word)
    name = OTHER_NAMES.get(word, word)
    if name in BY_NAME:
        return BY_NAME[name]
    raise UsageError(
        f"unknown event {text.strip()!r}",
        f"the tables know {KNOWN}",
        "take the nearest of these that was raced",
    )


def seconds_of(text: str) -> float:
    """A time as people write it, in s.

    >>> seconds_of("3:45.2"), seconds_of("1h02:10"), seconds_of("50,0"), seconds_of("15'30\\"")
    (225.2, 3730.0, 50.0, 930.0)
    >>> seconds_of("1:02:10"), seconds_of("2h 05m 07s"), seconds_of("3.45.2")
    (3730.0, 7507.0, 225.2)

    Raises
    ------
    ValueError : not a time.
    """
    word = text.strip().lower().replace(",", ".")
    if re.search(r"\d\s*h", word) and not re.search(r"h\D*\d", word):
        word += "00m" if word.endswith("h") else ""
    hours_only = re.fullmatch(r"\d+\s*h\s*\d{1,2}\s*(m(in)?)?", word)
    word = _LETTERS.sub(_colon, word).strip(":")
    if hours_only:
        word += ":00"
    if word.count(".") == 2:  # 3.45.2
        word = word.replace(".", ":", 1)
    if not _SHAPE.fullmatch(word):
        raise ValueError(f"not a time: {text}")
    parts = [float(part) for part in word.split(":")]
    if any(part >= 60.0 for part in parts[1:]):
        raise ValueError(f"not a time: {text}")
    total = 0.0
    for part in parts:
        total = 60.0 * total + part
    return round(total, 3)


def _colon(match: re.Match[str]) -> str:
    letter = match.group(1).lower()
    hundredths = letter.startswith(("s", '"', "”", "″", "''")) and match.end() < len(match.string)
    return "." if hundredths else ":"


def time_text(seconds: float, decimals: int | None = None) -> str:
    """A time as results print it; tenths up to an hour, unless asked otherwise.

    >>> time_text(50.04), time_text(225.21), time_text(3730.4), time_text(59.96, 1)
    ('50.0', '3:45.2', '1:02:10', '1:00.0')
    """
    decimals = (0 if seconds >= 3600.0 else 1) if decimals is None else decimals
    whole = round(seconds, decimals)
    minutes, rest = divmod(whole, 60.0)
    rest = round(rest, decimals)
    width = 2 + (decimals + 1 if decimals else 0)
    hours, minutes = divmod(int(minutes), 60)
    if hours:
        return f"{hours}:{minutes:02d}:{rest:0{width}.{decimals}f}"
    return f"{minutes}:{rest:0{width}.{decimals}f}" if minutes else f"{rest:.{decimals}f}"


def race_time(event_text: str, time_text_: str, sex: Sex) -> RaceTime:
    """One checked time; ``50.0h`` is a hand time, to which the convention's 0.14 s is added.

    Raises
    ------
    UsageError : unknown event, not a time, faster than the world record, or too slow for a race.
    """
    is_1600 = re.sub(r"[\s_m-]", "", event_text.lower()) == "1600"
    event = BY_NAME["mile"] if is_1600 else event_of(event_text)
    by_hand = bool(re.fullmatch(r"[\d.,: ]+h", time_text_.strip().lower())) and (
        not re.fullmatch(r"\d{1,2}h", time_text_.strip().lower())
    )
    try:
        seconds = seconds_of(time_text_.strip()[:-1] if by_hand else time_text_)
    except ValueError as error:
        raise UsageError(
            f"{time_text_.strip()!r} is not a time",
            f"it was given for the {event.name}",
            "write seconds (50.0), minutes (3:45.2) or hours (1:02:10 or 1h02:10); "
            "hand times with an h behind (50.0h)",
        ) from error
    seconds *= MILE_FROM_1600 if is_1600 else 1.0
    seconds += event.by_hand_s if by_hand else 0.0
    refuse_impossible(event, seconds, time_text_, sex)
    note = "1600 m taken as a mile by a factor of 1.0062" if is_1600 else ""
    if by_hand and event.by_hand_s:
        note = f"{event.name}: hand time, {event.by_hand_s:.2f} s added (the usual convention)"
    return RaceTime(event, seconds, by_hand, note)


def refuse_impossible(event: Event, seconds: float, text: str, sex: Sex) -> None:
    """Raise UsageError for a time faster than the record or slower than a walk, with a guess."""
    record_s = event.record_of(sex)
    if record_s <= seconds <= event.slowest_s:
        return
    guess = _meant(event, text, sex)
    fast = seconds < record_s
    read = f"{text.strip()} was read as {_spoken(seconds)}"
    why = (
        f"{read}; the {PEOPLE[sex]}'s world record is {time_text(record_s)}"
        if fast
        else f"{read}; the slowest time taken for a race is {time_text(event.slowest_s)}"
    )
    raise UsageError(
        f"{event.name} in {text.strip()} is {'faster than the world record' if fast else 'too slow for a race'}",  # noqa: E501
        why,
        f"did you mean {event.name}={guess}?" if guess else "check the time, the event and the sex",
    )


def _spoken(seconds: float) -> str:
    if seconds < 60.0:
        return f"{seconds:g} seconds"
    return f"{time_text(seconds)} ({'h:min:s' if seconds >= 3600.0 else 'min:s'})"


def _meant(event: Event, text: str, sex: Sex) -> str:
    """The same digits read another way, when that makes a possible time."""
    word = text.strip().replace(",", ".")
    whole = re.fullmatch(r"(\d+)\.(\d)", word)
    tries = [
        f"{whole.group(1)}:{whole.group(2)}0" if whole else word.replace(".", ":"),
        word.replace(":", ".", 1) if word.count(":") == 1 else "",
        f"{word}:00", f"{word}:00:00",
    ]  # fmt: skip
    for guess in tries:
        try:
            seconds = seconds_of(guess)
        except ValueError:
            continue
        if event.record_of(sex) <= seconds <= event.slowest_s:
            return guess
    return ""


def sex_of(words: tuple[str, ...]) -> Sex:
    """One sex from what was typed.

    >>> sex_of(("Women",)), sex_of(("m", "male"))
    ('f', 'm')

    Raises
    ------
    UsageError : none, an unknown word, or men and women mixed.
    """
    unknown = [word for word in words if word.strip().lower() not in SEX_WORDS]
    if unknown or not words:
        raise UsageError(
            f"unknown sex {unknown[0]!r}" if unknown else "the sex is missing",
            "the tables hold men and women apart",
            "say --sex m or --sex f",
        )
    found = {SEX_WORDS[word.strip().lower()] for word in words}
    if len(found) > 1:
        raise UsageError(
            "men and women are mixed",
            "a forecast is for one athlete, and the tables hold men and women apart",
            "give one --sex, and only the times of that athlete",
        )
    return found.pop()


def refuse_contradictions(times: tuple[RaceTime, ...]) -> None:
    """Raise UsageError when an event comes twice, or a longer race was run at a higher speed."""
    names = [time.event.name for time in times]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise UsageError(
            f"the {twice[0]} is given twice",
            "each event has one best time",
            f"keep the better of the two {twice[0]} times",
        )
    ordered = sorted(times, key=lambda time: time.event.distance_m)
    for shorter, longer in pairwise(ordered):
        if longer.speed_mps > shorter.speed_mps:
            scaled = shorter.event.distance_m / longer.speed_mps
            raise UsageError(
                f"the {shorter.event.name} in {time_text(shorter.time_s)} is slower than the pace "
                f"of the {longer.event.name} in {time_text(longer.time_s)}",
                f"that race passes every {shorter.event.name} m in {time_text(scaled)} on average"
                if shorter.event.name.isdigit()
                else "the longer race was run at a higher mean speed",
                "one of the two is mistyped, or not a best time: check both",
            )
