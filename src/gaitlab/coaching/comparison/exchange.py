"""A comparison as plain numbers and words for other programs. Angles leave in degrees."""

from math import isfinite

from gaitlab.coaching.comparison.between import Placed
from gaitlab.coaching.comparison.compare import Comparison, Row, Value
from gaitlab.coaching.comparison.matching import near
from gaitlab.coaching.comparison.own_range import OwnRange
from gaitlab.coaching.comparison.position import Place
from gaitlab.coaching.comparison.reference import ReferenceValue
from gaitlab.coaching.comparison.study import Study
from gaitlab.metrics.catalog import Metric

Json = dict[str, object]
SCHEMA_VERSION = 1


def study_dict(study: Study) -> Json:
    """A comparison with its bands, z-values, positions and each runner's own range.

    ``rows[].reference`` also holds the bands at the matched speed (``evidence`` ``own``);
    ``rows[].places`` one entry per label.
    """
    plain = comparison_dict(study.comparison)
    rows = [
        {
            **_row_dict(row),
            "reference": [*_bands_dict(study, row), *_references(row)],
            "places": [_place_dict(row.metric, place) for place in found],
        }
        for row, found in zip(study.comparison.rows, study.places, strict=True)
    ]
    tops = [{"label": one.label, "mps": one.mps, "source": one.source} for one in study.tops]
    return {**plain, "top_speeds": tops, "rows": rows, "own": [_own_dict(one) for one in study.own]}


def _references(row: Row) -> list[Json]:
    return [_reference_dict(row, item) for item in row.reference]


def _bands_dict(study: Study, row: Row) -> list[Json]:
    speed = row.matched_speed_mps
    if speed is None:
        return []
    found = [(band, band.at(row.metric.name, speed)) for band in study.bands]
    return [
        {
            "group": band.group, "level": band.name, "sex": "", "speed_mps": speed,
            "at_matched_speed": True, "mean": _number(point.mean, row.metric),
            "sd": _number(point.sd, row.metric), "n": point.n, "counts": "athletes",
            "method": "gaitlab", "source": "recorded with gaitlab", "doi": "", "evidence": "own",
        }
        for band, point in found
        if point is not None
    ]  # fmt: skip


def _place_dict(metric: Metric, place: Place) -> Json:
    return {
        "standings": [
            {
                "who": one.who, "group": one.group, "own": one.own, "speed_mps": one.speed_mps,
                "value": _number(one.value, metric), "mean": _number(one.mean, metric),
                "sd": _number(one.sd, metric), "n": one.n, "z": _plain(one.z),
                "reason": one.reason,
            }
            for one in place.standings
        ],
        "position": _plain(place.position.value),
        "position_uncertainty": _plain(place.position.uncertainty),
        "position_reason": place.position.reason,
    }  # fmt: skip


def _own_dict(own: OwnRange) -> Json:
    found = own.found
    return {
        "label": own.who,
        "kick_to_go_m": own.kick.to_go_m,
        "fly_from": found.sprint.analysis.recording.name if found else "",
        "missing": own.missing,
        "rows": [_placed_dict(row) for row in found.rows] if found else [],
    }


def _placed_dict(row: Placed) -> Json:
    states = {"cruise": row.cruise, "kick": row.kick, "fly": row.sprint}
    return {
        "metric": row.metric.column,
        "unit": row.metric.column_unit,
        **{
            word: {
                "value": _number(state.value, row.metric),
                "uncertainty": _number(state.uncertainty, row.metric),
                "n": state.n,
            }
            for word, state in states.items()
        },
        "position": _plain(row.position),
        "position_low": _plain(row.low),
        "position_high": _plain(row.high),
        "reason": row.reason,
    }


def _plain(value: float) -> float | None:
    return value if isfinite(value) else None


def comparison_dict(comparison: Comparison) -> Json:
    """The comparison with the promised keys; numbers that do not exist are None.

    ``rows[]: metric, unit, values[], reference[], matched_speed_mps``: ``values`` holds one
    number per label, ``details`` what stands behind each of them.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "labels": list(comparison.labels),
        "matched_speed_mps": comparison.matched_speed_mps,
        "matched_share_of_top_speed": comparison.matched_share,
        "reason": comparison.reason,
        "rows": [_row_dict(row) for row in comparison.rows],
    }


def _row_dict(row: Row) -> Json:
    return {
        "metric": row.metric.column,
        "unit": row.metric.column_unit,
        "label": row.metric.label,
        "matched_speed_mps": row.matched_speed_mps,
        "values": [_number(value.value, row.metric) for value in row.values],
        "details": [_value_dict(row.metric, value) for value in row.values],
        "reference": _references(row),
        "remark": row.remark,
    }


def _value_dict(metric: Metric, value: Value) -> Json:
    return {
        "label": value.label,
        "value": _number(value.value, metric),
        "spread": _number(value.spread, metric),
        "n": value.n,
        "uncertainty": _number(value.uncertainty, metric),
        "uncertainty_of_speed_gap": _number(value.gap_error, metric),
        "speed_mps": _plain(value.speed_mps),
        "quality": value.quality,
        "how": value.how,
        "reason": value.reason,
    }


def _reference_dict(row: Row, item: ReferenceValue) -> Json:
    matched = row.matched_speed_mps
    return {
        "group": item.group,
        "level": item.level,
        "sex": item.sex,
        "speed_mps": item.speed_mps,
        "at_matched_speed": matched is not None and near(item.speed_mps, matched),
        "mean": _number(item.mean, row.metric),
        "sd": None if item.sd is None else _number(item.sd, row.metric),
        "n": item.n,
        "counts": item.counts,
        "method": item.method,
        "source": item.source,
        "doi": item.doi,
        "evidence": item.evidence,
    }


def _number(value: float, metric: Metric) -> float | None:
    return value * metric.column_factor if isfinite(value) else None
