"""A speed reserve as plain values, for machines."""

from dataclasses import asdict
from typing import Any

from gaitlab.coaching.potential.speed_reserve import MAS_DEFINITION, SANDFORD, Ratio, Reserve, Speed


def reserve_dict(
    found: Reserve | None, ratios: tuple[Ratio, ...], easy: Speed | None
) -> dict[str, Any]:
    """What ``gaitlab reserve --json`` prints; null where a speed was not given."""
    head = None if found is None else _reserve(found, easy)
    rows = [{**asdict(one), "reference": "ranked UK club runners, race averages"} for one in ratios]
    return {"reserve": head, "ratios": rows}


def _reserve(found: Reserve, easy: Speed | None) -> dict[str, Any]:
    share = None if easy is None else easy.mps / found.mss.mps
    return {
        "mss_mps": found.mss.mps,
        "mss_sd_mps": found.mss.sd_mps,
        "mss_from": found.mss.source,
        "mas_mps": found.mas.mps,
        "mas_sd_mps": found.mas.sd_mps,
        "mas_from": found.mas.source,
        "mas_definition": MAS_DEFINITION,
        "asr_mps": found.asr_mps,
        "asr_sd_mps": found.asr_sd_mps,
        "srr": found.srr,
        "srr_sd": found.srr_sd,
        "band": found.band,
        "band_sure": found.sure,
        "band_reference": SANDFORD,
        "easy_mps": None if easy is None else easy.mps,
        "easy_share_of_mss": share,
        "easy_share_of_mas": None if easy is None else easy.mps / found.mas.mps,
    }
