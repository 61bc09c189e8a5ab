/**
 * What a contact is to the page: its name as a line, and its fields in the order of the vendor's form.
 * View, form, comparison of versions and import read these tables.
 */

/** @param {Contact} contact */
export function fullName(contact) {
    const { salutation, firstName, middleName, lastName } = contact;
    const name = [salutation, firstName, middleName, lastName].filter(Boolean).join(' ');
    return (
        name || contact.externalOrganization?.name || contact.workEmail || contact.workPhone?.display || '—'
    );
}

/** @param {Contact} contact */
export function initials(contact) {
    const letters = [contact.firstName, contact.lastName].map((name) => [...(name ?? '')][0] ?? '');
    return letters.join('').toUpperCase() || '·';
}

/** Fields of the name, `title` apart. */
export const NAMES = ['salutation', 'firstName', 'middleName', 'lastName'];
export const EMAILS = ['workEmail', 'personalEmail', 'otherEmail'];
export const PHONES = ['workPhone', 'cellPhone', 'homePhone', 'otherPhone'];
export const ADDRESS = ['address1', 'address2', 'city', 'state', 'postalCode', 'countryCode'];

/**
 * The social channels: which part of the contact each is, and its fields. The first field is the
 * one without which there is no channel.
 * @type {Record<string, { part: string, fields: [path: string, label: 'screenName' | 'id' | 'displayName' | 'handle' | 'number'][] }>}
 */
export const CHANNELS = {
    x: { part: 'twitterId', fields: [['twitterId.screenName', 'screenName']] },
    whatsApp: {
        part: 'whatsAppId',
        fields: [
            ['whatsAppId.phoneNumber.display', 'number'],
            ['whatsAppId.displayName', 'displayName'],
        ],
    },
    facebook: {
        part: 'facebookId',
        fields: [
            ['facebookId.ids.0.scopedId', 'id'],
            ['facebookId.displayName', 'displayName'],
        ],
    },
    instagram: {
        part: 'instagramId',
        fields: [
            ['instagramId.ids.0.scopedId', 'id'],
            ['instagramId.handle', 'handle'],
            ['instagramId.displayName', 'displayName'],
        ],
    },
    line: {
        part: 'lineId',
        fields: [
            ['lineId.ids.0.userId', 'id'],
            ['lineId.displayName', 'displayName'],
        ],
    },
};
