// @ts-check
// The panel beside the map: filters, how much is left, and the list.
import {ANYTHING, find} from './finding.js';
import {choice} from './picks.js';
import {towerView} from './tower.js';
import {area, el, number, rent, say} from './words.js';

/** @typedef {import('./data.js').District} District */
/** @typedef {import('./data.js').Pick} Pick */
/** @typedef {import('./data.js').Tower} Tower */
/** @typedef {import('./data.js').Unit} Unit */
/** @typedef {import('./finding.js').Found} Found */
/** @typedef {import('./finding.js').Wanted} Wanted */

const AT_ONCE = 60;
const DAYS_PER_MONTH = 365 / 12;

export class Panel {
  /**
   * @param {HTMLElement} place
   * @param {District} district
   * @param {{changed: (found: Found[]) => void, choose: (tower: Tower | null) => void}} acts
   * @param {Partial<Wanted>} preset
   * @param {Pick[]} picks
   */
  constructor(place, district, acts, preset, picks) {
    this.place = place;
    this.district = district;
    this.acts = acts;
    /** @type {Wanted} */
    this.wanted = {...ANYTHING, ...preset};
    /** @type {Found[]} */
    this.found = [];
    this.limit = AT_ONCE;
    this.count = el('p', {class: 'count', role: 'status'});
    this.list = el('ol', {class: 'results'});
    this.more = el('button', {class: 'more', type: 'button', click: () => this.grow()}, say('more'));
    this.detail = el('div', {hidden: true});
    const all = [this.filters(preset.asked ?? false), this.count, this.list, this.more];
    this.finding = el('div', {}, ...(picks.length ? [choice(picks, acts.choose), el('details', {class: 'all'}, el('summary', {}, say('others')), ...all)] : all));
    place.append(this.finding, this.detail);
    this.find();
  }

  find() {
    this.limit = AT_ONCE;
    this.found = find(this.district.towers, this.wanted);
    this.write();
    this.acts.changed(this.found);
  }

  grow() {
    this.limit += AT_ONCE;
    this.write();
  }

  write() {
    const units = this.found.reduce((sum, each) => sum + each.units.length, 0);
    const m2 = this.found.reduce((sum, each) => sum + each.area, 0);
    const said = `${say('n_buildings', {n: ''})} · ${say('n_units', {n: number(units)})} · ${say('to_let')} ${area(m2)}`;
    this.count.replaceChildren(el('b', {class: 'figure'}, number(this.found.length)), ` ${said}`);
    this.list.replaceChildren(...this.found.slice(0, this.limit).map(each => this.row(each)));
    if (!this.found.length) this.list.append(el('li', {class: 'muted'}, say('nothing')));
    this.more.hidden = this.found.length <= this.limit;
  }

  /** @param {Found} each */
  row({tower, units, area: m2, rent: low}) {
    const facts = [tower.grade, tower.floors && say('n_floors', {n: tower.floors}), units.length && say('n_units', {n: units.length})];
    const from = low === null ? '' : say('rent_from', {rent: rent(low, 'cny_m2_day')});
    return el('li', {}, el('button', {type: 'button', click: () => this.acts.choose(tower)},
      el('b', {}, tower.name), el('span', {class: 'right'}, units.length ? area(m2) : '—'),
      el('span', {class: 'muted'}, facts.filter(Boolean).join(' · ')), el('span', {class: 'right muted'}, from)));
  }

  /** @param {Tower | null} tower @param {Unit | undefined} unit the one that is meant */
  show(tower, unit = undefined) {
    this.finding.hidden = tower !== null;
    this.detail.hidden = tower === null;
    if (!tower) return;
    const match = this.found.find(each => each.tower === tower)?.units;
    const units = match ?? tower.units.filter(unit => unit.status < 2);
    this.detail.replaceChildren(towerView(tower, units, () => this.acts.choose(null), unit));
    this.place.scrollTop = 0;
    this.detail.querySelector('h2')?.focus({preventScroll: true});
  }

  /** @param {boolean} asked whether the file is about some units alone */
  filters(asked) {
    const grades = [...new Set(this.district.towers.map(tower => tower.grade).filter(Boolean))].sort();
    const search = el('input', {type: 'search', placeholder: say('search_hint'), 'aria-label': say('search'), maxlength: 60});
    search.addEventListener('input', () => this.ask({q: /** @type {HTMLInputElement} */ (search).value}));
    const wide = matchMedia('(min-width: 761px)').matches;
    return el('form', {submit: event => event.preventDefault()}, search, el('details', {class: 'more-filters', open: wide},
      el('summary', {}, say('filters')), el('div', {class: 'filters'},
      this.ranges(),
      this.choice('within', say('area_of_town'), [['-1', say('everywhere')], ...this.district.areas.map(([, name], i) => [String(i), name])], Number),
      this.choice('grade', say('grade'), [['', say('any')], ...grades.map(grade => [grade, grade])], String),
      this.choice('sort', say('sort'), ['area', 'rent', 'floors', 'name'].map(key => [key, say(`sort_${key}`)]), String),
      this.tick('stale', this.district.towers.some(tower => tower.units.some(unit => unit.stale)), 'stale_too'),
      this.tick('asked', asked, 'asked_only'))));
  }

  ranges() {
    const unit = el('select', {'aria-label': say('rent_unit')},
      el('option', {value: 1}, rentUnit('cny_m2_day')), el('option', {value: 1 / DAYS_PER_MONTH}, rentUnit('cny_m2_month')));
    const top = el('input', {inputmode: 'decimal', 'aria-label': `${say('rent')} ≤`, placeholder: '≤', size: 5});
    const read = () => this.ask({rentMax: amount(top) * Number(/** @type {HTMLSelectElement} */ (unit).value)});
    top.addEventListener('input', read);
    unit.addEventListener('change', read);
    const [low, high] = /** @type {['areaMin', 'areaMax']} */ (['areaMin', 'areaMax']).map(key => {
      const sign = key === 'areaMin' ? '≥' : '≤';
      const field = el('input', {inputmode: 'decimal', 'aria-label': `${say('area')} ${sign}`, placeholder: sign, size: 5, value: this.wanted[key] || ''});
      field.addEventListener('input', () => this.ask({[key]: amount(field)}));
      return field;
    });
    return el('div', {class: 'ranges'},
      el('fieldset', {}, el('legend', {}, `${say('area')} m²`), low, el('span', {}, '–'), high),
      el('fieldset', {}, el('legend', {}, say('rent')), top, unit));
  }

  /**
   * @param {'within' | 'grade' | 'sort'} key
   * @param {string} label
   * @param {string[][]} options
   * @param {(value: string) => string | number} read
   */
  choice(key, label, options, read) {
    const field = el('select', {}, ...options.map(([value, name]) => el('option', {value}, name)));
    field.addEventListener('change', () => this.ask({[key]: read(/** @type {HTMLSelectElement} */ (field).value)}));
    return el('label', {class: 'choice', hidden: options.length < 3 && key !== 'sort'}, el('span', {}, label), field);
  }

  /**
   * @param {'stale' | 'asked'} key
   * @param {boolean} there whether it makes a difference
   * @param {string} label
   */
  tick(key, there, label) {
    const box = el('input', {type: 'checkbox', checked: this.wanted[key]});
    box.addEventListener('change', () => this.ask({[key]: /** @type {HTMLInputElement} */ (box).checked}));
    return el('label', {class: 'tick', hidden: !there}, box, ` ${say(label)}`);
  }

  /** @param {Partial<Wanted>} more */
  ask(more) {
    this.wanted = {...this.wanted, ...more};
    this.find();
  }
}

/** @param {HTMLElement} field */
const amount = field => Math.max(0, parseFloat(/** @type {HTMLInputElement} */ (field).value.replace(/,/g, '')) || 0);

/** @param {string} code */
const rentUnit = code => rent(1, code).replace(/^(CNY )?1 ?/, '$1');
