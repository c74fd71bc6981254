"""Figures of interleaved rounds: medians, ratios, and what the machine was doing meanwhile."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any


def medians(rounds: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The median of each figure over the rounds; a figure that is missing in a round is left out there."""
    names = dict.fromkeys(name for one in rounds for name in one)
    return {name: round(median(one[name] for one in rounds if name in one), 3) for name in names}


def ratio(one: float, other: float) -> float | None:
    """`one` over `other`, None where there is nothing to compare with."""
    return round(one / other, 3) if other else None


def show(result: Mapping[str, Any]) -> None:
    """Print the result with the machine's load, as JSON."""
    machine = {"load": [round(one, 2) for one in os.getloadavg()], "cores": len(os.sched_getaffinity(0))}
    machine["python"] = platform.python_version()
    print(json.dumps({**result, "machine": machine}, indent=1, ensure_ascii=False))
