-- What the state file is made of; all of it is read in one repeatable-read transaction, which may look back.
--
-- Numbers alone, of fixed width and never null, so that they can be read as arrays: words are their number in the list
-- that is given (0 for none), days count from 1970-01-01 (0 for none). `only` limits a query to some buildings.

-- name: snapshot_buildings
-- Listed buildings: the managed ones and those with a name, in the order of their ids.
SELECT b.id, round(ST_X(p.geom) * 1e6)::int4 AS lon, round(ST_Y(p.geom) * 1e6)::int4 AS lat,
       coalesce(b.height_m, b.floors_above * 3.3, 9)::float4 AS height,
       coalesce(b.leasable_area_m2, 0)::float4 AS leasable,
       coalesce(b.floors_above, 0)::int2 AS floors, coalesce(b.completed_year, 0)::int2 AS year,
       coalesce(array_position(%(grade)s::text[], b.grade), 0)::int2 AS grade, coalesce(b.star, 0)::int2 AS star,
       coalesce(array_position(%(status)s::text[], b.status), 0)::int2 AS status,
       coalesce((SELECT bit_or(1::int8 << array_position(%(theme)s::text[], theme) - 1) FROM unnest(b.themes) theme), 0)
           AS themes,
       coalesce(b.parking_spaces, -1)::int4 AS parking, coalesce(b.property_fee_cny_m2_month, 'NaN')::float4 AS fee,
       b.managed, octet_length(b.code)::int4 AS code, coalesce(octet_length(b.name), 0)::int4 AS name,
       coalesce(octet_length(b.name_en), 0)::int4 AS name_en, coalesce(octet_length(b.search_text), 0)::int4 AS search
FROM buildings b, LATERAL (SELECT ST_PointOnSurface(b.geom) AS geom) p
WHERE (b.managed OR b.name IS NOT NULL) AND b.publishable AND b.withdrawn_at IS NULL
  AND (%(only)s::int8[] IS NULL OR b.id = ANY (%(only)s::int8[]))
ORDER BY b.id;

-- name: snapshot_texts
-- The texts of listed buildings, one after the other in the order of their ids.
SELECT coalesce(string_agg(code, ''), '') AS code, coalesce(string_agg(name, ''), '') AS name,
       coalesce(string_agg(name_en, ''), '') AS name_en, coalesce(string_agg(search_text, ''), '') AS search
FROM (
    SELECT b.code, b.name, b.name_en, b.search_text
    FROM buildings b
    WHERE (b.managed OR b.name IS NOT NULL) AND b.publishable AND b.withdrawn_at IS NULL
      AND (%(only)s::int8[] IS NULL OR b.id = ANY (%(only)s::int8[]))
    ORDER BY b.id
) listed;

-- name: snapshot_units
-- Units as they stand, in the order of building and floor.
SELECT u.id, u.building_id AS building, coalesce(f.position, 0)::int2 AS floor,
       coalesce(u.area_m2, 0)::float4 AS area,
       coalesce(array_position(%(occupancy)s::text[], u.public_status), 0)::int2 AS occupancy,
       coalesce(u.rent_cny_m2_day, 'NaN')::float4 AS rent,
       coalesce(array_position(%(fitout)s::text[], u.fitout), 0)::int2 AS fitout,
       coalesce(date_trunc('month', u.available_on)::date - date '1970-01-01', 0)::int4 AS available,
       coalesce(u.min_area_m2, 0)::float4 AS min_area, coalesce(u.reported_on - date '1970-01-01', 0)::int4 AS reported,
       u.public_status IN ('vacant', 'soon')
           AND coalesce(greatest(u.reported_on, u.verified_on) < %(stale_before)s::date, false) AS stale,
       o.id IS NOT NULL AS fee_included
FROM units u
JOIN buildings b ON b.id = u.building_id AND (b.managed OR b.name IS NOT NULL) AND b.publishable AND b.withdrawn_at IS NULL
LEFT JOIN floors f ON f.id = u.floor_id
LEFT JOIN offers o ON o.id = u.offer_id AND o.property_fee_included AND o.published_at IS NOT NULL
    AND o.withdrawn_at IS NULL AND upper_inf(o.known) AND o.valid @> %(today)s::date
    AND EXISTS (SELECT FROM sources os WHERE os.publishable AND os.id = o.source_id)
WHERE u.withdrawn_at IS NULL AND u.publishable AND u.valid @> %(today)s::date
  AND (%(only)s::int8[] IS NULL OR u.building_id = ANY (%(only)s::int8[]))
ORDER BY u.building_id, floor, u.id;

-- name: snapshot_facts
-- What is answered of buildings with yes, in part or no: the numbers of the fact and of the spelling, the oldest first.
SELECT f.building_id AS building, array_position(%(fact)s::text[], f.fact)::int2 AS fact,
       coalesce(array_position(%(answer)s::text[], lower(btrim(f.value))), 0)::int2 AS answer
FROM building_facts f
WHERE f.publishable AND f.fact = ANY (%(fact)s::text[])
  AND (%(only)s::int8[] IS NULL OR f.building_id = ANY (%(only)s::int8[]))
ORDER BY f.building_id, f.dated_on NULLS FIRST, f.id;

-- name: snapshot_industries
-- Which enterprises, with the number of their map group, operate in which building on a day; some more than once.
SELECT t.building_id AS building, t.enterprise_id AS enterprise,
       coalesce(array_position(%(industry)s::text[], e.industry_group), 0)::int2 AS industry
FROM tenancies t
JOIN sources ts ON ts.publishable AND ts.id = t.source_id
JOIN enterprises e ON e.id = t.enterprise_id
WHERE t.valid @> %(today)s::date AND e.publishable AND e.withdrawn_at IS NULL
  AND upper_inf(t.known)
  AND (%(only)s::int8[] IS NULL OR t.building_id = ANY (%(only)s::int8[]));

-- name: snapshot_area_codes
-- Public areas, in the order in which their numbers stand for them.
SELECT code FROM areas WHERE publishable AND withdrawn_at IS NULL ORDER BY id;

-- name: snapshot_areas
-- Which public areas hold which listed building (its representative point decides).
SELECT b.id AS building, coalesce(array_position(%(areas)s::text[], a.code), 0)::int4 AS place
FROM buildings b
JOIN areas a ON a.geom && b.geom AND ST_Covers(a.geom, ST_PointOnSurface(b.geom))
WHERE (b.managed OR b.name IS NOT NULL) AND b.publishable AND b.withdrawn_at IS NULL
  AND a.publishable AND a.withdrawn_at IS NULL
  AND (%(only)s::int8[] IS NULL OR b.id = ANY (%(only)s::int8[]))
ORDER BY b.id, a.id;

-- name: snapshot_clusters
-- Which industry clusters hold which listed building.
SELECT b.id AS building, coalesce(array_position(%(clusters)s::text[], c.code), 0)::int4 AS place
FROM buildings b
JOIN clusters c ON c.geom && b.geom AND ST_Covers(c.geom, ST_PointOnSurface(b.geom))
WHERE (b.managed OR b.name IS NOT NULL) AND b.publishable AND b.withdrawn_at IS NULL
  AND (%(only)s::int8[] IS NULL OR b.id = ANY (%(only)s::int8[]))
ORDER BY b.id, c.id;

-- name: snapshot_distances
-- Metres from buildings to the nearest amenity of each category.
SELECT d.building_id AS building, coalesce(array_position(%(amenity)s::text[], d.category), 0)::int2 AS category,
       d.metres::int4 AS metres
FROM amenity_distances d
WHERE d.metres < 65535 AND (%(only)s::int8[] IS NULL OR d.building_id = ANY (%(only)s::int8[]));
