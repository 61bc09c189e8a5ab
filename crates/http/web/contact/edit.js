/**
 * The views that add a contact and edit one, and the groups of their form in the vendor's order.
 */

import { api } from '../api.js';
import { customGroup, loadTypes } from '../record/custom.js';
import { group, recordForm } from '../record/form.js';
import { go } from '../router.js';
import { listChanged } from '../search/pane.js';
import { el, typed } from '../ui/dom.js';
import { switchField, textField } from '../ui/field.js';
import { announce } from '../ui/messages.js';
import { at } from '../ui/paths.js';
import { paused } from '../ui/tasks.js';
import { t } from '../words/words.js';
import { ADDRESS, EMAILS, fullName, PHONES } from './contact.js';
import { organizationField } from './organization.js';
import { owners, phoneField } from './phone.js';
import { socialGroup } from './social.js';

/**
 * @param {{ path: string, label: string, value?: string, ownId?: string }} options
 * @returns {import('../ui/field.js').Field}
 */
export function emailField({ path, label, value, ownId }) {
    const field = textField({ path, label, value, type: 'email' });
    const hint = owners(ownId);
    field.node.append(hint.node);
    const ask = paused(250, hint.ask);
    field.node.addEventListener('input', () => {
        const text = field.read() ?? '';
        // Half an address is nobody's.
        ask(/.@.+\../.test(text) ? text : '');
    });
    return field;
}

/** @typedef {import('../words/words.js').Key} Key */

/** @param {string} path */
export const labelOf = (path) => t(/** @type {Key} */ (`field.${path}`));

/**
 * The postal address, which organisations have, too.
 * @param {Entity} entity
 */
export const addressGroup = (entity) =>
    group(
        t('section.address'),
        ADDRESS.map((part) =>
            textField({
                path: `address.${part}`,
                label: labelOf(`address.${part}`),
                value: at(entity, `address.${part}`),
                wide: part.startsWith('address'),
            }),
        ),
    );

/**
 * @param {Contact} contact as it was read; a new one is empty
 * @param {import('../record/custom.js').Types} types of contacts
 * @returns {import('../record/form.js').Group[]}
 */
export function contactGroups(contact, types) {
    const ownId = contact.id;
    /** @param {string} path @param {boolean} [required] */
    const text = (path, required) =>
        textField({ path, label: labelOf(path), value: at(contact, path), required });
    return [
        group(t('section.contact'), [
            text('firstName', true),
            text('lastName', true),
            text('middleName'),
            text('salutation'),
            textField({ path: 'title', label: labelOf('title'), value: contact.title, wide: true }),
        ]),
        group(t('section.organization'), [
            organizationField({
                path: 'externalOrganization',
                label: labelOf('externalOrganization'),
                value: contact.externalOrganization,
            }),
        ]),
        group(
            t('section.emails'),
            EMAILS.map((path) => emailField({ path, label: labelOf(path), value: at(contact, path), ownId })),
        ),
        group(
            t('section.phones'),
            PHONES.map((path) => phoneField({ path, label: labelOf(path), value: at(contact, path), ownId })),
        ),
        group(t('section.links'), [
            textField({
                path: 'externalSystemUrl',
                label: labelOf('externalSystemUrl'),
                value: contact.externalSystemUrl,
                type: 'url',
                wide: true,
            }),
        ]),
        socialGroup(contact),
        addressGroup(contact),
        group(t('section.survey'), [
            switchField({
                path: 'surveyOptOut',
                label: t('field.surveyOptOut'),
                value: contact.surveyOptOut,
                show: (value) => (value ? t('yes') : t('no')),
            }),
        ]),
        customGroup(contact, types),
    ];
}

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

/**
 * A link to the newest contact of the same name. In another tab: what was typed here stays.
 * @param {Contact} contact
 */
async function made(contact) {
    const name = fullName(contact);
    const { data } = await api('GET', '/contacts', { query: { q: name, pageSize: 100 } });
    const [twin] = /** @type {Contact[]} */ (data.entities)
        .filter((other) => fullName(other) === name)
        .sort((a, b) => String(b.createDate).localeCompare(String(a.createDate)));
    return twin && el('a', { href: `#/contact/${twin.id}`, target: '_blank', rel: 'noopener' }, typed(name));
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
        made,
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
        send: async (value, tag) =>
            (await api('PUT', `/contacts/${id}`, { body: value, headers: { 'If-Match': tag } })).data,
        again: () => readContact(id),
        done: (changed) => done(changed, t('saved')),
    });
}
