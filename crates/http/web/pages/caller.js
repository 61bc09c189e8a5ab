/**
 * Who is calling? What a telephone system would get for a number and why, and the lines that make it
 * ask. In them KEY stands for the key of a client with the role `lookup`; whole files are in the
 * project's page about switches.
 */

import { defaultRegion } from '../account/session.js';
import { own } from '../api.js';
import { reading } from '../contact/phone.js';
import { card, line } from '../record/view.js';
import { persistent } from '../search/pane.js';
import { el, fill, icon, typed } from '../ui/dom.js';
import { announce } from '../ui/messages.js';
import { country, number, t } from '../words/words.js';

/** @type {[name: string, line: (address: string) => string][]} */
const SYSTEMS = [
    ['FreeSWITCH', (cid) => `<param name="url" value="${cid}?key=KEY&amp;number=\${caller_id_number}"/>`],
    [
        'Asterisk',
        (cid) => `same => n,Set(CARNET=\${CURL(${cid}?key=KEY&number=\${URIENCODE(\${CALLERID(num)})})})`,
    ],
    ['FreePBX', (cid) => `${cid}?number=[NUMBER]&miss=[NAME]`],
    ['Kamailio', (cid) => `http_client_query("${cid}?key=KEY&number=$(fU{s.escape.param})", "$var(name)")`],
    [
        'OpenSIPS',
        (cid) => `rest_get("${cid}?key=KEY&number=$(fU{s.escape.param})", $var(name), , $var(code));`,
    ],
    ['3CX', (cid) => `${cid.replace(/cid$/, 'lookup')}/[Number]?key=KEY`],
];

/** @param {string} text that was typed; empty shows how to ask for any */
export function switches(text) {
    const cid = `${location.origin}/cid`;
    const lines = SYSTEMS.map(([name, line]) => /** @type {[string, string]} */ ([name, line(cid)]));
    if (text) {
        lines.unshift(['curl', `curl '${cid}?key=KEY&number=${encodeURIComponent(text).replaceAll("'", '%27')}'`]);
    }
    return el(
        'section',
        { class: 'card' },
        el('h2', {}, t('caller.switches')),
        el('p', { class: 'quiet' }, t('caller.switchesText')),
        el(
            'dl',
            { class: 'copies' },
            lines.map(([name, code]) =>
                el(
                    'div',
                    { class: 'copy' },
                    el('dt', {}, name),
                    el(
                        'dd',
                        {},
                        el('code', { tabindex: '0', role: 'group', 'aria-label': name }, code),
                        copyButton(name, code),
                    ),
                ),
            ),
        ),
    );
}

/** @param {string} name @param {string} code */
export const copyButton = (name, code) =>
    el(
        'button',
        {
            type: 'button',
            class: 'tool',
            'aria-label': t('copy.label', { name }),
            onclick: async () => {
                try {
                    // Missing where the page comes over plain HTTP from another machine.
                    await navigator.clipboard.writeText(code);
                    announce(t('copied'));
                } catch {
                    announce(t('copy.failed'));
                }
            },
        },
        icon('copy'),
    );

/** @param {Caller} caller */
function found(caller) {
    const { text, kind } = reading(caller.read);
    const shown = t('microseconds', { time: number(caller.microseconds, { maximumSignificantDigits: 2 }) });
    return [
        el(
            'section',
            { class: 'card caller', 'aria-live': 'polite' },
            el(
                'p',
                { class: 'caller-line' },
                caller.line ? typed(caller.line) : el('span', { class: 'quiet' }, t('caller.nobody')),
            ),
            el(
                'p',
                { class: 'quiet' },
                caller.contacts.length > 0 && `${t('caller.why', { count: caller.contacts.length })} `,
                el('span', { class: 'took' }, shown),
            ),
        ),
        card(t('caller.read'), [
            line(t('caller.as'), el('span', { class: `reading ${kind}` }, text)),
            caller.read.e164 && line('E.164', el('code', {}, caller.read.e164)),
            caller.read.national && line(t('caller.national'), caller.read.national),
            line(t('caller.region'), country(caller.read.region)),
        ]),
        card(
            t('caller.contacts'),
            caller.contacts.map((contact) =>
                line(
                    contact.organization ?? '–',
                    el('a', { href: `#/contact/${contact.id}` }, typed(contact.name)),
                ),
            ),
        ),
    ];
}

export function callerView() {
    const answer = el('div');
    const input = el('input', {
        type: 'tel',
        id: 'caller',
        autocomplete: 'off',
        class: 'large',
        placeholder: t('caller.placeholder'),
        oninput: () => ask(input.value.trim()),
    });
    const lines = el('div');
    /** @param {string} text */
    const ask = (text) => {
        fill(lines, switches(text));
        return find(text);
    };
    const find = persistent(
        async (/** @type {string} */ text, signal) =>
            text ? (await own('GET', '/caller', { query: { number: text }, signal })).data : null,
        (caller) => fill(answer, caller && found(caller)),
        answer,
    );
    ask('');
    return el(
        'section',
        { class: 'page narrow' },
        el('h1', {}, t('caller.title')),
        el('p', { class: 'quiet' }, t('caller.text', { country: country(defaultRegion()) })),
        el('label', { class: 'hidden', for: 'caller' }, t('caller.label')),
        input,
        answer,
        lines,
    );
}
