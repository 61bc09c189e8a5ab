/**
 * Two versions of a record side by side, when another person saved while this one typed. Every
 * difference is shown, and one of the two is chosen for each.
 */

import { dialog } from '../ui/dialog.js';
import { button, el, typed, unique } from '../ui/dom.js';
import { at, copy, put, same } from '../ui/paths.js';
import { t } from '../words/words.js';

/** @typedef {Pick<import('../ui/field.js').Field, 'path' | 'label' | 'show'> & { follows?: string }} Compared
 *   `follows` is the path of the field whose choice decides this one, too */

/** Whether two values say the same; of what is elsewhere, the id and the version. @param {any} a @param {any} b */
const alike = (a, b) => same(a, b) || (a?.id && a.id === b?.id && a.version === b.version);

/**
 * Asks which version of each differing field to keep.
 * @param {Compared[]} fields
 * @param {Entity} base as both read it
 * @param {Entity} theirs as it is saved now
 * @param {Entity} mine as it was typed
 * @returns {Promise<Entity | null>} the newer record with what was chosen, `null` to go on typing
 */
export function chooseVersion(fields, base, theirs, mine) {
    const rows = fields.flatMap((field) => {
        const [was, their, my] = [base, theirs, mine].map((record) => at(record, field.path));
        return alike(their, my) ? [] : [{ field, their, my, keepsMine: !alike(was, my) }];
    });
    if (rows.length === 0) {
        return Promise.resolve(copy(theirs));
    }
    const decides = (/** @type {Compared} */ field) => rows.find((row) => row.field.path === field.follows);
    return dialog(
        t('conflict.title'),
        (/** @type {(merged: Entity | null) => void} */ close) => {
            const body = el(
                'tbody',
                {},
                rows.map((row) => {
                    const name = unique('version');
                    /** @param {boolean} isMine @param {unknown} value @param {string} label */
                    const cell = (isMine, value, label) =>
                        el(
                            'td',
                            {},
                            el(
                                decides(row.field) ? 'div' : 'label',
                                { class: 'version' },
                                !decides(row.field) &&
                                    el('input', {
                                        type: 'radio',
                                        name,
                                        checked: row.keepsMine === isMine,
                                        'aria-label': `${row.field.label}: ${label}`,
                                        onchange: () => void (row.keepsMine = isMine),
                                    }),
                                el(
                                    'span',
                                    {},
                                    row.field.show(value)
                                        ? typed(row.field.show(value))
                                        : el('em', {}, t('conflict.empty')),
                                ),
                            ),
                        );
                    return el(
                        'tr',
                        {},
                        el('th', { scope: 'row' }, row.field.label),
                        cell(false, row.their, t('conflict.theirs')),
                        cell(true, row.my, t('conflict.mine')),
                    );
                }),
            );
            const choose = () => {
                const merged = copy(theirs);
                rows.filter((row) => (decides(row.field) ?? row).keepsMine).forEach((row) =>
                    put(merged, row.field.path, row.my),
                );
                close(merged);
            };
            return [
                el('p', {}, t('conflict.text')),
                el(
                    'div',
                    { class: 'scroll' },
                    el(
                        'table',
                        { class: 'versions' },
                        el(
                            'thead',
                            {},
                            el(
                                'tr',
                                {},
                                el('td'),
                                el('th', { scope: 'col' }, t('conflict.theirs')),
                                el('th', { scope: 'col' }, t('conflict.mine')),
                            ),
                        ),
                        body,
                    ),
                ),
                el(
                    'div',
                    { class: 'actions' },
                    button(t('conflict.later'), () => close(null)),
                    button(t('conflict.save'), choose, { class: 'button primary' }),
                ),
            ];
        },
        { dismissed: null, look: 'wide' },
    );
}
