// @ts-check
/** What was changed on the plan and not sent yet: counted below, kept in this browser, put back when the page opens. */

import {dropDraft, loadDraft, saveDraft} from './kept.js';
import {code} from './sheet.js';
import {text} from './text.js';

/** @typedef {import('./kept.js').Entries} Entries */
/** @typedef {ReturnType<typeof keepDraft>} Drafting */

const REST = ['sighting_kind', 'sighting_name', 'sighting_room', 'sighting_day', 'note'];

/** @param {HTMLFormElement} form @param {HTMLElement} page @param {import('./sheet.js').Sheets} sheets */
export function keepDraft(form, page, sheets) {
  const [owner, building, week] = [page.dataset.owner ?? '', form.dataset.building ?? '', form.dataset.week ?? ''];
  const today = form.dataset.today ?? '';
  const send = /** @type {HTMLButtonElement} */ (form.querySelector('.send'));
  const count = /** @type {HTMLElement} */ (form.querySelector('.count'));
  const key = /** @type {HTMLInputElement} */ (form.elements.namedItem('key'));
  let saidOn = today;

  const changedRooms = () => sheets.rooms.filter(sheets.isChanged);
  /** @returns {Entries} */
  const rest = () => [...new FormData(form)].filter(([name]) => REST.includes(name)).map(([name, value]) => [name, String(value)]);
  const spoken = () => rest().some(([name, value]) => (name === 'sighting_name' || name === 'note') && value.trim());

  function count_() {
    const n = changedRooms().length;
    send.textContent = n || spoken() ? (send.dataset.some ?? '').replace('{n}', String(n)) : (send.dataset.none ?? '');
    count.textContent = n ? text('changed', {n}) : text('unchanged', {n: sheets.rooms.length});
    return n;
  }

  function changed() {
    if (!count_() && !spoken()) return dropDraft(owner, building, week);
    const units = Object.fromEntries(changedRooms().map(room => [code(room), unitFields(room)]));
    saveDraft(owner, building, week, {key: key.value, saidOn, units, rest: rest()});
  }

  /** @param {HTMLDetailsElement} room */
  function unitFields(room) {
    const place = sheets.fields(room);
    /** @type {Record<string, string>} */
    const kept = sheets.values(room);
    for (const name of ['was', 'seen', 'since']) {
      const found = /** @type {HTMLInputElement | null} */ (place.querySelector(`[name="${name}.${code(room)}"]`));
      kept[name] = found?.value ?? '';
    }
    return kept;
  }

  restore();
  form.addEventListener('input', event => {
    if (REST.includes(/** @type {HTMLInputElement} */ (event.target).name ?? '')) changed();
  });
  addRows(form, changed);
  count_();

  /** Put back what was not sent; what the sender was shown then is put back with it, so that the server sees a conflict. */
  function restore() {
    const kept = loadDraft(owner, building, week);
    if (!kept) return;
    key.value = kept.key;
    saidOn = kept.saidOn;
    for (const room of sheets.rooms) {
      const said = kept.units[code(room)];
      if (!said) continue;
      const now = unitFields(room);
      sheets.fill(room, code(room), said);
      room.classList.toggle('overtaken', now.seen !== said.seen);
      sheets.shown(room);
    }
    restoreRest(form, kept.rest);
    const note = /** @type {HTMLElement} */ (page.querySelector('.how'));
    note.textContent = text('restored');
  }

  return {
    changed,
    /** Everything to be sent: the units that were touched, and what stands beside the plan. @returns {Entries} */
    entries() {
      const own = /** @type {Entries} */ ([['key', key.value], ['week', week], ['said_on', saidOn]]);
      const units = changedRooms().flatMap(room => [
        /** @type {[string, string]} */ (['unit', code(room)]),
        ...Object.entries(unitFields(room)).map(([name, value]) => /** @type {[string, string]} */ ([`${name}.${code(room)}`, value])),
      ]);
      return [...own, ...units, ...rest()];
    },
    /** @returns {import('./kept.js').Origin} */
    origin: () => ({owner, building, week, units: JSON.stringify(loadDraft(owner, building, week)?.units ?? {})}),
  };
}

/** @param {HTMLFormElement} form @param {() => void} changed */
function addRows(form, changed) {
  const more = /** @type {HTMLElement | null} */ (form.querySelector('.another'));
  if (!more) return;
  more.hidden = false;
  more.addEventListener('click', () => {
    const row = /** @type {HTMLElement} */ (form.querySelector('.sighting'));
    const next = /** @type {HTMLElement} */ (row.cloneNode(true));
    for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (next.querySelectorAll('input'))) input.value = '';
    more.before(next);
    changed();
  });
}

/** @param {HTMLFormElement} form @param {Entries} kept */
function restoreRest(form, kept) {
  /** @type {Record<string, number>} */
  const seen = {};
  const rows = kept.filter(([name]) => name === 'sighting_kind').length;
  while (form.querySelectorAll('.sighting').length < rows) {
    const row = /** @type {HTMLElement} */ (form.querySelector('.sighting'));
    row.after(row.cloneNode(true));
  }
  for (const [name, value] of kept) {
    const fields = /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll(`[name="${name}"]`));
    seen[name] = (seen[name] ?? -1) + 1;
    const field = fields[seen[name]];
    if (field) field.value = value;
  }
}
