/**
 * The part of the address behind `#`, which names the view. A view that holds something unsaved is
 * not left without a question.
 */

import { confirm } from './ui/dialog.js';
import { t } from './words/words.js';

/**
 * @typedef {object} Visit
 * @property {string[]} variables what stands for `*` in the pattern, escaped as it was
 * @property {URLSearchParams} query
 * @property {AbortSignal} signal aborted when the view is left
 */
/** @typedef {(visit: Visit) => Node | Promise<Node>} View */
/** @typedef {{ pattern: string, view: View, besideSearch?: boolean }} Route */

/** @type {(() => boolean) | null} */
let unsaved = null;
/** @type {{ title: string, text: string } | undefined} */
let question;
let shown = '';
let leaving = new AbortController();

/**
 * Registers how to tell that the view holds something unsaved; until the next view.
 * @param {() => boolean} ask
 * @param {{ title: string, text: string }} [asked] what a person is asked then
 */
export const guard = (ask, asked) => void ([unsaved, question] = [ask, asked]);

/** The view holds nothing unsaved any more. */
export const saved = () => void (unsaved = null);

/** Goes to another view. @param {string} place such as `/contact/new` */
export const go = (place) => void (location.hash = `#${place}`);

/** The present place. */
export const here = () => location.hash.slice(1) || '/';

/** @param {string} pattern @param {string} path @returns {string[] | null} */
function match(pattern, path) {
    const wanted = pattern.split('/');
    const given = path.split('/');
    if (wanted.length !== given.length) {
        return null;
    }
    /** @type {string[]} */
    const variables = [];
    const fits = wanted.every((part, at) => {
        if (part === '*' && given[at]) {
            variables.push(given[at] ?? '');
            return true;
        }
        return part === given[at];
    });
    return fits ? variables : null;
}

/**
 * The route of a place: the first whose pattern fits.
 * @param {Route[]} routes
 * @param {string} place
 * @returns {{ route: Route, variables: string[], query: URLSearchParams } | null}
 */
function find(routes, place) {
    const [path = '/', query = ''] = place.split('?');
    for (const route of routes) {
        const variables = match(route.pattern, path);
        if (variables) {
            return { route, variables, query: new URLSearchParams(query) };
        }
    }
    return null;
}

/**
 * Follows the address from now on.
 * @param {Route[]} routes the last one must fit everything that is wrong: it is shown then
 * @param {(route: Route, node: Node | Promise<Node>) => void} show
 */
export function follow(routes, show) {
    const visit = () => {
        leaving.abort();
        leaving = new AbortController();
        unsaved = null;
        shown = here();
        const found = find(routes, shown);
        const route = found?.route ?? routes[routes.length - 1];
        if (route) {
            const { variables = [], query = new URLSearchParams() } = found ?? {};
            show(route, route.view({ variables, query, signal: leaving.signal }));
        }
    };
    window.addEventListener('hashchange', async () => {
        const wanted = here();
        if (wanted === shown) {
            return;
        }
        if (unsaved?.()) {
            // The address has moved already; it goes back until the question is answered.
            history.pushState(null, '', `#${shown}`);
            if (!(await mayLeave())) {
                return;
            }
            saved();
            go(wanted);
            return;
        }
        visit();
    });
    window.addEventListener('beforeunload', (event) => {
        if (unsaved?.()) {
            event.preventDefault();
        }
    });
    visit();
    return visit;
}

/** Whether the view may be left: nothing is unsaved, or the person says so. */
export async function mayLeave() {
    const { title, text } = question ?? { title: t('leave.title'), text: t('leave.text') };
    return !unsaved?.() || confirm(title, text, t('leave.yes'), { no: t('leave.no') });
}
