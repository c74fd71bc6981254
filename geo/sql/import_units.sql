-- The history and the offers of imported units; all set-based over staged rows.

-- name: follow_buildings
-- Buildings with units are followed floor by floor.
WITH changed AS (
    UPDATE buildings SET managed = true WHERE id = ANY (%(buildings)s) AND NOT managed RETURNING id, source_id
)
INSERT INTO import_changes (run_id, table_name, row_id, before, after)
SELECT %(run)s, 'buildings', id, '{"managed": false}', '{"managed": true}' FROM changed;

-- name: units_known
-- Units that a file may speak of: whether a person said last what they are, and whether staff split, merged or ended them.
SELECT u.id, u.source_id, u.source_key, u.building_id, u.floor_id, u.label, u.reported_on,
       EXISTS (
           SELECT FROM unit_states s
           WHERE s.unit_id = u.id AND upper_inf(s.known) AND s.valid @> %(today)s::date AND s.user_id IS NOT NULL
       ),
       EXISTS (
           SELECT FROM field_edits e
           WHERE e.table_name = 'units' AND e.row_id = u.id AND e.field = 'exists' AND e.ended_at IS NULL
             AND e.after = 'false'
       )
FROM units u
WHERE (u.building_id = ANY (%(buildings)s) AND u.withdrawn_at IS NULL)
   OR (u.source_id = %(source)s AND u.source_key = ANY (%(keys)s));

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
-- instant from which the new knowledge counts, above everything it replaces. What the file has no column for, and what
-- staff corrected, stays.
CREATE TEMP TABLE changed_states ON COMMIT DROP AS
SELECT c.*, c.held_id IS NOT NULL AND c.held_exists
            AND (c.held_occupancy, c.held_contract, c.held_area_m2, c.held_area_basis, c.held_use, c.held_tenant_id)
                IS NOT DISTINCT FROM
                (c.new_occupancy, c.new_contract, c.new_area_m2, c.new_area_basis, c.new_use, c.new_tenant_id) AS same,
       (SELECT min(lower(l.valid)) FROM unit_states l
        WHERE l.unit_id = c.unit_id AND upper_inf(l.known) AND lower(l.valid) > c.day) AS next_day
FROM (
    SELECT n.unit_id, n.day, n.stated, n.tenant_id, n.reported_on, h.id AS held_id, h.valid AS held_valid,
           h.exists AS held_exists, h.occupancy AS held_occupancy, h.contract AS held_contract,
           h.area_m2 AS held_area_m2, h.area_basis AS held_area_basis, h.use AS held_use,
           h.tenant_id AS held_tenant_id,
           coalesce(n.occupancy, h.occupancy, 'unknown') AS new_occupancy,
           coalesce(n.contract, h.contract, 'none') AS new_contract,
           CASE WHEN e.area THEN coalesce(h.area_m2, u.area_m2) ELSE coalesce(n.area_m2, h.area_m2, u.area_m2) END
               AS new_area_m2,
           CASE WHEN e.area OR n.area_m2 IS NULL THEN coalesce(h.area_basis, u.area_basis) ELSE n.area_basis END
               AS new_area_basis,
           CASE WHEN e.use OR n.use IS NULL THEN coalesce(h.use, u.use) ELSE n.use END AS new_use,
           CASE WHEN n.tenant_id IS NULL AND n.occupancy IS NOT DISTINCT FROM h.occupancy THEN h.tenant_id
                ELSE n.tenant_id END AS new_tenant_id,
           greatest(clock_timestamp(), lower(h.known) + interval '1 microsecond') AS known_from
    FROM staged_states n
    JOIN units u ON u.id = n.unit_id
    LEFT JOIN unit_states h ON h.unit_id = n.unit_id AND upper_inf(h.known) AND h.valid @> n.day
    CROSS JOIN LATERAL (
        SELECT coalesce(bool_or(e.field IN ('area_m2', 'area_basis')), false) AS area,
               coalesce(bool_or(e.field = 'use'), false) AS use
        FROM field_edits e WHERE e.table_name = 'units' AND e.row_id = n.unit_id AND e.ended_at IS NULL
    ) e
) c;

-- name: states_confirm
-- "No change", where the row has a date.
INSERT INTO confirmations (unit_id, confirmed_on, source_id, run_id)
SELECT c.unit_id, c.day, %(source)s, %(run)s FROM changed_states c
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
           tstzrange(coalesce(c.known_from, clock_timestamp()), NULL), c.new_area_m2, c.new_area_basis,
           c.new_use, c.new_occupancy, c.new_contract, c.new_tenant_id, c.reported_on, %(source)s, %(run)s
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
    available_on date, day date, tax_included boolean, property_fee_included boolean, rent_free_months smallint,
    rent_free_with_fee boolean, escalation_pct double precision, deposit_months smallint,
    restoration_cny_m2 numeric(10, 2), held_id bigint, held_from date, published_at timestamptz, same boolean,
    offer_id bigint
) ON COMMIT DROP;

-- name: offers_compare
-- The offer of this source's files that stands for each unit, and whether it is the very same. Its code stays with new
-- terms where it covers this unit alone; terms of which the file has no column stay.
UPDATE staged_offers n
SET held_id = o.id, held_from = o.held_from, published_at = o.published_at, tax_included = o.tax_included,
    property_fee_included = o.property_fee_included, rent_free_months = o.rent_free_months,
    rent_free_with_fee = o.rent_free_with_fee, escalation_pct = o.escalation_pct, deposit_months = o.deposit_months,
    restoration_cny_m2 = o.restoration_cny_m2, code = CASE WHEN o.units = 1 THEN o.code ELSE n.code END,
    same = n.offered AND o.same_terms
           AND (o.rent_low, o.rent_high, o.rent_unit, o.min_area_m2, o.fitout, o.available_on) IS NOT DISTINCT FROM
               (n.rent_low, coalesce(n.rent_high, n.rent_low), n.rent_unit, n.min_area_m2, n.fitout, n.available_on)
FROM (
    SELECT s.unit_id, o.id, lower(o.valid) AS held_from, o.published_at, o.code, o.rent_low, o.rent_high, o.rent_unit,
           o.min_area_m2, o.fitout, o.available_on, t.*,
           (SELECT count(*) FROM offer_units m WHERE m.offer_id = o.id) AS units,
           (o.tax_included, o.property_fee_included, o.rent_free_months, o.rent_free_with_fee, o.escalation_pct,
            o.deposit_months, o.restoration_cny_m2) IS NOT DISTINCT FROM
           (t.tax_included, t.property_fee_included, t.rent_free_months, t.rent_free_with_fee, t.escalation_pct,
            t.deposit_months, t.restoration_cny_m2) AS same_terms
    FROM staged_offers s
    JOIN offer_units ou ON ou.unit_id = s.unit_id
    JOIN offers o ON o.id = ou.offer_id
    CROSS JOIN LATERAL (
        SELECT CASE WHEN 'tax_included' = ANY (%(given)s::text[]) THEN s.tax_included ELSE o.tax_included END AS tax_included,
               CASE WHEN 'property_fee_included' = ANY (%(given)s::text[]) THEN s.property_fee_included ELSE o.property_fee_included END AS property_fee_included,
               CASE WHEN 'rent_free_months' = ANY (%(given)s::text[]) THEN s.rent_free_months ELSE o.rent_free_months END AS rent_free_months,
               CASE WHEN 'rent_free_with_fee' = ANY (%(given)s::text[]) THEN s.rent_free_with_fee ELSE o.rent_free_with_fee END AS rent_free_with_fee,
               CASE WHEN 'escalation_pct' = ANY (%(given)s::text[]) THEN s.escalation_pct ELSE o.escalation_pct END AS escalation_pct,
               CASE WHEN 'deposit_months' = ANY (%(given)s::text[]) THEN s.deposit_months ELSE o.deposit_months END AS deposit_months,
               CASE WHEN 'restoration_cny_m2' = ANY (%(given)s::text[]) THEN s.restoration_cny_m2 ELSE o.restoration_cny_m2 END AS restoration_cny_m2
    ) t
    WHERE o.source_id = %(source)s AND o.user_id IS NULL AND o.withdrawn_at IS NULL AND upper_inf(o.known)
      AND upper_inf(o.valid)
) o
WHERE o.unit_id = n.unit_id;

-- name: offers_close
-- Versions whose unit is no longer on the market, or whose terms have changed, are held no longer.
WITH closed AS (
    UPDATE offers o
    SET known = tstzrange(lower(o.known), greatest(clock_timestamp(), lower(o.known) + interval '1 microsecond'))
    WHERE o.id IN (SELECT held_id FROM staged_offers WHERE NOT same)
    RETURNING o.id
)
INSERT INTO import_changes (run_id, table_name, row_id, before, after)
SELECT %(run)s, 'offers', id, '{"known": "open"}', '{"known": "closed"}' FROM closed;

-- name: offers_before
-- Until the day they stand as they stood, with all their units.
WITH ended AS (
    SELECT held_id, min(day) AS day FROM staged_offers WHERE NOT same GROUP BY held_id
), added AS (
    INSERT INTO offers (code, building_id, kind, title, rent_low, rent_high, rent_unit, tax_included,
                        property_fee_included, area_basis, min_area_m2, fitout, available_on, rent_free_months,
                        rent_free_with_fee, escalation_pct, deposit_months, restoration_cny_m2, contact_id, valid,
                        published_at, source_id)
    SELECT o.code, o.building_id, o.kind, o.title, o.rent_low, o.rent_high, o.rent_unit, o.tax_included,
           o.property_fee_included, o.area_basis, o.min_area_m2, o.fitout, o.available_on, o.rent_free_months,
           o.rent_free_with_fee, o.escalation_pct, o.deposit_months, o.restoration_cny_m2, o.contact_id,
           daterange(lower(o.valid), e.day), o.published_at, o.source_id
    FROM ended e JOIN offers o ON o.id = e.held_id
    WHERE lower(o.valid) IS NULL OR lower(o.valid) < e.day
    RETURNING id, code
), covered AS (
    INSERT INTO offer_units (offer_id, unit_id)
    SELECT DISTINCT a.id, ou.unit_id
    FROM added a
    JOIN offers o ON o.code = a.code AND o.id IN (SELECT held_id FROM ended)
    JOIN offer_units ou ON ou.offer_id = o.id
)
INSERT INTO import_changes (run_id, table_name, row_id) SELECT %(run)s, 'offers', id FROM added;

-- name: offers_add
-- New offers and new terms, published as of now where there was no offer before.
WITH added AS (
    INSERT INTO offers (code, building_id, rent_low, rent_high, rent_unit, area_basis, min_area_m2, fitout,
                        available_on, tax_included, property_fee_included, rent_free_months, rent_free_with_fee,
                        escalation_pct, deposit_months, restoration_cny_m2, valid, published_at, source_id)
    SELECT code, building_id, rent_low, coalesce(rent_high, rent_low), rent_unit, area_basis, min_area_m2, fitout,
           available_on, tax_included, property_fee_included, rent_free_months, rent_free_with_fee,
           escalation_pct, deposit_months, restoration_cny_m2, daterange(greatest(day, held_from), NULL), coalesce(published_at, clock_timestamp()),
           %(source)s
    FROM staged_offers WHERE offered AND NOT coalesce(same, false)
    RETURNING id, code
), noted AS (
    INSERT INTO import_changes (run_id, table_name, row_id) SELECT %(run)s, 'offers', id FROM added
), covered AS (
    INSERT INTO offer_units (offer_id, unit_id)
    SELECT a.id, n.unit_id FROM added a JOIN staged_offers n ON n.code = a.code AND n.offered
)
UPDATE staged_offers n SET offer_id = a.id FROM added a WHERE a.code = n.code AND n.offered;

-- name: offers_point
-- Units point to the offer that stands for them.
WITH wanted AS (
    SELECT unit_id, CASE WHEN same THEN held_id ELSE offer_id END AS offer_id
    FROM staged_offers WHERE offered OR held_id IS NOT NULL
), changed AS (
    SELECT w.*, u.offer_id AS old FROM wanted w JOIN units u ON u.id = w.unit_id
    WHERE u.offer_id IS DISTINCT FROM w.offer_id
), noted AS (
    INSERT INTO import_changes (run_id, table_name, row_id, before, after)
    SELECT %(run)s, 'units', unit_id, jsonb_build_object('offer_id', old), jsonb_build_object('offer_id', offer_id)
    FROM changed
)
UPDATE units u SET offer_id = c.offer_id FROM changed c WHERE c.unit_id = u.id;

-- name: offers_of_others
-- Units of the file for which somebody else's offer stands as well: which of them counts is not the file's to say.
SELECT DISTINCT n.unit_id
FROM staged_offers n
JOIN offer_units ou ON ou.unit_id = n.unit_id
JOIN offers o ON o.id = ou.offer_id
WHERE (o.source_id <> %(source)s OR o.user_id IS NOT NULL) AND o.published_at IS NOT NULL AND o.withdrawn_at IS NULL
  AND upper_inf(o.known) AND o.valid @> %(today)s::date;
