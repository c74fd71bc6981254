-- What the state file is made of; all of it is read in one repeatable-read transaction.

-- name: snapshot_buildings
-- Listed buildings: the managed ones and those with a name, in the order of their ids.
SELECT b.id, b.code, coalesce(b.name, '') AS name, coalesce(b.name_en, '') AS name_en,
       coalesce(b.search_text, '') AS search,
       round(ST_X(p.geom) * 1e6)::int AS lon, round(ST_Y(p.geom) * 1e6)::int AS lat,
       coalesce(b.height_m, b.floors_above * 3.3, 9)::real AS height, coalesce(b.floors_above, 0) AS floors,
       b.grade, b.star, b.status, b.themes, coalesce(b.leasable_area_m2, 0)::real AS leasable,
       coalesce(b.completed_year, 0) AS year, b.managed
FROM buildings b, LATERAL (SELECT ST_PointOnSurface(b.geom) AS geom) p
WHERE (b.managed OR b.name IS NOT NULL) AND b.publishable AND b.withdrawn_at IS NULL
ORDER BY b.id;

-- name: snapshot_units_now
-- Units as they stand, in the order of building and floor.
SELECT u.id, u.building_id, coalesce(f.position, 0) AS floor, coalesce(u.area_m2, 0)::real AS area, u.public_status,
       u.rent_cny_m2_day::real AS rent, u.fitout, u.available_on, coalesce(u.min_area_m2, 0)::real AS min_area,
       u.reported_on
FROM units u
JOIN buildings b ON b.id = u.building_id AND b.publishable AND b.withdrawn_at IS NULL
LEFT JOIN floors f ON f.id = u.floor_id
WHERE u.withdrawn_at IS NULL AND u.publishable AND u.valid @> %(today)s::date
ORDER BY u.building_id, floor, u.id;

-- name: snapshot_units_then
-- Units as they were on a day, as held at an instant; the offer that stood then decides what it asks and what is public.
-- What is disclosed is decided as of today: an offer withdrawn since and a source no longer public say nothing.
SELECT u.id, u.building_id, coalesce(f.position, 0) AS floor, coalesce(s.area_m2, u.area_m2, 0)::real AS area,
       s.occupancy, s.contract, o.id IS NOT NULL AS offered, o.rent_low, o.rent_unit, o.fitout, o.available_on,
       coalesce(o.min_area_m2, 0)::real AS min_area, s.reported_on
FROM unit_states s
JOIN sources ss ON ss.publishable AND ss.id = s.source_id
JOIN units u ON u.id = s.unit_id
JOIN buildings b ON b.id = u.building_id AND b.publishable AND b.withdrawn_at IS NULL
LEFT JOIN floors f ON f.id = u.floor_id
LEFT JOIN LATERAL (
    SELECT o.id, o.rent_low, o.rent_unit, o.fitout, o.available_on, o.min_area_m2, o.published_at
    FROM offers o
    JOIN offer_units ou ON ou.offer_id = o.id AND ou.unit_id = u.id
    JOIN sources os ON os.publishable AND os.id = o.source_id
    WHERE o.withdrawn_at IS NULL AND o.valid @> %(as_of)s::date AND o.known @> %(known_at)s::timestamptz AND o.published_at <= %(known_at)s
    ORDER BY o.published_at DESC, o.id DESC LIMIT 1
) o ON true
WHERE s.valid @> %(as_of)s::date AND s.known @> %(known_at)s::timestamptz AND s.exists AND u.publishable AND u.withdrawn_at IS NULL
ORDER BY u.building_id, floor, u.id;

-- name: snapshot_industries
-- How many enterprises of each map group operate in each listed building on a day.
SELECT t.building_id, e.industry_group, count(DISTINCT e.id)::int AS n
FROM tenancies t
JOIN sources ts ON ts.publishable AND ts.id = t.source_id
JOIN enterprises e ON e.id = t.enterprise_id
WHERE t.valid @> %(as_of)s::date AND upper_inf(t.known) AND e.publishable AND e.withdrawn_at IS NULL
GROUP BY 1, 2;

-- name: snapshot_area_codes
-- Public areas, in the order in which their numbers stand for them.
SELECT code FROM areas WHERE publishable AND withdrawn_at IS NULL ORDER BY id;

-- name: snapshot_areas
-- Which public areas hold which listed building (its representative point decides).
SELECT b.id AS building_id, a.code
FROM buildings b
JOIN areas a ON a.geom && b.geom AND ST_Covers(a.geom, ST_PointOnSurface(b.geom))
WHERE (b.managed OR b.name IS NOT NULL) AND b.publishable AND b.withdrawn_at IS NULL
  AND a.publishable AND a.withdrawn_at IS NULL
ORDER BY b.id, a.id;

-- name: snapshot_clusters
-- Which industry clusters hold which listed building.
SELECT b.id AS building_id, c.code
FROM buildings b
JOIN clusters c ON c.geom && b.geom AND ST_Covers(c.geom, ST_PointOnSurface(b.geom))
WHERE (b.managed OR b.name IS NOT NULL) AND b.publishable AND b.withdrawn_at IS NULL
ORDER BY b.id, c.id;

-- name: snapshot_distances
-- Metres from listed buildings to the nearest amenity of each category.
SELECT d.building_id, d.category, d.metres
FROM amenity_distances d JOIN buildings b ON b.id = d.building_id
WHERE (b.managed OR b.name IS NOT NULL) AND b.publishable AND b.withdrawn_at IS NULL AND d.metres < 65535;
