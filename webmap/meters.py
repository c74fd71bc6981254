"""The meters of a process as Prometheus sees them. Count through `webmap/metrics.py`, which imports this late."""

from prometheus_client import Counter, Gauge, Histogram

QUICK_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
REQUEST_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

REQUEST_SECONDS = Histogram(
    "loumap_request_seconds",
    "Time until an answer began, by route and status class",
    ["route", "status"],
    buckets=REQUEST_S,
)
TILES = Counter("loumap_tiles", "Tiles answered, by layer and by where they came from", ["layer", "source"])
TILE_SECONDS = Histogram(
    "loumap_tile_render_seconds", "Time to read a tile from the database, by layer", ["layer"], buckets=QUICK_S
)
TILES_EVICTED = Counter("loumap_tiles_evicted", "Tiles dropped from memory to make room")
TILE_BYTES = Gauge("loumap_tile_cache_bytes", "Memory that holds tiles", multiprocess_mode="livesum")
STATE_SECONDS = Histogram(
    "loumap_state_refresh_seconds", "Time to take over a new state, by how", ["kind"], buckets=REQUEST_S
)
SLOW_QUERIES = Counter("loumap_slow_queries", "Statements slower than LOUMAP_SLOW_QUERY_MS, by name", ["query"])
CONNECTIONS = Gauge(
    "loumap_database_connections_in_use",
    "Connections out of the pool",
    ["login"],
    multiprocess_mode="livesum",
)
