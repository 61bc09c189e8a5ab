/**
 * The contacts of an organisation: searched, and listed page by page; there may be thousands.
 */

import { api } from '../api.js';
import { may } from '../account/session.js';
import { contactRow } from '../search/rows.js';
import { wanted } from '../search/marks.js';
import { el, fill, icon, unique } from '../ui/dom.js';
import { latest } from '../ui/latest.js';
import { pages } from '../ui/pages.js';
import { alertBox } from '../ui/trouble.js';
import { t } from '../words/words.js';

const PAGE = 25;

/** @typedef {{ text: string, page: number }} Asked */

/** @param {string} id of the organisation */
export function members(id) {
    const list = el('ul', { class: 'results boxed', 'aria-label': t('organization.members') });
    const foot = el('div');
    const count = el('span', { class: 'quiet' });
    const read = latest(
        (/** @type {Asked} */ { text, page }, signal) => api('GET', `/organizations/${id}/contacts`, {
            query: { q: text, pageSize: PAGE, pageNumber: page, sortOrder: text ? undefined : 'lastName:asc' }, signal,
        }),
        ({ data }, asked) => {
            const rows = data.entities.map((/** @type {Contact} */ contact) =>
                // Each of them is of this organisation; its name is above.
                el('li', {}, contactRow({ ...contact, externalOrganization: undefined }, wanted(asked.text))));
            fill(list, rows);
            fill(count, ` ${t('search.contacts', { count: data.total })}`);
            fill(foot, pages(data, (page) => void read({ ...asked, page })));
        },
        (error) => fill(foot, alertBox(error)),
    );
    const input = el('input', {
        type: 'search', dir: 'auto', autocomplete: 'off', placeholder: t('organization.searchMembers'),
        'aria-label': t('organization.searchMembers'), oninput: () => void read({ text: input.value.trim(), page: 1 }),
    });
    read({ text: '', page: 1 });
    const heading = unique('members');
    return el('section', { class: 'card', 'aria-labelledby': heading },
        el('div', { class: 'card-head' }, el('h2', { id: heading }, t('organization.members')), count,
            may('externalContacts:contact:add')
                && el('a', { class: 'button small', href: `#/contact/new?organization=${id}` }, icon('add'), t('contact.add'))),
        input, list, foot);
}
