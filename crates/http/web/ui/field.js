/**
 * Fields: a label, an input, a hint and the place of its fault, tied together for screen readers.
 */

import { t } from '../words/words.js';
import { el, fill, unique } from './dom.js';
import { digits } from './paths.js';

/**
 * One value of a record on a form. `path` is where the record, and a fault of the daemon, has it.
 * @typedef {object} Field
 * @property {string} path
 * @property {string} label
 * @property {HTMLElement} node
 * @property {() => any} read the value, `undefined` for none
 * @property {(value: any) => void} write
 * @property {(value: any) => string} show the value as one line, to compare versions
 * @property {(text: string) => void} fault shows a fault, or takes it away
 * @property {() => string} [wrong] what is to be said before anything is sent; empty for nothing
 * @property {() => void} focus
 */

/**
 * @typedef {object} TextOptions
 * @property {string} path
 * @property {string} label
 * @property {string} [type]
 * @property {string} [value]
 * @property {string} [hint]
 * @property {boolean} [required]
 * @property {string} [autocomplete]
 * @property {string} [inputmode]
 * @property {number} [lines] a text of several lines
 * @property {boolean} [wide]
 */

/**
 * A label and what belongs to it around an input: the part of a field that does not know its value.
 * @param {{ path: string, label: string, hint?: string, required?: boolean, wide?: boolean }} options
 * @param {HTMLElement} input gets an id and the names of its hint and fault
 * @param {...Node} more what stands below the input
 */
export function labelled(options, input, ...more) {
    input.id ||= unique('field');
    const fault = el('p', { class: 'fault', id: `${input.id}-fault` });
    const hint = options.hint && el('p', { class: 'hint', id: `${input.id}-hint` }, options.hint);
    input.setAttribute('aria-describedby', `${hint ? hint.id : ''} ${fault.id}`.trim());
    const node = el(
        'div',
        { class: options.wide ? 'field wide' : 'field' },
        el('label', { for: input.id, class: options.required && 'required' }, options.label),
        input,
        ...more,
        hint,
        fault,
    );
    return {
        path: options.path,
        label: options.label,
        node,
        focus: () => input.focus(),
        /** @param {string} text */
        fault(text) {
            fill(fault, text);
            text ? input.setAttribute('aria-invalid', 'true') : input.removeAttribute('aria-invalid');
        },
    };
}

/** A field of text. @param {TextOptions} options @returns {Field} */
export function textField(options) {
    const shared = {
        name: options.path,
        dir: options.type && options.type !== 'text' ? undefined : 'auto',
        autocomplete: options.autocomplete ?? 'off',
        'aria-required': options.required && 'true',
    };
    const input = options.lines
        ? el('textarea', { ...shared, rows: options.lines })
        : el('input', { ...shared, type: options.type ?? 'text', inputmode: options.inputmode });
    /** @type {string | undefined} */
    let given;
    let shown = '';
    const write = (/** @type {string | undefined} */ value) => {
        given = value;
        input.value = value ?? '';
        shown = input.value;
    };
    write(options.value);
    const isPassword = options.type === 'password';
    return {
        ...labelled(options, input),
        // What nobody touched is sent back as it came, though the input shows it without its lines.
        read: () =>
            (input.value === shown ? given : isPassword ? input.value : input.value.trim()) || undefined,
        write,
        show: (value) => value ?? '',
        // Half a date is no value for the browser: the input would seem to be empty.
        wrong: () => (!input.value && input.validity.badInput ? t('fault.invalid') : ''),
    };
}

/** So many digits JavaScript never rounds. */
const EXACT_DIGITS = 15;

/** A field of a whole or other number. @param {TextOptions & { value?: any }} options @returns {Field} */
export function numberField(options) {
    let given = options.value;
    const field = textField({ ...options, value: digits(given), inputmode: 'decimal' });
    const read = () => {
        const text = field.read();
        if (text === digits(given) && typeof given !== 'string') {
            return given;
        }
        const [, sign, whole, part = ''] = /^([+-]?)0*(\d+?)(?:[.,](\d+))?$/.exec(text ?? '') ?? [];
        // What is no number is sent as it was typed, and the daemon says what is wrong with it. 1,000 is
        // a thousand to one person and one to another.
        if (!whole || /^[+-]?[1-9]\d{0,2}(,\d{3}|\.000)$/.test(text)) {
            return text;
        }
        const plain = `${sign === '-' ? '-' : ''}${whole}${part && `.${part}`}`;
        return whole.length + part.length > EXACT_DIGITS ? { rawJSON: plain } : Number(plain);
    };
    const write = (/** @type {any} */ value) => {
        given = value;
        field.write(digits(value));
    };
    return { ...field, read, show: digits, write };
}

/** A text of a list as it is typed; one that holds a comma stands in quotes, as in a table. @param {string} text */
const quoted = (text) => (/[",]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** @param {string} line @returns {string[]} */
const listed = (line) =>
    [...line.matchAll(/\s*(?:"((?:[^"]|"")*)"\s*|([^,]*))(?:,|$)/g)]
        .map(([, inQuotes, plain = '']) => inQuotes?.replaceAll('""', '"') ?? plain.trim())
        .filter(Boolean);

/** A field of several short texts, separated by commas. @param {TextOptions & { values?: string[] }} options @returns {Field} */
export function listField({ values, ...options }) {
    const show = (/** @type {string[] | undefined} */ texts) => (texts ?? []).map(quoted).join(', ');
    const field = textField({ hint: t('field.commas'), ...options, value: show(values) });
    let given = values;
    return {
        ...field,
        read() {
            const text = field.read() ?? '';
            const texts = text === show(given) ? (given ?? []) : listed(text);
            return texts.length ? texts : undefined;
        },
        write(texts) {
            given = texts;
            field.write(show(texts));
        },
        show,
    };
}

/**
 * A switch. One that is off and was never set has no value.
 * @param {{ path: string, label: string, value?: boolean, hint?: string, show?: (value: unknown) => string }} options
 * @returns {Field}
 */
export function switchField(options) {
    const input = el('input', {
        type: 'checkbox',
        role: 'switch',
        class: 'switch',
        name: options.path,
        id: unique('switch'),
    });
    input.checked = options.value ?? false;
    const fault = el('p', { class: 'fault', id: `${input.id}-fault` });
    input.setAttribute('aria-describedby', fault.id);
    let given = options.value;
    return {
        path: options.path,
        label: options.label,
        node: el(
            'div',
            { class: 'field' },
            el('label', { class: 'check', for: input.id }, input, options.label),
            fault,
        ),
        read: () => (input.checked ? true : given === undefined ? undefined : false),
        write(value) {
            given = value;
            input.checked = value === true;
        },
        show: options.show ?? String,
        fault: (text) => fill(fault, text),
        focus: () => input.focus(),
    };
}

/**
 * A choice from a list; the first option may be "none".
 * @param {{ path: string, label: string, value?: string, options: [value: string, text: string][], hint?: string, required?: boolean, wide?: boolean }} options
 * @returns {Field & { input: HTMLSelectElement }}
 */
export function choiceField(options) {
    const input = el(
        'select',
        { name: options.path },
        options.options.map(([value, text]) => el('option', { value }, text)),
    );
    const show = (/** @type {any} */ value) =>
        options.options.find(([known]) => known === value)?.[1] ?? value ?? '';
    const write = (/** @type {string | undefined} */ value = '') => {
        input.value = value;
        if (input.value !== value) {
            // A value that the list does not have any more stays until somebody chooses another.
            input.append(el('option', { value }, show(value)));
            input.value = value;
        }
    };
    write(options.value ?? options.options[0]?.[0]);
    return {
        ...labelled(options, input),
        input,
        read: () => input.value || undefined,
        write,
        show,
    };
}
