/**
 * An organisation: what is known of it, its contacts page by page, for there may be thousands, and its
 * notes.
 */

import { mayContacts, mayOrganizations } from '../account/session.js';
import { api } from '../api.js';
import { labelOf } from '../contact/edit.js';
import { phoneLinks } from '../contact/view.js';
import { customCard, loadTypes } from '../record/custom.js';
import { notes } from '../record/notes.js';
import { addressCard, card, line, outLink, recordFoot } from '../record/view.js';
import { go } from '../router.js';
import { listChanged, persistent } from '../search/pane.js';
import { contactRow, wanted } from '../search/rows.js';
import { confirm } from '../ui/dialog.js';
import { button, el, fill, icon, typed, unique } from '../ui/dom.js';
import { announce, say } from '../ui/messages.js';
import { at, digits } from '../ui/paths.js';
import { number, t } from '../words/words.js';

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
    return el(
        'nav',
        { class: 'pages', 'aria-label': t('pages') },
        button(t('pages.before'), () => turn(pageNumber - 1), {
            class: 'button small',
            disabled: pageNumber <= 1,
        }),
        el('span', { class: 'quiet' }, t('pages.at', { page: pageNumber, pages: last })),
        button(t('pages.after'), () => turn(pageNumber + 1), {
            class: 'button small',
            disabled: pageNumber >= last,
        }),
        total > LISTED_MAX && el('span', { class: 'quiet' }, t('pages.listed', { listed: LISTED_MAX, total })),
    );
}

const PAGE = 25;

/** @typedef {{ text: string, page: number }} Asked */

/** @param {string} id of the organisation */
export function members(id) {
    const list = el('ul', { class: 'results boxed', 'aria-label': t('organization.members') });
    const foot = el('div');
    const count = el('span', { class: 'quiet' });
    const read = persistent(
        (/** @type {Asked} */ { text, page }, signal) =>
            api('GET', `/organizations/${id}/contacts`, {
                query: {
                    q: text,
                    pageSize: PAGE,
                    pageNumber: page,
                    sortOrder: text ? undefined : 'lastName:asc',
                },
                signal,
            }),
        ({ data }, asked) => {
            const rows = data.entities.map((/** @type {Contact} */ contact) =>
                // Each of them is of this organisation; its name is above.
                el('li', {}, contactRow({ ...contact, externalOrganization: undefined }, wanted(asked.text))),
            );
            fill(list, rows);
            fill(count, ` ${t('search.contacts', { count: data.total })}`);
            const turned = [...foot.querySelectorAll('button')].findIndex(
                (button) => button === document.activeElement,
            );
            fill(
                foot,
                pages(data, (page) => void read({ ...asked, page })),
            );
            if (turned >= 0) {
                // Who turns pages goes on doing so; at the end only the other way is left.
                const buttons = [...foot.querySelectorAll('button')];
                (buttons[turned]?.disabled ? buttons[1 - turned] : buttons[turned])?.focus();
                say(foot.querySelector('span')?.textContent ?? '');
            }
        },
        foot,
    );
    const input = el('input', {
        type: 'search',
        dir: 'auto',
        autocomplete: 'off',
        placeholder: t('organization.searchMembers'),
        'aria-label': t('organization.searchMembers'),
        oninput: () => void read({ text: input.value.trim(), page: 1 }),
    });
    read({ text: '', page: 1 });
    const heading = unique('members');
    return el(
        'section',
        { class: 'card', 'aria-labelledby': heading },
        el(
            'div',
            { class: 'card-head' },
            el('h2', { id: heading }, t('organization.members')),
            count,
            mayContacts('add') &&
                el(
                    'a',
                    { class: 'button small', href: `#/contact/new?organization=${id}` },
                    icon('add'),
                    t('contact.add'),
                ),
        ),
        input,
        list,
        foot,
    );
}

/** `/organization/ID` @param {import('../router.js').Visit} visit */
export async function organizationView({ variables: [id = ''], signal }) {
    const { data: organization } = await api('GET', `/organizations/${id}`, { signal });
    const types = await loadTypes('organizations', organization, signal);
    const mayEdit = mayOrganizations('edit');
    const name = organization.name;

    async function remove() {
        const text = t('organization.removeText');
        if (await confirm(t('contact.removeTitle', { name }), text, t('remove'), { danger: true })) {
            await api('DELETE', `/organizations/${id}`);
            listChanged();
            announce(t('removed'));
            go('/');
        }
    }
    /** @param {string} path */
    const text = (path) => line(labelOf(path), at(organization, path) && typed(at(organization, path)));
    /** @param {string} path */
    const count = (path) =>
        at(organization, path) !== undefined &&
        line(labelOf(path), number(Number(digits(at(organization, path)))));
    const sites = (organization.websites ?? []).map((/** @type {string} */ site) =>
        line(labelOf('websites'), outLink(/^https?:/.test(site) ? site : `https://${site}`, typed(site))),
    );
    return el(
        'article',
        { class: 'record' },
        el('a', { class: 'back', href: '#/' }, icon('back'), t('nav.contacts')),
        el(
            'header',
            { class: 'record-head' },
            el('span', { class: 'avatar large square', 'aria-hidden': 'true' }, [...name][0]),
            el(
                'div',
                { class: 'record-name' },
                el('h1', {}, typed(name)),
                el(
                    'p',
                    { class: 'quiet' },
                    organization.industry ? typed(organization.industry) : t('organization'),
                ),
            ),
            el(
                'div',
                { class: 'record-tools' },
                mayEdit &&
                    el('a', { class: 'button', href: `#/organization/${id}/edit` }, icon('edit'), t('edit')),
                mayOrganizations('delete') && button(t('remove'), remove, { class: 'button quiet-danger' }),
            ),
        ),
        card(t('section.about'), [
            line(labelOf('phoneNumber'), phoneLinks(organization.phoneNumber)),
            line(labelOf('faxNumber'), phoneLinks(organization.faxNumber)),
            ...sites,
            text('companyType'),
            count('employeeCount'),
            count('revenue'),
            organization.tags?.length && line(labelOf('tags'), typed(organization.tags.join(', '))),
            organization.externalSystemUrl &&
                line(labelOf('externalSystemUrl'), outLink(organization.externalSystemUrl)),
        ]),
        addressCard(organization),
        customCard(organization, types.current),
        members(id),
        notes(`/organizations/${id}`, mayEdit),
        recordFoot(organization),
    );
}
