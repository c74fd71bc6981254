-- What was so on a day as it was known at an instant: the views of the past (geo/looking_back), and lists that read them.
--
-- `past.as_of()` and `past.known_at()` are the moment, asked for once in a query; OFFSET 0 keeps what is worked out of it
-- from being worked out for every column anew. What is disclosed is decided as of today: an offer withdrawn
-- since and a source no longer public say nothing.

-- name: past_units
-- Units as they stood: the state, the last "no change" up to that day, and the offer that stood for them, as
-- `present_facts` makes the present ones. One of which nothing was held any more is unknown; one of which nothing was
-- known yet, or which was not there yet or no more, has no day on which it stands.
SELECT u.id, u.code, u.building_id,
       CASE WHEN fu.row_id IS NULL THEN u.floor_id ELSE (fu.kept->>'floor_id')::bigint END AS floor_id,
       CASE WHEN fu.row_id IS NULL THEN u.top_floor_id ELSE (fu.kept->>'top_floor_id')::bigint END AS top_floor_id,
       (CASE WHEN fu.row_id IS NULL THEN u.label ELSE fu.kept->>'label' END)::varchar AS label,
       coalesce(s.use, CASE WHEN fu.row_id IS NULL THEN u.use ELSE fu.kept->>'use' END) AS use,
       CASE WHEN CASE
           WHEN s.id IS NOT NULL THEN s.exists
           WHEN EXISTS (SELECT FROM public.unit_states l WHERE l.unit_id = u.id) THEN EXISTS (
               SELECT FROM public.unit_states l
               WHERE l.unit_id = u.id AND lower(l.known) <= (SELECT past.known_at()) AND lower(l.valid) <= (SELECT past.as_of())
           )
           ELSE u.valid @> (SELECT past.as_of()) AND u.recorded_at <= (SELECT past.known_at())
       END THEN daterange(NULL, NULL) ELSE 'empty'::daterange END AS valid,
       coalesce(s.area_m2, u.area_m2) AS area_m2,
       CASE WHEN s.area_m2 IS NULL THEN u.area_basis ELSE s.area_basis END AS area_basis,
       t.occupancy::text AS occupancy, t.public_status,
       CASE WHEN t.asks THEN o.id END AS offer_id,
       (CASE WHEN t.asks THEN coalesce(o.rent_low, o.rent_high) END)::numeric(14, 2) AS rent_amount,
       CASE WHEN t.asks THEN o.rent_unit END AS rent_unit,
       CASE WHEN t.asks THEN past.rent_cny_m2_day(coalesce(o.rent_low, o.rent_high), o.rent_unit, coalesce(s.area_m2, u.area_m2)) END
           AS rent_cny_m2_day,
       CASE WHEN t.asks THEN o.fitout END AS fitout,
       CASE WHEN t.asks THEN date_trunc('month', o.available_on)::date END AS available_on,
       (CASE WHEN t.asks THEN o.min_area_m2 END)::numeric(12, 2) AS min_area_m2,
       greatest(CASE WHEN s.id IS NULL THEN u.reported_on ELSE s.reported_on END, c.confirmed_on) AS reported_on,
       greatest(CASE WHEN s.id IS NULL THEN u.recorded_at ELSE lower(s.known) END, c.recorded_at) AS recorded_at,
       CASE WHEN s.id IS NULL THEN u.verified_on ELSE s.verified_on END AS verified_on,
       CASE WHEN s.id IS NULL THEN u.state_source_id ELSE s.source_id END AS state_source_id,
       u.source_id, u.source_key, u.publishable, u.withdrawn_at
FROM public.units u
LEFT JOIN past.former_units fu ON fu.row_id = u.id
LEFT JOIN public.unit_states s ON s.unit_id = u.id AND s.valid @> (SELECT past.as_of()) AND s.known @> (SELECT past.known_at())
LEFT JOIN public.sources ss ON ss.id = s.source_id
LEFT JOIN LATERAL (
    SELECT max(c.confirmed_on) AS confirmed_on, max(c.recorded_at) AS recorded_at
    FROM public.confirmations c
    JOIN public.sources cs ON cs.publishable AND cs.id = c.source_id
    LEFT JOIN public.withdrawn_confirmations w ON w.confirmation_id = c.id AND w.withdrawn_at <= (SELECT past.known_at())
    WHERE w.confirmation_id IS NULL AND c.unit_id = u.id AND c.confirmed_on <= (SELECT past.as_of())
        AND c.recorded_at <= (SELECT past.known_at()) AND (s.id IS NULL OR s.valid @> c.confirmed_on)
) c ON true
LEFT JOIN LATERAL (
    SELECT o.id, o.rent_low, o.rent_high, o.rent_unit, o.fitout, o.available_on, o.min_area_m2
    FROM public.offers o
    JOIN public.offer_units ou ON ou.offer_id = o.id AND ou.unit_id = u.id
    JOIN public.sources os ON os.publishable AND os.id = o.source_id
    WHERE o.withdrawn_at IS NULL AND o.valid @> (SELECT past.as_of()) AND o.known @> (SELECT past.known_at())
        AND o.published_at <= (SELECT past.known_at())
    ORDER BY o.published_at DESC, o.id DESC LIMIT 1
) o ON true
CROSS JOIN LATERAL (
    SELECT coalesce(s.occupancy, CASE WHEN EXISTS (SELECT FROM public.unit_states l WHERE l.unit_id = u.id)
                                      THEN 'unknown' ELSE u.occupancy END) AS occupancy
    OFFSET 0
) held
CROSS JOIN LATERAL (
    -- Without a source that is public nothing is told.
    SELECT CASE WHEN (ss.publishable AND true) IS NOT FALSE
                THEN past.public_status(held.occupancy, coalesce(s.contract, 'none'), o.id IS NOT NULL, o.available_on)
                ELSE 'unknown' END AS public_status
    OFFSET 0
) told
CROSS JOIN LATERAL (
    SELECT held.occupancy, told.public_status, told.public_status IN ('vacant', 'soon') AS asks
) t;

-- name: past_unit_states
-- What was held of units at the instant.
SELECT s.id, s.unit_id, s.valid, tstzrange(lower(s.known), NULL) AS known, s.exists, s.area_m2, s.area_basis,
       s.area_source, s.use, s.occupancy, s.contract, s.tenant_id, s.rent_amount, s.rent_unit, s.reported_on,
       s.verified_on, s.verification, s.source_id, s.run_id, s.user_id
FROM public.unit_states s
WHERE s.known @> (SELECT past.known_at());

-- name: past_offers
-- Published offers as they were known at the instant.
SELECT o.id, o.code, o.building_id, o.kind, o.title, o.rent_low, o.rent_high, o.rent_unit, o.tax_included,
       o.property_fee_included, o.area_basis, o.min_area_m2, o.fitout, o.available_on, o.rent_free_months,
       o.rent_free_with_fee, o.escalation_pct, o.deposit_months, o.restoration_cny_m2, o.contact_id, o.valid,
       tstzrange(lower(o.known), NULL) AS known, o.published_at, o.withdrawn_at, o.source_id, o.user_id, o.written_by,
       o.recorded_at
FROM public.offers o
WHERE o.known @> (SELECT past.known_at()) AND o.published_at <= (SELECT past.known_at()) AND o.withdrawn_at IS NULL;

-- name: past_tenancies
-- Who was known at the instant to be where.
SELECT t.id, t.enterprise_id, t.building_id, t.unit_id, t.area_m2, t.valid,
       tstzrange(lower(t.known), NULL) AS known, t.lease_end_on, t.room_public, t.source_id
FROM public.tenancies t
WHERE t.known @> (SELECT past.known_at());

-- name: past_unit_lineage
-- Splits and mergers up to the day.
SELECT l.parent_id, l.child_id, l.kind, l.happened_on
FROM public.unit_lineage l
WHERE l.happened_on <= (SELECT past.as_of());

-- name: units_stood
-- Units by their ids, or all of some buildings, as they stood; for who looks back.
SELECT u.id, u.code, u.label, u.building_id, u.floor_id, u.top_floor_id, u.area_m2, u.area_basis, u.min_area_m2, u.public_status, u.rent_amount,
       u.rent_unit, u.rent_cny_m2_day, u.fitout, u.available_on, u.reported_on, u.recorded_at, u.verified_on,
       b.code AS building_code, b.name AS building_name, b.name_en AS building_name_en,
       ST_AsBinary(b.geom) AS building_geom, f.position AS floor_position, f.label AS floor_label,
       ss.name AS source_name
FROM units u
JOIN buildings b ON b.id = u.building_id AND b.publishable AND b.withdrawn_at IS NULL
LEFT JOIN floors f ON f.id = u.floor_id
LEFT JOIN sources ss ON ss.publishable AND ss.id = u.state_source_id
WHERE u.publishable AND u.withdrawn_at IS NULL AND NOT isempty(u.valid)
  AND (%(ids)s::int8[] IS NULL OR u.id = ANY (%(ids)s::int8[]))
  AND (%(buildings)s::text[] IS NULL OR b.code = ANY (%(buildings)s::text[]))
ORDER BY u.label, u.id;

-- name: past_is_there
-- A row if anything was known at the instant of the day.
SELECT true AS there
FROM public.unit_states s
JOIN public.sources ss ON ss.publishable AND ss.id = s.source_id
WHERE s.known @> %(known_at)s::timestamptz AND lower(s.valid) <= %(as_of)s
LIMIT 1;

-- name: past_begins
-- The first instant of which anything is known, whether anything was at this one, and the first day that was told of then.
SELECT min(lower(s.known)) AS first_known, coalesce(bool_or(s.known @> %(known_at)s::timestamptz), false) AS known,
       min(lower(s.valid)) FILTER (WHERE s.known @> %(known_at)s::timestamptz) AS first_day
FROM public.unit_states s
JOIN public.sources ss ON ss.publishable AND ss.id = s.source_id;
