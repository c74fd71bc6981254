-- The history and the offers of imported units; all set-based over staged rows.

-- name: follow_buildings
-- Buildings with units are followed floor by floor.
WITH changed AS (
    UPDATE buildings SET managed = true WHERE id = ANY (%(buildings)s) AND NOT managed RETURNING id, source_id
)
INSERT INTO import_changes (run_id, table_name, row_id, before, after)
SELECT %(run)s, 'buildings', id, '{"managed": false}', '{"managed": true}' FROM changed;

-- name: states_stage
-- What the file says of each unit on a day; no occupancy where it says none.
CREATE TEMP TABLE staged_states (
    unit_id bigint PRIMARY KEY, row_number bigint, day date, stated boolean, area_m2 numeric(12, 2), area_basis text,
    use text, occupancy text, contract text, tenant_id bigint, reported_on date
) ON COMMIT DROP;

-- name: states_hold
-- What staff corrected of a unit stays so in its history, whatever the file says.
UPDATE staged_states s
SET area_m2 = CASE WHEN 'area_m2' = ANY (h.fields) THEN u.area_m2 ELSE s.area_m2 END,
    area_basis = CASE WHEN 'area_basis' = ANY (h.fields) THEN u.area_basis ELSE s.area_basis END,
    use = CASE WHEN 'use' = ANY (h.fields) THEN u.use ELSE s.use END
FROM units u
JOIN (
    SELECT row_id, array_agg(field) AS fields FROM field_edits
    WHERE table_name = 'units' AND ended_at IS NULL AND field IN ('area_m2', 'area_basis', 'use')
    GROUP BY row_id
) h ON h.row_id = u.id
WHERE u.id = s.unit_id;

-- name: states_lock
-- Nobody else writes the history of these units until the run is over.
SELECT count(*) FROM (
    SELECT 1 FROM units WHERE id IN (SELECT unit_id FROM staged_states) ORDER BY id FOR UPDATE
) locked;

-- name: states_compare
-- Beside what the file says what is held now of the day: the same, something else, or nothing. `known_from` is the
-- instant from which the new knowledge counts, above everything it replaces.
CREATE TEMP TABLE changed_states ON COMMIT DROP AS
SELECT n.*, h.id AS held_id, h.valid AS held_valid,
       coalesce(n.occupancy, h.occupancy, 'unknown') AS new_occupancy,
       coalesce(n.contract, h.contract, 'none') AS new_contract,
       coalesce(n.area_m2, h.area_m2) AS new_area_m2,
       h.id IS NOT NULL AND h.exists
           AND h.occupancy = coalesce(n.occupancy, h.occupancy) AND h.contract = coalesce(n.contract, h.contract)
           AND h.area_m2 IS NOT DISTINCT FROM coalesce(n.area_m2, h.area_m2) AND h.use = n.use
           AND h.tenant_id IS NOT DISTINCT FROM coalesce(n.tenant_id, h.tenant_id) AS same,
       greatest(clock_timestamp(), lower(h.known) + interval '1 microsecond') AS known_from,
       (SELECT min(lower(l.valid)) FROM unit_states l
        WHERE l.unit_id = n.unit_id AND upper_inf(l.known) AND lower(l.valid) > n.day) AS next_day
FROM staged_states n
LEFT JOIN unit_states h ON h.unit_id = n.unit_id AND upper_inf(h.known) AND h.valid @> n.day;

-- name: states_confirm
-- "No change", where the row has a date.
INSERT INTO confirmations (unit_id, confirmed_on, source_id)
SELECT c.unit_id, c.day, %(source)s FROM changed_states c
WHERE c.same AND c.stated AND c.day > lower(c.held_valid) AND NOT EXISTS (
    SELECT FROM confirmations o WHERE o.unit_id = c.unit_id AND o.confirmed_on = c.day AND o.source_id = %(source)s
);

-- name: states_close
-- What the file contradicts is known no longer.
WITH closed AS (
    UPDATE unit_states s SET known = tstzrange(lower(s.known), c.known_from)
    FROM changed_states c WHERE c.held_id = s.id AND NOT c.same
    RETURNING s.id
)
INSERT INTO import_changes (run_id, table_name, row_id, before, after)
SELECT %(run)s, 'unit_states', id, '{"known": "open"}', '{"known": "closed"}' FROM closed;

-- name: states_add
-- The stretch before the day stays as it was, as new knowledge; from the day on the file's word holds, until what is
-- held of a later day.
WITH before AS (
    INSERT INTO unit_states (unit_id, valid, known, exists, area_m2, area_basis, area_source, use, occupancy, contract,
                             tenant_id, rent_amount, rent_unit, reported_on, verified_on, verification, source_id,
                             run_id)
    SELECT s.unit_id, daterange(lower(s.valid), c.day), tstzrange(c.known_from, NULL), s.exists, s.area_m2,
           s.area_basis, s.area_source, s.use, s.occupancy, s.contract, s.tenant_id, s.rent_amount, s.rent_unit,
           s.reported_on, s.verified_on, s.verification, s.source_id, %(run)s
    FROM changed_states c JOIN unit_states s ON s.id = c.held_id
    WHERE NOT c.same AND (lower_inf(s.valid) OR lower(s.valid) < c.day)
    RETURNING id
), after AS (
    INSERT INTO unit_states (unit_id, valid, known, area_m2, area_basis, use, occupancy, contract, tenant_id,
                             reported_on, source_id, run_id)
    SELECT c.unit_id, daterange(c.day, coalesce(upper(c.held_valid), c.next_day)),
           tstzrange(coalesce(c.known_from, clock_timestamp()), NULL), c.new_area_m2, c.area_basis, c.use,
           c.new_occupancy, c.new_contract, c.tenant_id, c.reported_on, %(source)s, %(run)s
    FROM changed_states c WHERE NOT c.same
    RETURNING id
)
INSERT INTO import_changes (run_id, table_name, row_id)
SELECT %(run)s, 'unit_states', id FROM before UNION ALL SELECT %(run)s, 'unit_states', id FROM after;

-- name: offers_stage
-- What the file offers of each unit; `offered` is false where the unit is not on the market.
CREATE TEMP TABLE staged_offers (
    unit_id bigint PRIMARY KEY, building_id bigint, code text, offered boolean, rent_low numeric(14, 2),
    rent_high numeric(14, 2), rent_unit text, area_basis text, min_area_m2 numeric(12, 2), fitout text,
    available_on date, day date, held_id bigint, same boolean
) ON COMMIT DROP;

-- name: offers_compare
-- The offer of this source that stands for each unit, and whether it is the very same.
UPDATE staged_offers n
SET held_id = o.id,
    same = n.offered AND (o.rent_low, o.rent_high, o.rent_unit, o.min_area_m2, o.fitout, o.available_on)
           IS NOT DISTINCT FROM (n.rent_low, n.rent_high, n.rent_unit, n.min_area_m2, n.fitout, n.available_on)
FROM offer_units ou JOIN offers o ON o.id = ou.offer_id
WHERE ou.unit_id = n.unit_id AND o.source_id = %(source)s AND o.withdrawn_at IS NULL;

-- name: offers_withdraw
-- Offers whose unit is no longer on the market, or whose terms have changed.
WITH gone AS (
    UPDATE offers o SET withdrawn_at = clock_timestamp()
    FROM staged_offers n WHERE n.held_id = o.id AND NOT n.same
    RETURNING o.id, o.withdrawn_at
)
INSERT INTO import_changes (run_id, table_name, row_id, before, after)
SELECT %(run)s, 'offers', id, '{"withdrawn_at": null}', jsonb_build_object('withdrawn_at', withdrawn_at) FROM gone;

-- name: offers_add
-- New offers, published as of now.
WITH added AS (
    INSERT INTO offers (code, building_id, rent_low, rent_high, rent_unit, area_basis, min_area_m2, fitout,
                        available_on, valid, published_at, source_id)
    SELECT code, building_id, rent_low, coalesce(rent_high, rent_low), rent_unit, area_basis, min_area_m2, fitout,
           available_on, daterange(day, NULL), clock_timestamp(), %(source)s
    FROM staged_offers WHERE offered AND NOT coalesce(same, false)
    RETURNING id
)
INSERT INTO import_changes (run_id, table_name, row_id) SELECT %(run)s, 'offers', id FROM added;

-- name: offers_units
-- Which unit each new offer covers.
INSERT INTO offer_units (offer_id, unit_id)
SELECT o.id, n.unit_id FROM staged_offers n JOIN offers o ON o.code = n.code;

-- name: offers_point
-- Units point to the offer that stands for them.
WITH wanted AS (
    SELECT n.unit_id, CASE WHEN n.same THEN n.held_id ELSE (SELECT id FROM offers WHERE code = n.code) END AS offer_id
    FROM staged_offers n WHERE n.offered OR n.held_id IS NOT NULL
), changed AS (
    SELECT w.*, u.offer_id AS old FROM wanted w JOIN units u ON u.id = w.unit_id
    WHERE u.offer_id IS DISTINCT FROM w.offer_id
), noted AS (
    INSERT INTO import_changes (run_id, table_name, row_id, before, after)
    SELECT %(run)s, 'units', unit_id, jsonb_build_object('offer_id', old), jsonb_build_object('offer_id', offer_id)
    FROM changed
)
UPDATE units u SET offer_id = c.offer_id FROM changed c WHERE c.unit_id = u.id;
