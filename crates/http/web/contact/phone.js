/**
 * A telephone number on the form: its text, the switch for SMS, and a live line that says what carnet
 * makes of it.
 */

import { own } from '../api.js';
import { el, fill, unique } from '../ui/dom.js';
import { labelled } from '../ui/field.js';
import { latest, paused } from '../ui/latest.js';
import { t } from '../words/words.js';
import { owners, reading } from './hints.js';

const PAUSE = 120;

/** The number as one types it, extension included. @param {Phone | undefined} phone */
export const phoneText = (phone) =>
    [phone?.display, phone?.extension !== undefined && `ext. ${phone.extension}`].filter(Boolean).join(' ');

/**
 * @param {{ path: string, label: string, value?: Phone, ownId?: string }} options
 * @returns {import('../ui/field.js').Field}
 */
export function phoneField({ path, label, value, ownId }) {
    let given = value;
    const input = el('input', { name: path, type: 'tel', autocomplete: 'off', maxlength: 512 });
    const sms = el('input', { type: 'checkbox', role: 'switch', class: 'switch', name: `${path}.acceptsSMS`, id: unique('sms') });
    const line = el('p', { class: 'reading', 'aria-live': 'polite' });
    const hint = owners(ownId);

    const read = latest(
        async (/** @type {string} */ text, signal) => (text
            ? (await own('GET', '/numbers/read', { query: { number: text, region: given?.normalizationCountryCode }, signal })).data
            : null),
        (/** @type {ReadNumber | null} */ answer) => {
            const { text, kind } = answer ? reading(answer) : { text: '', kind: '' };
            line.className = `reading ${kind}`;
            fill(line, text);
            hint.ask(answer?.e164 ?? '');
        },
        () => fill(line),
    );
    const readSoon = paused(PAUSE, read);
    input.addEventListener('input', () => {
        // What was said of an older text is not to stand beside this one.
        line.classList.add('waiting');
        readSoon(input.value.trim());
    });

    function write(/** @type {Phone | undefined} */ phone) {
        given = phone;
        input.value = phoneText(phone);
        sms.checked = phone?.acceptsSMS ?? false;
        read(input.value);
    }

    const row = el('div', { class: 'phone-row' }, input,
        el('label', { class: 'check', for: sms.id }, sms, t('field.sms'), el('span', { class: 'hidden' }, ` – ${label}`)));
    const { node, fault } = labelled({ label }, input);
    input.after(row);
    row.prepend(input);
    row.after(line, hint.node);
    write(value);
    return {
        path,
        label,
        node,
        read() {
            const display = input.value.trim();
            if (!display) {
                return undefined;
            }
            // An untouched number is sent back as it came, with what the daemon knows of it.
            const phone = display === phoneText(given) && given
                ? { ...given }
                : { display, normalizationCountryCode: given?.normalizationCountryCode };
            if (sms.checked || given?.acceptsSMS !== undefined) {
                Object.assign(phone, { acceptsSMS: sms.checked });
            }
            return JSON.parse(JSON.stringify(phone));
        },
        write,
        show: (/** @type {Phone | undefined} */ phone) => phoneText(phone) + (phone?.acceptsSMS ? ` · ${t('field.sms')}` : ''),
        fault,
        focus: () => input.focus(),
    };
}
