/**
 * The contact types, and those of organisations: which there are, and whether they are offered.
 */

import { api } from '../api.js';
import { properties, readTypes } from '../custom/types.js';
import { announce } from '../ui/announce.js';
import { el, fill, icon, typed } from '../ui/dom.js';
import { alertBox } from '../ui/trouble.js';
import { t } from '../words/words.js';
import { table } from './table.js';

/** @typedef {import('../custom/types.js').Kind} Kind */

/** @param {Kind} kind @param {AbortSignal} signal */
async function section(kind, signal) {
    const types = await readTypes(kind, signal);
    const trouble = el('div');
    /** @param {Schema} schema */
    function row(schema) {
        const toggle = el('input', {
            type: 'checkbox', role: 'switch', class: 'switch', checked: schema.enabled,
            'aria-label': t('type.offered', { name: schema.name }),
            onchange: async () => {
                fill(trouble);
                try {
                    const body = { ...schema, enabled: toggle.checked };
                    Object.assign(schema, (await api('PUT', `/${kind}/schemas/${schema.id}`, { body })).data);
                    announce(t('saved'));
                } catch (error) {
                    toggle.checked = schema.enabled;
                    fill(trouble, alertBox(error));
                }
            },
        });
        return [el('a', { href: `#/admin/${kind}/${schema.id}` }, typed(schema.name)), t('type.fields', { count: properties(schema).length }), String(schema.version), toggle];
    }
    const title = t(kind === 'contacts' ? 'type.ofContacts' : 'type.ofOrganizations');
    return el('section', { class: 'card' },
        el('div', { class: 'card-head' }, el('h2', {}, title),
            el('a', { class: 'button small', href: `#/admin/${kind}/new` }, icon('add'), t('type.add'))),
        types.length > 0 ? table(title, [t('field.name'), t('type.columns'), t('type.version'), t('type.on')], types.map(row))
            : el('p', { class: 'quiet' }, t('type.noneYet')),
        trouble);
}

/** `/admin/types` @param {import('../router.js').Visit} visit */
export async function typesView({ signal }) {
    return el('div', { class: 'page' }, el('h1', {}, t('admin.types')), el('p', { class: 'quiet' }, t('types.text')),
        ...await Promise.all([section('contacts', signal), section('organizations', signal)]));
}
