/**
 * An organisation: what is known of it, its contacts page by page, and its notes.
 */

import { api } from '../api.js';
import { may } from '../account/session.js';
import { labelOf } from '../contact/form.js';
import { phoneLinks } from '../contact/view.js';
import { customCard } from '../custom/view.js';
import { loadTypes } from '../custom/types.js';
import { notes } from '../notes/notes.js';
import { go } from '../router.js';
import { listChanged } from '../search/pane.js';
import { announce } from '../ui/announce.js';
import { confirm } from '../ui/dialog.js';
import { button, el, icon, typed } from '../ui/dom.js';
import { at } from '../ui/paths.js';
import { addressCard, card, line, outLink, recordFoot } from '../ui/record.js';
import { number, t } from '../words/words.js';
import { members } from './members.js';

/** `/organization/ID` @param {import('../router.js').Visit} visit */
export async function organizationView({ variables: [id = ''], signal }) {
    const { data: organization } = await api('GET', `/organizations/${id}`, { signal });
    const types = await loadTypes('organizations', organization, signal);
    const mayEdit = may('externalContacts:externalOrganization:edit');
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
    const count = (path) => at(organization, path) !== undefined && line(labelOf(path), number(at(organization, path)));
    const sites = (organization.websites ?? []).map((/** @type {string} */ site) =>
        line(labelOf('websites'), outLink(/^https?:/.test(site) ? site : `https://${site}`, typed(site))));
    return el('article', { class: 'record' },
        el('a', { class: 'back', href: '#/' }, icon('back'), t('nav.contacts')),
        el('header', { class: 'record-head' },
            el('span', { class: 'avatar large square', 'aria-hidden': 'true' }, [...name][0]),
            el('div', { class: 'record-name' }, el('h1', {}, typed(name)),
                el('p', { class: 'quiet' }, organization.industry ? typed(organization.industry) : t('organization'))),
            el('div', { class: 'record-tools' },
                mayEdit && el('a', { class: 'button', href: `#/organization/${id}/edit` }, icon('edit'), t('edit')),
                may('externalContacts:externalOrganization:delete') && button(t('remove'), remove, { class: 'button quiet-danger' }))),
        card(t('section.about'), [
            line(labelOf('phoneNumber'), phoneLinks(organization.phoneNumber)),
            line(labelOf('faxNumber'), phoneLinks(organization.faxNumber)),
            ...sites, text('companyType'), count('employeeCount'), count('revenue'),
            organization.tags?.length && line(labelOf('tags'), typed(organization.tags.join(', '))),
            organization.externalSystemUrl && line(labelOf('externalSystemUrl'), outLink(organization.externalSystemUrl)),
        ]),
        addressCard(organization),
        customCard(organization, types.current),
        members(id),
        notes(`/organizations/${id}`, mayEdit),
        recordFoot(organization));
}
