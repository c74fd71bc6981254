"""Random samples of units that staff go and look at, and what they say of all: a share with its confidence interval.

Formulas with their sources stand at the functions; shares are of one, never per cent.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from statistics import NormalDist

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share with the interval that holds the true one with the stated confidence."""

    share: float
    low: float
    high: float
    seen: int
    confidence: float = CONFIDENCE


def wilson(found: int, seen: int, confidence: float = CONFIDENCE) -> Estimate:
    """The share of `found` among `seen`, with Wilson's score interval.

    Unlike the textbook interval p ± z·√(p(1-p)/n) it stays between 0 and 1 and keeps its confidence for small samples
    and for shares near 0 or 1, which is where the share of wrong reports lies.

    Parameters
    ----------
    found, seen : int
        How many of the units looked at were otherwise than reported, and how many were looked at; at least one.
    confidence : float
        Of one; 0.95 by default.

    Returns
    -------
    Estimate
        Centre (p + z²/2n) / (1 + z²/n), half width z/(1 + z²/n) · √(p(1-p)/n + z²/4n²), with z the quantile of the
        standard normal distribution at (1 + confidence) / 2.

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. Journal of the American
    Statistical Association 22 (158), 209-212. Recommended for small samples by Brown, Cai and DasGupta (2001),
    Statistical Science 16 (2), 101-133.
    """
    if seen < 1 or not 0 <= found <= seen:
        raise ValueError(f"{found} of {seen} is no share.")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, z2 = found / seen, z * z
    centre = (share + z2 / (2 * seen)) / (1 + z2 / seen)
    half = z / (1 + z2 / seen) * sqrt(share * (1 - share) / seen + z2 / (4 * seen * seen))
    # At 0 and 1 the interval begins at the share itself; rounding must not put it beyond.
    return Estimate(share, max(0.0, min(share, centre - half)), min(1.0, max(share, centre + half)), seen, confidence)


def sample_size(population: int, margin: float, confidence: float = CONFIDENCE, share: float = 0.5) -> int:
    """How many units to look at so that a share is known to within `margin`.

    Returns
    -------
    int
        n = n₀ / (1 + (n₀ - 1) / N) with n₀ = z² p (1-p) / margin², rounded up and at most N; p = 0.5 asks for the most.

    References
    ----------
    Cochran, W. G. (1977). Sampling Techniques, 3rd edition, sections 4.4 and 4.5. Wiley.
    """
    if not 0 < margin < 1 or population < 0:
        raise ValueError(f"A margin of {margin} for {population} units is not possible.")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    without_end = z * z * share * (1 - share) / margin**2
    return min(population, ceil(without_end / (1 + (without_end - 1) / population))) if population else 0


def draw(unit_ids: Sequence[int], count: int, seed: int) -> list[int]:
    """A simple random sample without replacement; the same seed and units give the same sample, for who checks it."""
    return sorted(random.Random(seed).sample(sorted(unit_ids), min(count, len(unit_ids))))
