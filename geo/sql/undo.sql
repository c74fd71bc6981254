-- Taking an import run back. Names in braces are filled by geo/importers/undo.py from the tables of the model.

-- name: undo_rows_added
-- The ids of the rows that the run added.
SELECT generate_series(row_id, coalesce(last_row_id, row_id)) AS row_id
FROM import_changes WHERE run_id = {run} AND table_name = {name} AND before IS NULL;

-- name: undo_codes
-- Remember which code a source's key had before its row is withdrawn, so that the code never comes to mean another thing.
INSERT INTO source_keys (source_id, table_name, key, code)
SELECT t.source_id, {name}, t.source_key, t.code
FROM {table} t JOIN ({added}) c ON c.row_id = t.id
WHERE t.source_key IS NOT NULL
ON CONFLICT (source_id, table_name, key) DO NOTHING;

-- name: undo_added
-- Withdraw what the run added, except rows that a later run has changed since: those are vouched for by that run.
UPDATE {table} t SET withdrawn_at = clock_timestamp()
FROM ({added}) c
WHERE c.row_id = t.id AND t.withdrawn_at IS NULL
  AND NOT EXISTS (
      SELECT FROM import_changes l JOIN import_runs r ON r.id = l.run_id AND r.state <> 'undone'
      WHERE l.table_name = {name} AND l.row_id = t.id AND l.run_id > {run}
  );

-- name: undo_added_kept
-- How many rows that the run added stay, since a later run has changed them.
SELECT count(*) FROM {table} t JOIN ({added}) c ON c.row_id = t.id WHERE t.withdrawn_at IS NULL;

-- name: undo_fields
-- Every field that the run overwrote: what it was, and whether it still is what the run made of it.
CREATE TEMP TABLE {undone} ON COMMIT DROP AS
WITH added AS ({added}), images AS (
    SELECT c.row_id, f.key,
           (array_agg(f.value ORDER BY c.id))[1] AS before, (array_agg(c.after -> f.key ORDER BY c.id DESC))[1] AS after
    FROM import_changes c CROSS JOIN LATERAL jsonb_each(c.before) AS f (key, value)
    WHERE c.run_id = {run} AND c.table_name = {name} AND c.before IS NOT NULL
      AND c.row_id NOT IN (SELECT row_id FROM added)
    GROUP BY c.row_id, f.key
)
SELECT i.row_id, i.key, i.before, (to_jsonb(t) {geometries}) -> i.key IS NOT DISTINCT FROM i.after AS untouched
FROM images i JOIN {table} t ON t.id = i.row_id;

-- name: undo_restore
-- Give fields that nobody has changed since the value they had before the run.
UPDATE {table} t SET {sets}
FROM (
    SELECT u.row_id, jsonb_populate_record(n, u.fields) AS was
    FROM (SELECT row_id, jsonb_object_agg(key, before) AS fields FROM {undone} WHERE untouched GROUP BY row_id) u
    JOIN {table} n ON n.id = u.row_id
) r
WHERE r.row_id = t.id;

-- name: undo_purge
-- Delete rows of a table that is part of another thing, where nothing else has come to depend on them.
DELETE FROM {table} t USING ({added}) c WHERE c.row_id = t.id AND {free};

-- name: undo_states_close
-- The run's states are known no longer.
UPDATE unit_states SET known = tstzrange(lower(known), greatest(clock_timestamp(), lower(known) + interval '1 microsecond'))
WHERE run_id = %(run)s AND upper_inf(known);

-- name: undo_states_reopen
-- What was held before the run is held again, as new knowledge; not where somebody has said something since.
INSERT INTO unit_states (unit_id, valid, known, exists, area_m2, area_basis, area_source, use, occupancy, contract,
                         tenant_id, rent_amount, rent_unit, reported_on, verified_on, verification, source_id, user_id)
SELECT s.unit_id, s.valid, tstzrange(clock_timestamp(), NULL), s.exists, s.area_m2, s.area_basis, s.area_source, s.use,
       s.occupancy, s.contract, s.tenant_id, s.rent_amount, s.rent_unit, s.reported_on, s.verified_on, s.verification,
       s.source_id, s.user_id
FROM unit_states s
JOIN import_changes c ON c.run_id = %(run)s AND c.table_name = 'unit_states' AND c.row_id = s.id AND c.before IS NOT NULL
WHERE NOT EXISTS (
    SELECT FROM unit_states n WHERE n.unit_id = s.unit_id AND upper_inf(n.known) AND n.valid && s.valid
);

-- name: undo_tenancies
-- The run's tenancies are known no longer.
UPDATE tenancies t
SET known = tstzrange(lower(t.known), greatest(clock_timestamp(), lower(t.known) + interval '1 microsecond'))
FROM import_changes c
WHERE c.run_id = %(run)s AND c.table_name = 'tenancies' AND c.before IS NULL AND c.row_id = t.id AND upper_inf(t.known);

-- name: undo_tenancies_reopen
-- Tenancies that the run closed are known again, where nobody has said since where the enterprise is.
INSERT INTO tenancies (enterprise_id, building_id, unit_id, area_m2, valid, lease_end_on, room_public, source_id)
SELECT t.enterprise_id, t.building_id, t.unit_id, t.area_m2, t.valid, t.lease_end_on, t.room_public, t.source_id
FROM tenancies t
JOIN import_changes c ON c.run_id = %(run)s AND c.table_name = 'tenancies' AND c.row_id = t.id AND c.before IS NOT NULL
WHERE NOT EXISTS (
    SELECT FROM tenancies n WHERE n.enterprise_id = t.enterprise_id AND n.source_id = t.source_id AND upper_inf(n.known)
);

-- name: undo_offers
-- The run's versions of offers are known no longer.
UPDATE offers o
SET known = tstzrange(lower(o.known), greatest(clock_timestamp(), lower(o.known) + interval '1 microsecond'))
FROM import_changes c
WHERE c.run_id = %(run)s AND c.table_name = 'offers' AND c.before IS NULL AND c.row_id = o.id AND upper_inf(o.known);

-- name: undo_offers_reopen
-- Versions that the run closed are held again, as new knowledge, where nobody has said something of the offer since.
WITH closed AS (
    SELECT o.* FROM offers o
    JOIN import_changes c ON c.run_id = %(run)s AND c.table_name = 'offers' AND c.row_id = o.id AND c.before IS NOT NULL
    WHERE NOT EXISTS (SELECT FROM offers n WHERE n.code = o.code AND upper_inf(n.known) AND n.valid && o.valid)
), added AS (
    INSERT INTO offers (code, building_id, kind, title, rent_low, rent_high, rent_unit, tax_included,
                        property_fee_included, area_basis, min_area_m2, fitout, available_on, rent_free_months,
                        rent_free_with_fee, escalation_pct, deposit_months, restoration_cny_m2, contact_id, valid,
                        published_at, withdrawn_at, source_id, user_id, written_by)
    SELECT code, building_id, kind, title, rent_low, rent_high, rent_unit, tax_included, property_fee_included,
           area_basis, min_area_m2, fitout, available_on, rent_free_months, rent_free_with_fee, escalation_pct,
           deposit_months, restoration_cny_m2, contact_id, valid, published_at, withdrawn_at, source_id, user_id,
           written_by
    FROM closed
    RETURNING id, code
)
INSERT INTO offer_units (offer_id, unit_id)
SELECT a.id, ou.unit_id FROM added a JOIN closed c ON c.code = a.code JOIN offer_units ou ON ou.offer_id = c.id;

-- name: undo_units_touched
-- Units whose state or offer the run touched.
SELECT s.unit_id FROM unit_states s JOIN import_changes c ON c.row_id = s.id
WHERE c.run_id = %(run)s AND c.table_name = 'unit_states'
UNION
SELECT ou.unit_id FROM offer_units ou JOIN import_changes c ON c.row_id = ou.offer_id
WHERE c.run_id = %(run)s AND c.table_name = 'offers'
UNION
SELECT unit_id FROM confirmations WHERE run_id = %(run)s
ORDER BY unit_id;
