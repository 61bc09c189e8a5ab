/**
 * The person's own page: password, keys, signing out.
 */

import { session, signOut, smallForm, wrong } from '../account/session.js';
import { own } from '../api.js';
import { button, el, typed } from '../ui/dom.js';
import { textField } from '../ui/field.js';
import { keysAreOn, switchKeys } from '../ui/keys.js';
import { announce } from '../ui/messages.js';
import { known, t } from '../words/words.js';

export function accountView() {
    const role = session()?.role ?? '';
    const old = textField({
        path: 'old',
        label: t('password.old'),
        type: 'password',
        autocomplete: 'current-password',
    });
    const next = textField({
        path: 'password',
        label: t('password.new'),
        type: 'password',
        autocomplete: 'new-password',
        hint: t('password.rule'),
    });
    const form = smallForm([old, next], t('password.change'), async () => {
        const body = { old: old.read(), password: next.read() };
        await own('PUT', '/session/password', { body, signedOut: true }).catch((error) => {
            throw wrong(error, 'old');
        });
        old.write('');
        next.write('');
        announce(t('password.changed'));
    });
    const keys = el('input', {
        type: 'checkbox',
        role: 'switch',
        class: 'switch',
        checked: keysAreOn(),
        onchange: () => switchKeys(keys.checked),
    });
    return el(
        'section',
        { class: 'page narrow' },
        el('h1', {}, typed(session()?.name)),
        el('p', { class: 'quiet' }, t('account.role', { role: known(`role.${role}`, role) })),
        el('section', { class: 'card' }, el('h2', {}, t('password.change')), form),
        el(
            'section',
            { class: 'card' },
            el('h2', {}, t('account.keys')),
            el('label', { class: 'check' }, keys, t('account.keysText')),
        ),
        el('p', {}, button(t('signOut'), signOut)),
    );
}
