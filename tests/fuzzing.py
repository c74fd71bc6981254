"""How much is tried where anything at all may come in; `bench/security/fuzz.py` tries the same for longer.

Tests that are `fuzzed` are marked, and try the same things every time unless they are asked for more.
"""

import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

EXAMPLES = int(os.environ.get("LOUMAP_FUZZ_EXAMPLES", "60"))
LONG = "LOUMAP_FUZZ_EXAMPLES" in os.environ

ODD = st.sampled_from(
    [
        *("", "12层", "４,800㎡", "1480平", "4.2元/㎡/天", "-1F", "1e999", "\u202e楼", "２０２６年", "²"),
        *("٣", "①", "½", "〇", "9" * 400, "1e-99999", "-0", "nan", "Infinity", "0x10", "1_000"),
        *("9999-12-31", "2026-02-30", "0001-01-01"),
        *("\x00", "\ufeff", "%", "%00", "'; DROP TABLE units; --", "{{7*7}}", "../../etc/passwd", "[" * 900),
    ]
)
"""Texts that have broken readers before, here or elsewhere."""

ANYTHING = st.one_of(ODD, st.text(max_size=40), st.floats().map(str), st.integers().map(str))


def fuzzed(test: Callable[..., Any]) -> Callable[..., Any]:
    """Let a property be tried with so many examples, without a clock."""
    health = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
    tried = settings(max_examples=EXAMPLES, deadline=None, derandomize=not LONG, suppress_health_check=health)
    return pytest.mark.fuzz(tried(test))
