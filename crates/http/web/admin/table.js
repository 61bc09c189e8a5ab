/**
 * Tables of users and clients.
 */

import { el } from '../ui/dom.js';
import { own } from '../api.js';
import { known } from '../words/words.js';

/** @typedef {import('../ui/dom.js').Child} Child */

/**
 * @param {string} label
 * @param {string[]} heads
 * @param {Child[][]} rows
 */
export const table = (label, heads, rows) => el('div', { class: 'scroll' },
    el('table', { class: 'table', 'aria-label': label },
        el('thead', {}, el('tr', {}, heads.map((head) => head ? el('th', { scope: 'col' }, head) : el('td')))),
        el('tbody', {}, rows.map((cells) => el('tr', {}, cells.map((cell) => el('td', {}, cell)))))));

/** The roles as options of a choice. @param {AbortSignal} signal @returns {Promise<[string, string][]>} */
export async function roles(signal) {
    const { data } = await own('GET', '/roles', { signal });
    return data.roles.map((/** @type {{ name: string }} */ { name }) => [name, known(`role.${name}`, name)]);
}
