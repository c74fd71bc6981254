// @ts-check
/** The bar that takes the map back in time: a slider over 24 months, and today's map beside that of the day chosen. */

import {h, part} from './dom.js';
import {icon} from './drawing.js';
import {nearest, stops} from './past.js';

/** How long the slider rests before the day is asked for. */
const REST_MS = 250;

/** @param {import('./types').Page} page */
export function createTimeline({boot, store, texts: {t}}) {
  const [box, opener] = [part('time'), part('open-time')];
  const days = stops(boot.today);
  const last = days.length - 1;
  const slider = h('input', {type: 'range', id: 'day', min: 0, max: last, step: 1, oninput: slide});
  const said = h('output', {for: 'day'});
  const beside = h('button.switch', {type: 'button', role: 'switch', onclick: compare}, t('beside'));
  const close = h('button.close', {type: 'button', title: t('back_to_today'), onclick: leave}, icon('x', 18));
  close.setAttribute('aria-label', t('back_to_today'));
  const known = h('input', {type: 'date', id: 'known', max: boot.today, onchange: know});
  const asKnown = h('p.known', h('label', {for: 'known'}, t('known_on')), known);
  box.replaceChildren(
    h('div.day', h('label', {for: 'day'}, t('time')), said, boot.mode === 'window' ? '' : beside, close),
    slider,
    asKnown,
  );
  let timer = 0;

  function slide() {
    const at = Number(slider.value);
    say(at === last ? '' : days[at]);
    clearTimeout(timer);
    timer = window.setTimeout(() => store.set({date: at === last ? '' : days[at], known_at: ''}), REST_MS);
  }
  /** What is held to be so now may have been said later than on the day that is looked at. */
  function know() {
    if (known.validity.valid) store.set({known_at: known.value});
  }
  /** Beside today stands the day chosen, or half a year ago where none is. */
  function compare() {
    const {date, beside: now} = store.get();
    store.set(now === 'on' ? {beside: 'off'} : {beside: 'on', date: date || days[Math.max(0, last - 6)]});
  }
  function leave() {
    clearTimeout(timer);
    store.set({date: '', known_at: '', beside: 'off'});
    open(false);
    opener.focus();
  }
  /** @param {string} date */
  function say(date) {
    said.textContent = date || t('today');
    slider.setAttribute('aria-valuetext', said.textContent);
  }
  /** @param {boolean} yes */
  function open(yes) {
    box.hidden = !yes;
    opener.setAttribute('aria-expanded', String(yes));
  }
  function follow() {
    const {date, known_at, beside: on} = store.get();
    slider.value = String(nearest(days, date));
    say(date);
    beside.setAttribute('aria-checked', String(on === 'on' && date !== ''));
    asKnown.hidden = !date && !known_at;
    known.value = known_at.slice(0, 10);
    if (date || known_at) open(true);
  }

  opener.addEventListener('click', () => (box.hidden ? open(true) : store.get().date || store.get().known_at ? leave() : open(false)));
  box.addEventListener('keydown', event => {
    if (event.key === 'Escape') leave();
  });
  store.on((_, changed) => {
    if (changed.has('date') || changed.has('known_at') || changed.has('beside')) follow();
  });
  follow();
}
