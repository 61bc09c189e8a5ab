/**
 * A row of the list: who it is, and of what belongs to him what matches best. The daemon finds; this
 * only marks, as it does: beginnings of words in names, parts of e-mails, digits inside numbers, without
 * regard to case, accents and the ways to spell an umlaut.
 */

import { fullName, initials } from '../contact/contact.js';
import { el } from '../ui/dom.js';

/** Letters that are more than a base letter with marks. */
const SPELLINGS = /** @type {Record<string, string[]>} */ ({
    ä: ['a', 'ae'],
    ö: ['o', 'oe'],
    ü: ['u', 'ue'],
    ß: ['ss', 's'],
    ø: ['o', 'oe'],
    å: ['a', 'aa'],
    æ: ['ae', 'a'],
    œ: ['oe'],
    ł: ['l'],
    đ: ['d', 'dj'],
    ð: ['d'],
    þ: ['th'],
    ı: ['i'],
    ς: ['σ'],
});

/** Spellings by letter: the same ones come again with every key that is pressed. @type {Map<string, string[]>} */
const kept = new Map();

/** A letter as it may be typed. @param {string} letter @returns {string[]} */
function spellings(letter) {
    let all = kept.get(letter);
    if (!all) {
        const lower = letter.toLowerCase();
        const base = lower.normalize('NFD').replace(/\p{M}/gu, '');
        all = [...new Set([lower, base, ...(SPELLINGS[lower.normalize('NFC')] ?? [])])];
        kept.set(letter, all);
    }
    return all;
}

/** @param {string} text */
const fold = (text) => text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '').replace(/ς/g, 'σ');

/**
 * Where `word` ends in `letters` if it begins at `from`; -1 if it does not.
 * @param {string[]} letters
 * @param {number} from
 * @param {string} word folded
 * @returns {number}
 */
function endOf(letters, from, word) {
    if (word === '') {
        return from;
    }
    const letter = letters[from];
    if (letter === undefined) {
        return -1;
    }
    for (const spelling of spellings(letter)) {
        if (word.startsWith(spelling)) {
            const end = endOf(letters, from + 1, word.slice(spelling.length));
            if (end >= 0) {
                return end;
            }
        }
    }
    return -1;
}

/** @typedef {{ words: string[], digits: string }} Wanted */

/** What was typed, ready to be looked for. @param {string} query @returns {Wanted} */
export function wanted(query) {
    const words = fold(query)
        .split(/[\s,;"]+/)
        .filter(Boolean);
    // National and international prefixes are written differently in what is shown.
    const digits = query.replace(/\D/g, '').replace(/^0+/, '');
    return { words, digits: digits.length >= 3 ? digits : '' };
}

/** @typedef {[from: number, to: number]} Range in letters */

/** @param {string[]} letters @param {string[]} words @returns {Range[]} */
function wordRanges(letters, words) {
    /** @type {Range[]} */
    const ranges = [];
    const isLetter = (/** @type {string | undefined} */ c) => c !== undefined && /[\p{L}\p{N}\p{M}]/u.test(c);
    for (let at = 0; at < letters.length; at += 1) {
        if (isLetter(letters[at]) && !isLetter(letters[at - 1])) {
            const end = Math.max(...words.map((word) => endOf(letters, at, word)), -1);
            if (end > at) {
                ranges.push([at, end]);
                at = end - 1;
            }
        }
    }
    return ranges;
}

/** @param {string[]} letters @param {string} digits @returns {Range[]} */
function digitRanges(letters, digits) {
    const places = letters.flatMap((letter, at) => (/\d/.test(letter) ? [at] : []));
    const start = digits
        ? places
              .map((at) => letters[at])
              .join('')
              .indexOf(digits)
        : -1;
    const from = places[start];
    const to = places[start + digits.length - 1];
    return start < 0 || from === undefined || to === undefined ? [] : [[from, to + 1]];
}

/**
 * A text with the parts that match marked.
 * @param {string} text
 * @param {Wanted} wanted
 * @returns {{ node: HTMLElement, matches: boolean }}
 */
export function marked(text, { words, digits }) {
    const letters = [...text];
    const ranges = [...(words.length ? wordRanges(letters, words) : []), ...digitRanges(letters, digits)];
    // Of two that begin together the longer one is shown.
    ranges.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
    const node = el('bdi');
    let done = 0;
    for (const [from, to] of ranges) {
        if (from >= done) {
            node.append(letters.slice(done, from).join(''), el('mark', {}, letters.slice(from, to).join('')));
            done = to;
        }
    }
    node.append(letters.slice(done).join(''));
    return { node, matches: ranges.length > 0 };
}

/**
 * The numbers and e-mails of a contact that match, else the first of them.
 * @param {Contact} contact
 * @param {Wanted} wanted
 */
function reach(contact, wanted) {
    const phones = [contact.workPhone, contact.cellPhone, contact.homePhone, contact.otherPhone];
    const emails = [contact.workEmail, contact.personalEmail, contact.otherEmail];
    // The groups in which digits are typed are no words: all of them match, or none.
    const number = wanted.digits ? { ...wanted, words: [] } : wanted;
    const all = [
        ...phones.flatMap((phone) => (phone?.display ? [marked(phone.display, number)] : [])),
        ...emails.flatMap((text) => (text ? [marked(text, wanted)] : [])),
    ];
    const matching = all.filter(({ matches }) => matches);
    return (matching.length ? matching.slice(0, 2) : all.slice(0, 1)).map(({ node }) => node);
}

/** @param {HTMLElement[]} parts */
const dotted = (parts) => parts.flatMap((part, at) => (at ? [' · ', part] : [part]));

/** @param {string} place @param {string} letters @param {HTMLElement} name @param {HTMLElement[]} about @param {HTMLElement[]} reached */
function row(place, letters, name, about, reached) {
    return el(
        'a',
        { class: 'row', href: `#${place}` },
        el('span', { class: 'avatar', 'aria-hidden': 'true' }, letters),
        el(
            'span',
            { class: 'row-text' },
            el('span', { class: 'row-name' }, name),
            about.length > 0 && el('span', { class: 'row-about' }, dotted(about)),
            reached.length > 0 && el('span', { class: 'row-reach' }, dotted(reached)),
        ),
    );
}

/** @param {Contact} contact @param {Wanted} wanted */
export function contactRow(contact, wanted) {
    const about = [contact.title, contact.externalOrganization?.name].flatMap((text) =>
        text ? [marked(text, wanted).node] : [],
    );
    return row(
        `/contact/${contact.id}`,
        initials(contact),
        marked(fullName(contact), wanted).node,
        about,
        reach(contact, wanted),
    );
}

/** @param {Organization} organization @param {Wanted} wanted */
export function organizationRow(organization, wanted) {
    const about = organization.industry ? [marked(organization.industry, wanted).node] : [];
    const name = organization.name ?? '';
    return row(`/organization/${organization.id}`, [...name][0] ?? '', marked(name, wanted).node, about, []);
}
