-- The present state of units, made of what is held now of a day.

-- name: present_facts
-- What is held of units on a day: the state, the last "no change" since it began, and the offer that stands for them.
-- Of a public unit only what a publishable source says is told to the public. A unit of which nothing is held any more
-- is unknown; one of which nothing ever was is what its own row says.
SELECT u.id, u.valid, coalesce(s.exists, true) AS exists, s.valid AS held_valid,
       coalesce(s.occupancy, CASE WHEN h.once THEN 'unknown' ELSE u.occupancy END) AS occupancy,
       coalesce(s.contract, 'none') AS contract,
       coalesce(ss.publishable, true) OR NOT u.publishable AS told, coalesce(s.area_m2, u.area_m2) AS area_m2,
       CASE WHEN s.area_m2 IS NULL THEN u.area_basis ELSE s.area_basis END AS area_basis,
       coalesce(s.use, u.use) AS use,
       greatest(CASE WHEN h.once THEN s.reported_on ELSE u.reported_on END, c.confirmed_on) AS reported_on,
       greatest(CASE WHEN s.id IS NULL THEN u.recorded_at ELSE lower(s.known) END, c.recorded_at) AS recorded_at,
       CASE WHEN h.once THEN s.verified_on ELSE u.verified_on END AS verified_on,
       CASE WHEN s.id IS NULL THEN u.state_source_id ELSE s.source_id END AS state_source_id,
       o.id AS offer_id, coalesce(o.rent_low, o.rent_high) AS rent_amount, o.rent_unit, o.fitout,
       date_trunc('month', o.available_on)::date AS available_on, o.min_area_m2
FROM units u
LEFT JOIN unit_states s ON s.unit_id = u.id AND upper_inf(s.known) AND s.valid @> %(today)s::date
LEFT JOIN sources ss ON ss.id = s.source_id
CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM unit_states l WHERE l.unit_id = u.id) AS once) h
LEFT JOIN LATERAL (
    SELECT max(c.confirmed_on) AS confirmed_on, max(c.recorded_at) AS recorded_at
    FROM confirmations c
    LEFT JOIN import_runs r ON r.id = c.run_id
    LEFT JOIN withdrawn_confirmations w ON w.confirmation_id = c.id
    WHERE c.unit_id = u.id AND r.state IS DISTINCT FROM 'undone' AND w.confirmation_id IS NULL
      AND c.confirmed_on <= %(today)s AND (s.id IS NULL OR s.valid @> c.confirmed_on)
) c ON true
LEFT JOIN LATERAL (
    SELECT o.* FROM offers o
    JOIN offer_units ou ON ou.offer_id = o.id AND ou.unit_id = u.id
    JOIN sources os ON os.id = o.source_id AND (os.publishable OR NOT u.publishable)
    WHERE o.published_at IS NOT NULL AND o.withdrawn_at IS NULL AND upper_inf(o.known) AND o.valid @> %(today)s::date
    ORDER BY o.published_at DESC, o.id DESC LIMIT 1
) o ON true
WHERE u.id = ANY (%(units)s)
ORDER BY u.id;

-- name: present_write
-- Give units their present state where it is another; gives which were.
UPDATE units u
SET valid = n.valid, occupancy = n.occupancy, public_status = n.public_status, area_m2 = n.area_m2,
    area_basis = n.area_basis, use = n.use, offer_id = n.offer_id, rent_amount = n.rent_amount,
    rent_unit = n.rent_unit, rent_cny_m2_day = n.rent_cny_m2_day, fitout = n.fitout, available_on = n.available_on,
    min_area_m2 = n.min_area_m2, reported_on = n.reported_on, verified_on = n.verified_on,
    state_source_id = n.state_source_id, recorded_at = n.recorded_at
FROM jsonb_to_recordset(%(rows)s) AS n (
    id bigint, valid daterange, occupancy text, public_status text, area_m2 numeric, area_basis text, use text,
    offer_id bigint, rent_amount numeric, rent_unit text, rent_cny_m2_day float8, fitout text, available_on date,
    min_area_m2 numeric, reported_on date, verified_on date, state_source_id bigint, recorded_at timestamptz
)
WHERE u.id = n.id
  AND (u.valid, u.occupancy, u.public_status, u.area_m2, u.area_basis, u.use, u.offer_id, u.rent_amount, u.rent_unit,
       u.rent_cny_m2_day, u.fitout, u.available_on, u.min_area_m2, u.reported_on, u.verified_on, u.state_source_id)
      IS DISTINCT FROM
      (n.valid, n.occupancy, n.public_status, n.area_m2, n.area_basis, n.use, n.offer_id, n.rent_amount, n.rent_unit,
       n.rent_cny_m2_day, n.fitout, n.available_on, n.min_area_m2, n.reported_on, n.verified_on, n.state_source_id)
RETURNING u.id;

-- name: present_due
-- Units whose state or offer begins or ends on one of the last days, so that what they are may have changed by itself.
SELECT s.unit_id FROM unit_states s
WHERE upper_inf(s.known) AND lower(s.valid) BETWEEN %(since)s AND %(today)s
UNION
SELECT ou.unit_id FROM offers o JOIN offer_units ou ON ou.offer_id = o.id
WHERE upper_inf(o.known) AND (lower(o.valid) BETWEEN %(since)s AND %(today)s
                              OR upper(o.valid) BETWEEN %(since)s AND %(today)s);
