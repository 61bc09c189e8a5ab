/**
 * The last group of a form: the contact type, and its custom fields with the right inputs.
 */

import { el, fill } from '../ui/dom.js';
import { choiceField } from '../ui/field.js';
import { t } from '../words/words.js';
import { customField } from './fields.js';
import { properties } from './types.js';

/**
 * @param {Entity} entity
 * @param {{ list: Schema[], current?: Schema }} types
 * @returns {import('../ui/record-form.js').Group}
 */
export function customGroup(entity, { list, current }) {
    const given = entity.schema?.id ?? '';
    // The record keeps the version that it was written with; a new record takes the newest.
    const types = [...(current ? [current] : []), ...list.filter(({ id, enabled }) => enabled && id !== current?.id)];
    const box = el('div', { class: 'grid wide' });
    /** @type {import('../ui/field.js').Field[]} */
    let fields = [];
    const schemaOf = (/** @type {string} */ id) => types.find((type) => type.id === id);

    const choice = choiceField({
        path: 'schema',
        label: t('field.schema'),
        value: given,
        options: [['', t('type.none')], ...types.map((type) => /** @type {[string, string]} */ ([type.id ?? '', type.name]))],
    });
    function showFields() {
        const schema = schemaOf(choice.input.value);
        fields = schema ? properties(schema).map(([key, property]) => customField(key, property, entity.customFields?.[key])) : [];
        fill(box, fields.map((field) => field.node));
    }
    choice.input.addEventListener('change', showFields);
    showFields();

    /** @type {import('../ui/field.js').Field} */
    const typeField = {
        ...choice,
        read() {
            const schema = schemaOf(choice.input.value);
            return schema ? { id: schema.id, version: schema.version } : choice.input.value ? entity.schema : undefined;
        },
        write(value) {
            choice.write(value?.id);
            showFields();
        },
        show: (value) => schemaOf(value?.id)?.name ?? value?.id ?? '',
    };
    return {
        title: t('section.custom'),
        nodes: [choice.node, box],
        fields: () => [typeField, ...fields],
        // The fields of another type do not belong to this one.
        replaced: () => (choice.input.value !== given ? 'customFields' : undefined),
    };
}
