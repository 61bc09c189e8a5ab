/**
 * The people who may sign in.
 */

import { own } from '../api.js';
import { smallForm } from '../account/signin.js';
import { session } from '../account/session.js';
import { announce } from '../ui/announce.js';
import { confirm, dialog } from '../ui/dialog.js';
import { button, el, fill, typed } from '../ui/dom.js';
import { choiceField, textField } from '../ui/field.js';
import { alertBox } from '../ui/trouble.js';
import { t, time } from '../words/words.js';
import { roles, table } from './table.js';

const password = () => textField({
    path: 'password', label: t('field.password'), type: 'password', autocomplete: 'new-password', hint: t('password.rule'),
});

/** `/admin/users` @param {import('../router.js').Visit} visit */
export async function usersView({ signal }) {
    const options = await roles(signal);
    const list = el('div');
    const trouble = el('div');

    /** Does something to the list, and shows it anew. @param {() => Promise<unknown>} change */
    async function apply(change) {
        fill(trouble);
        try {
            await change();
            announce(t('saved'));
        } catch (error) {
            fill(trouble, alertBox(error));
        }
        await show();
    }

    /** @param {{ name: string, role: string, createDate: string }} user */
    function row({ name, role, createDate }) {
        const path = `/users/${encodeURIComponent(name)}`;
        const choice = el('select', {
            'aria-label': t('users.roleOf', { name }),
            onchange: () => apply(() => own('PUT', path, { body: { role: choice.value } })),
        }, options.map(([value, text]) => el('option', { value, selected: value === role }, text)));
        return [typed(name), choice, time(createDate), [
            button(t('users.password'), () => void newPassword(name, path), { class: 'button small', 'aria-label': t('users.passwordOf', { name }) }), ' ',
            name !== session()?.name && button(t('remove'), async () => {
                if (await confirm(t('contact.removeTitle', { name }), t('users.removeText'), t('remove'), { danger: true })) {
                    await apply(() => own('DELETE', path));
                }
            }, { class: 'button small quiet-danger', 'aria-label': t('users.removeOf', { name }) })]];
    }

    /** @param {string} name @param {string} path */
    const newPassword = (name, path) => dialog(t('users.passwordOf', { name }), (/** @type {(done: boolean) => void} */ close) => {
        const field = password();
        return [smallForm([field], t('save'), async () => {
            await own('PUT', path, { body: { password: field.read() } });
            announce(t('saved'));
            close(true);
        }), button(t('cancel'), () => close(false))];
    }, { dismissed: false });

    async function show() {
        const { data } = await own('GET', '/users', { signal });
        fill(list, table(t('admin.users'), [t('field.name'), t('users.role'), t('users.since'), ''], data.users.map(row)));
    }
    await show();

    const name = textField({ path: 'name', label: t('field.name') });
    const role = choiceField({ path: 'role', label: t('users.role'), options, value: 'agent' });
    const secret = password();
    const form = smallForm([name, role, secret], t('users.add'), async () => {
        await own('POST', '/users', { body: { name: name.read(), role: role.read(), password: secret.read() } });
        name.write('');
        secret.write('');
        announce(t('saved'));
        await show();
    });
    return el('div', { class: 'page' }, el('h1', {}, t('admin.users')), el('section', { class: 'card' }, list, trouble),
        el('section', { class: 'card' }, el('h2', {}, t('users.add')), form));
}
