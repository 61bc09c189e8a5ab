/**
 * Who may ask: the people who sign in, and the programs and telephone systems, whose secrets are shown
 * once.
 */

import { session, smallForm } from '../account/session.js';
import { own } from '../api.js';
import { copyButton } from '../pages/caller.js';
import { confirm, dialog } from '../ui/dialog.js';
import { button, el, fill, typed } from '../ui/dom.js';
import { choiceField, textField } from '../ui/field.js';
import { alertBox, announce } from '../ui/messages.js';
import { known, t, time } from '../words/words.js';

/** @typedef {import('../ui/dom.js').Child} Child */

/**
 * @param {string} label
 * @param {string[]} heads
 * @param {Child[][]} rows
 * @param {string} [look]
 */
export const table = (label, heads, rows, look = '') =>
    el(
        'div',
        { class: 'scroll' },
        el(
            'table',
            { class: `table ${look}`, 'aria-label': label },
            el(
                'thead',
                {},
                el(
                    'tr',
                    {},
                    heads.map((head) => (head ? el('th', { scope: 'col' }, head) : el('td'))),
                ),
            ),
            el(
                'tbody',
                {},
                rows.map((cells) =>
                    el(
                        'tr',
                        {},
                        // On a narrow page the heads are not shown; each cell has its own.
                        cells.map((cell, at) => el('td', { 'data-label': heads[at] || undefined }, cell)),
                    ),
                ),
            ),
        ),
    );

/** The roles as options of a choice. @param {AbortSignal} signal @returns {Promise<[string, string][]>} */
export async function roles(signal) {
    const { data } = await own('GET', '/roles', { signal });
    return data.roles.map((/** @type {{ name: string }} */ { name }) => [name, known(`role.${name}`, name)]);
}

const password = () =>
    textField({
        path: 'password',
        label: t('field.password'),
        type: 'password',
        autocomplete: 'new-password',
        hint: t('password.rule'),
    });

/** `/admin/users` @param {import('../router.js').Visit} visit */
export async function usersView({ signal }) {
    const options = await roles(signal);
    const list = el('div', { tabindex: '-1' });
    const trouble = el('div');
    /** Somebody who signs in with the role of a telephone system would see an empty page. @param {string} [present] */
    const rolesOf = (present) => options.filter(([value]) => value !== 'lookup' || value === present);

    /**
     * Does something to the list, and shows it anew.
     * @param {() => Promise<unknown>} change
     * @param {string} [label] of the choice on which the focus stays
     */
    async function apply(change, label) {
        fill(trouble);
        try {
            await change();
            announce(t('saved'));
        } catch (error) {
            fill(trouble, alertBox(error));
        }
        await show();
        const choices = [...list.querySelectorAll('select')];
        (choices.find((choice) => choice.getAttribute('aria-label') === label) ?? list).focus();
    }

    /** @param {{ name: string, role: string, createDate: string }} user */
    function row({ name, role, createDate }) {
        const path = `/users/${encodeURIComponent(name)}`;
        const label = t('users.roleOf', { name });
        const choice = el(
            'select',
            { 'aria-label': label, onchange: () => void (save.disabled = choice.value === role) },
            rolesOf(role).map(([value, text]) => el('option', { value, selected: value === role }, text)),
        );
        const save = button(
            t('save'),
            () => void apply(() => own('PUT', path, { body: { role: choice.value } }), label),
            { class: 'button small', disabled: true, 'aria-label': `${t('save')}: ${label}` },
        );
        return [
            typed(name),
            el('span', { class: 'chosen' }, choice, save),
            time(createDate),
            [
                button(t('users.password'), () => void newPassword(name, path), {
                    class: 'button small',
                    'aria-label': t('users.passwordOf', { name }),
                }),
                ' ',
                name !== session()?.name &&
                    button(
                        t('remove'),
                        async () => {
                            if (
                                await confirm(
                                    t('contact.removeTitle', { name }),
                                    t('users.removeText'),
                                    t('remove'),
                                    { danger: true },
                                )
                            ) {
                                await apply(() => own('DELETE', path));
                            }
                        },
                        { class: 'button small quiet-danger', 'aria-label': t('users.removeOf', { name }) },
                    ),
            ],
        ];
    }

    /** @param {string} name @param {string} path */
    const newPassword = (name, path) =>
        dialog(
            t('users.passwordOf', { name }),
            (/** @type {(done: boolean) => void} */ close) => {
                const field = password();
                return [
                    smallForm([field], t('save'), async () => {
                        await own('PUT', path, { body: { password: field.read() } });
                        announce(t('saved'));
                        close(true);
                    }),
                    button(t('cancel'), () => close(false)),
                ];
            },
            { dismissed: false },
        );

    async function show() {
        const { data } = await own('GET', '/users', { signal });
        fill(
            list,
            table(
                t('admin.users'),
                [t('field.name'), t('users.role'), t('users.since'), ''],
                data.users.map(row),
            ),
        );
    }
    await show();

    const name = textField({ path: 'name', label: t('field.name') });
    const role = choiceField({ path: 'role', label: t('users.role'), options: rolesOf(), value: 'agent' });
    const secret = password();
    const form = smallForm([name, role, secret], t('users.add'), async () => {
        await own('POST', '/users', {
            body: { name: name.read(), role: role.read(), password: secret.read() },
        });
        name.write('');
        secret.write('');
        announce(t('saved'));
        await show();
    });
    return el(
        'div',
        { class: 'page' },
        el('h1', {}, t('admin.users')),
        el('section', { class: 'card' }, list, trouble),
        el('section', { class: 'card' }, el('h2', {}, t('users.add')), form),
    );
}

/** @param {{ id: string, secret: string, key?: string }} made */
const secrets = ({ id, secret, key }) =>
    el(
        'section',
        { class: 'card secret', role: 'status' },
        el('h2', {}, t('clients.secret')),
        el('p', { class: 'quiet' }, t('clients.secretText')),
        el(
            'dl',
            { class: 'copies' },
            [
                ['id', id],
                ['secret', secret],
                ['key', key ?? ''],
            ]
                .filter(([, value]) => value)
                .map(([name = '', value = '']) =>
                    el(
                        'div',
                        { class: 'copy' },
                        el('dt', {}, name),
                        el(
                            'dd',
                            {},
                            el('code', { tabindex: '0', role: 'group', 'aria-label': name }, value),
                            copyButton(name, value),
                        ),
                    ),
                ),
        ),
    );

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
    const row = ({ id, name, role, createDate }) => [
        typed(name),
        known(`role.${role}`, role),
        el('code', {}, id),
        time(createDate),
        [
            button(
                t('clients.rotate'),
                async () => {
                    if (
                        await confirm(
                            t('clients.rotateTitle', { name }),
                            t('clients.rotateText'),
                            t('clients.rotate'),
                        )
                    ) {
                        await apply(async () =>
                            fill(
                                made,
                                secrets(
                                    (await own('POST', `/clients/${encodeURIComponent(id)}/rotate`)).data,
                                ),
                            ),
                        );
                    }
                },
                { class: 'button small', 'aria-label': t('clients.rotateTitle', { name }) },
            ),
            ' ',
            button(
                t('remove'),
                async () => {
                    if (
                        await confirm(
                            t('contact.removeTitle', { name }),
                            t('clients.removeText'),
                            t('remove'),
                            { danger: true },
                        )
                    ) {
                        await apply(
                            async () => void (await own('DELETE', `/clients/${encodeURIComponent(id)}`)),
                        );
                    }
                },
                { class: 'button small quiet-danger', 'aria-label': t('users.removeOf', { name }) },
            ),
        ],
    ];

    async function show() {
        const { data } = await own('GET', '/clients', { signal });
        fill(
            list,
            data.clients.length === 0
                ? el('p', { class: 'quiet' }, t('clients.none'))
                : table(
                      t('admin.clients'),
                      [t('field.name'), t('users.role'), 'Id', t('users.since'), ''],
                      data.clients.map(row),
                  ),
        );
    }
    await show();

    const name = textField({ path: 'name', label: t('field.name') });
    const role = choiceField({ path: 'role', label: t('users.role'), options, value: 'lookup' });
    const form = smallForm([name, role], t('clients.add'), async () => {
        fill(
            made,
            secrets((await own('POST', '/clients', { body: { name: name.read(), role: role.read() } })).data),
        );
        name.write('');
        await show();
    });
    return el(
        'div',
        { class: 'page' },
        el('h1', {}, t('admin.clients')),
        el('p', { class: 'quiet' }, t('clients.text')),
        made,
        el('section', { class: 'card' }, list),
        el('section', { class: 'card' }, el('h2', {}, t('clients.add')), form),
    );
}
