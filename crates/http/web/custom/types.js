/**
 * Contact types: schemas of custom fields. What the core types are called, and where a field's type
 * is written.
 */

import { api } from '../api.js';

/** @typedef {'contacts' | 'organizations'} Kind */

export const CORE_TYPES = /** @type {const} */ ([
    'text', 'longtext', 'number', 'integer', 'enum', 'identifier', 'checkbox', 'date', 'datetime', 'tag', 'url',
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
 * The types that a form offers, and the version that the record was written with.
 * @param {Kind} kind
 * @param {Entity} entity
 * @param {AbortSignal} [signal]
 * @returns {Promise<{ list: Schema[], current?: Schema }>}
 */
export async function loadTypes(kind, entity, signal) {
    const list = await readTypes(kind, signal);
    const { schema } = entity;
    if (!schema) {
        return { list };
    }
    const newest = list.find(({ id }) => id === schema.id);
    if (!schema.version || newest?.version === schema.version) {
        return { list, current: newest };
    }
    const path = `/${kind}/schemas/${schema.id}/versions/${schema.version}`;
    const read = await api('GET', path, { signal }).catch(() => null);
    return { list, current: read?.data ?? newest };
}
