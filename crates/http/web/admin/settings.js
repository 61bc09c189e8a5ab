/**
 * The settings that may change while carnet runs, and what a change offers: reading the stored numbers
 * anew. Where the file or the environment has the word, the page says so.
 */

import { noteDefaultRegion } from '../account/session.js';
import { Fault, own } from '../api.js';
import { card, line } from '../record/view.js';
import { button, el, fill, typed, unique } from '../ui/dom.js';
import { alertBox, announce, faults, sentence } from '../ui/messages.js';
import { country, has, known, t, time } from '../words/words.js';

const SHOWN_MAX = 8;

/** @typedef {{ contacts: number, changes: number, first: any[] }} Sum */

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
                                typed(change.text ?? change.display ?? ''),
                                ' → ',
                                change.e164 ?? t('number.kept'),
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

/** The regions that the browser knows, by their names. */
function regions() {
    const codes = Array.from({ length: 26 * 26 }, (_, at) =>
        String.fromCharCode(65 + Math.floor(at / 26), 65 + (at % 26)),
    );
    return codes
        .filter((code) => country(code) !== code)
        .map((code) => ({ code, text: `${country(code)} (${code})` }))
        .sort((a, b) => a.text.localeCompare(b.text));
}

/**
 * The input of a setting, and how to read and write it. Every value comes as a text.
 * @param {Setting} setting
 */
function control({ kind, fixedBy }) {
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
                  regions().map(({ code, text }) => el('option', { value: code }, text)),
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

/** @param {Setting} setting @param {(changed: Setting) => void} changed */
function row(setting, changed) {
    const { input, read, write } = control(setting);
    const fault = el('p', { class: 'fault', id: `${input.id}-fault`, role: 'alert' });
    input.setAttribute('aria-describedby', fault.id);
    write(setting.value);
    input.addEventListener('change', async () => {
        fill(fault);
        input.removeAttribute('aria-invalid');
        try {
            const { data } = await own('PUT', `/settings/${setting.name}`, { body: { value: read() } });
            setting.value = data.value;
            announce(t('saved'));
            changed(data);
        } catch (error) {
            // What was typed stays, so that it can be mended.
            const named = error instanceof Fault ? faults(error) : [];
            fill(fault, named[0]?.text ?? sentence(error));
            input.setAttribute('aria-invalid', 'true');
        }
    });
    const about = `setting.${setting.name}.about`;
    return el(
        'div',
        { class: 'setting' },
        el('label', { for: input.id }, nameOf(setting.name), has(about) && el('small', {}, t(about))),
        el('span', {}, input),
        fault,
        setting.fixedBy && el('p', { class: 'hint' }, t('settings.fixedBy', { by: setting.fixedBy })),
    );
}

/** `/admin/settings` @param {import('../router.js').Visit} visit */
export async function settingsView({ signal }) {
    /** @type {{ settings: Setting[], changes: SettingChange[] }} */
    const { settings, changes } = (await own('GET', '/settings', { signal })).data;
    const offer = el('div');
    return el(
        'div',
        { class: 'page' },
        el('h1', {}, t('admin.settings')),
        offer,
        el(
            'section',
            { class: 'card' },
            settings.map((setting) =>
                row(setting, ({ name, value }) => {
                    if (name === 'contacts.default_region') {
                        noteDefaultRegion(value);
                    }
                    if (name === 'contacts.default_region' || name === 'contacts.internal_numbers') {
                        fill(offer, rereadCard());
                    }
                }),
            ),
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
