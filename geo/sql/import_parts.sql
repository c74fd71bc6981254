-- What imports say of parts of buildings and of their facts; set-based over staged rows.

-- name: facts_resolve
-- Which building each staged fact belongs to.
UPDATE staged_facts s SET building_id = b.id FROM buildings b
WHERE s.building_id IS NULL AND b.source_id = %(source)s AND b.source_key = s.source_key;

-- name: facts_kept
-- Facts that staff corrected: what the file would have set, and how many differ from it.
WITH said AS (
    UPDATE field_edits e SET file_value = to_jsonb(CASE e.field WHEN 'value' THEN s.value ELSE s.unit END),
           file_run_id = %(run)s
    FROM staged_facts s
    JOIN building_facts f ON f.building_id = s.building_id AND f.fact = s.fact AND f.source_id = %(source)s
    WHERE e.table_name = 'building_facts' AND e.row_id = f.id AND e.field IN ('value', 'unit') AND e.ended_at IS NULL
    RETURNING CASE e.field WHEN 'value' THEN f.value IS DISTINCT FROM s.value ELSE f.unit IS DISTINCT FROM s.unit END
                  AS differs
)
SELECT count(*) FROM said WHERE differs;

-- name: facts_update
-- Facts that the source states otherwise than before, but for those that staff corrected.
WITH changed AS (
    SELECT DISTINCT ON (f.id) f.id, s.value, s.unit, f.value AS old_value, f.unit AS old_unit
    FROM staged_facts s
    JOIN building_facts f ON f.building_id = s.building_id AND f.fact = s.fact AND f.source_id = %(source)s
    WHERE (f.value, f.unit) IS DISTINCT FROM (s.value, s.unit) AND NOT EXISTS (
        SELECT FROM field_edits e
        WHERE e.table_name = 'building_facts' AND e.row_id = f.id AND e.field IN ('value', 'unit')
          AND e.ended_at IS NULL
    )
    ORDER BY f.id
), noted AS (
    INSERT INTO import_changes (run_id, table_name, row_id, before, after)
    SELECT %(run)s, 'building_facts', id, jsonb_build_object('value', old_value, 'unit', old_unit),
           jsonb_build_object('value', value, 'unit', unit)
    FROM changed
)
UPDATE building_facts f SET value = c.value, unit = c.unit FROM changed c WHERE c.id = f.id;

-- name: facts_add
-- Facts that the source has not stated before.
WITH added AS (
    INSERT INTO building_facts (building_id, fact, value, unit, dated_on, source_id, publishable)
    SELECT DISTINCT ON (s.building_id, s.fact) s.building_id, s.fact, s.value, s.unit, %(dated_on)s, %(source)s,
           %(publishable)s
    FROM staged_facts s
    WHERE s.building_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM building_facts f
        WHERE f.building_id = s.building_id AND f.fact = s.fact AND f.source_id = %(source)s
    )
    ORDER BY s.building_id, s.fact
    RETURNING id
)
INSERT INTO import_changes (run_id, table_name, row_id) SELECT %(run)s, 'building_facts', id FROM added;

-- name: sections_by_key
-- The building that a part names as its own.
UPDATE staged_sections s SET building_id = b.id FROM buildings b
WHERE b.source_id = %(source)s AND b.source_key = s.part_of AND b.withdrawn_at IS NULL;

-- name: sections_by_place
-- For other parts the building of the same source they lie in, the smallest where outlines lie in each other.
UPDATE staged_sections s SET building_id = f.id
FROM (
    SELECT DISTINCT ON (p.row_number, p.source_key) p.row_number, p.source_key, b.id
    FROM (SELECT row_number, source_key, ST_PointOnSurface(geom) AS geom FROM staged_sections WHERE building_id IS NULL) p
    JOIN buildings b ON b.geom && p.geom AND ST_Covers(b.geom, p.geom)
    WHERE b.source_id = %(source)s AND b.withdrawn_at IS NULL
    ORDER BY p.row_number, p.source_key, ST_Area(b.geom), b.id
) f
WHERE f.row_number = s.row_number AND f.source_key = s.source_key AND s.building_id IS NULL;

-- name: sections_alone
-- Parts of no building are left out.
DELETE FROM staged_sections WHERE building_id IS NULL;

-- name: sections_kept
-- Of parts that staff corrected: what the file would have set, and how many values differ from it.
WITH said AS (
    SELECT e.id, to_jsonb(n) -> e.field AS value, to_jsonb(o) -> e.field IS DISTINCT FROM to_jsonb(n) -> e.field AS differs
    FROM staged_sections i
    JOIN sections s ON s.source_id = %(source)s AND s.source_key = i.source_key
    JOIN field_edits e ON e.table_name = 'sections' AND e.row_id = s.id AND e.ended_at IS NULL
    CROSS JOIN LATERAL (
        SELECT i.name, ST_Multi(i.geom)::text AS geom, i.base_height_m, i.height_m, i.floor_from, i.floor_to
    ) n
    CROSS JOIN LATERAL (
        SELECT s.name, s.geom::text AS geom, s.base_height_m, s.height_m, s.floor_from, s.floor_to
    ) o
    WHERE to_jsonb(n) ? e.field
), noted AS (
    UPDATE field_edits e SET file_value = said.value, file_run_id = %(run)s FROM said WHERE said.id = e.id
)
SELECT count(*) FROM said WHERE differs;

-- name: sections_hold
-- Let the file say of fields that staff corrected what stands there.
UPDATE staged_sections n
SET name = CASE WHEN 'name' = ANY (h.fields) THEN h.name ELSE n.name END,
    geom = CASE WHEN 'geom' = ANY (h.fields) THEN h.geom ELSE n.geom END,
    base_height_m = CASE WHEN 'base_height_m' = ANY (h.fields) THEN h.base_height_m ELSE n.base_height_m END,
    height_m = CASE WHEN 'height_m' = ANY (h.fields) THEN h.height_m ELSE n.height_m END,
    floor_from = CASE WHEN 'floor_from' = ANY (h.fields) THEN h.floor_from ELSE n.floor_from END,
    floor_to = CASE WHEN 'floor_to' = ANY (h.fields) THEN h.floor_to ELSE n.floor_to END
FROM (
    SELECT s.*, array_agg(e.field) OVER (PARTITION BY s.id) AS fields
    FROM sections s
    JOIN field_edits e ON e.table_name = 'sections' AND e.row_id = s.id AND e.ended_at IS NULL
    WHERE s.source_id = %(source)s
) h
WHERE h.source_key = n.source_key;

-- name: sections_update
-- Parts that the source draws otherwise than before.
WITH changed AS (
    SELECT s.id, n.*, jsonb_build_object('building_id', s.building_id, 'name', s.name, 'geom', s.geom::text,
               'base_height_m', s.base_height_m, 'height_m', s.height_m, 'floor_from', s.floor_from,
               'floor_to', s.floor_to) AS before
    FROM sections s JOIN staged_sections n ON s.source_id = %(source)s AND s.source_key = n.source_key
    WHERE (s.building_id, s.name, s.geom, s.base_height_m, s.height_m, s.floor_from::int, s.floor_to::int)
          IS DISTINCT FROM (n.building_id, n.name, ST_Multi(n.geom), n.base_height_m, n.height_m, n.floor_from, n.floor_to)
), noted AS (
    INSERT INTO import_changes (run_id, table_name, row_id, before, after)
    SELECT %(run)s, 'sections', id, before, jsonb_build_object('building_id', building_id, 'name', name,
               'geom', ST_Multi(geom)::text, 'base_height_m', base_height_m, 'height_m', height_m,
               'floor_from', floor_from, 'floor_to', floor_to)
    FROM changed
)
UPDATE sections s
SET building_id = c.building_id, name = c.name, geom = ST_Multi(c.geom), base_height_m = c.base_height_m,
    height_m = c.height_m, floor_from = c.floor_from, floor_to = c.floor_to
FROM changed c WHERE c.id = s.id;

-- name: sections_add
-- Parts that are new.
WITH added AS (
    INSERT INTO sections (building_id, kind, name, geom, base_height_m, height_m, floor_from, floor_to, source_id,
                          source_key)
    SELECT DISTINCT ON (n.source_key) n.building_id, 'part', n.name, ST_Multi(n.geom), n.base_height_m, n.height_m,
           n.floor_from, n.floor_to, %(source)s, n.source_key
    FROM staged_sections n
    WHERE NOT EXISTS (SELECT FROM sections s WHERE s.source_id = %(source)s AND s.source_key = n.source_key)
    ORDER BY n.source_key
    RETURNING id
)
INSERT INTO import_changes (run_id, table_name, row_id) SELECT %(run)s, 'sections', id FROM added;

-- name: sections_mark_buildings
-- Draw a building as its parts when they cover at least seven tenths of it.
WITH covered AS (
    SELECT b.id, ST_Area(ST_Intersection(b.geom, ST_Union(s.geom))) >= 0.7 * ST_Area(b.geom) AS mostly
    FROM buildings b JOIN sections s ON s.building_id = b.id
    WHERE b.id IN (SELECT building_id FROM staged_sections)
    GROUP BY b.id
), changed AS (
    SELECT c.id, c.mostly FROM covered c JOIN buildings b ON b.id = c.id WHERE b.sectioned <> c.mostly
), noted AS (
    INSERT INTO import_changes (run_id, table_name, row_id, before, after)
    SELECT %(run)s, 'buildings', id, jsonb_build_object('sectioned', NOT mostly),
           jsonb_build_object('sectioned', mostly)
    FROM changed
)
UPDATE buildings b SET sectioned = c.mostly FROM changed c WHERE c.id = b.id;
