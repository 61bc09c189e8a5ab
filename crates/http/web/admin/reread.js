/**
 * Reading the stored numbers anew, after the country or the house's own numbers changed: first what
 * would change, then the change, part by part.
 */

import { own } from '../api.js';
import { button, el, fill, typed } from '../ui/dom.js';
import { alertBox } from '../ui/trouble.js';
import { t } from '../words/words.js';

const SHOWN_MAX = 8;

/** @typedef {{ contacts: number, changes: number, first: any[] }} Sum */

/**
 * One pass over all contacts.
 * @param {boolean} dryRun
 * @param {(sum: Sum) => boolean} told after each part; false ends the pass
 */
async function pass(dryRun, told) {
    /** @type {Sum} */
    const sum = { contacts: 0, changes: 0, first: [] };
    let after;
    do {
        const { data } = await own('POST', '/numbers/reread', { query: { dryRun, after } });
        sum.contacts += data.contacts;
        sum.changes += data.changes.length;
        sum.first.push(...data.changes.slice(0, SHOWN_MAX - sum.first.length));
        after = data.after;
    } while (told(sum) && after);
    return sum;
}

export function rereadCard() {
    const state = el('div', { role: 'status', 'aria-live': 'polite' });
    let going = false;
    const stop = button(t('stop'), () => {
        going = false;
    });

    /** @param {boolean} dryRun */
    async function run(dryRun) {
        going = true;
        fill(actions, stop);
        try {
            const sum = await pass(dryRun, ({ contacts, changes }) => {
                fill(state, el('p', {}, t('reread.progress', { contacts, changes })));
                return going;
            });
            fill(state, el('p', {}, t(dryRun ? 'reread.would' : 'reread.done', { contacts: sum.contacts, changes: sum.changes })),
                dryRun && el('ul', {}, sum.first.map((change) => el('li', {}, typed(change.text ?? change.display ?? ''), ' → ', change.e164 ?? t('number.kept')))));
            fill(actions, dryRun && sum.changes > 0 && button(t('reread.apply'), () => void run(false), { class: 'button primary' }));
        } catch (error) {
            fill(state, alertBox(error));
            fill(actions, button(t('again'), () => void run(dryRun)));
        }
    }
    const actions = el('div', { class: 'actions' }, button(t('reread.look'), () => void run(true), { class: 'button primary' }));
    return el('section', { class: 'card' }, el('h2', {}, t('reread.title')), el('p', { class: 'quiet' }, t('reread.text')), state, actions);
}
