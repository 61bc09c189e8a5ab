/**
 * An input for each core type of custom fields.
 */

import { choiceField, numberField, switchField, textField } from '../ui/field.js';
import { t, time } from '../words/words.js';
import { coreType } from './types.js';

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
        hint: property.description,
        value,
        max: property.maxLength,
    };
    switch (coreType(property)) {
        case 'longtext':
            return textField({ ...options, lines: 4, wide: true });
        case 'number':
        case 'integer':
            return numberField({ ...options, value: value?.toString() });
        case 'enum': {
            const titles = property._enumProperties ?? {};
            const offered = (property.enum ?? []).filter((option) => !titles[option]?._disabled || option === value);
            return choiceField({
                ...options,
                options: [['', '–'], ...offered.map((option) => /** @type {[string, string]} */ ([option, titles[option]?.title ?? option]))],
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
                    const text = field.read();
                    return !text ? undefined : text === local(given) ? given : new Date(text).toISOString();
                },
                write(iso) {
                    given = iso;
                    field.write(local(iso));
                },
                show: (iso) => (iso ? time(iso) : ''),
            };
        }
        case 'tag': {
            const field = textField({ ...options, value: (value ?? []).join(', '), hint: options.hint || t('type.tagHint'), max: undefined });
            return {
                ...field,
                read() {
                    const tags = (field.read() ?? '').split(',').map((/** @type {string} */ tag) => tag.trim()).filter(Boolean);
                    return tags.length ? tags : undefined;
                },
                write: (tags) => field.write((tags ?? []).join(', ')),
                show: (tags) => (tags ?? []).join(', '),
            };
        }
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
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
