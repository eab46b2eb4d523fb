"""A comparison as plain numbers and words for other programs. Angles leave in degrees."""

from math import isfinite

from gaitlab.coaching.compare import Comparison, Row, Value, near
from gaitlab.coaching.reference import ReferenceValue
from gaitlab.metrics.catalog import Metric

Json = dict[str, object]
SCHEMA_VERSION = 1


def comparison_dict(comparison: Comparison) -> Json:
    """The comparison with the promised keys; numbers that do not exist are None.

    ``rows[]: metric, unit, values[], reference[], matched_speed_mps``: ``values`` holds one
    number per label, ``details`` what stands behind each of them.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "labels": list(comparison.labels),
        "matched_speed_mps": comparison.matched_speed_mps,
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
        "reference": [_reference_dict(row, item) for item in row.reference],
        "remark": row.remark,
    }


def _value_dict(metric: Metric, value: Value) -> Json:
    return {
        "label": value.label,
        "value": _number(value.value, metric),
        "spread": _number(value.spread, metric),
        "n": value.n,
        "uncertainty": _number(value.uncertainty, metric),
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
