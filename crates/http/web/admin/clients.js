/**
 * The programs and telephone systems that may ask: their secrets are shown once.
 */

import { own } from '../api.js';
import { smallForm } from '../account/signin.js';
import { copyButton } from '../caller/switches.js';
import { confirm } from '../ui/dialog.js';
import { button, el, fill, typed } from '../ui/dom.js';
import { choiceField, textField } from '../ui/field.js';
import { alertBox } from '../ui/trouble.js';
import { t, time } from '../words/words.js';
import { roles, table } from './table.js';

/** @param {{ id: string, secret: string, key?: string }} made */
const secrets = ({ id, secret, key }) => el('section', { class: 'card secret', role: 'status' },
    el('h2', {}, t('clients.secret')), el('p', { class: 'quiet' }, t('clients.secretText')),
    el('dl', { class: 'copies' }, [['id', id], ['secret', secret], ['key', key ?? '']].filter(([, value]) => value)
        .map(([name = '', value = '']) => el('div', { class: 'copy' }, el('dt', {}, name),
            el('dd', {}, el('code', { tabindex: '0', role: 'group', 'aria-label': name }, value), copyButton(name, value))))));

/** `/admin/clients` @param {import('../router.js').Visit} visit */
export async function clientsView({ signal }) {
    const options = await roles(signal);
    const list = el('div');
    const made = el('div');

    /** @param {() => Promise<void>} change */
    async function apply(change) {
        try {
            await change();
            await show();
        } catch (error) {
            fill(made, alertBox(error));
        }
    }
    /** @param {{ id: string, name: string, role: string, createDate: string }} client */
    const row = ({ id, name, role, createDate }) => [typed(name), role, el('code', {}, id), time(createDate), [
        button(t('clients.rotate'), async () => {
            if (await confirm(t('clients.rotateTitle', { name }), t('clients.rotateText'), t('clients.rotate'))) {
                await apply(async () => fill(made, secrets((await own('POST', `/clients/${encodeURIComponent(id)}/rotate`)).data)));
            }
        }, { class: 'button small', 'aria-label': t('clients.rotateTitle', { name }) }), ' ',
        button(t('remove'), async () => {
            if (await confirm(t('contact.removeTitle', { name }), t('clients.removeText'), t('remove'), { danger: true })) {
                await apply(async () => void await own('DELETE', `/clients/${encodeURIComponent(id)}`));
            }
        }, { class: 'button small quiet-danger', 'aria-label': t('users.removeOf', { name }) })]];

    async function show() {
        const { data } = await own('GET', '/clients', { signal });
        fill(list, data.clients.length === 0 ? el('p', { class: 'quiet' }, t('clients.none'))
            : table(t('admin.clients'), [t('field.name'), t('users.role'), 'Id', t('users.since'), ''], data.clients.map(row)));
    }
    await show();

    const name = textField({ path: 'name', label: t('field.name') });
    const role = choiceField({ path: 'role', label: t('users.role'), options, value: 'lookup' });
    const form = smallForm([name, role], t('clients.add'), async () => {
        fill(made, secrets((await own('POST', '/clients', { body: { name: name.read(), role: role.read() } })).data));
        name.write('');
        await show();
    });
    return el('div', { class: 'page' }, el('h1', {}, t('admin.clients')), el('p', { class: 'quiet' }, t('clients.text')),
        made, el('section', { class: 'card' }, list), el('section', { class: 'card' }, el('h2', {}, t('clients.add')), form));
}
