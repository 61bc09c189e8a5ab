/**
 * A telephone number on the form: its text, the switch for SMS, a live line that says what carnet makes
 * of it, and the hint whose it is already, which e-mails have, too.
 */

import { api, own } from '../api.js';
import { el, fill, typed, unique } from '../ui/dom.js';
import { labelled } from '../ui/field.js';
import { latest, paused } from '../ui/tasks.js';
import { country, known, t } from '../words/words.js';
import { fullName } from './contact.js';

/**
 * What carnet makes of a number, as a line of text.
 * @param {ReadNumber} read
 * @returns {{ text: string, kind: 'good' | 'kept' | 'refused' }}
 */
export function reading(read) {
    if (read.accepted === false) {
        return {
            kind: 'refused',
            text: read.reason?.includes('extension')
                ? t('number.extensionOnly')
                : `${t('number.refused')} ${read.reason ?? ''}`,
        };
    }
    switch (read.kind) {
        case 'e164': {
            const parts = [
                read.international ?? read.e164,
                read.country && read.country !== '001' && country(read.country),
                read.lineKind && known(`number.type.${read.lineKind}`, ''),
                read.valid === false && t('number.unassigned'),
                read.extension && t('number.extension', { extension: read.extension }),
            ];
            return { kind: 'good', text: parts.filter(Boolean).join(' · ') };
        }
        case 'several':
            return { kind: 'good', text: t('number.several', { numbers: (read.numbers ?? []).join(', ') }) };
        case 'internal':
            return { kind: 'good', text: t('number.internal') };
        default:
            return { kind: 'kept', text: t('number.kept') };
    }
}

const SHOWN_MAX = 3;

/**
 * The hint that a number or an e-mail belongs to somebody already.
 * @param {string | undefined} ownId the contact that is being edited, which may have it
 */
export function owners(ownId) {
    const node = el('p', { class: 'owners', 'aria-live': 'polite' });
    const ask = latest(
        async (/** @type {string} */ key, signal) => {
            return key
                ? (await api('GET', '/reversewhitepageslookup', { query: { lookupVal: key }, signal })).data
                      .contacts
                : [];
        },
        (contacts) => {
            const others = contacts.filter((/** @type {Contact} */ contact) => contact.id !== ownId);
            // In another tab: what was typed here stays.
            const links = others
                .slice(0, SHOWN_MAX)
                .flatMap((/** @type {Contact} */ contact, /** @type {number} */ place) => [
                    place ? ', ' : '',
                    el(
                        'a',
                        { href: `#/contact/${contact.id}`, target: '_blank', rel: 'noopener' },
                        typed(fullName(contact)),
                    ),
                ]);
            const more = others.length > SHOWN_MAX ? ' …' : '';
            fill(node, others.length > 0 && [t('owners'), ' ', ...links, more]);
        },
        // A hint is no reason to trouble anybody.
        () => fill(node),
    );
    return { node, ask };
}

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
    const input = el('input', { name: path, type: 'tel', autocomplete: 'off' });
    const sms = el('input', {
        type: 'checkbox',
        role: 'switch',
        class: 'switch',
        name: `${path}.acceptsSMS`,
        id: unique('sms'),
    });
    const line = el('p', { class: 'reading', 'aria-live': 'polite' });
    const hint = owners(ownId);

    const read = latest(
        async (/** @type {string} */ text, signal) =>
            text
                ? (
                      await own('GET', '/numbers/read', {
                          query: { number: text, region: given?.normalizationCountryCode },
                          signal,
                      })
                  ).data
                : null,
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

    const row = el(
        'div',
        { class: 'phone-row' },
        input,
        el(
            'label',
            { class: 'check', for: sms.id },
            sms,
            t('field.acceptsSMS'),
            el('span', { class: 'hidden' }, ` – ${label}`),
        ),
    );
    const field = labelled({ path, label }, input);
    input.after(row);
    row.prepend(input);
    row.after(line, hint.node);
    write(value);
    return {
        ...field,
        read() {
            const display = input.value.trim();
            if (!display) {
                return undefined;
            }
            // An untouched number is sent back as it came, with what the daemon knows of it.
            const phone =
                display === phoneText(given) && given
                    ? { ...given }
                    : { display, normalizationCountryCode: given?.normalizationCountryCode };
            if (sms.checked || given?.acceptsSMS !== undefined) {
                Object.assign(phone, { acceptsSMS: sms.checked });
            }
            return JSON.parse(JSON.stringify(phone));
        },
        write,
        show: (/** @type {Phone | undefined} */ phone) =>
            phoneText(phone) + (phone?.acceptsSMS ? ` · ${t('field.acceptsSMS')}` : ''),
    };
}
