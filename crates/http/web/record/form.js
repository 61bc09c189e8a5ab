/**
 * The form of a record: groups of fields, saving, faults at their fields, and what to do when another
 * person was quicker. It does not know which record it is.
 */

import { Fault } from '../api.js';
import { guard, saved } from '../router.js';
import { el, fill } from '../ui/dom.js';
import { alertBox, faults } from '../ui/messages.js';
import { at, copy, put, same } from '../ui/paths.js';
import { t } from '../words/words.js';
import { chooseVersion } from './conflict.js';

/** @typedef {import('../ui/field.js').Field} Field */

/**
 * A part of the form. `fields` is asked anew each time, because a group may grow. `replaced` is the
 * path of an object that the group's fields make up whole.
 * @typedef {object} Group
 * @property {string} title
 * @property {Node[]} nodes
 * @property {() => Field[]} fields
 * @property {() => string | undefined} [replaced]
 */

/**
 * A group of plain fields.
 * @param {string} title
 * @param {Field[]} fields
 * @returns {Group}
 */
export const group = (title, fields) => ({
    title,
    nodes: fields.map((field) => field.node),
    fields: () => fields,
});

/**
 * @typedef {object} RecordForm
 * @property {string} title
 * @property {Entity} base the record as it was read, empty for a new one
 * @property {string} etag
 * @property {Group[]} groups
 * @property {string} cancel the place to go without saving
 * @property {(value: Entity, etag: string) => Promise<unknown>} send
 * @property {() => Promise<{ data: Entity, etag: string }>} [again] reads the record anew
 * @property {(answer: any) => void} done
 */

/** @param {RecordForm} form */
export function recordForm(form) {
    let { base, etag } = form;
    const fields = () => form.groups.flatMap((group) => group.fields());

    /** The record as the form has it; what the form does not show stays. */
    function value() {
        const record = copy(base);
        for (const group of form.groups) {
            const replaced = group.replaced?.();
            if (replaced) {
                put(record, replaced, undefined);
            }
            group.fields().forEach((field) => put(record, field.path, field.read()));
        }
        return record;
    }
    // An empty field and a missing one are the same, so the first reading is what to compare with.
    let untouched = value();
    guard(() => !same(value(), untouched));

    const trouble = el('div');
    const submit = el('button', { class: 'button primary', 'aria-keyshortcuts': 'Control+Enter' }, t('save'));

    /** Shows the faults at their fields, and above the buttons those that have none. @param {Fault} fault */
    function showFaults(fault) {
        const all = fields();
        const named = faults(fault);
        const lost = named.filter(({ path, text }) => {
            const field = owner(all, path);
            field?.fault(text);
            return !field;
        });
        const first = all.find((field) => named.some(({ path }) => owner(all, path) === field));
        if (named.length === 0) {
            fill(trouble, alertBox(fault));
            return;
        }
        const rest = lost.map(({ path, text }) => el('li', {}, `${path}: ${text}`));
        fill(
            trouble,
            el(
                'div',
                { class: 'alert', role: 'alert' },
                t('fault.fields', { count: named.length }),
                rest.length > 0 && el('ul', {}, rest),
            ),
        );
        first?.focus();
    }

    /** Somebody saved the record after it was read here. */
    async function reconcile() {
        if (!form.again) {
            return;
        }
        const theirs = await form.again();
        const merged = await chooseVersion(fields(), base, theirs.data, value());
        if (merged) {
            // From here on it is an edit of the newer record.
            base = theirs.data;
            etag = theirs.etag;
            fields().forEach((field) => field.write(at(merged, field.path)));
            await save();
        }
    }

    async function save() {
        fill(trouble);
        fields().forEach((field) => field.fault(''));
        submit.disabled = true;
        node.setAttribute('aria-busy', 'true');
        try {
            const answer = await form.send(value(), etag);
            untouched = value();
            saved();
            form.done(answer);
        } catch (error) {
            if (error instanceof Fault && error.status === 412) {
                await reconcile().catch((error) => fill(trouble, alertBox(error)));
            } else if (error instanceof Fault) {
                showFaults(error);
            } else {
                fill(trouble, alertBox(error));
            }
        } finally {
            submit.disabled = false;
            node.removeAttribute('aria-busy');
        }
    }

    const node = el(
        'form',
        {
            class: 'record-form',
            novalidate: true,
            autocomplete: 'off',
            onsubmit: (/** @type {Event} */ event) => {
                event.preventDefault();
                save();
            },
            onkeydown: (/** @type {KeyboardEvent} */ event) => {
                if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
                    event.preventDefault();
                    save();
                }
            },
        },
        el('h1', {}, form.title),
        form.groups.map((group) =>
            el('fieldset', {}, el('legend', {}, group.title), el('div', { class: 'grid' }, group.nodes)),
        ),
        trouble,
        el(
            'div',
            { class: 'actions sticky' },
            el('a', { class: 'button', href: `#${form.cancel}` }, t('cancel')),
            submit,
        ),
    );
    return node;
}

/** The field whose path is that of a fault, or the nearest around or inside it. @param {Field[]} fields @param {string} path */
function owner(fields, path) {
    const plain = path.replace(/^\$\./, '').replace(/\[(\d+)\]/g, '.$1');
    const near = fields.filter((field) => field.path === plain || plain.startsWith(`${field.path}.`));
    near.sort((a, b) => b.path.length - a.path.length);
    return near[0] ?? fields.find((field) => field.path.startsWith(`${plain}.`));
}
