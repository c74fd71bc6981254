// @ts-check
/** Units of the plan: a touch opens their fields as a sheet from below; the tile says at once what was chosen. */

import {text} from './text.js';

/** @typedef {ReturnType<typeof openSheets>} Sheets */

const FIELDS = ['state', 'offered', 'rent_amount', 'rent_unit', 'available_on', 'tenant', 'area_m2'];
const OFFERABLE = ['vacant', 'negotiating', 'in_use', 'fitting_out', 'own_use'];
const TENANTED = ['signed', 'in_use', 'fitting_out'];

/** @param {HTMLFormElement} form @param {() => void} changed */
export function openSheets(form, changed) {
  const dialog = /** @type {HTMLDialogElement} */ (form.querySelector('dialog.sheet-place'));
  /** @type {HTMLDetailsElement | null} */
  let open = null;
  const rooms = /** @type {HTMLDetailsElement[]} */ ([...form.querySelectorAll('details.room')]);

  const acts = document.createElement('div');
  acts.className = 'sheet-acts';
  const undo = button('btn undo', text('undo'), () => open && (restore(open), shown(open), changed()));
  const done = button('btn primary done', text('done'), () => dialog.close());
  acts.append(undo, done);

  for (const room of rooms) {
    room.querySelector('summary')?.addEventListener('click', event => {
      event.preventDefault();
      open = room;
      dialog.append(fieldsOf(room), acts);
      dialog.showModal();
    });
  }
  dialog.addEventListener('click', event => event.target === dialog && dialog.close());
  dialog.addEventListener('close', () => {
    if (!open) return;
    const room = open;
    open = null;
    room.append(/** @type {Node} */ (dialog.querySelector('.fields')));
    shown(room);
    changed();
    room.querySelector('summary')?.focus();
  });
  dialog.addEventListener('input', () => open && (shown(open, dialog), changed()));
  dialog.addEventListener('keydown', event => {
    if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return;
    event.preventDefault();
    dialog.close();
  });

  return {
    rooms,
    /** The fields of a unit, wherever they are just now. @param {HTMLDetailsElement} room */
    fields: room => (room === open ? dialog : room),
    /** @param {HTMLDetailsElement} room */
    values: room => values(room === open ? dialog : room, code(room)),
    /** @param {HTMLDetailsElement} room */
    isChanged: room => isChanged(room === open ? dialog : room, code(room)),
    shown,
    fill,
  };
}

/** @param {string} kind @param {string} label @param {() => void} act */
function button(kind, label, act) {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = kind;
  made.textContent = label;
  made.addEventListener('click', act);
  return made;
}

/** @param {HTMLElement} room */
export const code = room => room.dataset.unit ?? '';
/** @param {HTMLElement} room */
const fieldsOf = room => /** @type {HTMLElement} */ (room.querySelector('.fields') ?? document.querySelector('dialog .fields'));

/** @param {ParentNode} place @param {string} name @returns {HTMLInputElement | HTMLSelectElement | null} */
const field = (place, name) => place.querySelector(`[name="${CSS.escape(name)}"]`);

/** What the fields of a unit hold, as they would be sent. @param {ParentNode} place @param {string} unit */
function values(place, unit) {
  /** @type {Record<string, string>} */
  const said = {};
  for (const name of FIELDS) said[name] = value(place, `${name}.${unit}`);
  return said;
}

/** @param {ParentNode} place @param {string} name */
function value(place, name) {
  const chosen = /** @type {HTMLInputElement | null} */ (place.querySelector(`[name="${CSS.escape(name)}"]:checked`));
  const found = field(place, name);
  if (found instanceof HTMLInputElement && ['radio', 'checkbox'].includes(found.type)) return chosen?.value ?? '';
  return found?.value.trim() ?? '';
}

/**
 * The same without what its state leaves no room for, as the server reads it.
 * @param {Record<string, string>} said @returns {Record<string, string>}
 */
function whole(said) {
  const offered = said.offered && OFFERABLE.includes(said.state) ? '1' : '';
  const rent = offered ? said.rent_amount : '';
  return {
    ...said,
    offered,
    rent_amount: rent,
    rent_unit: rent ? said.rent_unit || 'cny_m2_day' : '',
    available_on: offered ? said.available_on : '',
    tenant: TENANTED.includes(said.state) ? said.tenant : '',
  };
}

/** @param {ParentNode} place @param {string} unit */
function was(place, unit) {
  return JSON.parse(field(place, `was.${unit}`)?.value || '{}');
}

/** @param {ParentNode} place @param {string} unit */
function isChanged(place, unit) {
  const said = whole(values(place, unit));
  const before = was(place, unit);
  said.area_m2 ||= before.area_m2 ?? '';
  return FIELDS.some(name => same(name, said[name]) !== same(name, before[name] ?? ''));
}

/** Numbers are the same however they are written. @param {string} name @param {string} text */
const same = (name, text) => (['rent_amount', 'area_m2'].includes(name) && text ? String(Number(text)) : text);

/** Put values into the fields of a unit. @param {ParentNode} place @param {string} unit @param {Record<string, string>} said */
function fill(place, unit, said) {
  for (const [name, wanted] of Object.entries(said)) {
    for (const each of /** @type {NodeListOf<HTMLInputElement>} */ (place.querySelectorAll(`[name="${CSS.escape(`${name}.${unit}`)}"]`)))
      if (['radio', 'checkbox'].includes(each.type)) each.checked = each.value === wanted;
      else each.value = wanted;
  }
}

/** @param {HTMLElement} room */
function restore(room) {
  const place = room.querySelector('.fields') ? room : /** @type {HTMLElement} */ (document.querySelector('dialog.sheet-place'));
  fill(place, code(room), {...was(place, code(room)), since: ''});
}

/** Let the tile of a unit say what its fields hold. @param {HTMLElement} room @param {ParentNode} [place] */
function shown(room, place = room.querySelector('.fields') ? room : /** @type {HTMLElement} */ (document.querySelector('dialog.sheet-place'))) {
  const said = whole(values(place, code(room)));
  const word = place.querySelector(`[name="${CSS.escape(`state.${code(room)}`)}"]:checked + span`)?.textContent ?? '';
  room.className = room.className.replace(/\brs-\w+/, `rs-${said.state}`);
  room.classList.toggle('changed', isChanged(place, code(room)));
  /** @param {string} kind @param {string} told */
  const tell = (kind, told) => {
    const spot = room.querySelector(`summary .${kind}`);
    if (spot && spot.textContent !== told) spot.textContent = told;
  };
  tell('state', word);
  tell('price', said.offered ? said.rent_amount || text('offered') : '');
}
