/**
 * A row of the list: who it is, and of what belongs to him what matches best.
 */

import { el } from '../ui/dom.js';
import { fullName, initials } from '../contact/names.js';
import { marked } from './marks.js';

/** @typedef {import('./marks.js').Wanted} Wanted */

/**
 * The numbers and e-mails of a contact that match, else the first of them.
 * @param {Contact} contact
 * @param {Wanted} wanted
 */
function reach(contact, wanted) {
    const phones = [contact.workPhone, contact.cellPhone, contact.homePhone, contact.otherPhone];
    const texts = [...phones.map((phone) => phone?.display), contact.workEmail, contact.personalEmail, contact.otherEmail];
    const all = texts.flatMap((text) => (text ? [marked(text, wanted)] : []));
    const matching = all.filter(({ matches }) => matches);
    return (matching.length ? matching.slice(0, 2) : all.slice(0, 1)).map(({ node }) => node);
}

/** @param {HTMLElement[]} parts */
const dotted = (parts) => parts.flatMap((part, at) => (at ? [' · ', part] : [part]));

/** @param {string} place @param {string} letters @param {HTMLElement} name @param {HTMLElement[]} about @param {HTMLElement[]} reached */
function row(place, letters, name, about, reached) {
    return el('a', { class: 'row', href: `#${place}` },
        el('span', { class: 'avatar', 'aria-hidden': 'true' }, letters),
        el('span', { class: 'row-text' },
            el('span', { class: 'row-name' }, name),
            about.length > 0 && el('span', { class: 'row-about' }, dotted(about)),
            reached.length > 0 && el('span', { class: 'row-reach' }, dotted(reached))));
}

/** @param {Contact} contact @param {Wanted} wanted */
export function contactRow(contact, wanted) {
    const about = [contact.title, contact.externalOrganization?.name]
        .flatMap((text) => (text ? [marked(text, wanted).node] : []));
    return row(`/contact/${contact.id}`, initials(contact), marked(fullName(contact), wanted).node, about,
        reach(contact, wanted));
}

/** @param {Organization} organization @param {Wanted} wanted */
export function organizationRow(organization, wanted) {
    const about = organization.industry ? [marked(organization.industry, wanted).node] : [];
    const name = organization.name ?? '';
    return row(`/organization/${organization.id}`, [...name][0] ?? '', marked(name, wanted).node, about, []);
}
