-- What a copy of the public part says of buildings, many at once: text that is JSON already, so that a city's units never
-- become objects of ours. The fields are those of `GET /api/v1/buildings/<code>` that the map's card shows.

-- name: published_buildings
-- Buildings by id, with what the height of their floors follows from.
SELECT b.id, b.code, b.height_m, b.base_height_m, json_build_object(
    'code', b.code, 'name', b.name, 'name_en', b.name_en, 'address', b.address, 'status', b.status,
    'managed', b.managed, 'height_m', b.height_m, 'floors_above', b.floors_above, 'floors_below', b.floors_below,
    'leasable_area_m2', b.leasable_area_m2::float8, 'completed_year', b.completed_year, 'grade', b.grade,
    'star', b.star, 'themes', b.themes, 'outline', ST_AsGeoJSON(b.geom, 7, 0)::json)::text
FROM buildings b
WHERE b.id = ANY(%(ids)s) AND b.publishable AND b.withdrawn_at IS NULL
ORDER BY b.id;

-- name: published_floors
-- Their floors from below with their units: building, position, height of the storey, the floor, its units.
WITH told AS (
    SELECT u.building_id, u.floor_id, json_agg(json_build_object(
        'code', u.code, 'label', u.label, 'area_m2', u.area_m2::float8, 'min_area_m2', u.min_area_m2::float8,
        'occupancy', u.public_status, 'fitout', u.fitout, 'available_on', to_char(u.available_on, 'YYYY-MM'),
        'reported_on', u.reported_on, 'verified_on', u.verified_on,
        'stale', coalesce(u.public_status IN ('vacant', 'soon')
            AND greatest(u.reported_on, u.verified_on) < %(stale_before)s::date, false),
        'rent', CASE WHEN u.rent_amount IS NOT NULL AND u.rent_unit IS NOT NULL THEN json_build_object(
            'amount', u.rent_amount::float8, 'unit', u.rent_unit,
            'cny_m2_day', round(u.rent_cny_m2_day::numeric, 2)::float8) END
        ) ORDER BY u.label) AS units
    FROM units u
    WHERE u.building_id = ANY(%(ids)s) AND u.publishable AND u.withdrawn_at IS NULL AND u.valid @> %(today)s::date
    GROUP BY u.building_id, u.floor_id
)
SELECT f.building_id, f.position, f.storey_height_m, json_build_object(
    'position', f.position, 'label', f.label, 'use', f.use, 'area_m2', f.area_m2::float8,
    'section', CASE WHEN s.id IS NOT NULL THEN coalesce(p.name, p.kind) END,
    'outline', CASE WHEN s.id IS NOT NULL THEN (ST_AsGeoJSON(p.geom, 7, 0)::json) -> 'coordinates' END,
    'units', coalesce(t.units, '[]'))::text
FROM floors f
LEFT JOIN sections p ON p.id = f.section_id
LEFT JOIN sources s ON s.id = p.source_id AND s.publishable
LEFT JOIN told t ON t.floor_id = f.id
WHERE f.building_id = ANY(%(ids)s)
ORDER BY f.building_id, f.position;
