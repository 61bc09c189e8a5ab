/**
 * Who is calling? What a telephone system would get for a number, and why.
 */

import { own } from '../api.js';
import { defaultRegion } from '../account/session.js';
import { reading } from '../contact/reading.js';
import { el, fill, typed } from '../ui/dom.js';
import { latest } from '../ui/latest.js';
import { card, line } from '../ui/record.js';
import { alertBox } from '../ui/trouble.js';
import { number, country, t } from '../words/words.js';
import { switches } from './switches.js';

/** @param {Caller} caller */
function found(caller) {
    const { text, kind } = reading(caller.read);
    const shown = t('microseconds', { time: number(caller.microseconds, { maximumSignificantDigits: 2 }) });
    return [
        el('section', { class: 'card caller', 'aria-live': 'polite' },
            el('p', { class: 'caller-line' }, caller.line ? typed(caller.line) : el('span', { class: 'quiet' }, t('caller.nobody'))),
            el('p', { class: 'quiet' }, caller.why, ' ', el('span', { class: 'took' }, shown))),
        card(t('caller.read'), [
            line(t('caller.as'), el('span', { class: `reading ${kind}` }, text)),
            caller.read.e164 && line('E.164', el('code', {}, caller.read.e164)),
            caller.read.national && line(t('caller.national'), caller.read.national),
            line(t('caller.region'), country(caller.read.region)),
        ]),
        card(t('caller.contacts'), caller.contacts.map((contact) => line(contact.organization ?? '–',
            el('a', { href: `#/contact/${contact.id}` }, typed([contact.firstName, contact.lastName].filter(Boolean).join(' ')))))),
    ];
}

export function callerView() {
    const answer = el('div');
    const input = el('input', {
        type: 'tel', id: 'caller', autocomplete: 'off', class: 'large', placeholder: t('caller.placeholder'),
        oninput: () => ask(input.value.trim()),
    });
    const lines = el('div');
    /** @param {string} text */
    const ask = (text) => {
        fill(lines, switches(text));
        return find(text);
    };
    const find = latest(
        async (/** @type {string} */ text, signal) => (text ? (await own('GET', '/caller/read', { query: { number: text }, signal })).data : null),
        (caller) => fill(answer, caller && found(caller)),
        (error) => fill(answer, alertBox(error)),
    );
    ask('');
    return el('section', { class: 'page narrow' },
        el('h1', {}, t('caller.title')),
        el('p', { class: 'quiet' }, t('caller.text', { country: country(defaultRegion()) })),
        el('label', { class: 'hidden', for: 'caller' }, t('caller.label')), input, answer, lines);
}
