-- What an office entered of areas, buildings and enterprises, as known at an instant.

-- name: figures_known
-- The figures of a kind that lie in a period. One of an enterprise belongs to the building in which it operated on the
-- last day of the figure's own period (the stay that began first, where there are several); where nothing is known of
-- its stays, to the building of its register entry.
SELECT f.area_id, coalesce(f.building_id, s.building_id, e.building_id) AS building_id, f.enterprise_id,
       lower(f.period) AS start, upper(f.period) AS end, f.value, f.contributors, f.largest_share_pct / 100 AS largest,
       f.source_id, lower(f.known) AS said_at, f.code
FROM figures f
LEFT JOIN enterprises e ON e.id = f.enterprise_id
LEFT JOIN LATERAL (
    SELECT t.building_id FROM tenancies t
    WHERE t.enterprise_id = f.enterprise_id AND t.valid @> upper(f.period) - 1
      AND t.known @> %(known_at)s::timestamptz
    ORDER BY lower(t.valid) NULLS FIRST, t.id LIMIT 1
) s ON true
WHERE f.indicator = %(indicator)s AND f.period <@ daterange(%(start)s, %(end)s) AND upper(f.period) <= %(until)s
  AND f.known @> %(known_at)s::timestamptz
  AND (f.scope, f.basis, f.one_off, f.attribution)
      IS NOT DISTINCT FROM (%(scope)s::text, %(basis)s::text, %(one_off)s::boolean, %(attribution)s::text)
ORDER BY f.id;

-- name: residents_on
-- Which of some enterprises (0: any at all) operated in which of some buildings on the days asked for, row by row.
SELECT DISTINCT w.enterprise_id, w.building_id, w.day
FROM unnest(%(enterprises)s::int8[], %(buildings)s::int8[], %(days)s::date[]) w (enterprise_id, building_id, day)
JOIN tenancies t ON t.building_id = w.building_id AND w.enterprise_id IN (0, t.enterprise_id) AND t.valid @> w.day
WHERE t.known @> %(known_at)s::timestamptz;

-- name: standing_in
-- The buildings that stand in some areas.
SELECT a.id AS area_id, b.id AS building_id
FROM areas a JOIN buildings b ON b.geom && a.geom AND ST_Contains(a.geom, ST_PointOnSurface(b.geom))
WHERE a.id = ANY (%(areas)s::int8[]) AND a.withdrawn_at IS NULL AND b.withdrawn_at IS NULL
ORDER BY 1, 2;

-- name: figures_published
-- What was published of a kind for a period, as known at an instant; what is hidden today, or no longer public, is
-- hidden of every day.
SELECT p.area_id, p.building_id, CASE WHEN n.value IS NOT NULL THEN p.value END AS value
FROM published_figures p
LEFT JOIN published_figures n ON n.indicator = p.indicator AND n.period = p.period
    AND (n.area_id, n.building_id, n.scope, n.basis, n.one_off, n.attribution)
        IS NOT DISTINCT FROM (p.area_id, p.building_id, p.scope, p.basis, p.one_off, p.attribution)
    AND upper_inf(n.known)
LEFT JOIN areas a ON a.publishable AND a.id = p.area_id AND a.withdrawn_at IS NULL
LEFT JOIN buildings b ON b.publishable AND b.id = p.building_id AND b.withdrawn_at IS NULL
WHERE p.indicator = %(indicator)s AND p.period = daterange(%(start)s, %(end)s) AND upper(p.period) <= %(until)s
  AND p.known @> %(known_at)s::timestamptz AND num_nonnulls(a.id, b.id) = 1
  AND (p.scope, p.basis, p.one_off, p.attribution)
      IS NOT DISTINCT FROM (%(scope)s::text, %(basis)s::text, %(one_off)s::boolean, %(attribution)s::text);

-- name: figures_counted
-- In which ways a kind was counted that lies in a period, as known now.
SELECT DISTINCT scope, basis, one_off, attribution FROM figures
WHERE indicator = %(indicator)s AND period <@ daterange(%(start)s, %(end)s) AND upper_inf(known)
ORDER BY 1, 2, 3, 4;

-- name: places_to_publish
-- The areas and listed buildings that everybody may see.
SELECT 'area' AS kind, id, level FROM areas WHERE publishable AND withdrawn_at IS NULL
UNION ALL
SELECT 'building', id, NULL FROM buildings
WHERE publishable AND withdrawn_at IS NULL AND (managed OR name IS NOT NULL)
ORDER BY 1, 2;
