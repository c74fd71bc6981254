"""The figures behind `/metrics`: of the processes of this server, and of what only the database knows."""

import logging
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from prometheus_client.samples import Sample
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from webmap import meters, metrics
from webmap.backups import backups_in, folder_of
from webmap.config import current_settings
from webmap.db import database
from webmap.published import published

REPORT_AGES_DAYS = (30, 92, 366)
EPOCH = date(1970, 1, 1)
"""Days are counted from here in the state file."""

_log = logging.getLogger(__name__)


def collect_into(registry: CollectorRegistry) -> None:
    """Have `registry` give all figures of this server; for one answer, within a request."""
    folder = metrics.shared_folder()
    if folder is None:
        registry.register(_Counted(meters.REGISTRY))
    else:
        metrics.forget_the_dead(folder)
        registry.register(_Counted(MultiProcessCollector(None, str(folder))))
        registry.register(_Processes(folder))
    registry.register(_Asked())


class _Counted(Collector):
    """What processes have counted. Tiles that were ready count as requests of no time, but only here."""

    def __init__(self, meters_of_processes: Collector) -> None:
        self._meters = meters_of_processes

    def collect(self) -> Iterator[Metric]:
        """Their meters."""
        found = {metric.name: metric for metric in self._meters.collect()}
        tiles, requests = found.get("loumap_tiles"), found.get("loumap_request_seconds")
        if tiles and requests:
            hits = [s for s in tiles.samples if s.name.endswith("_total") and s.labels["source"] == metrics.READY]
            ready = sum(sample.value for sample in hits)
            requests.samples = [_with_ready(sample, ready) for sample in requests.samples]
        yield from found.values()


def _with_ready(sample: Sample, ready: float) -> Sample:
    counts = sample.name.endswith(("_bucket", "_count"))
    of_tiles = (sample.labels["route"], sample.labels["status"]) == (metrics.TILE_ROUTE, "2xx")
    return sample._replace(value=sample.value + ready) if counts and of_tiles else sample


class _Processes(Collector):
    """The web processes of this server."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterator[Metric]:
        """How many there are and how large."""
        sizes = [resident_bytes(process_id) for process_id in metrics.living(self._folder)]
        yield GaugeMetricFamily("loumap_web_processes", "Web processes that have answered", len(sizes))
        yield GaugeMetricFamily("loumap_web_resident_bytes_max", "Memory of the largest one", max(sizes, default=0))


class _Asked(Collector):
    """What only the database knows, and how old the newest backup is; a silent database leaves the others absent."""

    def collect(self) -> Iterator[Metric]:
        """Layers, jobs, reports."""
        found: list[Metric] = []
        try:
            with database().new_session() as session:
                session.execute(text("SET LOCAL statement_timeout = '2s'"))
                found = [*_layers(session), *_jobs(session)]
            found.append(_reports(current_settings().today()))
        except (SQLAlchemyError, psycopg.Error) as problem:
            _log.warning("The database does not answer: %s", type(problem).__name__)
        if newest := next(iter(backups_in(folder_of(current_settings()))), None):
            age = (datetime.now(UTC) - newest.made_at).total_seconds()
            yield GaugeMetricFamily("loumap_backup_age_seconds", "Age of the newest backup that was proved", age)
        yield GaugeMetricFamily("loumap_database_up", "Whether the database answers", bool(found))
        yield from found


def resident_bytes(process_id: int) -> int:
    """The memory of a process, with what it shares with others; 0 when it is gone."""
    try:
        pages = Path(f"/proc/{process_id}/statm").read_text().split()[1]
    except OSError:
        return 0
    return int(pages) * os.sysconf("SC_PAGESIZE")


def _layers(session: Session) -> Iterator[Metric]:
    version = GaugeMetricFamily("loumap_layer_version", "Version of a layer", labels=["layer"])
    age = GaugeMetricFamily("loumap_layer_age_seconds", "Time since a layer last changed", labels=["layer"])
    for name, number, seconds in session.execute(text(_LAYERS)):
        version.add_metric([name], number)
        age.add_metric([name], seconds)
    waits = session.scalar(text(_CHANGES)) or 0
    yield from (version, age)
    yield GaugeMetricFamily("loumap_change_waiting_seconds", "Age of the oldest change without a new version", waits)


def _jobs(session: Session) -> Iterator[Metric]:
    jobs = GaugeMetricFamily("loumap_jobs", "Jobs, by queue and state", labels=["queue", "state"])
    for queue, state, number in session.execute(text(_JOBS)):
        jobs.add_metric([queue, state], number)
    yield jobs
    waits = session.scalar(text(_OLDEST_JOB)) or 0
    yield GaugeMetricFamily("loumap_job_waiting_seconds", "How long the oldest job that is due has waited", waits)


def _reports(today: date) -> Metric:
    """The share of units that were reported lately: what the map says of vacancy is as old as its reports."""
    share = GaugeMetricFamily("loumap_units_reported_share", "Units reported within so many days", labels=["days"])
    reported = published().states.columns(today).array("units", "reported")
    for age in REPORT_AGES_DAYS:
        recent = (reported >= (today - EPOCH).days - age).mean() if len(reported) else 0
        share.add_metric([str(age)], float(recent))
    return share


_LAYERS = """
    SELECT layer, version, extract(epoch FROM clock_timestamp() - changed_at)::float
    FROM layer_versions ORDER BY layer"""
_CHANGES = "SELECT extract(epoch FROM clock_timestamp() - min(changed_at))::float FROM layer_changes"
_JOBS = "SELECT queue_name, status::text, count(*) FROM procrastinate_jobs GROUP BY 1, 2 ORDER BY 1, 2"
_OLDEST_JOB = """
    SELECT extract(epoch FROM clock_timestamp() - min(coalesce(j.scheduled_at, e.at)))::float
    FROM procrastinate_jobs j
    JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred'
    WHERE j.status = 'todo' AND (j.scheduled_at IS NULL OR j.scheduled_at <= clock_timestamp())"""
