/**
 * The hint that a number or an e-mail belongs to somebody already.
 */

import { api } from '../api.js';
import { el, fill, typed } from '../ui/dom.js';
import { latest } from '../ui/latest.js';
import { t } from '../words/words.js';
import { fullName } from './names.js';

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
