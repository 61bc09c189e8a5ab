/**
 * The language of the page: two dictionaries with the same keys, and how dates, counts and regions
 * are written.
 */

import { en } from './en.js';
import { fr } from './fr.js';
import { SAID } from './said.js';

/** @typedef {keyof typeof en} Key */

const DICTIONARIES = { en, fr };
/** @typedef {keyof typeof DICTIONARIES} Language */

const KEPT = 'carnet.language';

/** The kept choice, else the first language of the browser that carnet speaks. @returns {Language} */
function preferred() {
    const wanted = [localStorage.getItem(KEPT), ...navigator.languages];
    for (const tag of wanted) {
        const language = tag?.slice(0, 2).toLowerCase();
        if (language === 'en' || language === 'fr') {
            return language;
        }
    }
    return 'en';
}

/** @type {Language} */
let current = preferred();
document.documentElement.lang = current;

export const language = () => current;

/** Speaks another language from the next text on. @param {Language} wanted */
export function speak(wanted) {
    current = wanted;
    localStorage.setItem(KEPT, wanted);
    document.documentElement.lang = wanted;
}

/**
 * A text of the dictionary, with `{name}` replaced. Where `count` is given and the dictionary has a
 * form for one, that is taken for what the language counts as one.
 * @param {Key} key
 * @param {Record<string, string | number>} [values]
 */
export function t(key, values = {}) {
    const words = /** @type {Record<string, string>} */ (DICTIONARIES[current]);
    let text = words[key] ?? key;
    if (typeof values['count'] === 'number') {
        const form = new Intl.PluralRules(current).select(values['count']);
        text = words[`${key}.${form}`] ?? text;
    }
    return text.replace(/\{(\w+)\}/g, (whole, name) => {
        const value = values[name];
        return typeof value === 'number' ? number(value) : (value ?? whole);
    });
}

/** Whether the dictionary has this key; for keys made of what the daemon says. @param {string} key @returns {key is Key} */
export const has = (key) => key in en;

/** A text for a key that may be missing, else what stands in for it. @param {string} key @param {string} otherwise */
export const known = (key, otherwise) => (has(key) ? t(key) : otherwise);

/**
 * What the daemon says, as a sentence in the person's language.
 * @param {string} clause
 * @param {string} otherwise where the page does not have it in that language
 */
export function said(clause, otherwise) {
    const [pattern, french] = SAID.find(([pattern]) => pattern.test(clause)) ?? [];
    let text = current === 'fr' ? otherwise : clause;
    if (current === 'fr' && pattern && french) {
        text = clause.match(pattern)?.[0].replace(pattern, french) ?? otherwise;
    }
    return text && `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`;
}

/** @param {number} value @param {Intl.NumberFormatOptions} [options] */
export const number = (value, options) => new Intl.NumberFormat(current, options).format(value);

/** A time of the API as people write it: those of the browser's own country, where it has that language. @param {string} iso */
export function time(iso) {
    const place = navigator.languages.find((tag) => tag.startsWith(current)) ?? current;
    const format = new Intl.DateTimeFormat(place, { dateStyle: 'medium', timeStyle: 'short' });
    const date = new Date(iso);
    return Number.isNaN(date.valueOf()) ? iso : format.format(date);
}

/** A country by its two letters. @param {string} code */
export function country(code) {
    try {
        return new Intl.DisplayNames(current, { type: 'region' }).of(code) ?? code;
    } catch {
        return code;
    }
}
