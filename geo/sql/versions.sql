-- Versions of the layers that readers ask for. Versions only grow, past the clock's seconds, so that a database that
-- is made anew never gives an old number to new content.

-- name: current_versions
-- Every layer with its version.
SELECT layer, version FROM layer_versions ORDER BY layer;

-- name: changes_waiting
-- A row if there is anything to bump.
SELECT 1 AS waiting
WHERE EXISTS (SELECT FROM layer_changes)
    OR EXISTS (
        SELECT FROM layer_versions
        WHERE layer = 'state' AND (changed_at < %(day_began)s::timestamptz OR stale_days <> %(stale_days)s::int)
    );

-- name: begin_anew
-- Another day has begun, so that leases end and begin, or units are stale after another number of days: the state is
-- another one.
WITH anew AS (
    UPDATE layer_versions SET stale_days = coalesce(%(stale_days)s::int, stale_days)
    WHERE layer = 'state' AND (changed_at < %(day_began)s::timestamptz OR stale_days <> %(stale_days)s::int)
    RETURNING layer
)
INSERT INTO layer_changes (layer) SELECT layer FROM anew;

-- name: bump_versions
-- Swallow the changes seen so far and give their layers a new version, at most once a second for each; what the last
-- thousand versions of the state changed is remembered.
WITH due AS (
    SELECT layer FROM layer_versions
    WHERE changed_at < clock_timestamp() - interval '1 second'
        OR changed_at > clock_timestamp()  -- the clock has been set back
), gone AS (
    DELETE FROM layer_changes c USING due WHERE c.layer = due.layer RETURNING c.layer, c.building_ids
), bumped AS (
    UPDATE layer_versions v
    SET version = greatest(v.version + 1, extract(epoch FROM clock_timestamp())::bigint),
        changed_at = clock_timestamp()
    FROM (SELECT DISTINCT layer, version FROM gone JOIN layer_versions USING (layer)) before
    WHERE v.layer = before.layer
    RETURNING v.layer, v.version, before.version AS since
), located AS (
    SELECT DISTINCT unnest(building_ids) AS building FROM gone WHERE layer = 'state'
), remembered AS (
    INSERT INTO state_changes (version, since, building_ids)
    SELECT version, since, CASE
        WHEN EXISTS (SELECT FROM gone WHERE layer = 'state' AND building_ids IS NULL) THEN NULL
        WHEN (SELECT count(*) FROM located) > %(most)s THEN NULL
        ELSE (SELECT coalesce(array_agg(building), '{}') FROM located) END
    FROM bumped WHERE layer = 'state'
), forgotten AS (
    DELETE FROM state_changes
    WHERE version <= (SELECT version FROM state_changes ORDER BY version DESC OFFSET 1000 LIMIT 1)
)
SELECT layer, version FROM bumped;

-- name: changed_buildings
-- What has changed after a version of the state, version by version, as far as is remembered.
SELECT since, building_ids FROM state_changes WHERE version > %(version)s ORDER BY version;
