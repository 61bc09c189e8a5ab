/**
 * The custom fields of a record: reading the types, which are schemas, an input for each core type, the
 * last group of the form, and the card of the view.
 */

import { api } from '../api.js';
import { el, fill, typed } from '../ui/dom.js';
import { choiceField, listField, numberField, switchField, textField } from '../ui/field.js';
import { digits } from '../ui/paths.js';
import { t, time } from '../words/words.js';
import { card, line, outLink } from './view.js';

/** @typedef {'contacts' | 'organizations'} Kind */

export const CORE_TYPES = /** @type {const} */ ([
    'text',
    'longtext',
    'number',
    'integer',
    'enum',
    'identifier',
    'checkbox',
    'date',
    'datetime',
    'tag',
    'url',
]);
/** @typedef {typeof CORE_TYPES[number]} CoreType */

/** The core type of a field. @param {SchemaProperty} property @returns {CoreType} */
export function coreType(property) {
    const name = property.allOf?.[0]?.$ref.replace('#/definitions/', '');
    return CORE_TYPES.find((type) => type === name) ?? 'text';
}

/** The fields of a type in their order. @param {Schema} schema */
export const properties = (schema) => Object.entries(schema.jsonSchema.properties ?? {});

/**
 * All types, newest versions. Without the permission, or where the daemon has none, there are none.
 * @param {Kind} kind
 * @param {AbortSignal} [signal]
 * @returns {Promise<Schema[]>}
 */
export async function readTypes(kind, signal) {
    try {
        return (await api('GET', `/${kind}/schemas`, { signal })).data.entities ?? [];
    } catch (error) {
        if (signal?.aborted) {
            throw error;
        }
        return [];
    }
}

/**
 * `again` reads them for the record as another person has saved it.
 * @typedef {{ list: Schema[], current?: Schema, again: (newer: Entity) => Promise<Types> }} Types
 */

/**
 * The types that a form offers, and the version that the record was written with.
 * @param {Kind} kind
 * @param {Entity} entity
 * @param {AbortSignal} [signal]
 * @returns {Promise<Types>}
 */
export async function loadTypes(kind, entity, signal) {
    const list = await readTypes(kind, signal);
    const again = (/** @type {Entity} */ newer) => loadTypes(kind, newer);
    const { schema } = entity;
    if (!schema) {
        return { list, again };
    }
    const newest = list.find(({ id }) => id === schema.id);
    if (!schema.version || newest?.version === schema.version) {
        return { list, again, current: newest };
    }
    const path = `/${kind}/schemas/${schema.id}/versions/${schema.version}`;
    const read = await api('GET', path, { signal }).catch(() => null);
    return { list, again, current: read?.data ?? newest };
}

/** A time as the browser's input writes it, without a zone. @param {unknown} iso */
function local(iso) {
    const date = new Date(String(iso ?? ''));
    if (Number.isNaN(date.valueOf())) {
        return '';
    }
    return new Date(date.valueOf() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/**
 * @param {string} key
 * @param {SchemaProperty} property
 * @param {any} value
 * @returns {import('../ui/field.js').Field}
 */
export function customField(key, property, value) {
    const options = {
        path: `customFields.${key}`,
        label: property.title || key,
        // The vendor's forms repeat the title here.
        hint: property.description === property.title ? undefined : property.description,
        value,
    };
    switch (coreType(property)) {
        case 'longtext':
            return textField({ ...options, lines: 4, wide: true });
        case 'number':
        case 'integer':
            return numberField(options);
        case 'enum': {
            const titles = property._enumProperties ?? {};
            const offered = (property.enum ?? []).filter(
                (option) => !titles[option]?._disabled || option === value,
            );
            return choiceField({
                ...options,
                options: [
                    ['', '–'],
                    ...offered.map(
                        (option) =>
                            /** @type {[string, string]} */ ([option, titles[option]?.title ?? option]),
                    ),
                ],
            });
        }
        case 'checkbox':
            return switchField({ ...options, show: (checked) => (checked ? t('yes') : t('no')) });
        case 'date':
            return textField({ ...options, type: 'date' });
        case 'datetime': {
            const field = textField({ ...options, type: 'datetime-local', value: local(value) });
            let given = value;
            return {
                ...field,
                // The input knows minutes only; a time that nobody touched keeps its seconds.
                read() {
                    const text = field.read() ?? '';
                    return text === local(given) ? given : text ? new Date(text).toISOString() : undefined;
                },
                write(iso) {
                    given = iso;
                    field.write(local(iso));
                },
                show: (iso) => (iso ? time(iso) : ''),
            };
        }
        case 'tag':
            return listField({ ...options, hint: options.hint || t('field.commas'), values: value });
        case 'url':
            return textField({ ...options, type: 'url', wide: true });
        default:
            return textField(options);
    }
}

/** A value as the view of a record shows it. @param {SchemaProperty | undefined} property @param {any} value */
export function customText(property, value) {
    if (Array.isArray(value)) {
        return value.join(', ');
    }
    if (typeof value === 'boolean') {
        return value ? t('yes') : t('no');
    }
    const type = property && coreType(property);
    if (type === 'datetime') {
        return time(String(value));
    }
    if (type === 'enum') {
        return property?._enumProperties?.[String(value)]?.title ?? String(value);
    }
    return typeof value === 'object' && value?.rawJSON === undefined ? JSON.stringify(value) : digits(value);
}

/** A version of a type as the choice has it. @param {{ id?: string, version?: number } | undefined} schema */
const versionOf = (schema) => (schema ? `${schema.id}/${schema.version}` : '');

/**
 * @param {Entity} entity
 * @param {Types} types
 * @returns {import('./form.js').Group}
 */
export function customGroup(entity, { list, current, again }) {
    let given = versionOf(entity.schema);
    // What was typed stays for each key, so a change of type and back, or to a newer version, loses nothing.
    let values = { ...entity.customFields };
    // The record keeps the version that it was written with until somebody chooses the newest.
    /** @type {Schema[]} */
    const types = [];
    /** @type {[string, string][]} */
    const options = [['', t('type.none')]];
    const offer = (/** @type {Schema} */ type) => {
        const { id, name } = type;
        const isNewer = types.some((known) => known.id === id);
        types.push(type);
        options.push([versionOf(type), isNewer ? t('type.newest', { name }) : name]);
    };
    current && offer(current);
    list.filter((type) => type.enabled && versionOf(type) !== versionOf(current)).forEach(offer);
    const box = el('div', { class: 'grid wide' });
    /** @type {import('../ui/field.js').Field[]} */
    let fields = [];
    const schemaOf = (/** @type {string} */ version) => types.find((type) => versionOf(type) === version);
    const choice = choiceField({ path: 'schema', label: t('field.schema'), value: given, options });
    function showFields() {
        const schema = schemaOf(choice.input.value);
        fields = schema
            ? properties(schema).map(([key, property]) => customField(key, property, values[key]))
            : [];
        fill(
            box,
            fields.map((field) => field.node),
        );
    }
    choice.input.addEventListener('change', () => {
        fields.forEach(({ path, read }) => (values[keyOf(path)] = read()));
        showFields();
    });
    showFields();

    /** @type {import('../ui/field.js').Field} */
    const typeField = {
        ...choice,
        read() {
            const schema = schemaOf(choice.input.value);
            return schema
                ? { id: schema.id, version: schema.version }
                : choice.input.value
                  ? entity.schema
                  : undefined;
        },
        write: (schema) => choice.write(versionOf(schema)),
        show: (schema) => (schema ? choice.show(versionOf(schema)) : ''),
    };
    return {
        title: t('section.custom'),
        nodes: [choice.node, box],
        fields: () => [typeField, ...fields],
        // The fields of another type do not belong to this one.
        replaced: () => (choice.input.value !== given ? 'customFields' : undefined),
        async compared(theirs, mine) {
            const type = (await again(theirs)).current;
            type && !schemaOf(versionOf(type)) && offer(type);
            const known = { ...type?.jsonSchema.properties, ...schemaOf(choice.input.value)?.jsonSchema.properties };
            const keys = new Set([theirs, mine].flatMap((version) => Object.keys(version.customFields ?? {})));
            const rows = [...keys].map((key) => ({
                path: `customFields.${key}`,
                label: known[key]?.title || key,
                show: (/** @type {any} */ value) => (value === undefined ? '' : customText(known[key], value)),
                // A value goes with its type where only that has such a field.
                follows:
                    theirs.schema?.id === mine.schema?.id &&
                    [theirs, mine].every((version) => version.customFields?.[key] !== undefined)
                        ? undefined
                        : 'schema',
            }));
            return [typeField, ...rows];
        },
        adopt(base, chosen) {
            entity = chosen;
            given = versionOf(base.schema);
            values = { ...chosen.customFields };
            typeField.write(chosen.schema);
            showFields();
        },
    };
}

/** @param {string} path `customFields.KEY` */
const keyOf = (path) => path.replace('customFields.', '');

/** @param {Entity} entity @param {Schema | undefined} schema */
export function customCard(entity, schema) {
    const known = schema?.jsonSchema.properties ?? {};
    const values = entity.customFields ?? {};
    // In the order of the type; what it does not know comes last.
    const keys = [
        ...Object.keys(known).filter((key) => key in values),
        ...Object.keys(values).filter((key) => !(key in known)),
    ];
    return card(
        schema?.name ?? t('section.custom'),
        keys.map((key) => {
            const property = known[key];
            const text = customText(property, values[key]);
            const isLink = property && coreType(property) === 'url';
            return line(property?.title || key, isLink ? outLink(text) : typed(text));
        }),
    );
}
