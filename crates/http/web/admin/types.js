/**
 * The contact types, and those of organisations: which there are, whether they are offered, and their
 * fields. Saving one makes a new version; records keep the version that they were written with.
 */

import { api, Fault } from '../api.js';
import { CORE_TYPES, coreType, properties, readTypes } from '../record/custom.js';
import { go, guard, saved } from '../router.js';
import { button, el, fill, icon, typed } from '../ui/dom.js';
import { choiceField, listField, switchField, textField } from '../ui/field.js';
import { alertBox, announce, faults } from '../ui/messages.js';
import { busy } from '../ui/tasks.js';
import { t } from '../words/words.js';
import { table } from './access.js';

/** @param {Kind} kind @param {AbortSignal} signal */
async function section(kind, signal) {
    const types = await readTypes(kind, signal);
    const trouble = el('div');
    /** @param {Schema} schema */
    function row(schema) {
        const toggle = el('input', {
            type: 'checkbox',
            role: 'switch',
            class: 'switch',
            checked: schema.enabled,
            'aria-label': t('type.offered', { name: schema.name }),
            onchange: () => busy(toggle, change),
        });
        async function change() {
            fill(trouble);
            try {
                const body = { ...schema, enabled: toggle.checked };
                Object.assign(schema, (await api('PUT', `/${kind}/schemas/${schema.id}`, { body })).data);
                announce(t('saved'));
            } catch (error) {
                toggle.checked = schema.enabled;
                fill(trouble, alertBox(error));
            }
        }
        return [
            el('a', { href: `#/admin/${kind}/${schema.id}` }, typed(schema.name)),
            t('type.fields', { count: properties(schema).length }),
            String(schema.version),
            toggle,
        ];
    }
    const title = t(kind === 'contacts' ? 'type.ofContacts' : 'type.ofOrganizations');
    return el(
        'section',
        { class: 'card' },
        el(
            'div',
            { class: 'card-head' },
            el('h2', {}, title),
            el('a', { class: 'button small', href: `#/admin/${kind}/new` }, icon('add'), t('type.add')),
        ),
        types.length > 0
            ? table(
                  title,
                  [t('field.name'), t('type.columns'), t('type.version'), t('type.on')],
                  types.map(row),
              )
            : el('p', { class: 'quiet' }, t('type.noneYet')),
        trouble,
    );
}

/** `/admin/types` @param {import('../router.js').Visit} visit */
export async function typesView({ signal }) {
    return el(
        'div',
        { class: 'page' },
        el('h1', {}, t('admin.types')),
        el('p', { class: 'quiet' }, t('types.text')),
        ...(await Promise.all([section('contacts', signal), section('organizations', signal)])),
    );
}

/** @typedef {import('../record/custom.js').Kind} Kind */
/** @typedef {import('../record/custom.js').CoreType} CoreType */

const DRAFT = 'http://json-schema.org/draft-04/schema#';

/** The bounds that the vendor's fields have. */
const BOUNDS = /** @type {Record<CoreType, SchemaProperty>} */ ({
    text: { minLength: 1, maxLength: 100 },
    longtext: { minLength: 1, maxLength: 1000 },
    number: { minimum: -9007199254740991, maximum: 9007199254740991 },
    integer: { minimum: -9007199254740991, maximum: 9007199254740991 },
    enum: {},
    identifier: { minLength: 1, maxLength: 100 },
    checkbox: {},
    date: {},
    datetime: {},
    tag: { minItems: 0, maxItems: 10, items: { minLength: 1, maxLength: 100 }, uniqueItems: true },
    url: { minLength: 1, maxLength: 200 },
});

/** The key of a new field: its title in small letters, and its type. @param {string} title @param {CoreType} type @param {Set<string>} taken */
function keyOf(title, type, taken) {
    const plain = title
        .normalize('NFD')
        .replace(/\p{M}/gu, '')
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '_')
        .replace(/^_+|_+$/g, '');
    let key = `${plain || 'field'}_${type}`;
    for (let count = 2; taken.has(key); count += 1) {
        key = `${plain || 'field'}_${count}_${type}`;
    }
    return key;
}

/**
 * A line of the form for one field. A field that is there keeps its key and its type.
 * @param {string} key empty for a new one
 * @param {SchemaProperty} property
 * @param {boolean} isRequired
 * @param {() => void} remove
 */
function fieldLine(key, property, isRequired, remove) {
    const title = textField({ path: 'title', label: t('type.title'), value: property.title });
    const required = switchField({ path: 'required', label: t('type.required'), value: isRequired });
    const type = choiceField({
        path: 'type',
        label: t('type.kind'),
        value: coreType(property),
        options: CORE_TYPES.map((name) => [name, t(`type.${name}`)]),
    });
    const choices = listField({ path: 'enum', label: t('type.choices'), values: property.enum, wide: true });
    const showChoices = () => {
        choices.node.hidden = type.input.value !== 'enum';
    };
    type.input.disabled = key !== '';
    type.input.addEventListener('change', showChoices);
    showChoices();
    return {
        key,
        node: el(
            'li',
            { class: 'type-field' },
            title.node,
            type.node,
            button(t('remove'), remove, { class: 'button quiet-danger' }),
            required.node,
            choices.node,
        ),
        focus: title.focus,
        /** @param {string} text */
        fault: (text) => title.fault(text),
        isNameless: () => !title.read(),
        isRequired: () => required.read() === true,
        /** @param {Set<string>} taken @returns {[string, SchemaProperty]} */
        read(taken) {
            const kind = /** @type {CoreType} */ (type.input.value);
            const name = title.read() ?? '';
            /** @type {string[]} */
            const options = choices.read() ?? [];
            // An option that is there keeps its title, and stays switched off.
            const titles = options.map((option) => [
                option,
                property._enumProperties?.[option] ?? { title: option, _disabled: false },
            ]);
            const choice =
                kind === 'enum' ? { enum: options, _enumProperties: Object.fromEntries(titles) } : {};
            const bounds = key ? {} : BOUNDS[kind];
            const { description } = property;
            return [
                key || keyOf(name, kind, taken),
                {
                    allOf: [{ $ref: `#/definitions/${kind}` }],
                    ...property,
                    ...bounds,
                    ...choice,
                    title: name,
                    // The vendor's forms repeat the title here.
                    description: description === property.title ? name : (description ?? name),
                },
            ];
        },
    };
}

/** `/admin/contacts/ID`, `/admin/organizations/new` @param {Kind} kind @param {import('../router.js').Visit} visit */
export async function typeEdit(kind, { variables: [id = 'new'], signal }) {
    /** @type {Schema} */
    const schema =
        id === 'new'
            ? {
                  name: '',
                  version: 0,
                  enabled: true,
                  jsonSchema: { $schema: DRAFT, title: '', properties: {} },
              }
            : (await api('GET', `/${kind}/schemas/${id}`, { signal })).data;
    const name = textField({ path: 'name', label: t('field.name'), value: schema.name });
    const list = el('ul');
    /** @type {ReturnType<typeof fieldLine>[]} */
    let lines = [];
    /** @param {string} key @param {SchemaProperty} property */
    function add(key, property) {
        const isRequired = schema.jsonSchema.required?.includes(key) ?? false;
        const line = fieldLine(key, property, isRequired, () => {
            lines = lines.filter((other) => other !== line);
            line.node.remove();
        });
        lines.push(line);
        list.append(line.node);
        return line;
    }
    properties(schema).forEach(([key, property]) => add(key, property));

    function value() {
        const taken = new Set(lines.map(({ key }) => key));
        /** @type {Record<string, SchemaProperty>} */
        const fields = {};
        /** @type {string[]} */
        const required = [];
        for (const line of lines) {
            const [key, property] = line.read(taken);
            taken.add(key);
            fields[key] = property;
            line.isRequired() && required.push(key);
        }
        const title = name.read() ?? '';
        return {
            ...schema,
            name: title,
            jsonSchema: {
                ...schema.jsonSchema,
                title,
                description: schema.jsonSchema.description ?? title,
                properties: fields,
                // Draft 4 has no empty list here.
                required: required.length > 0 ? required : undefined,
            },
        };
    }
    const untouched = JSON.stringify(value());
    guard(() => JSON.stringify(value()) !== untouched);

    const trouble = el('div');
    function save() {
        fill(trouble);
        name.fault('');
        const nameless = lines.filter((line) => {
            line.fault(line.isNameless() ? t('fault.required') : '');
            return line.isNameless();
        });
        if (nameless.length > 0) {
            nameless[0]?.focus();
        } else {
            busy(form, send);
        }
    }
    async function send() {
        const body = value();
        try {
            await (schema.id
                ? api('PUT', `/${kind}/schemas/${schema.id}`, { body })
                : api('POST', `/${kind}/schemas`, { body }));
            saved();
            announce(t('saved'));
            go('/admin/types');
        } catch (error) {
            fill(trouble, alertBox(error));
            for (const { path, text } of error instanceof Fault ? faults(error) : []) {
                const parts = path.split('.');
                const place = Object.keys(body.jsonSchema.properties).findIndex((key) => parts.includes(key));
                (lines[place] ?? name).fault(text);
            }
        }
    }
    const form = el(
        'form',
        {
            class: 'page',
            novalidate: true,
            onsubmit: (/** @type {Event} */ event) => {
                event.preventDefault();
                save();
            },
        },
        el('h1', {}, schema.name || t('type.add')),
        el('section', { class: 'card' }, name.node),
        el(
            'section',
            { class: 'card' },
            el('h2', {}, t('section.custom')),
            list,
            el(
                'p',
                {},
                button([t('type.addField')], () => add('', {}).focus()),
            ),
        ),
        trouble,
        el(
            'div',
            { class: 'actions' },
            el('a', { class: 'button', href: '#/admin/types' }, t('cancel')),
            el('button', { class: 'button primary' }, t('save')),
        ),
    );
    return form;
}
