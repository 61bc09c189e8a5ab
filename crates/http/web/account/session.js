/**
 * Who is signed in, and the forms that let somebody in. They open over whatever is on the page, so an
 * ended session loses nothing that was typed.
 */

import { Fault, own } from '../api.js';
import { dialog } from '../ui/dialog.js';
import { el, fill } from '../ui/dom.js';
import { textField } from '../ui/field.js';
import { alertBox, faults } from '../ui/messages.js';
import { language, said, speak, t } from '../words/words.js';

/**
 * A form whose one button sends it; a fault goes to its field, or above the button.
 * @param {import('../ui/field.js').Field[]} fields
 * @param {string} label
 * @param {() => Promise<void>} send
 */
export function smallForm(fields, label, send) {
    const trouble = el('div');
    const submit = el('button', { class: 'button primary' }, label);
    return el(
        'form',
        {
            class: 'small-form',
            novalidate: true,
            onsubmit: async (/** @type {Event} */ event) => {
                event.preventDefault();
                fill(trouble);
                fields.forEach((field) => field.fault(''));
                submit.disabled = true;
                try {
                    await send();
                } catch (error) {
                    const named = error instanceof Fault ? faults(error) : [];
                    const shown = named.filter(({ path, text }) => {
                        const field = fields.find((field) => field.path === path);
                        field?.fault(text);
                        return field;
                    });
                    if (shown.length === 0) {
                        fill(trouble, alertBox(error));
                    }
                    (fields.find((field) => field.path === shown[0]?.path) ?? fields[0])?.focus();
                } finally {
                    submit.disabled = false;
                }
            },
        },
        ...fields.map((field) => field.node),
        trouble,
        el('div', { class: 'actions' }, submit),
    );
}

/**
 * Asks for name and password over the page.
 * @param {string} name of the person whose session ended; empty when nobody was signed in
 * @returns {Promise<Session>}
 */
export function signInDialog(name) {
    const title = name ? t('signIn.again') : t('signIn.title');
    return dialog(
        title,
        (/** @type {(session: Session) => void} */ close) => {
            const who = textField({
                path: 'name',
                label: t('field.name'),
                autocomplete: 'username',
                value: name,
            });
            const secret = textField({
                path: 'password',
                label: t('field.password'),
                type: 'password',
                autocomplete: 'current-password',
            });
            // Whose session ended is known; the dialog gives the focus to what is left to fill in.
            (name ? secret : who).node.querySelector('input')?.setAttribute('autofocus', '');
            const form = smallForm([who, secret], t('signIn'), async () => {
                const body = { name: who.read(), password: secret.read() };
                try {
                    close((await own('POST', '/session', { body, signedOut: true })).data);
                } catch (error) {
                    throw wrong(error, 'password');
                }
            });
            const other = language() === 'en' ? 'fr' : 'en';
            const switcher = el(
                'button',
                {
                    type: 'button',
                    class: 'link',
                    lang: other,
                    onclick: () => {
                        speak(other);
                        location.reload();
                    },
                },
                other === 'fr' ? 'Français' : 'English',
            );
            return [
                el('p', { class: 'quiet' }, name ? t('signIn.keeps') : nobody || t('signIn.text')),
                form,
                name ? '' : switcher,
            ].filter((part) => part instanceof Node);
        },
        { look: name ? undefined : 'door' },
    );
}

/** Wrong credentials are said at a field; other errors stay as they are. @param {unknown} error @param {string} path */
export function wrong(error, path) {
    if (error instanceof Fault && error.status === 401) {
        error.message = `${path}: ${t('signIn.wrong')}`;
        error.details = [{ errorCode: 'wrong', fieldName: path }];
    }
    return error;
}

/**
 * The form of the link that the first start printed.
 * @param {(name: string, password: string) => Promise<void>} send
 * @param {() => void} done
 */
export function firstDialog(send, done) {
    return dialog(
        t('first.title'),
        (/** @type {(result: boolean) => void} */ close) => {
            const who = textField({ path: 'name', label: t('field.name'), autocomplete: 'username' });
            const secret = textField({
                path: 'password',
                label: t('field.password'),
                type: 'password',
                autocomplete: 'new-password',
                hint: t('password.rule'),
            });
            return [
                el('p', { class: 'quiet' }, t('first.text')),
                smallForm([who, secret], t('first.send'), async () => {
                    await send(who.read() ?? '', secret.read() ?? '').catch((error) => {
                        throw error instanceof Fault && error.status === 401
                            ? new Fault(410, {}, new Headers())
                            : error;
                    });
                    close(true);
                    done();
                }),
                // For a link that was used already.
                el('a', { href: '/' }, t('signIn')),
            ];
        },
        { look: 'door' },
    );
}

/** @type {Session | null} */
let current = null;
/** What to do while there is no person who could sign in; empty where there is one. */
let nobody = '';

export const session = () => current;

/** Whether the person may do this; the daemon decides, this only hides what it would refuse. @param {string} permission */
const may = (permission) => current?.permissions.includes(permission) ?? false;

/** @typedef {'add' | 'edit' | 'delete'} Action */

/** @param {Action} action */
export const mayContacts = (action) => may(`externalContacts:contact:${action}`);
/** @param {Action} action */
export const mayOrganizations = (action) => may(`externalContacts:externalOrganization:${action}`);
export const isAdmin = () => may('carnet:admin');

/** The country whose numbers are written without a code. */
export const defaultRegion = () => current?.defaultRegion ?? 'US';

/** @param {string} region */
export function noteDefaultRegion(region) {
    if (current) {
        current.defaultRegion = region;
    }
}

/** Asks the daemon who is signed in. @returns {Promise<boolean>} */
export async function resume() {
    try {
        current = (await own('GET', '/session', { signedOut: true })).data;
    } catch (error) {
        current = null;
        nobody = error instanceof Fault && error.code === 'no.person' ? said(error.message, '') : '';
    }
    return current !== null;
}

/** @type {Promise<void> | null} */
let asking = null;

/** Asks for name and password until they are right. Requests that wait share one dialog. */
export function signInAgain() {
    asking ??= signInDialog(current?.name ?? '').then((signedIn) => {
        const another = current && current.name !== signedIn.name;
        current = signedIn;
        asking = null;
        if (another) {
            // What is on the page was another person's.
            location.reload();
        }
    });
    return asking;
}

/** Uses the link of the first start. @param {string} link @param {string} name @param {string} password */
export async function signInFirst(link, name, password) {
    current = (
        await own('POST', '/session/first', {
            body: { link, name, password },
            signedOut: true,
        })
    ).data;
}

/** Ends the session, here and in the store. */
export async function signOut() {
    await own('DELETE', '/session', { signedOut: true });
    location.assign('/');
}
