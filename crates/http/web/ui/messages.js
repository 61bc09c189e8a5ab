/**
 * Messages to the person: short ones that come and go, what the daemon's faults are called, and which
 * field each belongs to.
 */

import { Fault, Unreachable } from '../api.js';
import { known, said, t } from '../words/words.js';
import { el, fill } from './dom.js';

const region = el('div', { class: 'announcer', role: 'status', 'aria-live': 'polite' });
const whisper = el('div', { class: 'hidden', role: 'status', 'aria-live': 'polite' });

/** The two live regions, which must be on the page before they have a text. */
export const regions = () => [region, whisper];

let timer = 0;

/** Shows a short message for some seconds. @param {string} text */
export function announce(text) {
    fill(region, el('p', { class: 'toast' }, text));
    clearTimeout(timer);
    timer = window.setTimeout(() => fill(region), 6000);
}

/** Tells a screen reader what everybody else sees anyway. @param {string} text */
export function say(text) {
    whisper.textContent = text;
}

/** One sentence for whatever went wrong. @param {unknown} error @returns {string} */
export function sentence(error) {
    if (error instanceof Unreachable) {
        return t('fault.unreachable');
    }
    if (error instanceof Fault) {
        const { status, retryAfter } = error;
        if (status === 429) {
            return t('fault.429', { count: Math.max(retryAfter, 1) });
        }
        const general = known(`fault.${status}`, error.message);
        return status === 409 ? said(error.message, general) : general;
    }
    return t('fault.page');
}

/** A box that is read out at once. @param {...import('./dom.js').Child} content */
export const alarm = (...content) => el('div', { class: 'alert', role: 'alert' }, content);

/** A box that says what went wrong. @param {unknown} error */
export function alertBox(error) {
    const detail = error instanceof Fault && error.status >= 500 && error.message;
    return alarm(sentence(error), detail && el('small', { lang: 'en' }, ` ${detail}`));
}

/**
 * The faults of a refused body by the paths of their fields, in the person's words where carnet has
 * some, else in those of the daemon.
 * @param {Fault} fault
 * @returns {{ path: string, text: string }[]}
 */
export function faults(fault) {
    const clauses = fault.message.split('; ');
    return fault.details
        .filter((detail) => detail.fieldName)
        .map((detail) => {
            const path = detail.fieldName ?? '';
            const clause = clauses.find((clause) => clause.startsWith(path)) ?? '';
            return { path, text: words(path, detail.errorCode ?? '', clause.slice(path.length)) };
        });
}

/** @param {string} path @param {string} code @param {string} clause */
function words(path, code, clause) {
    if (code === 'required') {
        return t('fault.required');
    }
    const kind = /email$/i.test(path)
        ? 'email'
        : /url$/i.test(path)
          ? 'url'
          : clause.includes('only an extension')
            ? 'extensionOnly'
            : '';
    if (code === 'invalid.value' && kind) {
        return t(/** @type {import('../words/words.js').Key} */ (`fault.${kind}`));
    }
    if (path.startsWith('externalOrganization')) {
        return t('organization.choose');
    }
    const why = clause.replace(/^\s*:?\s*/, '');
    return said(why, why) || t('fault.invalid');
}
