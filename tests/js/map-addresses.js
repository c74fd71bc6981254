// Reads addresses of the map, one a line, and prints what the page makes of each: its own way to write the same state.
import {createInterface} from 'node:readline';
import {read, writeWhole} from '../../static/src/map/state.js';

const CAMERA = {center: [121.4, 31.2], zoom: 14, pitch: 50, bearing: 10};

for await (const query of createInterface({input: process.stdin}))
  console.log(JSON.stringify({whole: writeWhole(read(query, CAMERA))}));
