/**
 * The groups of a contact's form, in the vendor's order.
 */

import { customGroup } from '../custom/group.js';
import { group } from '../ui/record-form.js';
import { switchField, textField } from '../ui/field.js';
import { at } from '../ui/paths.js';
import { t } from '../words/words.js';
import { emailField } from './email.js';
import { ADDRESS, EMAILS, PHONES } from './fields.js';
import { organizationField } from './organization.js';
import { phoneField } from './phone.js';
import { socialGroup } from './social.js';

/** @typedef {import('../words/words.js').Key} Key */

/** @param {string} path */
export const labelOf = (path) => t(/** @type {Key} */ (`field.${path}`));

/**
 * The postal address, which organisations have, too.
 * @param {Entity} entity
 */
export const addressGroup = (entity) => group(t('section.address'), ADDRESS.map((part) => textField({
    path: `address.${part}`,
    label: labelOf(`address.${part}`),
    value: at(entity, `address.${part}`),
    wide: part.startsWith('address'),
    max: part === 'city' ? 100 : part === 'state' ? 50 : part.startsWith('address') ? 200 : 25,
})));

/**
 * @param {Contact} contact as it was read; a new one is empty
 * @param {{ list: Schema[], current?: Schema }} types of contacts
 * @returns {import('../ui/record-form.js').Group[]}
 */
export function contactGroups(contact, types) {
    const ownId = contact.id;
    /** @param {string} path @param {boolean} [required] */
    const text = (path, required) => textField({ path, label: labelOf(path), value: at(contact, path), required, max: 1000 });
    return [
        group(t('section.contact'), [
            text('firstName', true), text('lastName', true), text('middleName'), text('salutation'),
            textField({ path: 'title', label: labelOf('title'), value: contact.title, max: 1000, wide: true }),
        ]),
        group(t('section.organization'), [
            organizationField({
                path: 'externalOrganization', label: labelOf('externalOrganization'), value: contact.externalOrganization,
            }),
        ]),
        group(t('section.emails'), EMAILS.map((path) =>
            emailField({ path, label: labelOf(path), value: at(contact, path), ownId }))),
        group(t('section.phones'), PHONES.map((path) =>
            phoneField({ path, label: labelOf(path), value: at(contact, path), ownId }))),
        group(t('section.links'), [
            textField({
                path: 'externalSystemUrl', label: labelOf('externalSystemUrl'), value: contact.externalSystemUrl,
                type: 'url', wide: true, max: 1000,
            }),
        ]),
        socialGroup(contact),
        addressGroup(contact),
        group(t('section.survey'), [
            switchField({
                path: 'surveyOptOut', label: t('field.surveyOptOut'), value: contact.surveyOptOut,
                show: (value) => (value ? t('yes') : t('no')),
            }),
        ]),
        customGroup(contact, types),
    ];
}
