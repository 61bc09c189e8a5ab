/**
 * The form of a record: groups of fields, saving, faults at their fields, and what to do when another
 * person was quicker. It does not know which record it is.
 */

import { Fault, Unreachable } from '../api.js';
import { guard, saved } from '../router.js';
import { el, fill } from '../ui/dom.js';
import { alarm, alertBox, faults } from '../ui/messages.js';
import { at, copy, put, same } from '../ui/paths.js';
import { busy } from '../ui/tasks.js';
import { t } from '../words/words.js';
import { chooseVersion } from './conflict.js';

/** @typedef {import('../ui/field.js').Field} Field */
/** @typedef {import('./conflict.js').Compared} Compared */
/** @typedef {{ path: string, text: string }} Named a fault and the field that it belongs to */

/**
 * A part of the form. `fields` is asked anew each time, because a group may grow. `replaced` is the
 * path of an object that the group's fields make up whole.
 * @typedef {object} Group
 * @property {string} title
 * @property {Node[]} nodes
 * @property {() => Field[]} fields
 * @property {() => string | undefined} [replaced]
 * @property {(theirs: Entity, mine: Entity) => Promise<Compared[]>} [compared] the fields of two versions,
 *   where they are not those of the form
 * @property {(base: Entity, chosen: Entity) => void} [adopt] goes on with what was chosen of two versions
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
 * @property {(value: Entity) => Promise<Node | undefined>} [made] a link to what may be this record, saved by
 *   a request whose answer was lost
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
    guard(() => !same(value(), untouched) || fields().some((field) => field.wrong?.()));
    let answerLost = false;

    const trouble = el('div');

    /**
     * Shows the faults at their fields, and beside the buttons those that have none.
     * @param {Named[]} named
     */
    function showFaults(named) {
        const all = fields();
        const lost = named.filter(({ path, text }) => {
            const field = owner(all, path);
            field?.fault(text);
            return !field;
        });
        const first = all.find((field) => named.some(({ path }) => owner(all, path) === field));
        const rest = lost.map(({ path, text }) => el('li', {}, `${path}: ${text}`));
        fill(trouble, alarm(t('fault.fields', { count: named.length }), rest.length > 0 && el('ul', {}, rest)));
        first?.focus();
    }

    /**
     * Somebody saved the record after it was read here.
     * @param {NonNullable<RecordForm['again']>} again
     */
    async function reconcile(again) {
        const theirs = await again();
        const mine = value();
        const compared = await Promise.all(
            form.groups.map((group) => group.compared?.(theirs.data, mine) ?? group.fields()),
        );
        const merged = await chooseVersion(compared.flat(), base, theirs.data, mine);
        if (!merged) {
            return [];
        }
        // From here on it is an edit of the newer record.
        base = theirs.data;
        etag = theirs.etag;
        for (const group of form.groups) {
            group.adopt?.(base, merged);
            group.fields().forEach((field) => field.write(at(merged, field.path)));
        }
        return send();
    }

    /** What may have been saved already is shown once; who saves again then wants another. */
    async function mayBeMade() {
        const link = answerLost && (await form.made?.(value()));
        answerLost = false;
        return link && alarm(t('form.made'), ' ', link);
    }

    /** @returns {Promise<Named[]>} the faults that belong to fields; others are shown already */
    async function send() {
        try {
            const doubt = await mayBeMade();
            if (doubt) {
                fill(trouble, doubt);
                return [];
            }
            const answer = await form.send(value(), etag);
            // Who has left without saving is not taken back.
            if (node.isConnected) {
                untouched = value();
                saved();
                form.done(answer);
            }
            return [];
        } catch (error) {
            answerLost ||= error instanceof Unreachable;
            return error instanceof Fault && error.status === 412 && form.again
                ? reconcile(form.again).catch(refused)
                : refused(error);
        }
    }

    /** @param {unknown} error @returns {Named[]} */
    function refused(error) {
        const named = error instanceof Fault ? faults(error) : [];
        fill(trouble, named.length === 0 && alertBox(error));
        return named;
    }

    async function save() {
        if (node.inert) {
            return;
        }
        fill(trouble);
        fields().forEach((field) => field.fault(''));
        const wrong = fields().map((field) => ({ path: field.path, text: field.wrong?.() ?? '' }));
        let named = wrong.filter(({ text }) => text);
        if (named.length === 0) {
            named = (await busy(node, send)) ?? [];
        }
        // While the form is at work nothing in it can have the focus.
        if (named.length > 0) {
            showFaults(named);
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
        el(
            'div',
            { class: 'actions sticky' },
            // In sight wherever the form is scrolled to.
            trouble,
            el('a', { class: 'button', href: `#${form.cancel}` }, t('cancel')),
            el('button', { class: 'button primary', 'aria-keyshortcuts': 'Control+Enter' }, t('save')),
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
