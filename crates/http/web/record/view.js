/**
 * The parts of which the view of a record is made.
 */

import { el, icon, typed, unique } from '../ui/dom.js';
import { at } from '../ui/paths.js';
import { country, t, time } from '../words/words.js';

/** @typedef {import('../ui/dom.js').Child} Child */

/** A name and its value; nothing without a value. @param {string} label @param {Child | Child[]} value */
export const line = (label, value) =>
    value && el('div', { class: 'line' }, el('dt', {}, label), el('dd', {}, value));

/**
 * A card of lines; without any it is not there, unless it says that it is empty.
 * @param {string} title
 * @param {Child[]} lines
 * @param {string} [empty]
 */
export function card(title, lines, empty) {
    const there = lines.filter(Boolean);
    if (there.length === 0 && !empty) {
        return null;
    }
    const heading = unique('card');
    return el(
        'section',
        { class: 'card', 'aria-labelledby': heading },
        el('h2', { id: heading }, title),
        there.length > 0 ? el('dl', {}, there) : el('p', { class: 'quiet' }, empty),
    );
}

/**
 * A link out of carnet. An address that is none of the web is shown and not linked.
 * @param {string} url
 * @param {Child} [text]
 */
export function outLink(url, text) {
    const shown = text ?? typed(url.replace(/^https?:\/\//, ''));
    return /^https?:\/\//i.test(url)
        ? el('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, shown, icon('out'))
        : el('span', {}, shown);
}

/** The postal address as on a letter. @param {Entity} entity */
export function addressCard(entity) {
    const part = (/** @type {string} */ name) => at(entity, `address.${name}`);
    const place = [part('postalCode'), part('city'), part('state')].filter(Boolean).join(' ');
    const code = part('countryCode');
    const lines = [
        part('address1'),
        part('address2'),
        place,
        code && (/^[A-Z]{2}$/.test(code) ? country(code) : code),
    ].filter(Boolean);
    return card(t('section.address'), [
        lines.length > 0 &&
            line(
                t('section.postal'),
                el(
                    'address',
                    {},
                    lines.flatMap((text) => [typed(text), el('br')]),
                ),
            ),
    ]);
}

/** When the record was made and changed. @param {Entity} entity */
export const recordFoot = ({ createDate, modifyDate }) =>
    el(
        'footer',
        { class: 'record-foot' },
        createDate && t('record.created', { time: time(createDate) }),
        modifyDate && modifyDate !== createDate && ` · ${t('record.changed', { time: time(modifyDate) })}`,
    );
