-- Units as they were on a day, as held at an instant.

-- name: units_then
-- A part of queries: which units, states and offers there were. What is disclosed is decided as of today: an offer withdrawn
-- since and a source no longer public say nothing. The last word on a unit is a report, a confirmation ("no change") or a
-- visit up to that day.
FROM unit_states s
JOIN sources ss ON ss.publishable AND ss.id = s.source_id
JOIN units u ON u.id = s.unit_id
JOIN buildings b ON b.id = u.building_id AND b.publishable AND b.withdrawn_at IS NULL
LEFT JOIN floors f ON f.id = u.floor_id
LEFT JOIN LATERAL (
    SELECT max(c.confirmed_on) AS confirmed_on
    FROM confirmations c
    JOIN sources cs ON cs.publishable AND cs.id = c.source_id
    LEFT JOIN withdrawn_confirmations w ON w.confirmation_id = c.id AND w.withdrawn_at <= %(known_at)s
    WHERE w.confirmation_id IS NULL AND c.unit_id = u.id AND c.confirmed_on <= %(as_of)s AND c.recorded_at <= %(known_at)s
        AND s.valid @> c.confirmed_on
) c ON true
LEFT JOIN LATERAL (
    SELECT o.id, o.rent_low, o.rent_unit, o.fitout, o.available_on, o.min_area_m2, o.property_fee_included
    FROM offers o
    JOIN offer_units ou ON ou.offer_id = o.id AND ou.unit_id = u.id
    JOIN sources os ON os.publishable AND os.id = o.source_id
    WHERE o.withdrawn_at IS NULL AND o.valid @> %(as_of)s::date AND o.known @> %(known_at)s::timestamptz
        AND o.published_at <= %(known_at)s
    ORDER BY o.published_at DESC, o.id DESC LIMIT 1
) o ON true
WHERE s.valid @> %(as_of)s::date AND s.known @> %(known_at)s::timestamptz AND s.exists
  AND u.publishable AND u.withdrawn_at IS NULL

-- name: past_units
-- Units by their ids, or all of some buildings.
SELECT u.id, u.code, u.label, u.building_id, u.floor_id, u.top_floor_id, coalesce(s.area_m2, u.area_m2) AS area_m2, u.area_basis, o.min_area_m2,
       s.occupancy AS held, s.contract, o.id IS NOT NULL AS offered, o.rent_low AS rent_amount, o.rent_unit, o.fitout,
       o.available_on, greatest(s.reported_on, c.confirmed_on) AS reported_on, s.verified_on,
       lower(s.known) AS recorded_at, b.code AS building_code, b.name AS building_name,
       b.name_en AS building_name_en, ST_AsBinary(b.geom) AS building_geom, f.position AS floor_position,
       f.label AS floor_label, ss.name AS source_name
-- include: units_then
  AND (%(ids)s::int8[] IS NULL OR u.id = ANY (%(ids)s::int8[]))
  AND (%(buildings)s::text[] IS NULL OR b.code = ANY (%(buildings)s::text[]))
ORDER BY u.label, u.id;

-- name: past_begins
-- The first instant of which anything is known, whether anything was at this one, and the first day that was told of then.
SELECT min(lower(s.known)) AS first_known, coalesce(bool_or(s.known @> %(known_at)s::timestamptz), false) AS known,
       min(lower(s.valid)) FILTER (WHERE s.known @> %(known_at)s::timestamptz) AS first_day
FROM unit_states s
JOIN sources ss ON ss.publishable AND ss.id = s.source_id;
