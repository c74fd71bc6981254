-- Where the map is and whose data it shows.

-- name: shown_sources
-- For every public source with something on the map: its box, by layer.
WITH placed AS (
    SELECT 'buildings' AS layer, source_id, geom FROM buildings WHERE publishable AND withdrawn_at IS NULL
    UNION ALL
    SELECT 'ground', source_id, geom FROM ground_features WHERE publishable AND withdrawn_at IS NULL
    UNION ALL
    SELECT 'transit', source_id, geom FROM transit_lines WHERE publishable AND withdrawn_at IS NULL
    UNION ALL
    SELECT 'amenities', source_id, geom FROM amenities WHERE publishable AND withdrawn_at IS NULL
    UNION ALL
    SELECT 'areas', source_id, geom FROM areas WHERE publishable AND withdrawn_at IS NULL
), boxes AS (
    SELECT layer, source_id, ST_Extent(geom) AS box FROM placed GROUP BY 1, 2
)
SELECT b.layer, s.name, s.name_en, s.attribution, s.attribution_en, s.licence, s.url, s.invented,
       ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box)
FROM boxes b JOIN sources s ON s.publishable AND s.id = b.source_id
ORDER BY s.id, b.layer;

-- name: heart
-- The middle of the buildings that people come for: managed ones, or named ones, or all of them; real before invented.
WITH kinds AS (
    SELECT DISTINCT s.invented, b.managed, b.name IS NULL AS nameless
    FROM buildings b JOIN sources s ON s.id = b.source_id
    WHERE b.publishable AND b.withdrawn_at IS NULL
), chosen AS (
    SELECT * FROM kinds ORDER BY invented, managed DESC, nameless LIMIT 1
), best AS (
    SELECT ST_Centroid(ST_Envelope(b.geom)) AS at
    FROM buildings b
    WHERE b.publishable AND b.withdrawn_at IS NULL
      AND b.managed = (SELECT managed FROM chosen) AND (b.name IS NULL) = (SELECT nameless FROM chosen)
      AND b.source_id = ANY (ARRAY(SELECT s.id FROM sources s JOIN chosen USING (invented)))
)
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY ST_X(at)), percentile_cont(0.5) WITHIN GROUP (ORDER BY ST_Y(at)),
       percentile_cont(0.9) WITHIN GROUP (ORDER BY ST_X(at)) - percentile_cont(0.1) WITHIN GROUP (ORDER BY ST_X(at)),
       percentile_cont(0.9) WITHIN GROUP (ORDER BY ST_Y(at)) - percentile_cont(0.1) WITHIN GROUP (ORDER BY ST_Y(at))
FROM best;

-- name: names_shown
-- Every public name on the map, for folding traditional characters in the browser and for writing them there.
SELECT string_agg(DISTINCT name, '') FROM (
    SELECT name FROM buildings WHERE publishable AND withdrawn_at IS NULL AND (managed OR name IS NOT NULL)
    UNION ALL SELECT name FROM areas WHERE publishable AND withdrawn_at IS NULL
    UNION ALL SELECT name FROM ground_features WHERE publishable AND withdrawn_at IS NULL
    UNION ALL SELECT name FROM transit_lines WHERE publishable AND withdrawn_at IS NULL
    UNION ALL SELECT name FROM amenities WHERE publishable AND withdrawn_at IS NULL
) names;
