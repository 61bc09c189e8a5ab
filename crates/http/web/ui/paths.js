/**
 * Values inside records by path: `workPhone.display`, `lineId.ids.0.userId`.
 */

/**
 * @param {unknown} record
 * @param {string} path
 * @returns {any}
 */
export function at(record, path) {
    let value = /** @type {any} */ (record);
    for (const part of path.split('.')) {
        value = value?.[part];
    }
    return value;
}

/**
 * Puts a value at a path, making what is missing on the way; `undefined` takes it away, with the
 * objects and lists that are empty then.
 * @param {any} record
 * @param {string} path
 * @param {unknown} value
 */
export function put(record, path, value) {
    const [first = '', ...rest] = path.split('.');
    if (rest.length === 0) {
        if (value === undefined) {
            Array.isArray(record) ? record.splice(Number(first), 1) : delete record[first];
        } else {
            record[first] = value;
        }
        return;
    }
    if (record[first] === undefined || record[first] === null) {
        if (value === undefined) {
            return;
        }
        record[first] = /^\d+$/.test(rest[0] ?? '') ? [] : {};
    }
    put(record[first], rest.join('.'), value);
    if (value === undefined && Object.keys(record[first]).length === 0) {
        put(record, first, undefined);
    }
}

/** A number as text, also one that JavaScript would round. @param {any} value @returns {string} */
export const digits = (value) => String(value?.rawJSON ?? value ?? '');

/** A copy that can be changed. Numbers as they are written stay what they are. @param {any} value @returns {any} */
export function copy(value) {
    if (Array.isArray(value)) {
        return value.map(copy);
    }
    return value && typeof value === 'object' && !('rawJSON' in value)
        ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copy(inner)]))
        : value;
}

/** Whether two values say the same; the order of keys does not count. @param {unknown} a @param {unknown} b @returns {boolean} */
export function same(a, b) {
    if (a === b) {
        return true;
    }
    if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) {
        return false;
    }
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    const [left, right] = [/** @type {any} */ (a), /** @type {any} */ (b)];
    return [...keys].every((key) => same(left[key], right[key]));
}
