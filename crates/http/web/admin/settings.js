/**
 * The settings that may change while carnet runs, and what a change offers: reading the stored numbers
 * anew. Where the file or the environment has the word, the page says so.
 */

import { noteDefaultRegion } from '../account/session.js';
import { Fault, own } from '../api.js';
import { card, line } from '../record/view.js';
import { guard } from '../router.js';
import { button, el, fill, typed, unique } from '../ui/dom.js';
import { alertBox, announce, faults, sentence } from '../ui/messages.js';
import { country, has, known, t, time } from '../words/words.js';

const SHOWN_MAX = 8;

/** @typedef {{ text: string, new?: string | null }} Reread */
/** @typedef {{ contacts: number, changes: number, first: Reread[] }} Sum */

/**
 * One pass over all contacts.
 * @param {boolean} dryRun
 * @param {(sum: Sum) => boolean} told after each part; false ends the pass
 */
async function pass(dryRun, told) {
    /** @type {Sum} */
    const sum = { contacts: 0, changes: 0, first: [] };
    let after;
    do {
        const { data } = await own('POST', '/numbers/reread', { query: { dryRun, after } });
        sum.contacts += data.contacts;
        sum.changes += data.changes.length;
        sum.first.push(...data.changes.slice(0, SHOWN_MAX - sum.first.length));
        after = data.after;
    } while (told(sum) && after);
    return sum;
}

export function rereadCard() {
    const state = el('div', { role: 'status', 'aria-live': 'polite' });
    let going = false;
    const stop = button(t('stop'), () => {
        going = false;
    });

    /** @param {boolean} dryRun */
    async function run(dryRun) {
        going = true;
        fill(actions, stop);
        try {
            const sum = await pass(dryRun, ({ contacts, changes }) => {
                fill(state, el('p', {}, t('reread.progress', { contacts, changes })));
                return going;
            });
            fill(
                state,
                el(
                    'p',
                    {},
                    t(dryRun ? 'reread.would' : 'reread.done', {
                        contacts: sum.contacts,
                        changes: sum.changes,
                    }),
                ),
                dryRun &&
                    el(
                        'ul',
                        {},
                        sum.first.map((change) =>
                            el(
                                'li',
                                {},
                                typed(change.text),
                                ' → ',
                                change.new ?? t('number.kept'),
                            ),
                        ),
                    ),
            );
            fill(
                actions,
                dryRun &&
                    sum.changes > 0 &&
                    button(t('reread.apply'), () => void run(false), { class: 'button primary' }),
            );
        } catch (error) {
            fill(state, alertBox(error));
            fill(
                actions,
                button(t('again'), () => void run(dryRun)),
            );
        }
    }
    const actions = el(
        'div',
        { class: 'actions' },
        button(t('reread.look'), () => void run(true), { class: 'button primary' }),
    );
    return el(
        'section',
        { class: 'card' },
        el('h2', {}, t('reread.title')),
        el('p', { class: 'quiet' }, t('reread.text')),
        state,
        actions,
    );
}

/** Codes that have a name and are no country: unions, groups and tests. */
const NO_COUNTRY = new Set(['EU', 'EZ', 'QO', 'UN', 'XA', 'XB', 'ZZ']);

/** A code of today: one that has ended, such as DD, stands for another. @param {string} code */
const isPresent = (code) => new Intl.Locale('und', { region: code }).region === code;

/**
 * The regions that the browser knows, by their names.
 * @param {string} chosen is among them whatever it is
 */
export function regions(chosen) {
    const codes = Array.from({ length: 26 * 26 }, (_, at) =>
        String.fromCharCode(65 + Math.floor(at / 26), 65 + (at % 26)),
    );
    return codes
        .filter(
            (code) =>
                code === chosen || (country(code) !== code && !NO_COUNTRY.has(code) && isPresent(code)),
        )
        .map((code) => ({ code, text: `${country(code)} (${code})` }))
        .sort((a, b) => a.text.localeCompare(b.text));
}

/**
 * The input of a setting, and how to read and write it. Every value comes as a text.
 * @param {Setting} setting
 */
function control({ kind, fixedBy, value }) {
    const attributes = { id: unique('setting'), disabled: Boolean(fixedBy) };
    if (kind === 'boolean') {
        const input = el('input', { ...attributes, type: 'checkbox', role: 'switch', class: 'switch' });
        return {
            input,
            read: () => input.checked,
            write: (/** @type {string} */ value) => void (input.checked = value === 'true'),
        };
    }
    const input =
        kind === 'region'
            ? el(
                  'select',
                  attributes,
                  regions(value).map(({ code, text }) => el('option', { value: code }, text)),
              )
            : el('input', { ...attributes, type: 'text', autocomplete: 'off' });
    return {
        input,
        read: () => input.value,
        write: (/** @type {string} */ value) => void (input.value = value),
    };
}

/** @param {string} name */
const nameOf = (name) => known(`setting.${name}`, name);

/**
 * A switch is changed at once. Another value waits for its button, for a list that is walked through by
 * the arrow keys has many values on the way.
 * @param {Setting} setting
 * @param {(changed: Setting) => void} changed
 */
function row(setting, changed) {
    const { input, read, write } = control(setting);
    const fault = el('p', { class: 'fault', id: `${input.id}-fault`, role: 'alert' });
    input.setAttribute('aria-describedby', fault.id);
    write(setting.value);
    const isSwitch = setting.kind === 'boolean';
    const isChanged = () => String(read()) !== setting.value;
    const keep = el(
        'button',
        { class: 'button small', disabled: true, 'aria-label': `${t('save')}: ${nameOf(setting.name)}` },
        t('save'),
    );
    const showChanged = () => void (keep.disabled = !isChanged());
    async function save() {
        fill(fault);
        input.removeAttribute('aria-invalid');
        try {
            const { data } = await own('PUT', `/settings/${setting.name}`, { body: { value: read() } });
            setting.value = data.value;
            write(data.value);
            announce(t('saved'));
            changed(data);
        } catch (error) {
            // What was typed stays, so that it can be mended.
            const named = error instanceof Fault ? faults(error) : [];
            fill(fault, named[0]?.text ?? sentence(error));
            input.setAttribute('aria-invalid', 'true');
        }
        showChanged();
        input.focus();
    }
    input.addEventListener('input', isSwitch ? save : showChanged);
    const about = `setting.${setting.name}.about`;
    const node = el(
        'form',
        {
            class: 'setting',
            novalidate: true,
            onsubmit: (/** @type {Event} */ event) => {
                event.preventDefault();
                isChanged() && save();
            },
        },
        el('label', { for: input.id }, nameOf(setting.name), has(about) && el('small', {}, t(about))),
        el('span', { class: 'setting-value' }, input, !isSwitch && !setting.fixedBy && keep),
        fault,
        setting.fixedBy &&
            el(
                'p',
                { class: 'hint' },
                // The name of a variable or of a flag tells which of them it is.
                t('settings.fixedBy', { by: setting.fixedBy.replace(/^(environment|flag) /, '') }),
            ),
    );
    return { node, isChanged };
}

/** `/admin/settings` @param {import('../router.js').Visit} visit */
export async function settingsView({ signal }) {
    /** @type {{ settings: Setting[], changes: SettingChange[] }} */
    const { settings, changes } = (await own('GET', '/settings', { signal })).data;
    const offer = el('div');
    const rows = settings.map((setting) =>
        row(setting, ({ name, value }) => {
            if (name === 'contacts.default_region') {
                noteDefaultRegion(value);
            }
            if (name === 'contacts.default_region' || name === 'contacts.internal_numbers') {
                fill(offer, rereadCard());
            }
        }),
    );
    guard(() => rows.some(({ isChanged }) => isChanged()));
    return el(
        'div',
        { class: 'page' },
        el('h1', {}, t('admin.settings')),
        offer,
        el(
            'section',
            { class: 'card' },
            rows.map(({ node }) => node),
        ),
        el(
            'p',
            {},
            button(t('reread.offer'), () => fill(offer, rereadCard())),
        ),
        card(
            t('settings.changes'),
            changes.map(({ name, value, date, changedBy }) =>
                line(time(date), [typed(changedBy), ` · ${nameOf(name)}: `, typed(value)]),
            ),
        ),
    );
}
