-- Versions of the layers that readers ask for. Versions only grow, past the clock's seconds, so that a database that
-- is made anew never gives an old number to new content.

-- name: current_versions
-- Every layer with its version.
SELECT layer, version FROM layer_versions ORDER BY layer;

-- name: bump_versions
-- Swallow the changes seen so far and give their layers a new version, at most once a second for each.
WITH due AS (
    SELECT layer FROM layer_versions
    WHERE changed_at < clock_timestamp() - interval '1 second'
), gone AS (
    DELETE FROM layer_changes c USING due WHERE c.layer = due.layer RETURNING c.layer
)
UPDATE layer_versions v
SET version = greatest(v.version + 1, extract(epoch FROM clock_timestamp())::bigint), changed_at = clock_timestamp()
FROM (SELECT DISTINCT layer FROM gone) changed
WHERE v.layer = changed.layer
RETURNING v.layer, v.version;
