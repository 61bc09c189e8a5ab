/**
 * The line below a list that is shown page by page.
 */

import { t } from '../words/words.js';
import { button, el } from './dom.js';

/** The daemon lists no further, as the vendor does not. */
const LISTED_MAX = 1000;

/**
 * @param {Listing<unknown>} listing
 * @param {(page: number) => void} turn
 */
export function pages({ total, pageNumber, pageSize }, turn) {
    const last = Math.min(Math.ceil(total / pageSize), Math.floor(LISTED_MAX / pageSize));
    if (last <= 1) {
        return null;
    }
    return el('nav', { class: 'pages', 'aria-label': t('pages') },
        button(t('pages.before'), () => turn(pageNumber - 1), { class: 'button small', disabled: pageNumber <= 1 }),
        el('span', { class: 'quiet' }, t('pages.at', { page: pageNumber, pages: last })),
        button(t('pages.after'), () => turn(pageNumber + 1), { class: 'button small', disabled: pageNumber >= last }),
        pageNumber === last && total > last * pageSize && el('span', { class: 'quiet' }, t('search.narrow')));
}
