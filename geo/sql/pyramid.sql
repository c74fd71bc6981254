-- What tiles there are to draw.

-- name: pyramid_boxes
-- The boxes of everything that tiles show, in whole pixels of zoom 16: west, north, east, south.
SELECT ST_XMin(ring), ST_YMin(ring), ST_XMax(ring), ST_YMax(ring) FROM (
    SELECT ring FROM buildings WHERE publishable AND withdrawn_at IS NULL
    UNION ALL
    SELECT ring FROM ground_features WHERE publishable AND withdrawn_at IS NULL AND kind <> 'barrier'
    UNION ALL
    SELECT ring FROM transit_lines WHERE publishable AND withdrawn_at IS NULL
    UNION ALL
    SELECT ring FROM amenities WHERE publishable AND withdrawn_at IS NULL AND open
) shown WHERE ring IS NOT NULL;
