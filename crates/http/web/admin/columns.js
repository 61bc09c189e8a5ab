/**
 * Which column of a table is which field: the names that people give to fields, a line of the page for
 * each column, and the table that carnet is sent, whose columns have carnet's own names.
 */

import { ADDRESS, CHANNELS, EMAILS, NAMES, PHONES } from '../contact/contact.js';
import { properties } from '../record/custom.js';
import { el, typed, unique } from '../ui/dom.js';
import { known, t } from '../words/words.js';
import { table } from './access.js';
import { rows, tableLine } from './file.js';

/** @typedef {{ path: string, title: string, type: Schema }} CustomField */
/** @typedef {[path: string, value: string]} Constant the same in each row */

/** The fields that a column can be. The page names them as the form does. */
const TARGETS = [
    ...NAMES,
    'title',
    'externalOrganization.name',
    ...EMAILS,
    ...PHONES.flatMap((phone) => [`${phone}.display`, `${phone}.extension`, `${phone}.acceptsSMS`]),
    'externalSystemUrl',
    ...ADDRESS.map((part) => `address.${part}`),
    ...Object.values(CHANNELS).flatMap(({ fields }) => fields.map(([path]) => path)),
    'surveyOptOut',
    'id',
];

/** What other programs call the fields, in small letters without blanks and marks. @type {[path: string, names: string][]} */
const NAMES_OF = [
    ['externalOrganization.name', 'organization organisation company societe entreprise'],
    ['firstName', 'givenname prenom'],
    ['lastName', 'familyname surname nom nomdefamille'],
    ['title', 'jobtitle fonction'],
    ['workEmail', 'email emailaddress mail courriel'],
    ['workPhone.display', 'phone telephone businessphone'],
    ['cellPhone.display', 'mobile mobilephone portable'],
    ['twitterId.screenName', 'twitterid'],
    ['address.address1', 'street adresse'],
    ['address.city', 'city ville'],
    ['address.postalCode', 'zip postalcode codepostal'],
    ['address.countryCode', 'country'],
];

/** @param {string} name */
const plain = (name) =>
    name
        .normalize('NFD')
        .replace(/\p{M}/gu, '')
        .toLowerCase()
        .replace(/\[(\d+)\]/g, '.$1')
        .replace(/[\s_-]/g, '');

/** Columns of an export that the form has not. They are known by their path, and kept as they are. */
const OWN = /^(type|createDate|modifyDate|customFields|[a-z]\w*(\.\w+)+)$/;

/** @param {Schema[]} types @returns {CustomField[]} each once, though several types may have it */
export function customFields(types) {
    const all = types.flatMap((type) =>
        properties(type).map(([key, { title }]) => ({ path: `customFields.${key}`, title: title || key, type })),
    );
    return all.filter(({ path }, at) => all.findIndex((other) => other.path === path) === at);
}

/**
 * The field that a column's name means; empty for none.
 * @param {string} name
 * @param {CustomField[]} [fields]
 */
export function targetOf(name, fields = []) {
    const path = name.replace(/^\uFEFF/, '').trim().replace(/\[(\d+)\]/g, '.$1');
    if (OWN.test(path)) {
        return path;
    }
    const wanted = plain(path);
    return (
        TARGETS.find((target) => plain(target) === wanted || plain(target) === `${wanted}.display`) ??
        NAMES_OF.find(([, names]) => names.split(' ').includes(wanted))?.[0] ??
        fields.find(({ title }) => plain(title) === wanted)?.path ??
        ''
    );
}

/** What the form calls a field, with the part of a phone or of a channel. @param {string} path */
export function label(path) {
    for (const [channel, { fields }] of Object.entries(CHANNELS)) {
        const part = fields.find(([known]) => known === path)?.[1];
        if (part) {
            return `${known(`channel.${channel}`, channel)}: ${t(`social.${part}`)}`;
        }
    }
    const [field = '', part = ''] = path.split('.');
    if (!PHONES.includes(field)) {
        return known(`field.${path}`, path);
    }
    const name = known(`field.${field}`, field);
    return part === 'display' ? name : `${name}: ${known(`field.${part}`, part)}`;
}

const TRUTH = /(acceptsSMS|verified|surveyOptOut|_checkbox)$/;

/** A cell as carnet takes it: French spreadsheets have their own words for true and false. @param {string} target @param {string} cell */
const cellOf = (target, cell) =>
    TRUTH.test(target)
        ? cell.replace(/^\s*(oui|vrai)\s*$/i, 'true').replace(/^\s*(non|faux)\s*$/i, 'false')
        : cell;

/**
 * The table that carnet is sent: its header, and its rows with the lines of the file that they are.
 * @param {string} text
 * @param {string} separator
 * @param {string[]} targets for each column the field, empty for none
 * @param {Constant[]} constants
 */
export function tableOf(text, separator, targets, constants) {
    const [head, ...body] = rows(text, separator);
    const kept = targets.flatMap((target, column) => (target ? [{ target, column }] : []));
    return {
        head: {
            line: head?.line ?? 1,
            text: tableLine([...kept.map(({ target }) => target), ...constants.map(([path]) => path)]),
        },
        records: body.map(({ line, cells }) => ({
            line,
            text: tableLine([
                ...kept.map(({ target, column }) => cellOf(target, cells[column] ?? '')),
                ...constants.map(([, value]) => value),
            ]),
        })),
    };
}

/**
 * A line for each column: its name, the field that it is, and its first cells; above them the type of
 * all rows.
 * @param {string[]} names
 * @param {string[][]} some
 * @param {Schema[]} types of contacts
 * @param {() => void} changed
 */
export function columns(names, some, types, changed) {
    const fields = customFields(types);
    const targets = names.map((name) => targetOf(name, fields));
    const type = el(
        'select',
        { id: unique('type'), onchange: changed },
        el('option', { value: '' }, t('import.typeOfFile')),
        types
            .filter(({ enabled }) => enabled)
            .map(({ id, name }) => el('option', { value: id }, name)),
    );
    /** Custom fields are nothing without their type. @param {string[]} paths */
    function chooseType(paths) {
        const field = fields.find(({ path }) => paths.includes(path));
        if (field && !type.value && !targets.includes('schema.id')) {
            type.value = field.type.id ?? '';
        }
    }
    chooseType(targets);

    /** @returns {Constant[]} */
    function constants() {
        const chosen = types.find(({ id }) => id === type.value);
        return chosen?.id
            ? [
                  ['schema.id', chosen.id],
                  ['schema.version', String(chosen.version)],
              ]
            : [];
    }
    /** @param {string} path */
    const nameOf = (path) => {
        const field = fields.find((field) => field.path === path);
        return field ? `${field.title} (${field.type.name})` : label(path);
    };
    const offered = [...TARGETS, ...fields.map(({ path }) => path)];

    /** @param {string} name @param {number} column */
    const line = (name, column) => {
        const target = targets[column] ?? '';
        const choice = el(
            'select',
            {
                'aria-label': t('import.fieldOf', { name }),
                onchange: () => {
                    targets[column] = choice.value;
                    chooseType([choice.value]);
                    changed();
                },
            },
            [...new Set(['', target, ...offered])].map((path) =>
                el(
                    'option',
                    { value: path, selected: path === target },
                    path ? nameOf(path) : t('import.leave'),
                ),
            ),
        );
        const cells = some.map((cells) => cells[column] ?? '').filter(Boolean);
        return [typed(name), choice, el('div', { class: 'example' }, typed(cells.join(' · ')))];
    };
    return {
        targets,
        constants,
        /** Whether rows say which contact they are. */
        isKeyed: () => targets.some((path) => path === 'id' || path.startsWith('externalIds.')),
        isEmpty: () => !targets.some(Boolean),
        /** The field that two columns are. */
        twice() {
            const paths = [...targets.filter(Boolean), ...constants().map(([path]) => path)];
            const path = paths.find((path, at) => paths.indexOf(path) !== at);
            return path && nameOf(path);
        },
        nodes: [
            types.length > 0 &&
                el('p', { class: 'inline' }, el('label', { for: type.id }, t('import.type')), ' ', type),
            table(
                t('import.taken'),
                [t('import.column'), t('import.field'), t('import.first')],
                names.map(line),
                'mapping',
            ),
        ],
    };
}
