"""Load over HTTP with wrk: a list of addresses, asked in order by a number of connections."""

import json
import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_SCRIPT = """
local paths = {}
for line in io.lines(%(paths)s) do paths[#paths + 1] = line end
local headers = {%(headers)s}
local at = 0
request = function()
  at = at %% #paths + 1
  return wrk.format('GET', paths[at], headers)
end
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format(
    'JSON{"requests":%%d,"us":%%d,"bytes":%%d,"refused":%%d,"broken":%%d,"p50":%%.3f,"p90":%%.3f,"p99":%%.3f}\\n',
    summary.requests, summary.duration, summary.bytes, e.status, e.connect + e.read + e.write + e.timeout,
    latency:percentile(50) / 1000, latency:percentile(90) / 1000, latency:percentile(99) / 1000))
end
"""


@dataclass(frozen=True, slots=True)
class Load:
    """What a run of wrk found; times in ms. `refused` answers had a status of 400 or above, `broken` none."""

    requests: int
    per_second: float
    bytes_each: float
    refused: int
    broken: int
    p50_ms: float
    p90_ms: float
    p99_ms: float


def wrk(
    address: str,
    paths: Sequence[str],
    *,
    seconds: float,
    connections: int = 8,
    headers: Mapping[str, str] | None = None,
) -> Load:
    """Ask `address` for `paths` one after the other, round and round, for some seconds, with one thread of wrk."""
    with tempfile.TemporaryDirectory() as folder:
        listed, script = Path(folder, "paths"), Path(folder, "script.lua")
        listed.write_text("\n".join(paths) + "\n")
        quoted = ", ".join(f"[{json.dumps(name)}]={json.dumps(value)}" for name, value in (headers or {}).items())
        script.write_text(_SCRIPT % {"paths": json.dumps(str(listed)), "headers": quoted})
        command = ["wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "60s"]
        said = subprocess.run([*command, "-s", str(script), address], capture_output=True, text=True, check=True).stdout
    found = re.search(r"JSON(\{.*\})", said)
    if not found:
        raise SystemExit(f"wrk told nothing about {address}:\n{said}")
    told = json.loads(found[1])
    return Load(
        told["requests"],
        round(told["requests"] / told["us"] * 1e6, 1),
        round(told["bytes"] / max(1, told["requests"])),
        told["refused"],
        told["broken"],
        *(told[name] for name in ("p50", "p90", "p99")),
    )
