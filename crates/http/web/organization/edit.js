/**
 * The views that add an organisation and edit one.
 */

import { api } from '../api.js';
import { loadTypes } from '../custom/types.js';
import { go } from '../router.js';
import { listChanged } from '../search/pane.js';
import { announce } from '../ui/announce.js';
import { recordForm } from '../ui/record-form.js';
import { t } from '../words/words.js';
import { organizationGroups } from './form.js';

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
