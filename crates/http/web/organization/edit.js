/**
 * The views that add an organisation and edit one, and the groups of their form.
 */

import { api } from '../api.js';
import { addressGroup, labelOf } from '../contact/edit.js';
import { phoneField } from '../contact/phone.js';
import { customGroup, loadTypes } from '../record/custom.js';
import { group, recordForm } from '../record/form.js';
import { go } from '../router.js';
import { listChanged } from '../search/pane.js';
import { listField, numberField, textField } from '../ui/field.js';
import { announce } from '../ui/messages.js';
import { at, digits } from '../ui/paths.js';
import { t } from '../words/words.js';

/**
 * @param {Organization} organization
 * @param {import('../record/custom.js').Types} types of organisations
 */
export function organizationGroups(organization, types) {
    /** @param {string} path @param {boolean} [required] */
    const text = (path, required) =>
        textField({ path, label: labelOf(path), value: at(organization, path), required });
    /** @param {string} path */
    const count = (path) =>
        numberField({ path, label: labelOf(path), value: digits(at(organization, path)) });
    /** @param {string} path */
    const phone = (path) => phoneField({ path, label: labelOf(path), value: at(organization, path) });
    return [
        group(t('section.organization'), [
            textField({
                path: 'name',
                label: labelOf('name'),
                value: organization.name,
                required: true,
                wide: true,
            }),
            text('industry'),
            text('companyType'),
            count('employeeCount'),
            count('revenue'),
        ]),
        group(t('section.phones'), [phone('phoneNumber'), phone('faxNumber')]),
        group(t('section.links'), [
            listField({
                path: 'websites',
                label: labelOf('websites'),
                values: organization.websites,
                wide: true,
            }),
            textField({
                path: 'externalSystemUrl',
                label: labelOf('externalSystemUrl'),
                type: 'url',
                wide: true,
                value: organization.externalSystemUrl,
            }),
            listField({ path: 'tags', label: labelOf('tags'), values: at(organization, 'tags'), wide: true }),
        ]),
        addressGroup(organization),
        customGroup(organization, types),
    ];
}

/** @typedef {import('../router.js').Visit} Visit */

/** @param {Organization} organization @param {string} words */
function done(organization, words) {
    listChanged();
    announce(words);
    go(`/organization/${organization.id}`);
}

/** `/organization/new` @param {Visit} visit */
export async function organizationNew({ query, signal }) {
    const types = await loadTypes('organizations', {}, signal);
    return recordForm({
        title: t('organization.new'),
        base: {},
        etag: '',
        groups: organizationGroups({ name: query.get('from') ?? '' }, types),
        cancel: '/',
        send: async (value) => (await api('POST', '/organizations', { body: value })).data,
        done: (added) => done(added, t('organization.added', { name: added.name })),
    });
}

/** `/organization/ID/edit` @param {Visit} visit */
export async function organizationEdit({ variables: [id = ''], signal }) {
    const read = () => api('GET', `/organizations/${id}`);
    const { data, etag } = await api('GET', `/organizations/${id}`, { signal });
    return recordForm({
        title: t('contact.edit', { name: data.name }),
        base: data,
        etag,
        groups: organizationGroups(data, await loadTypes('organizations', data, signal)),
        cancel: `/organization/${id}`,
        send: async (value, tag) =>
            (await api('PUT', `/organizations/${id}`, { body: value, headers: { 'If-Match': tag } })).data,
        again: read,
        done: (changed) => done(changed, t('saved')),
    });
}
