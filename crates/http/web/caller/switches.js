/**
 * Lines to copy into the configuration of telephone systems. The key stands for the one that a client
 * with the role `lookup` gets; whole files are in the project's page about switches.
 */

import { announce } from '../ui/announce.js';
import { el, icon } from '../ui/dom.js';
import { t } from '../words/words.js';

/** @type {[name: string, line: (address: string) => string][]} */
const SYSTEMS = [
    ['FreeSWITCH', (cid) => `<param name="url" value="${cid}?key=KEY&amp;number=\${caller_id_number}"/>`],
    ['Asterisk', (cid) => `same => n,Set(CARNET=\${CURL(${cid}?key=KEY&number=\${URIENCODE(\${CALLERID(num)})})})`],
    ['FreePBX', (cid) => `${cid}?number=[NUMBER]&miss=[NAME]`],
    ['Kamailio', (cid) => `http_client_query("${cid}?key=KEY&number=$(fU{s.escape.param})", "$var(name)")`],
    ['OpenSIPS', (cid) => `rest_get("${cid}?key=KEY&number=$(fU{s.escape.param})", $var(name), , $var(code));`],
    ['3CX', (cid) => `${cid.replace(/cid$/, 'lookup')}/[Number]?key=KEY`],
];

/** @param {string} text that was typed; empty shows how to ask for any */
export function switches(text) {
    const cid = `${location.origin}/cid`;
    const lines = SYSTEMS.map(([name, line]) => /** @type {[string, string]} */ ([name, line(cid)]));
    if (text) {
        lines.unshift(['curl', `curl '${cid}?key=KEY&number=${encodeURIComponent(text)}'`]);
    }
    return el('section', { class: 'card' },
        el('h2', {}, t('caller.switches')),
        el('p', { class: 'quiet' }, t('caller.switchesText')),
        el('dl', { class: 'copies' }, lines.map(([name, code]) => el('div', { class: 'copy' },
            el('dt', {}, name),
            el('dd', {}, el('code', { tabindex: '0', role: 'group', 'aria-label': name }, code), copyButton(name, code))))));
}

/** @param {string} name @param {string} code */
export const copyButton = (name, code) => el('button', {
    type: 'button', class: 'tool', 'aria-label': t('copy.label', { name }),
    onclick: async () => {
        await navigator.clipboard.writeText(code).then(() => announce(t('copied')), () => announce(t('copy.failed')));
    },
}, icon('copy'));
