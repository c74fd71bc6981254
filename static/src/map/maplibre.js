// @ts-check
/** The parts of MapLibre that pages use; imported dynamically, so that the library stays a chunk of its own. */

export {Map, NavigationControl, ScaleControl, addProtocol, setWorkerUrl} from 'maplibre-gl';
