-- Where imported enterprises sit.

-- name: tenancies_stage
-- In which building the file says an enterprise is, with its room where it says one.
CREATE TEMP TABLE staged_tenancies (
    source_key text, enterprise_id bigint, building_id bigint, label text, area_m2 numeric(12, 2), unit_id bigint
) ON COMMIT DROP;

-- name: tenancies_resolve
-- Enterprises of this source get their ids.
UPDATE staged_tenancies s SET enterprise_id = e.id FROM enterprises e
WHERE s.enterprise_id IS NULL AND e.source_id = %(source)s AND e.source_key = s.source_key;

-- name: tenancies_rooms
-- The unit with that room number, where the building has exactly one.
UPDATE staged_tenancies s SET unit_id = f.unit_id
FROM (
    SELECT n.ctid AS place, min(u.id) AS unit_id
    FROM staged_tenancies n
    JOIN units u ON u.building_id = n.building_id AND lower(u.label) = n.label AND u.withdrawn_at IS NULL
    GROUP BY n.ctid HAVING count(*) = 1
) f
WHERE f.place = s.ctid;

-- name: tenancies_close
-- Tenancies of this source elsewhere than where the file has the enterprise now are known no longer.
WITH closed AS (
    UPDATE tenancies t
    SET known = tstzrange(lower(t.known), greatest(clock_timestamp(), lower(t.known) + interval '1 microsecond'))
    WHERE t.source_id = %(source)s AND upper_inf(t.known)
      AND t.enterprise_id IN (SELECT enterprise_id FROM staged_tenancies)
      AND NOT EXISTS (
          SELECT FROM staged_tenancies s
          WHERE s.enterprise_id = t.enterprise_id AND s.building_id = t.building_id
            AND s.unit_id IS NOT DISTINCT FROM t.unit_id AND s.area_m2 IS NOT DISTINCT FROM t.area_m2
      )
    RETURNING t.id
)
INSERT INTO import_changes (run_id, table_name, row_id, before, after)
SELECT %(run)s, 'tenancies', id, '{"known": "open"}', '{"known": "closed"}' FROM closed;

-- name: tenancies_add
-- Tenancies that are new.
WITH added AS (
    INSERT INTO tenancies (enterprise_id, building_id, unit_id, area_m2, source_id)
    SELECT DISTINCT s.enterprise_id, s.building_id, s.unit_id, s.area_m2, %(source)s
    FROM staged_tenancies s
    WHERE s.enterprise_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM tenancies t
        WHERE t.enterprise_id = s.enterprise_id AND t.building_id = s.building_id AND upper_inf(t.known)
          AND (t.source_id <> %(source)s OR (t.unit_id IS NOT DISTINCT FROM s.unit_id
                                             AND t.area_m2 IS NOT DISTINCT FROM s.area_m2))
    )
    RETURNING id
)
INSERT INTO import_changes (run_id, table_name, row_id) SELECT %(run)s, 'tenancies', id FROM added;
