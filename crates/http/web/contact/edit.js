/**
 * The views that add a contact and edit one.
 */

import { api } from '../api.js';
import { loadTypes } from '../custom/types.js';
import { go } from '../router.js';
import { listChanged } from '../search/pane.js';
import { announce } from '../ui/announce.js';
import { recordForm } from '../ui/record-form.js';
import { t } from '../words/words.js';
import { contactGroups } from './form.js';
import { fullName } from './names.js';

/** @typedef {import('../router.js').Visit} Visit */

/**
 * A contact with the tag of its state, and with the name of its organisation. The name is asked for
 * apart, because the tag is that of the plain record.
 * @param {string} id
 * @param {AbortSignal} [signal]
 * @returns {Promise<{ data: Contact, etag: string }>}
 */
export async function readContact(id, signal) {
    const { data, etag } = await api('GET', `/contacts/${id}`, { signal });
    const organization = data.externalOrganization;
    if (organization && !organization.name) {
        const read = await api('GET', `/organizations/${organization.id}`, { signal }).catch(() => null);
        organization.name = read?.data.name;
    }
    return { data, etag };
}

/**
 * What a search that found nothing was for, as the beginning of a new contact.
 * @param {string} text
 * @returns {Contact}
 */
function begin(text) {
    if (/.@./.test(text)) {
        return { workEmail: text };
    }
    if (/^[\s\d+()./-]{4,}$/.test(text)) {
        return { workPhone: { display: text } };
    }
    const [firstName, ...rest] = text.split(/\s+/).filter(Boolean);
    return firstName ? { firstName, lastName: rest.join(' ') } : {};
}

/** @param {Contact} contact @param {string} words */
function done(contact, words) {
    listChanged();
    announce(words);
    go(`/contact/${contact.id}`);
}

/** `/contact/new`, perhaps with `from` what was searched for, or with an `organization`. @param {Visit} visit */
export async function contactNew({ query, signal }) {
    const contact = begin(query.get('from') ?? '');
    const organization = query.get('organization');
    if (organization) {
        const { data } = await api('GET', `/organizations/${organization}`, { signal });
        contact.externalOrganization = { id: organization, name: data.name };
    }
    return recordForm({
        title: t('contact.new'),
        base: {},
        etag: '',
        groups: contactGroups(contact, await loadTypes('contacts', contact, signal)),
        cancel: organization ? `/organization/${organization}` : '/',
        send: async (value) => (await api('POST', '/contacts', { body: value })).data,
        done: (added) => done(added, t('contact.added', { name: fullName(added) })),
    });
}

/** `/contact/ID/edit` @param {Visit} visit */
export async function contactEdit({ variables: [id = ''], signal }) {
    const { data, etag } = await readContact(id, signal);
    return recordForm({
        title: t('contact.edit', { name: fullName(data) }),
        base: data,
        etag,
        groups: contactGroups(data, await loadTypes('contacts', data, signal)),
        cancel: `/contact/${id}`,
        send: async (value, tag) => (await api('PUT', `/contacts/${id}`, { body: value, headers: { 'If-Match': tag } })).data,
        again: () => readContact(id),
        done: (changed) => done(changed, t('saved')),
    });
}
