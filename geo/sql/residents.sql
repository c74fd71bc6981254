-- Who sat where on a day, as held at an instant.

-- name: residents
-- Resident enterprises by building and industry. A resident is a legal entity or branch that operates in the building on
-- the day; individual traders are none. What is disclosed is decided as of today. `only` limits it to some buildings.
SELECT b.id AS building_id, round(ST_X(p.geom) * 1e6)::int4 AS lon, round(ST_Y(p.geom) * 1e6)::int4 AS lat,
       r.industry_group, r.industry_code, r.enterprises
FROM (
    SELECT t.building_id, e.industry_group, e.industry_code, count(DISTINCT e.id) AS enterprises
    FROM tenancies t
    JOIN sources ts ON ts.publishable AND ts.id = t.source_id
    JOIN enterprises e ON e.publishable AND e.id = t.enterprise_id
    WHERE t.valid @> %(as_of)s::date AND t.known @> %(known_at)s::timestamptz
      AND e.withdrawn_at IS NULL AND NOT e.is_individual
      AND (%(only)s::int8[] IS NULL OR t.building_id = ANY (%(only)s::int8[]))
    GROUP BY t.building_id, e.industry_group, e.industry_code
) r
JOIN buildings b ON b.publishable AND b.id = r.building_id
CROSS JOIN LATERAL (SELECT ST_PointOnSurface(b.geom) AS geom) p
WHERE b.withdrawn_at IS NULL
ORDER BY b.id, r.industry_group, r.industry_code;

-- name: residents_named
-- The enterprises of some industries in some buildings, by name; `most` of them. Individual traders are none.
SELECT DISTINCT e.name, e.name_en, e.industry_code, e.industry_group, b.code AS building_code, b.name AS building,
       b.name_en AS building_en
FROM tenancies t
JOIN sources ts ON ts.publishable AND ts.id = t.source_id
JOIN enterprises e ON e.publishable AND e.id = t.enterprise_id
JOIN buildings b ON b.publishable AND b.id = t.building_id
WHERE t.building_id = ANY (%(buildings)s::int8[]) AND t.valid @> %(as_of)s::date AND t.known @> %(known_at)s::timestamptz
  AND e.withdrawn_at IS NULL AND NOT e.is_individual AND b.withdrawn_at IS NULL
  AND (e.industry_group, coalesce(e.industry_code, '')) IN (
      SELECT * FROM unnest(%(groups)s::text[], %(codes)s::text[]))
ORDER BY e.name, b.code
LIMIT %(most)s;

-- name: residents_by_day
-- How many enterprises of some industries, and of all, sat in some buildings on each of some days, as held at an
-- instant.
SELECT d.day, count(DISTINCT e.id) FILTER (WHERE (e.industry_group, coalesce(e.industry_code, '')) IN (
           SELECT * FROM unnest(%(groups)s::text[], %(codes)s::text[]))) AS here, count(DISTINCT e.id) AS everything
FROM unnest(%(days)s::date[]) AS d (day)
LEFT JOIN tenancies t ON t.building_id = ANY (%(buildings)s::int8[]) AND t.valid @> d.day
                            AND t.known @> %(known_at)s::timestamptz
                            AND EXISTS (SELECT FROM sources ts WHERE ts.publishable AND ts.id = t.source_id)
LEFT JOIN enterprises e ON e.publishable AND e.id = t.enterprise_id AND e.withdrawn_at IS NULL AND NOT e.is_individual
GROUP BY d.day
ORDER BY d.day;

-- name: residents_areas
-- Which enterprise uses how much of which building, as known at an instant: the area of its stays, that of the unit where a
-- stay says none and nobody shares the unit; null where neither is known of a stay. For staff and what is made for all by
-- the rule of disclosure.
SELECT b.id AS building_id, round(ST_X(p.geom) * 1e6)::int4 AS lon, round(ST_Y(p.geom) * 1e6)::int4 AS lat,
       r.industry_group, r.industry_code, r.enterprise_id, r.area_m2
FROM (
    SELECT t.building_id, e.industry_group, e.industry_code, e.id AS enterprise_id,
           (CASE WHEN bool_and(coalesce(t.area_m2, u.area_m2) IS NOT NULL)
                 THEN sum(coalesce(t.area_m2, u.area_m2)) END)::float8 AS area_m2
    FROM (
        SELECT t.*, count(*) OVER (PARTITION BY t.unit_id) AS sharers FROM tenancies t
        WHERE t.valid @> %(as_of)s::date AND t.known @> %(known_at)s::timestamptz
          AND (%(only)s::int8[] IS NULL OR t.building_id = ANY (%(only)s::int8[]))
    ) t
    JOIN sources ts ON ts.publishable AND ts.id = t.source_id
    JOIN enterprises e ON e.publishable AND e.id = t.enterprise_id
    LEFT JOIN units u ON u.id = t.unit_id AND t.sharers = 1
    WHERE e.withdrawn_at IS NULL AND NOT e.is_individual
    GROUP BY t.building_id, e.id
) r
JOIN buildings b ON b.publishable AND b.id = r.building_id
CROSS JOIN LATERAL (SELECT ST_PointOnSurface(b.geom) AS geom) p
WHERE b.withdrawn_at IS NULL
ORDER BY b.id, r.enterprise_id;

-- name: residents_stated
-- The industries of some enterprises that count as residents, and the places of some buildings, for figures of them.
SELECT g.enterprise_id, b.id AS building_id, round(ST_X(p.geom) * 1e6)::int4 AS lon,
       round(ST_Y(p.geom) * 1e6)::int4 AS lat, e.industry_group, e.industry_code, g.amount
FROM unnest(%(enterprises)s::int8[], %(buildings)s::int8[], %(amounts)s::float8[]) g (enterprise_id, building_id, amount)
JOIN enterprises e ON e.publishable AND e.id = g.enterprise_id AND e.withdrawn_at IS NULL AND NOT e.is_individual
JOIN buildings b ON b.publishable AND b.id = g.building_id AND b.withdrawn_at IS NULL
CROSS JOIN LATERAL (SELECT ST_PointOnSurface(b.geom) AS geom) p
ORDER BY b.id, g.enterprise_id;
