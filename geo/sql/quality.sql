-- How much is known of listed buildings, how old it is, and what contradicts itself. Rows of fixed width without nulls,
-- so that they can be read as arrays: no number is 0, no day is -1. `ids` limits all of it to some buildings; NULL is
-- every one. Columns that say whether something is told are called as the fields of `data/taxonomies/quality.toml`.

-- name: quality_buildings
-- Every listed building: where it stands, how large it is, and which of its own fields are told.
SELECT b.id, b.source_id AS source, b.managed, ST_X(p.point) AS lon, ST_Y(p.point) AS lat,
       coalesce(b.leasable_area_m2, 0)::float4 AS leasable_m2, coalesce(b.gross_area_m2, 0)::float4 AS gross_m2,
       coalesce(b.floors_above, 0)::int2 AS storeys, coalesce(b.height_m, 0)::float4 AS tall_m,
       NOT ST_IsEmpty(b.geom) AS outline, b.height_m IS NOT NULL AS height_m,
       b.floors_above IS NOT NULL AS floors_above, b.floors_below IS NOT NULL AS floors_below,
       b.entrance IS NOT NULL AS entrance, b.name IS NOT NULL AS name, b.name_en IS NOT NULL AS name_en,
       b.address IS NOT NULL AS address, b.gross_area_m2 IS NOT NULL AS gross_area_m2,
       b.leasable_area_m2 IS NOT NULL AS leasable_area_m2,
       b.typical_floor_area_m2 IS NOT NULL AS typical_floor_area_m2, b.completed_year IS NOT NULL AS completed_year,
       b.grade IS NOT NULL AS grade, b.star IS NOT NULL OR b.themes <> '{}' AS star_theme,
       b.property_fee_cny_m2_month IS NOT NULL AS property_fee_cny_m2_month,
       b.parking_spaces IS NOT NULL AS parking_spaces, b.lifts IS NOT NULL AS lifts
FROM buildings b, LATERAL (SELECT coalesce(ST_PointOnSurface(b.geom), ST_Point(0, 0, 4326)) AS point) p
WHERE b.publishable AND b.withdrawn_at IS NULL AND (b.managed OR b.name IS NOT NULL)
  AND (%(ids)s::bigint[] IS NULL OR b.id = ANY(%(ids)s::bigint[]))
ORDER BY b.id;

-- name: quality_floors
-- Floors, what of them is told, and the number that a label above ground is.
SELECT f.id, f.building_id AS building, coalesce(f.section_id, 0) AS section, f.position,
       coalesce(f.area_m2, 0)::float4 AS area_m2,
       f.use NOT IN ('plant', 'refuge', 'parking', 'lobby', 'amenity', 'storage') AS to_let,
       f.area_m2 IS NOT NULL AS floor_area, f.storey_height_m IS NOT NULL OR f.clear_height_m IS NOT NULL AS floor_height,
       f.clear_height_m IS NOT NULL AS clear_height, f.load_kn_m2 IS NOT NULL AS floor_load,
       CASE WHEN f.position > 0 AND f.label ~ '^[0-9]{1,3}F?$' THEN rtrim(f.label, 'F')::int2 ELSE 0::int2 END AS number
FROM floors f
WHERE %(ids)s::bigint[] IS NULL OR f.building_id = ANY(%(ids)s::bigint[]);

-- name: quality_units
-- Units that stand on the day: what of them is told, and how many days ago somebody last said a word on them.
SELECT u.building_id AS building, CASE WHEN u.top_floor_id IS NULL THEN coalesce(u.floor_id, 0) ELSE 0 END AS floor,
       coalesce(u.area_m2, 0)::float4 AS area_m2,
       CASE WHEN u.reported_on IS NULL AND u.verified_on IS NULL THEN -1
            ELSE greatest(%(today)s::date - greatest(u.reported_on, u.verified_on), 0) END::int4 AS days,
       u.public_status IN ('vacant', 'soon') AS market, u.public_status = 'in_use' AS let,
       u.area_m2 IS NOT NULL AS unit_area, u.floor_id IS NOT NULL AS unit_floor,
       u.public_status <> 'unknown' AS vacancy_state, u.offer_id IS NOT NULL AS offer,
       u.rent_cny_m2_day IS NOT NULL AS offer_rent, u.fitout IS NOT NULL AS offer_fitout
FROM units u
WHERE u.publishable AND u.withdrawn_at IS NULL AND u.valid @> %(today)s::date
  AND (%(ids)s::bigint[] IS NULL OR u.building_id = ANY(%(ids)s::bigint[]));

-- name: quality_facts
-- What is told of a building beside its columns: the number of the fact among `facts` (0 is another one), how old its
-- newest word is, and whether the newest words of its sources differ.
SELECT l.building_id AS building, coalesce(array_position(%(facts)s::text[], l.fact), 0)::int2 AS fact,
       CASE WHEN max(l.dated_on) IS NULL THEN -1 ELSE greatest(%(today)s::date - max(l.dated_on), 0) END::int4 AS days,
       count(DISTINCT l.value) > 1 AS disagree
FROM (
    SELECT DISTINCT ON (f.building_id, f.fact, f.source_id) f.building_id, f.fact, f.dated_on, f.value
    FROM building_facts f JOIN sources s ON s.publishable AND s.id = f.source_id
    WHERE f.publishable AND (%(ids)s::bigint[] IS NULL OR f.building_id = ANY(%(ids)s::bigint[]))
    ORDER BY f.building_id, f.fact, f.source_id, f.dated_on DESC NULLS LAST, f.id DESC
) l
GROUP BY l.building_id, l.fact;

-- name: quality_contacts
-- Buildings of which somebody can be reached who agreed to it.
SELECT DISTINCT r.building_id AS building
FROM party_roles r
JOIN parties p ON p.id = r.party_id AND p.contact_consent
JOIN sources s ON s.publishable AND s.id = p.source_id
WHERE r.valid @> %(today)s::date AND (p.business_phone IS NOT NULL OR p.business_email IS NOT NULL)
  AND (%(ids)s::bigint[] IS NULL OR r.building_id = ANY(%(ids)s::bigint[]));

-- name: quality_photos
-- Buildings with a photo of themselves.
SELECT DISTINCT p.building_id AS building
FROM pictures p
WHERE p.kind = 'photo' AND p.floor_id IS NULL AND p.unit_id IS NULL
  AND (%(ids)s::bigint[] IS NULL OR p.building_id = ANY(%(ids)s::bigint[]));

-- name: quality_source_days
-- How old each source is.
SELECT s.id AS source,
       CASE WHEN s.dated_on IS NULL THEN -1 ELSE greatest(%(today)s::date - s.dated_on, 0) END::int4 AS days
FROM sources s
WHERE s.publishable AND s.id > 0;

-- name: quality_tenants
-- For staff: how many units of a building have a tenant on the day.
SELECT t.building_id AS building, count(DISTINCT t.unit_id)::int4 AS units
FROM tenancies t
WHERE t.unit_id IS NOT NULL AND t.valid @> %(today)s::date AND upper_inf(t.known)
  AND (%(ids)s::bigint[] IS NULL OR t.building_id = ANY(%(ids)s::bigint[]))
GROUP BY t.building_id;

-- name: quality_edits
-- For staff: columns of buildings that somebody corrected: the number of the column among `columns`, and how long ago.
SELECT e.row_id AS building, array_position(%(columns)s::text[], e.field)::int2 AS field,
       greatest(%(today)s::date - (e.edited_at AT TIME ZONE %(zone)s)::date, 0)::int4 AS days
FROM field_edits e
WHERE e.table_name = 'buildings' AND e.ended_at IS NULL AND e.field = ANY(%(columns)s::text[])
  AND (%(ids)s::bigint[] IS NULL OR e.row_id = ANY(%(ids)s::bigint[]));

-- name: quality_disputes
-- For staff, what people or files say against each other: the building, the number of the reason among `reasons`, the
-- area concerned (0: that of the building) and for how many days.
SELECT d.building, array_position(%(reasons)s::text[], d.reason)::int2 AS reason,
       coalesce(d.area_m2, 0)::float4 AS area_m2, greatest(d.days, 0)::int4 AS days
FROM (
    SELECT i.building_id AS building, 'report' AS reason, u.area_m2, %(today)s::date - (i.created_at AT TIME ZONE %(zone)s)::date AS days
    FROM inquiries i LEFT JOIN units u ON u.id = i.unit_id
    WHERE i.kind = 'error' AND i.state = 'waiting'
    UNION ALL
    SELECT u.building_id, 'contradicted', u.area_m2, %(today)s::date - c.checked_on
    FROM spot_checks c JOIN units u ON u.id = c.unit_id
    WHERE NOT c.as_reported AND c.checked_on > %(today)s::date - %(checked)s
    UNION ALL
    SELECT r.building_id, 'doubt', (SELECT sum(u.area_m2) FROM units u WHERE u.id = ANY(d.unit_ids)),
           %(today)s::date - (r.received_at AT TIME ZONE %(zone)s)::date
    FROM return_doubts d JOIN vacancy_returns r ON r.id = d.return_id
    WHERE d.settled_at IS NULL AND r.state = 'received'
    UNION ALL
    SELECT r.building_id, 'late', NULL, %(today)s::date - (min(r.due_at) AT TIME ZONE %(zone)s)::date
    FROM vacancy_returns r
    WHERE r.state IN ('open', 'rejected') AND r.due_at < now() AND (r.due_at AT TIME ZONE %(zone)s)::date > %(today)s::date - %(late)s
    GROUP BY r.building_id
    UNION ALL
    SELECT coalesce(u.building_id, f.building_id, e.row_id), 'disagree', u.area_m2, %(today)s::date - (e.edited_at AT TIME ZONE %(zone)s)::date
    FROM field_edits e
    LEFT JOIN units u ON e.table_name = 'units' AND u.id = e.row_id
    LEFT JOIN floors f ON e.table_name = 'floors' AND f.id = e.row_id
    WHERE e.ended_at IS NULL AND e.table_name IN ('buildings', 'floors', 'units')
      AND e.file_value IS NOT NULL AND e.file_value <> e.after
) d
WHERE d.building IS NOT NULL AND (%(ids)s::bigint[] IS NULL OR d.building = ANY(%(ids)s::bigint[]));

-- name: quality_sources
-- What each source supplies: buildings, facts, units' states and offers, and its newest word.
WITH told AS (
    SELECT b.source_id, 'buildings' AS kind, count(*) AS rows, NULL::date AS newest_on
    FROM buildings b
    WHERE b.publishable AND b.withdrawn_at IS NULL AND (b.managed OR b.name IS NOT NULL)
      AND (%(ids)s::bigint[] IS NULL OR b.id = ANY(%(ids)s::bigint[]))
    GROUP BY b.source_id
    UNION ALL
    SELECT f.source_id, 'facts', count(*), max(f.dated_on)
    FROM building_facts f
    WHERE f.publishable AND (%(ids)s::bigint[] IS NULL OR f.building_id = ANY(%(ids)s::bigint[]))
    GROUP BY f.source_id
    UNION ALL
    SELECT coalesce(u.state_source_id, u.source_id), 'units', count(*), max(greatest(u.reported_on, u.verified_on))
    FROM units u
    WHERE u.publishable AND u.withdrawn_at IS NULL AND u.valid @> %(today)s::date
      AND (%(ids)s::bigint[] IS NULL OR u.building_id = ANY(%(ids)s::bigint[]))
    GROUP BY 1
    UNION ALL
    SELECT o.source_id, 'offers', count(*), (max(o.published_at) AT TIME ZONE %(zone)s)::date
    FROM offers o
    WHERE o.published_at IS NOT NULL AND o.withdrawn_at IS NULL AND upper_inf(o.known) AND o.valid @> %(today)s::date
      AND (%(ids)s::bigint[] IS NULL OR o.building_id = ANY(%(ids)s::bigint[]))
    GROUP BY o.source_id
)
SELECT s.id, s.name, s.name_en, s.licence, s.attribution, s.attribution_en, s.dated_on, s.url, s.publishable, s.invented,
       max(t.newest_on) AS newest_on, coalesce(sum(t.rows) FILTER (WHERE t.kind = 'buildings'), 0)::int AS buildings,
       coalesce(sum(t.rows) FILTER (WHERE t.kind = 'facts'), 0)::int AS facts,
       coalesce(sum(t.rows) FILTER (WHERE t.kind = 'units'), 0)::int AS units,
       coalesce(sum(t.rows) FILTER (WHERE t.kind = 'offers'), 0)::int AS offers
FROM told t JOIN sources s ON s.id = t.source_id
WHERE s.publishable AND s.id > 0
GROUP BY s.id
ORDER BY buildings DESC, units DESC, s.name;
