"""Links that open a place in 高德 and 百度, in the coordinates each of them draws with."""

from urllib.parse import urlencode

from geo.china_offsets import wgs84_to_bd09, wgs84_to_gcj02


def links_to(lon: float, lat: float, name: str) -> dict[str, str]:
    """Addresses `amap` and `baidu` that mark a WGS-84 position under a name; both open in a browser or their app."""
    gcj, bd = wgs84_to_gcj02(lon, lat), wgs84_to_bd09(lon, lat)
    amap = {"position": f"{float(gcj[0]):.6f},{float(gcj[1]):.6f}", "name": name, "src": "loumap", "callnative": 1}
    baidu = {"location": f"{float(bd[1]):.6f},{float(bd[0]):.6f}", "title": name, "content": name}
    return {
        "amap": f"https://uri.amap.com/marker?{urlencode(amap)}",
        "baidu": f"https://api.map.baidu.com/marker?{urlencode({**baidu, 'output': 'html', 'src': 'loumap'})}",
    }
