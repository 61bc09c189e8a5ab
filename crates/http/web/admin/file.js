/**
 * A file as text, what it is, and its rows as contacts: which column is which field.
 */

import { ADDRESS, CHANNELS, EMAILS, NAMES, PHONES } from '../contact/contact.js';
import { put } from '../ui/paths.js';

/** @typedef {{ form: 'lines' | 'table' | 'unknown', separator: string }} Taken */

/** Encodings that a person may name for a file that does not say its own. */
export const ENCODINGS = [
    'utf-8',
    'utf-16le',
    'utf-16be',
    ...[1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257].map((page) => `windows-${page}`),
    'koi8-r',
    'koi8-u',
    'macintosh',
    'shift_jis',
    'euc-jp',
    'gbk',
    'big5',
    'euc-kr',
];

/**
 * The text of a file. UTF-8 and UTF-16 are told from the bytes; a file that is neither is read as
 * spreadsheets in most of Europe write it, unless its encoding is named.
 * @param {ArrayBuffer} bytes
 * @param {string} [named]
 */
export function decode(bytes, named) {
    const [first, second] = new Uint8Array(bytes, 0, Math.min(2, bytes.byteLength));
    const marked =
        first === 0xff && second === 0xfe
            ? 'utf-16le'
            : first === 0xfe && second === 0xff
              ? 'utf-16be'
              : 'utf-8';
    const read = (/** @type {string} */ encoding, fatal = false) => ({
        text: new TextDecoder(encoding, { fatal }).decode(bytes),
        encoding,
    });
    if (named) {
        return read(named);
    }
    try {
        return read(marked, true);
    } catch {
        return read('windows-1252');
    }
}

/** The separator that the first line has most of. @param {string} text */
export function separatorOf(text) {
    const line = text.slice(0, text.search(/[\r\n]|$/));
    const counts = [',', ';', '\t'].map(
        (separator) => /** @type {const} */ ([separator, line.split(separator).length]),
    );
    counts.sort((a, b) => b[1] - a[1]);
    return counts[0]?.[0] ?? ',';
}

/** @param {string} text @returns {Taken} */
export function takenFor(text) {
    const begin = text.trimStart();
    if (begin.startsWith('{')) {
        return { form: 'lines', separator: '' };
    }
    const separator = separatorOf(text);
    const isTable = begin !== '' && /[\r\n]/.test(text.trim()) && !begin.includes('\0');
    return { form: isTable ? 'table' : 'unknown', separator };
}

/**
 * The rows of a table, each with the number of its first line. A quoted cell may hold separators and
 * line ends; two quotes in it are one.
 * @param {string} text
 * @param {string} separator
 * @returns {Generator<{ line: number, cells: string[] }>}
 */
export function* rows(text, separator) {
    let line = 1;
    let start = line;
    /** @type {string[]} */
    let cells = [];
    let cell = '';
    let quoted = false;
    for (let at = 0; at < text.length; at += 1) {
        const c = text[at];
        if (quoted) {
            if (c === '"' && text[at + 1] === '"') {
                cell += c;
                at += 1;
            } else if (c === '"') {
                quoted = false;
            } else {
                line += c === '\n' ? 1 : 0;
                cell += c;
            }
        } else if (c === '"' && cell.trim() === '') {
            cell = '';
            quoted = true;
        } else if (c === separator) {
            cells.push(cell);
            cell = '';
        } else if (c === '\n' || c === '\r') {
            at += c === '\r' && text[at + 1] === '\n' ? 1 : 0;
            line += 1;
            cells.push(cell);
            if (cells.some((cell) => cell.trim() !== '')) {
                yield { line: start, cells };
            }
            [cells, cell, start] = [[], '', line];
        } else {
            cell += c;
        }
    }
    cells.push(cell);
    if (cells.some((cell) => cell.trim() !== '')) {
        yield { line: start, cells };
    }
}

/** The fields that a column can be. The page names them as the form does. */
export const TARGETS = [
    ...NAMES,
    'title',
    'externalOrganization.name',
    ...EMAILS,
    ...PHONES.flatMap((phone) => [`${phone}.display`, `${phone}.extension`, `${phone}.acceptsSMS`]),
    'externalSystemUrl',
    ...ADDRESS.map((part) => `address.${part}`),
    ...Object.values(CHANNELS).flatMap(({ fields }) => fields.map(([path]) => path)),
    'surveyOptOut',
    'id',
];

/** What other programs call the fields, in small letters without blanks and marks. */
const NAMES_OF = /** @type {Record<string, string>} */ ({
    organization: 'externalOrganization.name',
    organisation: 'externalOrganization.name',
    company: 'externalOrganization.name',
    societe: 'externalOrganization.name',
    entreprise: 'externalOrganization.name',
    givenname: 'firstName',
    prenom: 'firstName',
    familyname: 'lastName',
    surname: 'lastName',
    nom: 'lastName',
    nomdefamille: 'lastName',
    jobtitle: 'title',
    fonction: 'title',
    email: 'workEmail',
    emailaddress: 'workEmail',
    mail: 'workEmail',
    courriel: 'workEmail',
    phone: 'workPhone.display',
    telephone: 'workPhone.display',
    businessphone: 'workPhone.display',
    mobile: 'cellPhone.display',
    mobilephone: 'cellPhone.display',
    portable: 'cellPhone.display',
    twitterid: 'twitterId.screenName',
    street: 'address.address1',
    adresse: 'address.address1',
    city: 'address.city',
    ville: 'address.city',
    zip: 'address.postalCode',
    postalcode: 'address.postalCode',
    codepostal: 'address.postalCode',
    country: 'address.countryCode',
});

/** @param {string} name */
const plain = (name) =>
    name
        .normalize('NFD')
        .replace(/\p{M}/gu, '')
        .toLowerCase()
        .replace(/\[(\d+)\]/g, '.$1')
        .replace(/[\s_-]/g, '');

/** The field that a column's name means; empty for none. @param {string} name */
export function targetOf(name) {
    const wanted = plain(name.replace(/^\uFEFF/, ''));
    const target =
        TARGETS.find((target) => plain(target) === wanted || plain(target) === `${wanted}.display`) ??
        NAMES_OF[wanted];
    // Fields of an export that the form has not are known by their path.
    const path = name.trim().replace(/\[(\d+)\]/g, '.$1');
    return target ?? (/^(customFields|externalIds|schema|division)\./.test(path) ? path : '');
}

/** @param {string} target @param {string} cell */
function valueOf(target, cell) {
    // An apostrophe keeps a spreadsheet from taking a text for a formula.
    const text = cell.trim().replace(/^'(?=[=+\-@\t])/, '');
    if (/acceptsSMS$|^surveyOptOut$/.test(target)) {
        return /^(true|yes|1|oui|vrai)$/i.test(text)
            ? true
            : /^(false|no|0|non|faux)$/i.test(text)
              ? false
              : text;
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
