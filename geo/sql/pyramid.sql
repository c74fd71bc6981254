-- What tiles there are to draw.

-- name: pyramid_boxes
-- The boxes of everything that tiles show, layer by layer, in whole pixels of zoom 16: west, north, east, south.
SELECT layer, ST_XMin(ring), ST_YMin(ring), ST_XMax(ring), ST_YMax(ring) FROM (
    SELECT 'buildings' AS layer, ring FROM buildings WHERE publishable AND withdrawn_at IS NULL
    UNION ALL
    SELECT 'buildings', p.ring FROM sections p JOIN buildings b ON b.id = p.building_id
    WHERE b.sectioned AND b.publishable AND b.withdrawn_at IS NULL
    UNION ALL
    SELECT 'ground', ring FROM ground_features WHERE publishable AND withdrawn_at IS NULL AND kind <> 'barrier'
    UNION ALL
    SELECT 'ground', ring FROM transit_lines WHERE publishable AND withdrawn_at IS NULL
    UNION ALL
    SELECT 'amenities', ring FROM amenities WHERE publishable AND withdrawn_at IS NULL AND open
    UNION ALL
    SELECT 'areas', ring FROM areas WHERE publishable AND withdrawn_at IS NULL
    UNION ALL
    SELECT 'clusters', ring FROM clusters
) shown WHERE ring IS NOT NULL;
