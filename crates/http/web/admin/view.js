/**
 * Administration: a list of its pages beside the one that is open.
 */

import { isAdmin } from '../account/session.js';
import { el, fill } from '../ui/dom.js';
import { alertBox } from '../ui/messages.js';
import { t } from '../words/words.js';
import { clientsView, usersView } from './access.js';
import { settingsView } from './settings.js';
import { exportView, importView } from './transfer.js';
import { typeEdit, typesView } from './types.js';

/** @typedef {import('../router.js').Visit} Visit */

/** @type {[key: 'settings' | 'users' | 'clients' | 'types' | 'import' | 'export', view: (visit: Visit) => Node | Promise<Node>][]} */
const PAGES = [
    ['settings', settingsView],
    ['users', usersView],
    ['clients', clientsView],
    ['types', typesView],
    ['import', importView],
    ['export', exportView],
];

/** `/admin`, `/admin/PAGE`, `/admin/type/ID` @param {Visit} visit */
export async function adminView(visit) {
    const [wanted = 'settings', ...variables] = visit.variables;
    if (!isAdmin()) {
        return el(
            'section',
            { class: 'page' },
            el('h1', {}, t('nav.admin')),
            el('p', { class: 'alert' }, t('fault.403')),
        );
    }
    const isType = wanted === 'contacts' || wanted === 'organizations';
    const view = isType
        ? (/** @type {Visit} */ visit) => typeEdit(wanted, visit)
        : (PAGES.find(([key]) => key === wanted)?.[1] ?? settingsView);
    const links = PAGES.map(([key]) =>
        el(
            'li',
            {},
            el(
                'a',
                {
                    href: `#/admin/${key}`,
                    'aria-current': (key === wanted || (isType && key === 'types')) && 'page',
                },
                t(`admin.${key}`),
            ),
        ),
    );
    const page = el('div', { class: 'page' });
    try {
        fill(page, await view({ ...visit, variables }));
    } catch (error) {
        fill(page, el('h1', {}, t('trouble.title')), alertBox(error));
    }
    return el(
        'div',
        { class: 'admin wide-page' },
        el('nav', { 'aria-label': t('nav.admin') }, el('ul', {}, links)),
        page,
    );
}
