/**
 * The name of a contact as a line, and its initials.
 */

/** @param {Contact} contact */
export function fullName(contact) {
    const { salutation, firstName, middleName, lastName } = contact;
    const name = [salutation, firstName, middleName, lastName].filter(Boolean).join(' ');
    return name || contact.externalOrganization?.name || contact.workEmail || contact.workPhone?.display || '—';
}

/** @param {Contact} contact */
export function initials(contact) {
    const letters = [contact.firstName, contact.lastName].map((name) => [...(name ?? '')][0] ?? '');
    return letters.join('').toUpperCase() || '·';
}
