/**
 * Who is signed in, and the dialog that asks when nobody is. It opens over whatever is on the page,
 * so an ended session loses nothing that was typed.
 */

import { own } from '../api.js';
import { signInDialog } from './signin.js';

/** @type {Session | null} */
let current = null;

export const session = () => current;

/** Whether the person may do this; the daemon decides, this only hides what it would refuse. @param {string} permission */
export const may = (permission) => current?.permissions.includes(permission) ?? false;

export const mayEditContacts = () => may('externalContacts:contact:edit');
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
    } catch {
        current = null;
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
    current = (await own('POST', '/session/first', {
        body: { link, name, password },
        signedOut: true,
    })).data;
}

/** Ends the session, here and in the store. */
export async function signOut() {
    await own('DELETE', '/session', { signedOut: true });
    location.assign('/');
}
