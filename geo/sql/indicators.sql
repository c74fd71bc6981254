-- What indicators are reckoned from, as known at an instant: numbers alone, of fixed width and never null, so that they
-- can be read as arrays. Areas are whole square decimetres; days count from 1970-01-01. Queries of places read what was
-- so at the moment that the transaction looks back to (geo/looking_back); units are read from their own dated states.

-- name: indicator_buildings
-- Followed buildings in the order of their ids.
SELECT b.id, ST_X(p.geom) AS lon, ST_Y(p.geom) AS lat,
       coalesce(round(b.gross_area_m2 * 100), 0)::int8 AS gross, coalesce(round(b.leasable_area_m2 * 100), 0)::int8 AS leasable,
       coalesce(array_position(%(status)s::text[], b.status), 0)::int2 AS status,
       coalesce(b.completed_year, 0)::int2 AS year, coalesce(b.star, 0)::int2 AS star,
       cardinality(b.themes)::int4 AS themes, b.source_id AS source
FROM buildings b, LATERAL (SELECT ST_PointOnSurface(b.geom) AS geom) p
WHERE b.managed AND b.publishable AND b.withdrawn_at IS NULL
ORDER BY b.id;

-- name: indicator_spaces
-- Stretches of the lives of units: 0 not there, 1 vacant (used by nobody and not let), 2 occupied, 3 not known. What only a
-- source says that is not public is not known to the public. A unit of which no state was ever held is what its row says.
SELECT u.building_id AS building, u.id AS unit,
       coalesce(lower(s.valid) - date '1970-01-01', -100000)::int4 AS start,
       coalesce(upper(s.valid) - date '1970-01-01', 1000000)::int4 AS stop,
       (CASE WHEN NOT s.exists THEN 0 WHEN NOT ((ss.publishable AND true) IS NOT FALSE) OR s.occupancy = 'unknown' THEN 3
             WHEN s.occupancy = 'vacant' AND s.contract NOT IN ('signed', 'let') THEN 1 ELSE 2 END)::int2 AS state,
       coalesce(round(coalesce(s.area_m2, u.area_m2) * 100), 0)::int8 AS area, s.source_id AS source
FROM public.units u
JOIN public.unit_states s ON s.unit_id = u.id AND s.known @> %(known_at)s::timestamptz
JOIN public.sources ss ON ss.id = s.source_id
WHERE u.publishable AND u.withdrawn_at IS NULL AND s.use <> ALL (%(not_let)s::text[])
UNION ALL
SELECT u.building_id, u.id, coalesce(lower(u.valid) - date '1970-01-01', -100000)::int4,
       coalesce(upper(u.valid) - date '1970-01-01', 1000000)::int4,
       (CASE u.public_status WHEN 'vacant' THEN 1 WHEN 'unknown' THEN 3 ELSE 2 END)::int2,
       coalesce(round(u.area_m2 * 100), 0)::int8, u.source_id
FROM public.units u
WHERE u.publishable AND u.withdrawn_at IS NULL AND u.use <> ALL (%(not_let)s::text[]) AND NOT isempty(u.valid)
  AND u.recorded_at <= %(known_at)s::timestamptz
  AND NOT EXISTS (SELECT FROM public.unit_states l WHERE l.unit_id = u.id)
ORDER BY 2, 3;

-- name: indicator_lineage
-- Which unit came out of which.
SELECT l.parent_id AS parent, l.child_id AS child FROM public.unit_lineage l;

-- name: indicator_stays
-- Who was in which building from when to when: legal entities and branches, individual traders apart. `foreign` is 0 where
-- it is not known, 1 for no, 2 for yes; `large` says whether the registered capital is 10 million or more.
SELECT t.building_id AS building, e.id AS enterprise,
       coalesce(lower(t.valid) - date '1970-01-01', -100000)::int4 AS start,
       coalesce(upper(t.valid) - date '1970-01-01', 1000000)::int4 AS stop,
       coalesce(array_position(%(industry)s::text[], e.industry_group), 0)::int2 AS industry,
       coalesce(array_position(%(section)s::text[], e.industry_code), 0)::int2 AS letter,
       coalesce(array_position(%(division)s::text[], left(e.industry_code, 2)), 0)::int2 AS division,
       (CASE e.is_foreign_funded WHEN true THEN 2 WHEN false THEN 1 ELSE 0 END)::int2 AS "foreign",
       e.is_headquarters AS headquarters, coalesce(e.registered_capital_cny >= 10000000, false) AS large,
       coalesce(ST_X(e.geom), 'NaN') AS lon, coalesce(ST_Y(e.geom), 'NaN') AS lat, t.source_id AS source
FROM tenancies t
JOIN sources ts ON ts.publishable AND ts.id = t.source_id
JOIN enterprises e ON e.publishable AND e.id = t.enterprise_id
WHERE t.known @> %(known_at)s::timestamptz AND e.withdrawn_at IS NULL AND NOT e.is_individual AND NOT isempty(t.valid)
ORDER BY e.id, t.building_id;

-- name: indicator_areas_used
-- For staff, what area enterprises use of which building from when to when: as the tenancy has it, else that of the unit.
SELECT t.building_id AS building, e.id AS enterprise, coalesce(lower(t.valid) - date '1970-01-01', -100000)::int4 AS start,
       coalesce(upper(t.valid) - date '1970-01-01', 1000000)::int4 AS stop,
       round(coalesce(t.area_m2, u.area_m2) * 100)::int8 AS area
FROM tenancies t
JOIN sources ts ON ts.publishable AND ts.id = t.source_id
JOIN enterprises e ON e.publishable AND e.id = t.enterprise_id
JOIN buildings b ON b.id = t.building_id AND b.managed
LEFT JOIN units u ON u.id = t.unit_id
WHERE t.known @> %(known_at)s::timestamptz AND e.withdrawn_at IS NULL AND NOT e.is_individual AND NOT isempty(t.valid)
  AND coalesce(t.area_m2, u.area_m2) > 0
ORDER BY e.id, t.building_id;

-- name: indicator_people
-- What staff hold of enterprises that sit in followed buildings: employees (-1 not known), and where they are registered:
-- 0 not known, 1 in a district of ours, 2 elsewhere.
SELECT e.id AS enterprise, coalesce(e.employees, -1)::int4 AS employees,
       (CASE WHEN coalesce(e.registered_address, '') = '' THEN 0
             WHEN EXISTS (SELECT FROM unnest(%(districts)s::text[]) d WHERE position(d IN e.registered_address) > 0) THEN 1
             ELSE 2 END)::int2 AS registered
FROM enterprises e
WHERE e.publishable AND e.withdrawn_at IS NULL AND NOT e.is_individual
  AND EXISTS (SELECT FROM tenancies t JOIN buildings b ON b.id = t.building_id AND b.managed WHERE t.enterprise_id = e.id)
ORDER BY e.id;

-- name: indicator_returns
-- Weekly returns that were due, by building and Monday, and whether they came in time.
SELECT r.building_id AS building, (r.week - date '1970-01-01')::int4 AS week,
       coalesce(r.received_at <= r.due_at, false) AS in_time
FROM public.vacancy_returns r
WHERE r.due_at <= %(known_at)s::timestamptz;

-- name: indicator_offers
-- Published rents for units from when to when, as quoted, those published last at the end.
SELECT u.building_id AS building, u.id AS unit, coalesce(lower(o.valid) - date '1970-01-01', -100000)::int4 AS start,
       coalesce(upper(o.valid) - date '1970-01-01', 1000000)::int4 AS stop,
       coalesce((o.rent_low + o.rent_high) / 2, o.rent_low, o.rent_high)::float8 AS amount,
       coalesce(array_position(%(rent_unit)s::text[], o.rent_unit), 0)::int2 AS per
FROM offers o
JOIN sources os ON os.publishable AND os.id = o.source_id
JOIN offer_units ou ON ou.offer_id = o.id
JOIN public.units u ON u.publishable AND u.id = ou.unit_id
WHERE o.kind <> 'sale' AND o.published_at <= %(known_at)s::timestamptz AND o.withdrawn_at IS NULL
  AND o.known @> %(known_at)s::timestamptz AND NOT isempty(o.valid) AND u.withdrawn_at IS NULL
  AND coalesce(o.rent_low, o.rent_high) IS NOT NULL
ORDER BY o.published_at, o.id;

-- name: indicator_services
-- Followed buildings and the services that are within a walk of so many metres.
SELECT d.building_id AS building, array_position(%(service)s::text[], d.category)::int2 AS service
FROM amenity_distances d
JOIN buildings b ON b.id = d.building_id AND b.managed
WHERE d.category = ANY (%(service)s::text[]) AND d.metres <= %(within_m)s;

-- name: indicator_measured
-- Followed buildings of which any distance has been measured.
SELECT b.id AS building FROM buildings b
WHERE b.managed AND EXISTS (SELECT FROM amenity_distances d WHERE d.building_id = b.id);

-- name: indicator_reports
-- The last word on the units of each building: units, those with a word, the days since, and those of the last week.
SELECT u.building_id AS building, count(*) AS units, count(w.said) AS told,
       coalesce(sum(%(as_of)s::date - w.said), 0)::int8 AS days,
       count(*) FILTER (WHERE w.said > %(as_of)s::date - 7) AS fresh
FROM units u, LATERAL (SELECT least(greatest(u.reported_on, u.verified_on), %(as_of)s::date) AS said) w
WHERE u.publishable AND u.withdrawn_at IS NULL AND u.valid @> %(as_of)s::date
GROUP BY u.building_id
ORDER BY u.building_id;

-- name: indicator_areas
-- Areas with their outlines, the widest first as levels go.
SELECT a.id, a.code, a.level, a.name, a.name_en, a.parent_id, ST_AsBinary(a.geom) AS geom
FROM areas a
WHERE a.publishable AND a.withdrawn_at IS NULL
ORDER BY coalesce(array_position(%(level)s::text[], a.level), 99), a.name, a.id;
