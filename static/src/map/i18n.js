// @ts-check
/** Texts and numbers of the page in its language. */

/** @typedef {import('./types').Boot} Boot */
/** @typedef {import('./types').Word} Word */
/** @typedef {ReturnType<typeof createTexts>} Texts */

const TEN_THOUSAND = 10_000;
const DAYS_PER_MONTH = 365 / 12;
const DAY_MS = 86_400_000;

/** @param {Pick<Boot, 'locale' | 'text' | 'words' | 'fold'>} boot */
export function createTexts({locale, text, words, fold = ''}) {
  const chinese = locale !== 'en';
  const whole = new Intl.NumberFormat(locale, {maximumFractionDigits: 0});
  const one = new Intl.NumberFormat(locale, {maximumFractionDigits: 1});
  const two = new Intl.NumberFormat(locale, {maximumFractionDigits: 2});
  const percent = new Intl.NumberFormat(locale, {style: 'percent', maximumFractionDigits: 1});

  const script = locale === 'zh-Hant' ? traditional(fold) : (/** @type {string} */ name) => name;

  /** The text of a key, `{name}` replaced. @param {string} key @param {Record<string, string | number>} [values] */
  const t = (key, values = {}) => (text[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''));
  /** @param {number} n */
  const number = n => whole.format(n);
  /** Large areas in 万 m² where Chinese is read. @param {number} m2 */
  const area = m2 =>
    chinese && m2 >= TEN_THOUSAND ? `${one.format(m2 / TEN_THOUSAND)} ${t('ten_thousand')} m²` : `${number(m2)} m²`;
  /** CNY per m² and day in the unit asked for, without the unit. @param {number} rent @param {string} unit */
  const rentNumber = (rent, unit) => (unit === 'cny_m2_month' ? whole.format(rent * DAYS_PER_MONTH) : two.format(rent));
  /** @param {number} rent CNY per m² and day @param {string} unit */
  const rent = (rent, unit) => t(`rent_${unit}`, {n: rentNumber(rent, unit)});

  return {
    t,
    /** A name from the data in the characters of the page. */
    script,
    number,
    area,
    rent,
    rentNumber,
    /** @param {number} share */
    percent: share => percent.format(share),
    /** @param {number} n */
    decimal: n => two.format(n),
    /** @param {number} low @param {number} high CNY per m² and day @param {string} unit */
    rents(low, high, unit) {
      const [from, to] = [rentNumber(low, unit), rentNumber(high, unit)];
      return t(`rent_${unit}`, {n: from === to ? from : `${from}–${to}`});
    },
    /** How long ago a day number lies before another. @param {number} days */
    ago: days =>
      days <= 0
        ? t('today')
        : days < 60
          ? t('days_ago', {n: days})
          : t('months_ago', {n: Math.round(days / DAYS_PER_MONTH)}),
    /** ISO date of a day number. @param {number} day */
    date: day => new Date(day * DAY_MS).toISOString().slice(0, 10),
    /** The name to show in the language of the page. @param {string | null} [name] @param {string | null} [english] */
    name: (name, english) => (chinese ? script(name || '') || english : english || name) || '',
    /**
     * The name in the other language, '' when it has none.
     * @param {string | null} name
     * @param {string | null} english
     */
    otherName: (name, english) => (name && english && name !== english ? (chinese ? english : name) : ''),
    /**
     * The name of a word, '' when there is none.
     * @param {keyof Boot['words']} list
     * @param {string | null | undefined} code
     */
    word: (list, code) => /** @type {Word[]} */ (words[list]).find(word => word.code === code)?.name ?? '',
  };
}

/** Turns the characters of names into traditional ones. @param {string} pairs traditional and simplified in turn */
function traditional(pairs) {
  const characters = [...pairs];
  const found = new Map(
    characters.flatMap((character, i) => (i % 2 ? [/** @type {const} */ ([character, characters[i - 1]])] : [])),
  );
  return (/** @type {string} */ name) => [...name].map(character => found.get(character) ?? character).join('');
}
