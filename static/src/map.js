// @ts-check
/** The map page: puts its parts together and carries every change of the state to all of them. */

import {createApp} from './map/app.js';
import {part} from './map/dom.js';

/** @type {import('./map/types').Boot} */
const boot = JSON.parse(part('boot').textContent ?? '');
createApp(boot);
