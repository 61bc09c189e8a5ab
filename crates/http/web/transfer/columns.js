/**
 * Which column of a table is which field of a contact, and a row as the API's JSON.
 */

import { ADDRESS, CHANNELS, EMAILS, NAMES, PHONES } from '../contact/fields.js';
import { put } from '../ui/paths.js';

/** The fields that a column can be. The page names them as the form does. */
export const TARGETS = [
    ...NAMES, 'title', 'externalOrganization.name', ...EMAILS,
    ...PHONES.flatMap((phone) => [`${phone}.display`, `${phone}.extension`, `${phone}.acceptsSMS`]),
    'externalSystemUrl', ...ADDRESS.map((part) => `address.${part}`),
    ...Object.values(CHANNELS).flatMap(({ fields }) => fields.map(([path]) => path)), 'surveyOptOut', 'id',
];

/** What other programs call the fields, in small letters without blanks and marks. */
const NAMES_OF = /** @type {Record<string, string>} */ ({
    organization: 'externalOrganization.name', organisation: 'externalOrganization.name', company: 'externalOrganization.name',
    societe: 'externalOrganization.name', entreprise: 'externalOrganization.name',
    givenname: 'firstName', prenom: 'firstName', familyname: 'lastName', surname: 'lastName', nom: 'lastName', nomdefamille: 'lastName',
    jobtitle: 'title', fonction: 'title', email: 'workEmail', emailaddress: 'workEmail', mail: 'workEmail', courriel: 'workEmail',
    phone: 'workPhone.display', telephone: 'workPhone.display', businessphone: 'workPhone.display', mobile: 'cellPhone.display',
    mobilephone: 'cellPhone.display', portable: 'cellPhone.display', twitterid: 'twitterId.screenName',
    street: 'address.address1', adresse: 'address.address1', city: 'address.city', ville: 'address.city', zip: 'address.postalCode',
    postalcode: 'address.postalCode', codepostal: 'address.postalCode', country: 'address.countryCode',
});

/** @param {string} name */
const plain = (name) => name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/\[(\d+)\]/g, '.$1').replace(/[\s_-]/g, '');

/** The field that a column's name means; empty for none. @param {string} name */
export function targetOf(name) {
    const wanted = plain(name.replace(/^\uFEFF/, ''));
    const target = TARGETS.find((target) => plain(target) === wanted || plain(target) === `${wanted}.display`) ?? NAMES_OF[wanted];
    // Fields of an export that the form has not are known by their path.
    return target ?? (/^(customFields|externalIds|schema|division)\./i.test(name) ? name.trim() : '');
}

/** @param {string} target @param {string} cell */
function valueOf(target, cell) {
    // An apostrophe keeps a spreadsheet from taking a text for a formula.
    const text = cell.trim().replace(/^'(?=[=+\-@\t])/, '');
    if (/acceptsSMS$|^surveyOptOut$/.test(target)) {
        return /^(true|yes|1|oui|vrai)$/i.test(text) ? true : /^(false|no|0|non|faux)$/i.test(text) ? false : text;
    }
    return /extension$|version$/.test(target) && /^\d+$/.test(text) ? Number(text) : text;
}

/**
 * A row as a contact.
 * @param {string[]} targets for each column the field, empty for none
 * @param {string[]} cells
 */
export function contactOf(targets, cells) {
    const contact = {};
    targets.forEach((target, column) => {
        const cell = cells[column]?.trim();
        if (target && cell) {
            put(contact, target, valueOf(target, cell));
        }
    });
    return contact;
}
