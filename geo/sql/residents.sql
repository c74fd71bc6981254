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
