/**
 * What carnet says while a number or an e-mail is typed: how it reads it, and whose it is already.
 */

import { api } from '../api.js';
import { el, fill, typed } from '../ui/dom.js';
import { latest } from '../ui/latest.js';
import { country, known, t } from '../words/words.js';
import { fullName } from './contact.js';

/**
 * @param {ReadNumber} read
 * @returns {{ text: string, kind: 'good' | 'kept' | 'refused' }}
 */
export function reading(read) {
    if (read.accepted === false) {
        return { kind: 'refused', text: read.reason?.includes('extension') ? t('number.extensionOnly') : `${t('number.refused')} ${read.reason ?? ''}` };
    }
    switch (read.kind) {
        case 'e164': {
            const parts = [read.international ?? read.e164, read.country && read.country !== '001' && country(read.country),
                read.type && known(`number.type.${read.type}`, ''), read.extension && t('number.extension', { extension: read.extension })];
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
 * @param {string | undefined} ownId the contact that is being edited, which may have it
 */
export function owners(ownId) {
    const node = el('p', { class: 'owners', 'aria-live': 'polite' });
    const ask = latest(
        async (/** @type {string} */ key, signal) => {
            return key ? (await api('GET', '/reversewhitepageslookup', { query: { lookupVal: key }, signal })).data.contacts : [];
        },
        (contacts) => {
            const others = contacts.filter((/** @type {Contact} */ contact) => contact.id !== ownId);
            // In another tab: what was typed here stays.
            const links = others.slice(0, SHOWN_MAX).flatMap((/** @type {Contact} */ contact, /** @type {number} */ place) => [
                place ? ', ' : '',
                el('a', { href: `#/contact/${contact.id}`, target: '_blank', rel: 'noopener' }, typed(fullName(contact))),
            ]);
            const more = others.length > SHOWN_MAX ? ' …' : '';
            fill(node, others.length > 0 && [t('owners'), ' ', ...links, more]);
        },
        // A hint is no reason to trouble anybody.
        () => fill(node),
    );
    return { node, ask };
}
