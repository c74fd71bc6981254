"""The meters of a process as Prometheus sees them. Count through `webmap/metrics.py`, which imports this late."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()
"""The meters of this process; those of several are read from their files instead."""

QUICK_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
REQUEST_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

REQUEST_SECONDS = Histogram(
    "loumap_request_seconds", "Time until an answer began", ["route", "status"], buckets=REQUEST_S, registry=REGISTRY
)
TILES = Counter("loumap_tiles", "Tiles answered, by where they came from", ["layer", "source"], registry=REGISTRY)
TILE_SECONDS = Histogram(
    "loumap_tile_render_seconds", "Time to read a tile", ["layer"], buckets=QUICK_S, registry=REGISTRY
)
TILES_EVICTED = Counter("loumap_tiles_evicted", "Tiles dropped from memory to make room", registry=REGISTRY)
TILE_BYTES = Gauge("loumap_tile_cache_bytes", "Memory that holds tiles", registry=REGISTRY, multiprocess_mode="livesum")
STATE_SECONDS = Histogram(
    "loumap_state_refresh_seconds", "Time to take over a new state", ["kind"], buckets=REQUEST_S, registry=REGISTRY
)
SLOW_QUERIES = Counter("loumap_slow_queries", "Statements that took too long", ["route"], registry=REGISTRY)
CONNECTIONS = Gauge(
    "loumap_database_connections_in_use",
    "Connections out of the pool",
    ["login"],
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
