-- Vector tiles. All of them take the tile in whole pixels of zoom 16 (see geo/model/declarative.py):
-- west, north, east, south with a margin of 64 tile pixels; dx, dy, s turn such pixels into tile pixels.
-- Each gives the layer's version and the tile out of one snapshot, so that the two can never disagree.

-- name: tile_buildings
-- Outlines with heights from zoom 15; the sections of a building instead of its outline where it has them.
WITH shapes AS (
    SELECT b.id, b.ring, coalesce(b.height_m, b.floors_above * 3.3, 9) AS top, b.base_height_m AS base,
           b.managed, b.code, b.name, b.name_en, b.floors_above, b.grade
    FROM buildings b
    WHERE b.ring && ST_MakeEnvelope(%(west)s, %(north)s, %(east)s, %(south)s)
      AND b.publishable AND b.withdrawn_at IS NULL AND NOT b.sectioned
    UNION ALL
    SELECT b.id, p.ring, p.height_m, p.base_height_m, b.managed, b.code, b.name, b.name_en, b.floors_above, b.grade
    FROM sections p JOIN buildings b ON b.id = p.building_id
    WHERE p.ring && ST_MakeEnvelope(%(west)s, %(north)s, %(east)s, %(south)s)
      AND EXISTS (SELECT FROM sources s WHERE s.publishable AND s.id = p.source_id)
      AND p.kind <> 'basement' AND b.sectioned AND b.publishable AND b.withdrawn_at IS NULL
), features AS (
    SELECT id, round(top)::int AS h, nullif(round(base)::int, 0) AS b, CASE WHEN managed THEN 1 END AS m,
           CASE WHEN managed OR name IS NOT NULL THEN code END AS code, name, name_en,
           CASE WHEN managed OR name IS NOT NULL THEN floors_above END AS floors, grade,
           ST_TransScale(ring, %(dx)s, %(dy)s, %(s)s, %(s)s) AS geom
    FROM shapes ORDER BY id, base
)
SELECT (SELECT version FROM layer_versions WHERE layer = 'buildings'),
       (SELECT ST_AsMVT(features, 'buildings', 4096, 'geom', 'id') FROM features);

-- name: tile_buildings_far
-- Zooms 13 and 14: buildings that are followed or named one by one, the city around them as one feature per storey of
-- height, which halves the tile and the work of drawing it; nobody picks a shed from that far. Listed, large and small
-- outlines have an index each: rows that no tile shows are not read, and of the others nothing behind their heights.
WITH shapes AS (
    SELECT b.id, b.ring, coalesce(b.height_m, b.floors_above * 3.3, 9) AS top, b.base_height_m AS base,
           b.managed, b.code, b.name, b.name_en, b.floors_above, b.grade
    FROM buildings b
    WHERE b.ring && ST_MakeEnvelope(%(west)s, %(north)s, %(east)s, %(south)s)
      AND b.publishable AND b.withdrawn_at IS NULL AND NOT b.sectioned AND (b.managed OR b.name IS NOT NULL)
      AND (b.managed OR ST_Area(b.ring) >= %(least_px)s)
    UNION ALL
    SELECT b.id, p.ring, p.height_m, p.base_height_m,
           b.managed, b.code, b.name, b.name_en, b.floors_above, b.grade
    FROM sections p JOIN buildings b ON b.id = p.building_id
    WHERE p.ring && ST_MakeEnvelope(%(west)s, %(north)s, %(east)s, %(south)s)
      AND EXISTS (SELECT FROM sources s WHERE s.publishable AND s.id = p.source_id)
      AND p.kind <> 'basement' AND b.sectioned AND b.publishable AND b.withdrawn_at IS NULL
), crowd AS (
    SELECT ST_AsBinary(b.ring, 'NDR') AS wkb,
           greatest(1, round(coalesce(b.height_m, b.floors_above * 3.3::float8, 9) / 3.3::float8))::int AS storey
    FROM buildings b
    WHERE b.ring && ST_MakeEnvelope(%(west)s, %(north)s, %(east)s, %(south)s)
      AND b.publishable AND b.withdrawn_at IS NULL AND NOT b.sectioned AND NOT b.managed AND b.name IS NULL
      AND ST_Area(b.ring) >= 14000
    UNION ALL
    SELECT ST_AsBinary(b.ring, 'NDR'),
           greatest(1, round(coalesce(b.height_m, b.floors_above * 3.3::float8, 9) / 3.3::float8))::int
    FROM buildings b
    WHERE b.ring && ST_MakeEnvelope(%(west)s, %(north)s, %(east)s, %(south)s)
      AND b.publishable AND b.withdrawn_at IS NULL AND NOT b.sectioned AND NOT b.managed AND b.name IS NULL
      AND ST_Area(b.ring) >= 2000 AND ST_Area(b.ring) < 14000 AND %(zoom)s = 14
), features AS (
    (SELECT id, round(top)::int AS h, nullif(round(base)::int, 0) AS b, CASE WHEN managed THEN 1 END AS m,
            code, name::text, name_en::text, floors_above AS floors, grade::text,  -- ST_AsMVT is slow with varchar
            ST_TransScale(ring, %(dx)s, %(dy)s, %(s)s, %(s)s) AS geom
     FROM shapes ORDER BY id, b, h)
    UNION ALL
    -- The polygons of a storey follow one another in WKB behind the head of a multipolygon (which has the number of them
    -- in its bytes 5 to 8): unlike with ST_Collect they are read once, and PostgreSQL groups them without sorting.
    (SELECT NULL, storey * 10 / 3, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
            ST_TransScale(ST_GeomFromWKB(
                '\x0000000006'::bytea || int4send(sum(get_byte(wkb, 5) + 256 * get_byte(wkb, 6))::int)
                || string_agg(substr(wkb, 10), '')
            ), %(dx)s, %(dy)s, %(s)s, %(s)s)
     FROM crowd GROUP BY storey ORDER BY 2)
)
SELECT (SELECT version FROM layer_versions WHERE layer = 'buildings'),
       (SELECT ST_AsMVT(features, 'buildings', 2048, 'geom', 'id') FROM features);

-- name: tile_building_grid
-- How many buildings stand in each of 64 x 64 cells, for zooms where outlines are smaller than a pixel.
WITH cells AS (
    SELECT morton >> %(shift)s AS cell, count(*)::int AS n, nullif(count(*) FILTER (WHERE managed), 0)::int AS m
    FROM buildings
    WHERE morton >= %(first)s AND morton < %(last)s AND publishable AND withdrawn_at IS NULL
    GROUP BY 1
), features AS (
    -- Every second bit of the cell's Morton code is its column, the others are its row.
    SELECT n, m, ST_Point(
        (((c >> 0) & 1) | ((c >> 1) & 2) | ((c >> 2) & 4) | ((c >> 3) & 8) | ((c >> 4) & 16) | ((c >> 5) & 32)) * 64 + 32,
        (((c >> 1) & 1) | ((c >> 2) & 2) | ((c >> 3) & 4) | ((c >> 4) & 8) | ((c >> 5) & 16) | ((c >> 6) & 32)) * 64 + 32) AS geom
    FROM (SELECT cell & 4095 AS c, n, m FROM cells) numbered ORDER BY c
)
SELECT (SELECT version FROM layer_versions WHERE layer = 'buildings'),
       (SELECT ST_AsMVT(features, 'grid', 4096, 'geom') FROM features);

-- name: tile_ground
-- Water, green, squares, streets, railways and transit lines; the lesser ones only where the zoom can show them.
WITH box AS (
    SELECT ST_MakeEnvelope(%(west)s, %(north)s, %(east)s, %(south)s) AS near,
           ST_MakeBox2D(ST_Point(%(left)s, -%(bottom)s::float8), ST_Point(%(right)s, -%(top)s::float8)) AS frame
), seen AS (
    SELECT g.id, g.kind, g.road_class AS class, g.name, g.name_en, CASE WHEN g.bridge THEN 1 END AS bridge,
           ST_AsMVTGeom(ST_Scale(g.ring, 1, -1), box.frame, 4096, 64, true) AS geom
    FROM ground_features g, box
    WHERE g.ring && box.near AND g.rank <= %(rank)s AND g.kind <> 'barrier' AND g.publishable AND g.withdrawn_at IS NULL
    ORDER BY g.rank DESC, g.id
), areas AS (
    SELECT kind, id, name, name_en, geom FROM seen WHERE kind IN ('water', 'green', 'plaza') AND geom IS NOT NULL
), roads AS (
    SELECT class, name, name_en, bridge, geom FROM seen WHERE kind = 'road' AND geom IS NOT NULL
), rail AS (
    SELECT geom FROM seen WHERE kind = 'rail' AND geom IS NOT NULL
), transit AS (
    SELECT t.id, t.mode, t.name, t.name_en, t.colour,
           ST_AsMVTGeom(ST_Scale(t.ring, 1, -1), box.frame, 4096, 64, true) AS geom
    FROM transit_lines t, box
    WHERE t.ring && box.near AND t.publishable AND t.withdrawn_at IS NULL ORDER BY t.id
)
SELECT (SELECT version FROM layer_versions WHERE layer = 'ground'),
       (SELECT ST_AsMVT(a, 'water', 4096, 'geom') FROM (SELECT name, name_en, geom FROM areas WHERE kind = 'water') a)
    || (SELECT ST_AsMVT(a, 'green', 4096, 'geom') FROM (SELECT name, name_en, geom FROM areas WHERE kind = 'green') a)
    || (SELECT ST_AsMVT(a, 'plaza', 4096, 'geom') FROM (SELECT name, name_en, geom FROM areas WHERE kind = 'plaza') a)
    || (SELECT ST_AsMVT(roads, 'roads', 4096, 'geom') FROM roads)
    || (SELECT ST_AsMVT(rail, 'rail', 4096, 'geom') FROM rail)
    || (SELECT ST_AsMVT(transit, 'transit', 4096, 'geom', 'id') FROM transit WHERE geom IS NOT NULL);

-- name: tile_amenities
-- Amenities as points; below zoom 14 only metro stations, so that a tile stays small.
WITH features AS (
    SELECT id, code, category, name, name_en, ST_TransScale(ring, %(dx)s, %(dy)s, %(s)s, %(s)s) AS geom
    FROM amenities
    WHERE ring && ST_MakeEnvelope(%(west)s, %(north)s, %(east)s, %(south)s)
      AND open AND publishable AND withdrawn_at IS NULL AND (%(zoom)s >= 14 OR category = 'metro')
    ORDER BY id LIMIT 5000
)
SELECT (SELECT version FROM layer_versions WHERE layer = 'amenities'),
       (SELECT ST_AsMVT(features, 'amenities', 4096, 'geom', 'id') FROM features);

-- name: tile_areas
-- Named areas as outlines.
WITH box AS (
    SELECT ST_MakeEnvelope(%(west)s, %(north)s, %(east)s, %(south)s) AS near,
           ST_MakeBox2D(ST_Point(%(left)s, -%(bottom)s::float8), ST_Point(%(right)s, -%(top)s::float8)) AS frame
), features AS (
    SELECT a.id, a.code, a.level, a.name, a.name_en,
           ST_AsMVTGeom(ST_Scale(a.ring, 1, -1), box.frame, 4096, 64, true) AS geom
    FROM areas a, box
    WHERE a.ring && box.near AND a.publishable AND a.withdrawn_at IS NULL ORDER BY a.id
)
SELECT (SELECT version FROM layer_versions WHERE layer = 'areas'),
       (SELECT ST_AsMVT(features, 'areas', 4096, 'geom', 'id') FROM features WHERE geom IS NOT NULL);

-- name: tile_clusters
-- Industry clusters with the figures that make them one.
WITH box AS (
    SELECT ST_MakeEnvelope(%(west)s, %(north)s, %(east)s, %(south)s) AS near,
           ST_MakeBox2D(ST_Point(%(left)s, -%(bottom)s::float8), ST_Point(%(right)s, -%(top)s::float8)) AS frame
), features AS (
    SELECT c.id, c.code, c.industry_group AS "group", c.enterprises AS n, round(c.quotient::numeric, 2)::float8 AS quotient,
           round(c.z::numeric, 1)::float8 AS z, c.computed_on::text AS "on",
           ST_AsMVTGeom(ST_Scale(c.ring, 1, -1), box.frame, 4096, 64, true) AS geom
    FROM clusters c, box
    WHERE c.ring && box.near ORDER BY c.id
)
SELECT (SELECT version FROM layer_versions WHERE layer = 'clusters'),
       (SELECT ST_AsMVT(features, 'clusters', 4096, 'geom', 'id') FROM features WHERE geom IS NOT NULL);

-- name: market_block
-- The boxes of all listed buildings (with their sections) that reach into a piece of the city; before them what tells
-- these outlines from later ones: the version of the layer, and how many of its changes wait for the next version.
WITH listed AS (
    SELECT b.id, b.ring AS shape FROM buildings b
    WHERE b.ring && ST_MakeEnvelope(%(west)s, %(north)s, %(east)s, %(south)s)
      AND (b.managed OR b.name IS NOT NULL) AND b.publishable AND b.withdrawn_at IS NULL
    UNION ALL
    SELECT b.id, p.ring
    FROM sections p JOIN buildings b ON b.id = p.building_id
    WHERE p.ring && ST_MakeEnvelope(%(west)s, %(north)s, %(east)s, %(south)s)
      AND b.sectioned AND b.publishable AND b.withdrawn_at IS NULL
), boxes AS (
    SELECT array_agg(id) AS ids, array_agg(ST_XMin(shape)) AS west, array_agg(ST_YMin(shape)) AS north,
           array_agg(ST_XMax(shape)) AS east, array_agg(ST_YMax(shape)) AS south
    FROM listed
)
SELECT (SELECT version FROM layer_versions WHERE layer = 'buildings'),
       (SELECT count(*) FROM layer_changes WHERE layer = 'buildings'),
       ids, west, north, east, south FROM boxes;

-- name: tile_market
-- Outlines of buildings in which a search found something, drawn as the buildings layer draws them at the same zoom, with
-- what it found. The search comes from the state file whose version is given, the choice of buildings near the tile from
-- `market_block`, whose outlines are the present ones as long as the last two columns are the same.
WITH found AS (
    SELECT * FROM unnest(
        %(ids)s::bigint[], %(shares)s::int[], %(days)s::int[], %(units_found)s::int[], %(areas)s::int[],
        %(rents)s::int[], %(leads)s::int[]
    ) AS f (id, share, day, units, area, rent, lead)
), shapes AS (
    SELECT f.*, b.ring, coalesce(b.height_m, b.floors_above * 3.3, 9) AS top, b.base_height_m AS base,
           b.code, b.name, b.name_en, b.floors_above, b.grade, b.star, b.status
    FROM found f JOIN buildings b ON b.id = f.id AND b.id = ANY (%(ids)s::bigint[])  -- said twice for the view of the past
    -- IS TRUE keeps the planner to the few buildings found, away from the index of all outlines.
    WHERE (b.ring && ST_MakeEnvelope(%(west)s, %(north)s, %(east)s, %(south)s)) IS TRUE
      AND b.publishable AND b.withdrawn_at IS NULL AND NOT b.sectioned
      AND (b.managed OR ST_Area(b.ring) >= %(least_px)s)
    UNION ALL
    SELECT f.*, p.ring, p.height_m, p.base_height_m,
           b.code, b.name, b.name_en, b.floors_above, b.grade, b.star, b.status
    FROM found f JOIN buildings b ON b.id = f.id AND b.id = ANY (%(ids)s::bigint[]) JOIN sections p ON p.building_id = b.id
    WHERE (p.ring && ST_MakeEnvelope(%(west)s, %(north)s, %(east)s, %(south)s)) IS TRUE
      AND EXISTS (SELECT FROM sources s WHERE s.publishable AND s.id = p.source_id)
      AND p.kind <> 'basement' AND b.sectioned AND b.publishable AND b.withdrawn_at IS NULL
), features AS (
    SELECT id, round(top)::int AS h, nullif(round(base)::int, 0) AS b, code, name, name_en, floors_above AS floors,
           grade, star, status, (%(words)s::text[])[lead] AS lead, nullif(share, -1) / 10.0::float8 AS s,
           nullif(day, 0) AS d, units AS u, area AS a, nullif(rent, -1) / 100.0::float8 AS r,
           ST_TransScale(ring, %(dx)s, %(dy)s, %(s)s, %(s)s) AS geom
    FROM shapes ORDER BY id, base
)
SELECT (SELECT version FROM layer_versions WHERE layer = 'state'),
       (SELECT ST_AsMVT(features, 'market', %(units)s::int, 'geom', 'id') FROM features),
       (SELECT version FROM layer_versions WHERE layer = 'buildings'),
       (SELECT count(*) FROM layer_changes WHERE layer = 'buildings');

-- name: building_cells
-- How many buildings stand in each of the finest cells of the grid, cell by cell.
SELECT (SELECT version FROM layer_versions WHERE layer = 'buildings'),
       array_agg(cell ORDER BY cell), array_agg(n ORDER BY cell), array_agg(m ORDER BY cell)
FROM (
    SELECT morton >> %(shift)s AS cell, count(*) AS n, count(*) FILTER (WHERE managed) AS m
    FROM buildings
    WHERE publishable AND withdrawn_at IS NULL AND morton IS NOT NULL
    GROUP BY 1
) cells;

-- name: tile_building_cells
-- The same tile as `tile_building_grid`, of cells that have been added up already.
WITH features AS (
    SELECT n::int AS n, nullif(m, 0)::int AS m, ST_Point(
        (((c >> 0) & 1) | ((c >> 1) & 2) | ((c >> 2) & 4) | ((c >> 3) & 8) | ((c >> 4) & 16) | ((c >> 5) & 32)) * 64 + 32,
        (((c >> 1) & 1) | ((c >> 2) & 2) | ((c >> 3) & 4) | ((c >> 4) & 8) | ((c >> 5) & 16) | ((c >> 6) & 32)) * 64 + 32) AS geom
    FROM unnest(%(cells)s::bigint[], %(counts)s::bigint[], %(managed)s::bigint[]) AS f (c, n, m)
)
SELECT (SELECT version FROM layer_versions WHERE layer = 'buildings'),
       (SELECT ST_AsMVT(features, 'grid', 4096, 'geom') FROM features);

-- name: tile_market_grid
-- How many buildings and units a search found in each of 64 x 64 cells, and their area, as counted in the state file.
WITH features AS (
    SELECT n, u, a, ST_Point(x, y) AS geom
    FROM unnest(%(xs)s::int[], %(ys)s::int[], %(counts)s::int[], %(units_found)s::int[], %(areas)s::int[])
         AS f (x, y, n, u, a)
)
SELECT (SELECT version FROM layer_versions WHERE layer = 'state'),
       (SELECT ST_AsMVT(features, 'grid', 4096, 'geom') FROM features);
