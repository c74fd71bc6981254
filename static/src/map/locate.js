// @ts-check
/** "Near me": shows where the reader stands and moves the map there; the position never leaves the browser. */

const ZOOM = 15.8;
const EARTH_M = 6_371_008;
const CORNERS = 48;

/** @param {import('maplibre-gl').Map} map @param {(message: string) => void} say @param {(key: string) => string} t */
export function locate(map, say, t) {
  if (!navigator.geolocation) return say(t('locate_missing'));
  say(t('locating'));
  navigator.geolocation.getCurrentPosition(
    ({coords}) => {
      const center = /** @type {[number, number]} */ ([coords.longitude, coords.latitude]);
      const source = /** @type {import('maplibre-gl').GeoJSONSource} */ (map.getSource('me'));
      source.setData({
        type: 'FeatureCollection',
        features: [
          {
            type: 'Feature',
            properties: {},
            geometry: {type: 'Polygon', coordinates: [circle(center, coords.accuracy)]},
          },
          {type: 'Feature', properties: {}, geometry: {type: 'Point', coordinates: center}},
        ],
      });
      const inside = reaches(map, center);
      if (inside) map.easeTo({center, zoom: Math.max(map.getZoom(), ZOOM)});
      say(t(inside ? 'located' : 'locate_outside'));
    },
    error => say(t(error.code === error.PERMISSION_DENIED ? 'locate_denied' : 'locate_failed')),
    {enableHighAccuracy: true, timeout: 10_000},
  );
}

/** Whether the map can be moved to a place. @param {import('maplibre-gl').Map} map @param {[number, number]} place */
const reaches = (map, place) => map.getMaxBounds()?.contains(place) ?? true;

/** @param {[number, number]} middle @param {number} metres @returns {[number, number][]} */
function circle([lng, lat], metres) {
  const degrees = (metres / EARTH_M) * (180 / Math.PI);
  return Array.from({length: CORNERS + 1}, (_, i) => {
    const angle = (2 * Math.PI * i) / CORNERS;
    return [lng + (degrees * Math.cos(angle)) / Math.cos((lat * Math.PI) / 180), lat + degrees * Math.sin(angle)];
  });
}
