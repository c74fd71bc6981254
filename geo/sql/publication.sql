-- What a copy of the public part says of buildings, many at once: text that is JSON already. The fields are those of
-- `GET /api/v1/buildings/<code>` that the map's card shows, and what else the page of a building or unit says of today.

-- name: published_buildings
-- Buildings by id, with what the height of their floors follows from, and the object that the other queries add to.
SELECT b.id, b.code, b.height_m, b.base_height_m, json_build_object(
    'code', b.code, 'name', b.name, 'name_en', b.name_en, 'address', b.address, 'address_en', b.address_en,
    'status', b.status, 'managed', b.managed, 'height_m', b.height_m, 'floors_above', b.floors_above,
    'floors_below', b.floors_below, 'leasable_area_m2', b.leasable_area_m2::float8,
    'gross_area_m2', b.gross_area_m2::float8, 'typical_floor_area_m2', b.typical_floor_area_m2::float8,
    'completed_year', b.completed_year, 'grade', b.grade, 'star', b.star, 'themes', b.themes,
    'property_fee_cny_m2_month', b.property_fee_cny_m2_month::float8, 'parking_spaces', b.parking_spaces,
    'lifts', b.lifts, 'source_id', b.source_id, 'outline', ST_AsGeoJSON(b.geom, 6, 0)::json)::text
FROM buildings b
WHERE b.id = ANY(%(ids)s) AND b.publishable AND b.withdrawn_at IS NULL
ORDER BY b.id;

-- name: published_beside
-- What else is public of buildings: id, field, its list as JSON. The same rows as on a building's page
-- (`webmap/buildings/rows.py`), without what somebody has not agreed to.
WITH wanted AS MATERIALIZED (
    SELECT b.id, b.geom FROM buildings b
    WHERE b.id = ANY(%(ids)s) AND b.publishable AND b.withdrawn_at IS NULL
)
SELECT f.building_id, 'facts', json_agg(json_build_object(
    'fact', f.fact, 'value', f.value, 'unit', f.unit, 'dated_on', f.dated_on, 'source_id', f.source_id) ORDER BY f.fact)::text
FROM (
    SELECT DISTINCT ON (f.building_id, f.fact) f.* FROM building_facts f JOIN wanted w ON w.id = f.building_id
    WHERE f.publishable ORDER BY f.building_id, f.fact, f.dated_on DESC NULLS LAST
) f
GROUP BY f.building_id
UNION ALL
SELECT d.building_id, 'amenities', json_agg(json_build_array(
    d.category, d.metres, d.method, a.name, a.name_en, CASE WHEN d.metres = 0 THEN a.opening_hours END)
    ORDER BY d.metres, d.category)::text
FROM amenity_distances d
JOIN wanted w ON w.id = d.building_id
JOIN amenities a ON a.id = d.amenity_id AND a.open AND a.publishable AND a.withdrawn_at IS NULL
GROUP BY d.building_id
UNION ALL
SELECT r.building_id, 'contacts', json_agg(json_build_object(
    'role', r.role, 'name', p.name, 'name_en', p.name_en, 'phone', p.business_phone, 'email', p.business_email)
    ORDER BY r.id)::text
FROM party_roles r
JOIN wanted w ON w.id = r.building_id
JOIN parties p ON p.id = r.party_id AND p.contact_consent
JOIN sources s ON s.id = p.source_id AND s.publishable
WHERE r.valid @> %(today)s::date
GROUP BY r.building_id
UNION ALL
SELECT t.building_id, 'industries', json_agg(json_build_object(
    'group', t.industry_group, 'count', t.firms, 'names', t.names)
    ORDER BY t.industry_group = 'other', t.firms DESC, t.industry_group)::text
FROM (
    SELECT e.building_id, e.industry_group, count(*) AS firms,
           coalesce(json_agg(json_build_array(e.name, e.name_en) ORDER BY e.name) FILTER (WHERE NOT e.is_individual), '[]')
               AS names
    FROM (
        SELECT DISTINCT t.building_id, e.id, e.industry_group, e.name, e.name_en, e.is_individual
        FROM tenancies t
        JOIN wanted w ON w.id = t.building_id
        JOIN enterprises e ON e.id = t.enterprise_id AND e.publishable AND e.withdrawn_at IS NULL
        JOIN sources s ON s.id = t.source_id AND s.publishable
        WHERE t.valid @> %(today)s::date AND upper_inf(t.known)
    ) e
    GROUP BY e.building_id, e.industry_group
) t
GROUP BY t.building_id
UNION ALL
SELECT m.building_id, 'complexes', json_agg(json_build_object('name', c.name, 'name_en', c.name_en) ORDER BY c.name)::text
FROM complex_buildings m
JOIN wanted w ON w.id = m.building_id
JOIN complexes c ON c.id = m.complex_id AND c.publishable
GROUP BY m.building_id
UNION ALL
SELECT o.building_id, 'offers', json_agg(json_build_object(
    'id', o.id, 'kind', o.kind, 'tax_included', o.tax_included, 'property_fee_included', o.property_fee_included,
    'rent_free_months', o.rent_free_months, 'rent_free_with_fee', o.rent_free_with_fee,
    'deposit_months', o.deposit_months, 'escalation_pct', o.escalation_pct::float8,
    'restoration_cny_m2', o.restoration_cny_m2::float8) ORDER BY o.id)::text
FROM offers o
JOIN wanted w ON w.id = o.building_id
JOIN sources s ON s.id = o.source_id AND s.publishable
WHERE o.published_at IS NOT NULL AND o.withdrawn_at IS NULL AND upper_inf(o.known) AND o.valid @> %(today)s::date
GROUP BY o.building_id;

-- name: published_floors
-- Their floors from below with their units: building, position, height of the storey, the floor, its units.
WITH rooms AS MATERIALIZED (
    SELECT DISTINCT ON (t.unit_id) t.unit_id,
           json_build_object('name', e.name, 'name_en', e.name_en, 'industry', e.industry_group) AS told
    FROM tenancies t
    JOIN enterprises e ON e.id = t.enterprise_id AND NOT e.is_individual AND e.publishable AND e.withdrawn_at IS NULL
    JOIN sources s ON s.id = t.source_id AND s.publishable
    WHERE t.building_id = ANY(%(ids)s) AND t.unit_id IS NOT NULL AND t.room_public
      AND t.valid @> %(today)s::date AND upper_inf(t.known)
    ORDER BY t.unit_id, t.id
),
told AS (
    SELECT u.building_id, u.floor_id, json_agg(json_build_object(
        'code', u.code, 'label', u.label, 'area_m2', u.area_m2::float8, 'min_area_m2', u.min_area_m2::float8,
        'occupancy', u.public_status, 'fitout', u.fitout, 'available_on', to_char(u.available_on, 'YYYY-MM'),
        'reported_on', u.reported_on, 'verified_on', u.verified_on, 'recorded_on', (u.recorded_at AT TIME ZONE %(zone)s)::date,
        'use', u.use, 'area_basis', u.area_basis, 'offer', u.offer_id, 'top', top.label,
        'source_id', coalesce(u.state_source_id, u.source_id), 'tenant', room.told,
        'stale', coalesce(u.public_status IN ('vacant', 'soon')
            AND greatest(u.reported_on, u.verified_on) < %(stale_before)s::date, false),
        'rent', CASE WHEN u.rent_amount IS NOT NULL AND u.rent_unit IS NOT NULL THEN json_build_object(
            'amount', u.rent_amount::float8, 'unit', u.rent_unit,
            'cny_m2_day', round(u.rent_cny_m2_day::numeric, 2)::float8) END
        ) ORDER BY u.label) AS units
    FROM units u
    LEFT JOIN floors top ON top.id = u.top_floor_id AND u.top_floor_id <> u.floor_id
    LEFT JOIN rooms room ON room.unit_id = u.id
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

-- name: published_names
-- What is said of named things of one kind that are found by name, as JSON: kind, code, name, English name, where, where in
-- English, word, code of the building, longitude, latitude, box. The conditions are those of `onebox_found`.
SELECT b.id, json_build_array('building', b.code, b.name, b.name_en, b.address, b.address_en, NULL, b.code,
                              round(ST_X(p.geom)::numeric, 5), round(ST_Y(p.geom)::numeric, 5), NULL)::text, b.name
FROM buildings b CROSS JOIN LATERAL (SELECT ST_Centroid(ST_Envelope(b.geom)) AS geom) p
WHERE %(kind)s = 'building' AND b.id = ANY(%(ids)s::int8[]) AND (b.managed OR b.name IS NOT NULL)
  AND b.publishable AND b.withdrawn_at IS NULL
UNION ALL
SELECT b.id, json_build_array('address', b.code, b.address, b.address_en, b.name, b.name_en, NULL,
                              CASE WHEN b.managed OR b.name IS NOT NULL THEN b.code END,
                              round(ST_X(p.geom)::numeric, 5), round(ST_Y(p.geom)::numeric, 5), NULL)::text, b.address
FROM buildings b CROSS JOIN LATERAL (SELECT ST_Centroid(ST_Envelope(b.geom)) AS geom) p
WHERE %(kind)s = 'address' AND b.id = ANY(%(ids)s::int8[]) AND b.address IS NOT NULL
  AND b.publishable AND b.withdrawn_at IS NULL
UNION ALL
SELECT a.id, json_build_array('area', a.code, a.name, a.name_en, NULL, NULL, a.level, NULL,
                              round(ST_X(p.geom)::numeric, 5), round(ST_Y(p.geom)::numeric, 5),
                              json_build_array(ST_XMin(a.geom), ST_YMin(a.geom), ST_XMax(a.geom), ST_YMax(a.geom)))::text,
       a.name
FROM areas a CROSS JOIN LATERAL (SELECT ST_Centroid(ST_Envelope(a.geom)) AS geom) p
WHERE %(kind)s = 'area' AND a.id = ANY(%(ids)s::int8[]) AND a.publishable AND a.withdrawn_at IS NULL
UNION ALL
SELECT a.id, json_build_array(%(kind)s::text, a.code, a.name, a.name_en, a.address, NULL, a.category, NULL,
                              round(ST_X(a.geom)::numeric, 5), round(ST_Y(a.geom)::numeric, 5), NULL)::text, a.name
FROM amenities a
WHERE %(kind)s IN ('amenity', 'metro') AND a.id = ANY(%(ids)s::int8[]) AND a.open AND a.publishable
  AND a.withdrawn_at IS NULL;

-- name: published_stamp
-- One text for all rows that details are made of and that no change of the state tells of; another one when any changes.
SELECT md5(concat_ws(' ',
    (SELECT sum(hashtextextended(concat_ws('|', p.id, p.name, p.name_en, p.business_phone, p.business_email,
                                           p.contact_consent, p.source_id), 0)) FROM parties p),
    (SELECT sum(hashtextextended(concat_ws('|', r.id, r.party_id, r.role, r.building_id, r.valid), 0)) FROM party_roles r),
    (SELECT sum(hashtextextended(concat_ws('|', c.id, c.name, c.name_en, c.publishable), 0)) FROM complexes c),
    (SELECT sum(hashtextextended(concat_ws('|', m.complex_id, m.building_id), 0)) FROM complex_buildings m)));

-- name: published_codes
-- The codes of some buildings, of those that are hidden now as well.
SELECT b.code FROM buildings b WHERE b.id = ANY(%(ids)s);
