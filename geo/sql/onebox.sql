-- What the one search box finds: names to sort into its index, and what is shown of the things found in it. The index may
-- be older than the rows, so whatever is shown is read here again, under the same conditions as everywhere.

-- name: onebox_buildings
-- Listed buildings with their names; managed, large ones with something to let weigh most (below 128).
SELECT b.id, ST_X(p.geom), ST_Y(p.geom),
       (CASE WHEN b.managed THEN 30 ELSE 0 END + CASE WHEN m.building_id IS NULL THEN 0 ELSE 30 END
        + least(60, 5 * ln(1 + coalesce(b.gross_area_m2, b.floors_above * 1000, 0))::int))::int4,
       b.name, b.name_en, b.aliases
FROM buildings b
CROSS JOIN LATERAL (SELECT ST_Centroid(ST_Envelope(b.geom)) AS geom) p
LEFT JOIN (
    SELECT DISTINCT u.building_id FROM units u
    WHERE u.publishable AND u.withdrawn_at IS NULL AND u.public_status IN ('vacant', 'soon')
) m ON m.building_id = b.id
WHERE (b.managed OR b.name IS NOT NULL) AND b.publishable AND b.withdrawn_at IS NULL
ORDER BY b.id;

-- name: onebox_areas
-- Named areas, the larger kinds first.
SELECT a.id, ST_X(p.geom), ST_Y(p.geom),
       coalesce(120 - 10 * array_position(ARRAY['city', 'district', 'zone', 'subdistrict', 'block'], a.level), 50)::int4,
       a.name, a.name_en, '{}'::text[], a.level
FROM areas a
CROSS JOIN LATERAL (SELECT ST_Centroid(ST_Envelope(a.geom)) AS geom) p
WHERE a.publishable AND a.withdrawn_at IS NULL
ORDER BY a.id;

-- name: onebox_amenities
-- Amenities that are open and have a name: metro stations alone, or all others; those that many ask for weigh more.
SELECT a.id, ST_X(a.geom), ST_Y(a.geom),
       CASE a.category WHEN 'metro' THEN 120 WHEN 'rail' THEN 100 WHEN 'mall' THEN 80 WHEN 'hospital' THEN 70
            WHEN 'park' THEN 70 WHEN 'culture' THEN 60 WHEN 'gov_service' THEN 60 WHEN 'hotel' THEN 50
            WHEN 'school' THEN 50 ELSE 20 END,
       a.name, a.name_en, '{}'::text[]
FROM amenities a
WHERE (a.category = 'metro') = %(metro)s AND (a.name IS NOT NULL OR a.name_en IS NOT NULL)
  AND a.open AND a.publishable AND a.withdrawn_at IS NULL
ORDER BY a.id;

-- name: onebox_addresses
-- Every address once, with the building there that readers would look for first.
SELECT DISTINCT ON (b.address) b.id, ST_X(p.geom), ST_Y(p.geom),
       (CASE WHEN b.managed THEN 60 WHEN b.name IS NOT NULL THEN 40 ELSE 0 END)::int4,
       b.address, b.address_en, '{}'::text[]
FROM buildings b
CROSS JOIN LATERAL (SELECT ST_Centroid(ST_Envelope(b.geom)) AS geom) p
WHERE b.address IS NOT NULL AND b.publishable AND b.withdrawn_at IS NULL
ORDER BY b.address, b.managed DESC, b.name IS NULL, b.id;

-- name: onebox_enterprises
-- Enterprises whose names are public: never individual traders.
SELECT e.id, ST_X(e.geom), ST_Y(e.geom),
       (CASE WHEN e.building_id IS NULL THEN 0 ELSE 40 END + CASE WHEN e.is_headquarters THEN 40 ELSE 0 END
        + least(40, 2 * ln(1 + coalesce(e.registered_capital_cny, 0))::int))::int4,
       e.name, e.name_en, '{}'::text[]
FROM enterprises e
WHERE NOT e.is_individual AND e.publishable AND e.withdrawn_at IS NULL
ORDER BY e.id;

-- name: onebox_found
-- What is shown of some buildings, areas, amenities (stations among them), addresses (by a building there), enterprises.
SELECT 'building' AS kind, b.id, b.code, b.name, b.name_en, b.address, b.address_en, NULL AS word, NULL AS building,
       NULL AS building_name, NULL AS building_name_en, ST_X(p.geom) AS lon, ST_Y(p.geom) AS lat, NULL::float8[] AS box,
       (SELECT count(*) FROM units u
        WHERE u.building_id = b.id AND u.public_status IN ('vacant', 'soon') AND u.publishable AND u.withdrawn_at IS NULL
          AND u.valid @> %(today)s::date
          AND coalesce(greatest(u.reported_on, u.verified_on) >= %(stale_before)s::date, true))::int4 AS to_let
FROM buildings b CROSS JOIN LATERAL (SELECT ST_Centroid(ST_Envelope(b.geom)) AS geom) p
WHERE b.id = ANY (%(building)s::int8[]) AND (b.managed OR b.name IS NOT NULL) AND b.publishable AND b.withdrawn_at IS NULL
UNION ALL
SELECT 'address', b.id, b.code, b.address, b.address_en, NULL, NULL, NULL,
       CASE WHEN b.managed OR b.name IS NOT NULL THEN b.code END, b.name, b.name_en, ST_X(p.geom), ST_Y(p.geom), NULL, NULL
FROM buildings b CROSS JOIN LATERAL (SELECT ST_Centroid(ST_Envelope(b.geom)) AS geom) p
WHERE b.id = ANY (%(address)s::int8[]) AND b.address IS NOT NULL AND b.publishable AND b.withdrawn_at IS NULL
UNION ALL
SELECT 'area', a.id, a.code, a.name, a.name_en, NULL, NULL, a.level, NULL, NULL, NULL, ST_X(p.geom), ST_Y(p.geom),
       ARRAY[ST_XMin(a.geom), ST_YMin(a.geom), ST_XMax(a.geom), ST_YMax(a.geom)], NULL
FROM areas a CROSS JOIN LATERAL (SELECT ST_Centroid(ST_Envelope(a.geom)) AS geom) p
WHERE a.id = ANY (%(area)s::int8[]) AND a.publishable AND a.withdrawn_at IS NULL
UNION ALL
SELECT CASE a.category WHEN 'metro' THEN 'metro' ELSE 'amenity' END, a.id, a.code, a.name, a.name_en, a.address, NULL,
       a.category, NULL, NULL, NULL, ST_X(a.geom), ST_Y(a.geom), NULL, NULL
FROM amenities a
WHERE a.id = ANY (%(amenity)s::int8[] || %(metro)s::int8[]) AND a.open AND a.publishable AND a.withdrawn_at IS NULL
UNION ALL
SELECT 'enterprise', e.id, e.code, e.name, e.name_en, b.address, b.address_en, e.industry_group, b.code, b.name, b.name_en,
       coalesce(ST_X(p.geom), ST_X(e.geom)), coalesce(ST_Y(p.geom), ST_Y(e.geom)), NULL, NULL
FROM enterprises e
LEFT JOIN buildings b ON b.id = e.building_id AND b.publishable AND b.withdrawn_at IS NULL
LEFT JOIN LATERAL (SELECT ST_Centroid(ST_Envelope(b.geom)) AS geom) p ON true
WHERE e.id = ANY (%(enterprise)s::int8[]) AND NOT e.is_individual AND e.publishable AND e.withdrawn_at IS NULL;

-- name: onebox_units
-- Units of some buildings whose label begins so (letters and digits alone), the same label first; only those on the
-- market, or all.
SELECT u.id, u.building_id, u.code, u.label, u.public_status, b.code AS building, b.name AS building_name,
       b.name_en AS building_name_en, b.address, b.address_en, ST_X(p.geom) AS lon, ST_Y(p.geom) AS lat,
       l.label = %(label)s AS same
FROM units u
CROSS JOIN LATERAL (SELECT regexp_replace(lower(u.label), '[^0-9a-z]', '', 'g') AS label) l
JOIN buildings b ON b.id = u.building_id AND b.publishable AND b.withdrawn_at IS NULL
CROSS JOIN LATERAL (SELECT ST_Centroid(ST_Envelope(b.geom)) AS geom) p
WHERE u.building_id = ANY (%(buildings)s::int8[]) AND (NOT %(market)s OR u.public_status IN ('vacant', 'soon'))
  AND l.label LIKE %(label)s || '%%'
  AND u.publishable AND u.withdrawn_at IS NULL AND u.valid @> %(today)s::date
ORDER BY same DESC, array_position(%(buildings)s::int8[], u.building_id), u.label, u.id
LIMIT %(limit)s;
