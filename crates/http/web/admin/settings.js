/**
 * The settings that may change while carnet runs, and what a change offers: reading the stored numbers
 * anew. Where the file or the environment has the word, the page says so.
 */

import { noteDefaultRegion } from '../account/session.js';
import { Fault, own } from '../api.js';
import { button, el, fill, typed, unique } from '../ui/dom.js';
import { alertBox, announce, faults, sentence } from '../ui/messages.js';
import { country, has, known, t } from '../words/words.js';

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

/** The regions of a setting by their names. @param {string[] | undefined} choices */
function regions(choices) {
    const codes =
        choices ??
        Array.from({ length: 26 * 26 }, (_, at) =>
            String.fromCharCode(65 + Math.floor(at / 26), 65 + (at % 26)),
        ).filter((code) => country(code) !== code);
    return codes
        .map((code) => /** @type {[string, string]} */ ([code, `${country(code)} (${code})`]))
        .sort((a, b) => a[1].localeCompare(b[1]));
}

/**
 * The input of a setting, and how to read and write it.
 * @param {Setting} setting
 */
function control(setting) {
    const attributes = { id: unique('setting'), disabled: Boolean(setting.fixedBy) };
    if (setting.kind === 'boolean') {
        const input = el('input', { ...attributes, type: 'checkbox', role: 'switch', class: 'switch' });
        return {
            input,
            read: () => input.checked,
            write: (/** @type {unknown} */ value) => void (input.checked = value === true),
        };
    }
    const options =
        setting.kind === 'region'
            ? regions(setting.choices)
            : setting.choices?.map((choice) => /** @type {[string, string]} */ ([choice, choice]));
    const input = options
        ? el(
              'select',
              attributes,
              options.map(([value, text]) => el('option', { value }, text)),
          )
        : el('input', {
              ...attributes,
              type: 'text',
              autocomplete: 'off',
              inputmode: setting.kind === 'number' ? 'numeric' : undefined,
          });
    return {
        input,
        read() {
            const number = Number(input.value);
            // What is no number goes to the daemon as it is, and its answer says so.
            return setting.kind === 'number' && input.value.trim() && Number.isFinite(number)
                ? number
                : input.value;
        },
        write: (/** @type {unknown} */ value) =>
            void (input.value = Array.isArray(value) ? value.join(', ') : String(value ?? '')),
    };
}

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
    const title = `setting.${setting.name}`;
    const about = `${title}.about`;
    return el(
        'div',
        { class: 'setting' },
        el('label', { for: input.id }, known(title, setting.name), has(about) && el('small', {}, t(about))),
        el('span', {}, input),
        fault,
        setting.fixedBy &&
            el(
                'p',
                { class: 'hint' },
                t(setting.fixedBy === 'file' ? 'settings.byFile' : 'settings.byEnvironment'),
            ),
    );
}

/** `/admin/settings` @param {import('../router.js').Visit} visit */
export async function settingsView({ signal }) {
    /** @type {Setting[]} */
    const settings = (await own('GET', '/settings', { signal })).data.settings;
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
                        noteDefaultRegion(String(value));
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
    );
}
