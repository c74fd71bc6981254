-- How an import run meets the tables. Names in braces ({table}, {stage} …) are filled from fixed lists of the model by
-- geo/importers/load.py and undo.py, values are bound or literal numbers of ours.

-- name: import_held
-- Fields that the run must leave alone, row by row: corrected by staff, or set later by another source's file (not for
-- tables where the newest report counts, whoever makes it).
INSERT INTO import_held (row_id, staff, others)
SELECT row_id, array_agg(DISTINCT field) FILTER (WHERE by_staff), array_agg(DISTINCT field) FILTER (WHERE NOT by_staff)
FROM (
    SELECT row_id, field, true AS by_staff FROM field_edits WHERE table_name = %(table)s AND ended_at IS NULL
    UNION ALL
    SELECT c.row_id, f.field, false
    FROM import_changes c
    JOIN import_runs r ON r.id = c.run_id AND r.state <> 'undone' AND r.source_id <> %(source)s
    CROSS JOIN LATERAL jsonb_object_keys(c.after) AS f (field)
    WHERE c.table_name = %(table)s AND c.after IS NOT NULL AND NOT %(newest_counts)s
) held
GROUP BY row_id;

-- name: import_changed
-- Rows that are there already and differ from the file, or come back after they were withdrawn, with their new values.
CREATE TEMP TABLE {changed} ON COMMIT DROP AS
SELECT t.id, h.fields AS held, t.withdrawn_at IS NOT NULL AND NOT 'withdrawn_at' = ANY (h.fields) AS returns,
       {publishable} AS publishable, {values}
FROM {stage} s
JOIN {table} t ON {matches}
LEFT JOIN import_held ih ON ih.row_id = t.id
CROSS JOIN LATERAL (
    SELECT coalesce(ih.staff, '{{}}') || CASE WHEN t.source_id = {source} THEN coalesce(ih.others, '{{}}') ELSE '{{}}' END
) AS h (fields)
WHERE (t.withdrawn_at IS NOT NULL AND NOT 'withdrawn_at' = ANY (h.fields)) OR ({old}) IS DISTINCT FROM ({new});

-- name: import_note_changed
-- Before- and after-images of the rows about to be updated: of each only the fields that differ.
INSERT INTO import_changes (run_id, table_name, row_id, before, after)
SELECT {run}, {name}, i.id,
       (SELECT jsonb_object_agg(key, value) FROM jsonb_each(i.old) WHERE value IS DISTINCT FROM i.new -> key),
       (SELECT jsonb_object_agg(key, value) FROM jsonb_each(i.new) WHERE value IS DISTINCT FROM i.old -> key)
FROM (
    SELECT n.id, jsonb_build_object({old_image}) AS old, jsonb_build_object({new_image}) AS new
    FROM {changed} n JOIN {table} t ON t.id = n.id
) i;

-- name: import_update
-- Give the rows their new values.
UPDATE {table} t
SET {sets}, withdrawn_at = CASE WHEN n.returns THEN NULL ELSE t.withdrawn_at END
FROM {changed} n WHERE t.id = n.id;

-- name: import_kept_values
-- How many values of the file were left alone, by field, and whether it was staff who had set them.
SELECT k.field, k.field = ANY (coalesce(h.staff, '{{}}')) AS by_staff, count(*)
FROM {stage} s
JOIN {table} t ON {matches}
JOIN import_held h ON h.row_id = t.id
CROSS JOIN LATERAL (VALUES {differences}) AS k (field, differs)
WHERE k.differs
  AND (k.field = ANY (coalesce(h.staff, '{{}}'))
       OR (t.source_id = {source} AND k.field = ANY (coalesce(h.others, '{{}}'))))
GROUP BY 1, 2 ORDER BY 1;

-- name: import_note_kept
-- Beside every field that staff corrected, what the file would have set.
UPDATE field_edits e SET file_value = k.value, file_run_id = {run}
FROM {stage} s
JOIN {table} t ON {matches}
JOIN import_held h ON h.row_id = t.id AND h.staff IS NOT NULL
CROSS JOIN LATERAL (VALUES {told}) AS k (field, value)
WHERE e.table_name = {name} AND e.row_id = t.id AND e.field = k.field AND e.ended_at IS NULL;

-- name: import_repeats
-- Staged rows whose key another one has before them: where the first is, and whether they say the same thing.
CREATE TEMP TABLE {repeats} ON COMMIT DROP AS
SELECT r.row_id, r.row_number, r.first, r.source_key, r.n,
       r.source_key LIKE '~%' OR r.content = r.first_content AS again
FROM (
    SELECT s.ctid AS row_id, s.row_number, s.source_key, c.content, first_value(s.row_number) OVER w AS first,
           first_value(c.content) OVER w AS first_content, row_number() OVER w AS n
    FROM {stage} s
    CROSS JOIN LATERAL (SELECT to_jsonb(s) - 'row_number' - 'new_code' AS content) c
    WHERE s.source_key IN (SELECT source_key FROM {stage} GROUP BY source_key HAVING count(*) > 1)
    WINDOW w AS (PARTITION BY s.source_key ORDER BY s.row_number, s.ctid)
) r
WHERE r.n > 1;

-- name: import_repeats_of_added
-- Staged rows whose key a row has that this run has added already: its id, and whether they say the same thing.
CREATE TEMP TABLE {repeats} ON COMMIT DROP AS
SELECT s.ctid AS row_id, s.row_number, t.id AS first, s.source_key,
       1 + row_number() OVER (PARTITION BY s.source_key ORDER BY s.row_number, s.ctid) AS n,
       s.source_key LIKE '~%' OR ({old}) IS NOT DISTINCT FROM ({added}) AS again
FROM {stage} s JOIN {table} t ON t.source_id = {source} AND t.source_key = s.source_key;

-- name: import_drop_repeats
-- Leave out rows that say what another row has said.
DELETE FROM {stage} s USING {repeats} r WHERE s.ctid = r.row_id AND r.again;

-- name: import_rename_repeats
-- Give other rows under a key that is taken a key of their own.
UPDATE {stage} s SET source_key = s.source_key || '#' || r.n FROM {repeats} r WHERE s.ctid = r.row_id AND NOT r.again;

-- name: import_count_new
-- How many staged rows are new to the table.
SELECT count(*) FROM {stage} s
WHERE NOT EXISTS (
    SELECT FROM {table} t WHERE t.source_id = {source} AND t.source_key = s.source_key
);

-- name: import_clashing_codes
-- Staged rows whose random code another row has.
SELECT s.row_number, s.source_key FROM {stage} s
WHERE EXISTS (SELECT FROM {table} t WHERE t.code = s.new_code)
   OR EXISTS (SELECT FROM source_keys k WHERE k.table_name = {name} AND k.code = s.new_code)
   OR s.new_code IN (SELECT new_code FROM {stage} GROUP BY new_code HAVING count(*) > 1);

-- name: import_is_new
-- Whether a source has nothing in a table and never had, so that there is nothing to compare its rows with.
SELECT NOT EXISTS (SELECT FROM {table} WHERE source_id = {source})
   AND NOT EXISTS (SELECT FROM source_keys WHERE source_id = {source} AND table_name = {name});

-- name: import_reserve_ids
-- Draw ids for rows to come; they follow one another unless somebody else draws at the same time.
SELECT min(id), max(id)
FROM (
    SELECT nextval((SELECT pg_get_serial_sequence({name}, 'id')::regclass)) AS id FROM generate_series(1, {count})
) drawn;

-- name: import_codes_taken
-- Which of some codes are given out.
SELECT code FROM {table} WHERE code = ANY (%s)
UNION ALL
SELECT code FROM source_keys WHERE table_name = {name} AND code = ANY (%s);

-- name: import_codes_all
-- Every code that is given out and as long as those that are drawn.
COPY (
    SELECT code FROM {table} WHERE octet_length(code) = {length}
    UNION ALL
    SELECT code FROM source_keys WHERE table_name = {name} AND octet_length(code) = {length}
) TO STDOUT;

-- name: import_note_added
-- Note rows that the run has added, by the first and the last of their ids.
INSERT INTO import_changes (run_id, table_name, row_id, last_row_id) VALUES ({run}, {name}, %s, %s);

-- name: import_add
-- Add the new rows, a code that their source's key had before included, and note them.
WITH added AS (
    INSERT INTO {table} (source_id, source_key, {columns})
    SELECT {source}, s.source_key, {values}
    FROM {stage} s
    LEFT JOIN source_keys k ON k.source_id = {source} AND k.table_name = {name} AND k.key = s.source_key
    WHERE NOT EXISTS (
        SELECT FROM {table} t WHERE t.source_id = {source} AND t.source_key = s.source_key
    )
    RETURNING id
)
INSERT INTO import_changes (run_id, table_name, row_id) SELECT {run}, {name}, id FROM added;

-- name: import_withdraw
-- Withdraw rows and note it.
WITH gone AS (
    UPDATE {table} SET withdrawn_at = clock_timestamp() WHERE id = ANY (%s) AND withdrawn_at IS NULL
    RETURNING id, withdrawn_at
)
INSERT INTO import_changes (run_id, table_name, row_id, before, after)
SELECT {run}, {name}, id, '{{"withdrawn_at": null}}', jsonb_build_object('withdrawn_at', withdrawn_at) FROM gone;

-- name: drawn_squares
-- Buildings of a source that were drawn as squares around points.
SELECT b.id, b.source_key FROM buildings b JOIN building_facts f ON f.building_id = b.id AND f.fact = 'outline'
WHERE b.source_id = %(source)s;

-- name: publish_rows
-- Let rows be public exactly when every source that spoke of them may be.
UPDATE {table} t SET publishable = w.publishable
FROM (
    SELECT t.id, home.publishable AND NOT EXISTS (
        SELECT FROM import_changes c
        JOIN import_runs r ON r.id = c.run_id AND r.state <> 'undone'
        JOIN sources o ON o.id = r.source_id AND NOT o.publishable
        WHERE c.table_name = {name} AND c.row_id = t.id AND c.after ?| {told} AND o.id <> t.source_id
    ) AS publishable
    FROM {table} t JOIN sources home ON home.id = t.source_id
    WHERE t.source_id = {source} OR t.id IN (
        SELECT c.row_id FROM import_changes c JOIN import_runs r ON r.id = c.run_id
        WHERE r.source_id = {source} AND c.table_name = {name} AND c.after IS NOT NULL
    )
) w
WHERE w.id = t.id AND w.publishable <> t.publishable AND NOT EXISTS (
    SELECT FROM field_edits e
    WHERE e.table_name = {name} AND e.row_id = t.id AND e.field = 'publishable' AND e.ended_at IS NULL
);

-- name: known_buildings
-- Buildings that a row of a file can mean by name or address.
SELECT b.id, b.code, b.name, b.name_en, b.aliases, b.address, b.address_en,
       ST_X(p.geom), ST_Y(p.geom)
FROM buildings b, LATERAL (SELECT ST_Centroid(ST_Envelope(b.geom)) AS geom) p
WHERE b.withdrawn_at IS NULL AND (b.name IS NOT NULL OR b.address IS NOT NULL)
ORDER BY b.id;

-- name: buildings_by_code
-- Buildings by their code, or by the id that their source gave them.
SELECT a.code, b.id, b.code, coalesce(b.name, b.address), ST_X(p.geom), ST_Y(p.geom)
FROM unnest(%(codes)s::text[]) AS a (code)
JOIN buildings b ON (b.code = a.code OR b.source_key = a.code) AND b.withdrawn_at IS NULL
CROSS JOIN LATERAL (SELECT ST_Centroid(ST_Envelope(b.geom)) AS geom) p
ORDER BY b.id;

-- name: buildings_around_points
-- The building whose outline holds each point, the smallest where outlines lie in each other; squares that were drawn
-- around points of this source do not count.
SELECT DISTINCT ON (p.n) p.n, b.id, b.code, b.name
FROM staged_points p
JOIN buildings b ON b.geom && p.geom AND ST_Covers(b.geom, p.geom) AND b.withdrawn_at IS NULL
WHERE NOT EXISTS (SELECT FROM building_facts f WHERE f.building_id = b.id AND f.fact = 'outline')
ORDER BY p.n, ST_Area(b.geom), b.id;

-- name: buildings_near_points
-- The building nearest to each point, within so many metres of its outline.
SELECT DISTINCT ON (p.n) p.n, b.id, b.code, b.name
FROM staged_points p
JOIN buildings b ON b.geom && ST_Expand(p.geom, %(metres)s / 50000.0) AND b.withdrawn_at IS NULL
WHERE ST_Distance(b.geom::geography, p.geom::geography) <= %(metres)s
ORDER BY p.n, ST_Distance(b.geom::geography, p.geom::geography), b.id;

-- name: known_amenity_places
-- Where amenities of other sources lie in a box.
SELECT ST_X(geom), ST_Y(geom) FROM amenities
WHERE geom && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326) AND withdrawn_at IS NULL
  AND source_id <> %(source)s
LIMIT 20000;

-- name: known_building_places
-- Where buildings of other sources lie in a box.
SELECT ST_X(p.geom), ST_Y(p.geom) FROM buildings b, LATERAL (SELECT ST_Centroid(ST_Envelope(b.geom)) AS geom) p
WHERE b.geom && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326) AND b.withdrawn_at IS NULL
  AND b.source_id <> %(source)s
LIMIT 20000;

-- name: areas_parent_by_code
-- The area above one, by the official code that the file gives.
UPDATE areas a SET parent_id = p.id FROM areas p
WHERE a.source_id = %(source)s AND a.source_key = %(key)s AND p.official_code = %(code)s AND p.withdrawn_at IS NULL
  AND p.id <> a.id AND a.parent_id IS DISTINCT FROM p.id;

-- name: areas_parent_by_place
-- For areas without one, the smallest area of a wider level that holds their middle.
UPDATE areas a SET parent_id = f.parent
FROM (
    SELECT DISTINCT ON (c.id) c.id, p.id AS parent
    FROM areas c
    JOIN areas p ON p.geom && c.geom AND ST_Covers(p.geom, ST_PointOnSurface(c.geom)) AND p.withdrawn_at IS NULL
    WHERE c.source_id = %(source)s AND c.parent_id IS NULL AND c.withdrawn_at IS NULL
      AND array_position(%(levels)s::text[], p.level) < array_position(%(levels)s::text[], c.level)
    ORDER BY c.id, ST_Area(p.geom)
) f
WHERE f.id = a.id;

-- name: industry_codes_all
-- The codes as they stand.
SELECT code, level, section, parent, name, name_en FROM industry_codes;

-- name: industry_codes_put
-- Add a code or give it new words.
INSERT INTO industry_codes (code, level, section, parent, name, name_en)
VALUES (%(code)s, %(level)s, %(section)s, %(parent)s, %(name)s, %(name_en)s)
ON CONFLICT (code) DO UPDATE SET level = excluded.level, section = excluded.section, parent = excluded.parent,
    name = excluded.name, name_en = excluded.name_en;

-- name: floors_add
-- Add floors and note them.
WITH added AS (
    INSERT INTO floors (building_id, label, position)
    SELECT * FROM unnest(%(buildings)s::bigint[], %(labels)s::text[], %(positions)s::smallint[])
    RETURNING id, building_id, label, position
), noted AS (
    INSERT INTO import_changes (run_id, table_name, row_id) SELECT %(run)s, 'floors', id FROM added
)
SELECT id, building_id, label, position FROM added;

-- name: count_hidden
-- How many buildings a run has taken from the public.
SELECT count(DISTINCT row_id) FROM import_changes
WHERE run_id = %s AND table_name = 'buildings' AND before -> 'publishable' = 'true' AND after -> 'publishable' = 'false';
