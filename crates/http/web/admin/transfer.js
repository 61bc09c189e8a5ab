/**
 * Import and export. A file is dropped; the page shows what it was taken for and how its columns are
 * read, tries it, then does it. Whole batches are sent one after another, so stopping keeps what was
 * imported.
 */

import { own } from '../api.js';
import { CHANNELS } from '../contact/contact.js';
import { guard, saved } from '../router.js';
import { listChanged } from '../search/pane.js';
import { button, el, fill, typed } from '../ui/dom.js';
import { alertBox } from '../ui/messages.js';
import { known, number, t } from '../words/words.js';
import { contactOf, decode, ENCODINGS, rows, takenFor, targetOf, TARGETS } from './file.js';
import { addReport, emptyReport, reportView } from './report.js';

/** `/admin/export` */
export function exportView() {
    const day = new Date().toISOString().slice(0, 10);
    return el(
        'div',
        { class: 'page' },
        el('h1', {}, t('admin.export')),
        el(
            'section',
            { class: 'card' },
            el('h2', {}, t('export.lines')),
            el('p', {}, t('export.text')),
            el(
                'p',
                {},
                el(
                    'a',
                    {
                        class: 'button primary',
                        href: '/api/v2/carnet/export',
                        download: `carnet-${day}.jsonl`,
                    },
                    t('export.save'),
                ),
            ),
        ),
    );
}

const BATCH_LINES = 500;
const PREVIEW_ROWS = 3;

/** @typedef {{ line: number, json: string }} Line */

/**
 * The lines of a file as the daemon takes them.
 * @param {string} text
 * @param {import('./file.js').Taken} taken
 * @param {string[]} targets
 * @returns {Line[]}
 */
function linesOf(text, taken, targets) {
    if (taken.form === 'lines') {
        return text
            .split(/\r?\n/)
            .map((json, at) => ({ line: at + 1, json }))
            .filter(({ json }) => json.trim());
    }
    const [, ...body] = rows(text, taken.separator);
    return body.map(({ line, cells }) => ({ line, json: JSON.stringify(contactOf(targets, cells)) }));
}

/** `/admin/import` @param {import('../router.js').Visit} visit */
export function importView({ signal }) {
    const work = el('div');
    const file = el('input', {
        type: 'file',
        accept: '.csv,.txt,.tsv,.json,.jsonl,.ndjson',
        hidden: true,
        onchange: () => file.files?.[0] && open(file.files[0]),
    });
    const drop = el(
        'div',
        {
            class: 'drop',
            ondragover: (/** @type {Event} */ event) => {
                event.preventDefault();
                drop.classList.add('over');
            },
            ondragleave: () => drop.classList.remove('over'),
            ondrop: (/** @type {DragEvent} */ event) => {
                event.preventDefault();
                drop.classList.remove('over');
                const dropped = event.dataTransfer?.files[0];
                if (dropped) {
                    open(dropped);
                }
            },
        },
        el('p', {}, t('import.drop')),
        file,
        button(t('import.choose'), () => file.click()),
        el('p', { class: 'quiet' }, t('import.forms')),
    );

    /** @param {File} chosen @param {string} [named] the encoding that was chosen */
    async function open(chosen, named) {
        const { text, encoding } = decode(await chosen.arrayBuffer(), named);
        const taken = takenFor(text);
        // A file that does not say its encoding may be read with another one.
        const choice = el(
            'select',
            { 'aria-label': t('import.encoding'), onchange: () => void open(chosen, choice.value) },
            ENCODINGS.map((value) => el('option', { value, selected: value === encoding }, value)),
        );
        if (taken.form === 'unknown') {
            const alert = t('import.unknown', { name: chosen.name });
            fill(work, el('div', { class: 'alert', role: 'alert' }, alert), choice);
            return;
        }
        fill(work, plan(chosen.name, choice, text, taken));
    }

    /**
     * What the file was taken for, its columns, and the two buttons.
     * @param {string} name
     * @param {HTMLElement} encoding
     * @param {string} text
     * @param {import('./file.js').Taken} taken
     */
    function plan(name, encoding, text, taken) {
        const separator = { ',': t('import.comma'), ';': t('import.semicolon'), '\t': t('import.tab') }[
            taken.separator
        ];
        /** @type {string[]} */
        let targets = [];
        const result = el('div');
        const parts = [
            el(
                'p',
                {},
                el('strong', {}, typed(name)),
                ' – ',
                taken.form === 'lines'
                    ? t('import.lines')
                    : t('import.table', { separator: separator ?? '' }),
                ' ',
                encoding,
            ),
        ];
        if (taken.form === 'table') {
            const [head, ...some] = firstRows(text, taken.separator);
            targets = (head?.cells ?? []).map(targetOf);
            parts.push(
                mapping(
                    head?.cells ?? [],
                    some.map(({ cells }) => cells),
                    targets,
                ),
            );
        }
        const stop = { asked: false };
        // Who leaves the view has been asked, and stops it.
        signal.addEventListener('abort', () => void (stop.asked = true));
        /** @param {boolean} dryRun */
        async function run(dryRun) {
            stop.asked = false;
            await send(linesOf(text, taken, targets), dryRun, stop, result);
            fill(
                result.lastElementChild ?? result,
                dryRun && [button(t('import.do'), () => void run(false), { class: 'button primary' })],
            );
        }
        return [
            el(
                'section',
                { class: 'card' },
                el('h2', {}, t('import.taken')),
                ...parts,
                el(
                    'div',
                    { class: 'actions' },
                    button(t('import.try'), () => void run(true), { class: 'button primary' }),
                ),
            ),
            result,
        ];
    }

    return el(
        'div',
        { class: 'page' },
        el('h1', {}, t('admin.import')),
        el('section', { class: 'card' }, drop),
        work,
    );
}

/** @param {string} text @param {string} separator */
function firstRows(text, separator) {
    const first = [];
    for (const row of rows(text, separator)) {
        if (first.push(row) > PREVIEW_ROWS) {
            break;
        }
    }
    return first;
}

/** What the form calls a field, with the part of a phone or of a channel. @param {string} path */
function label(path) {
    for (const [channel, { fields }] of Object.entries(CHANNELS)) {
        const part = fields.find(([known]) => known === path)?.[1];
        if (part) {
            return `${known(`channel.${channel}`, channel)}: ${t(`social.${part}`)}`;
        }
    }
    const [field = '', part = ''] = path.split('.');
    const name = known(`field.${path}`, known(`field.${field}`, path));
    return /^(extension|acceptsSMS)$/.test(part) ? `${name}: ${known(`field.${part}`, part)}` : name;
}

/**
 * A line for each column: its name, the field that it is, and its first cells. A choice changes
 * `targets`.
 * @param {string[]} names
 * @param {string[][]} some
 * @param {string[]} targets
 */
function mapping(names, some, targets) {
    const line = (/** @type {string} */ name, /** @type {number} */ column) => {
        const offered =
            targets[column] && !TARGETS.includes(targets[column] ?? '') ? [targets[column] ?? ''] : [];
        const choice = el(
            'select',
            {
                'aria-label': t('import.fieldOf', { name }),
                onchange: () => void (targets[column] = choice.value),
            },
            ['', ...offered, ...TARGETS].map((path) =>
                el(
                    'option',
                    { value: path, selected: path === targets[column] },
                    path ? label(path) : t('import.leave'),
                ),
            ),
        );
        return el(
            'tr',
            {},
            el('th', { scope: 'row' }, typed(name)),
            el('td', {}, choice),
            el(
                'td',
                { class: 'quiet' },
                typed(
                    some
                        .map((cells) => cells[column] ?? '')
                        .filter(Boolean)
                        .join(' · '),
                ),
            ),
        );
    };
    return el(
        'div',
        { class: 'scroll' },
        el(
            'table',
            { class: 'table mapping' },
            el(
                'thead',
                {},
                el(
                    'tr',
                    {},
                    [t('import.column'), t('import.field'), t('import.first')].map((head) =>
                        el('th', { scope: 'col' }, head),
                    ),
                ),
            ),
            el('tbody', {}, names.map(line)),
        ),
    );
}

/**
 * Sends the lines in batches and shows how far it is, then what became of them.
 * @param {Line[]} lines
 * @param {boolean} dryRun
 * @param {{ asked: boolean }} stop
 * @param {HTMLElement} place
 */
async function send(lines, dryRun, stop, place) {
    const bar = el('progress', {
        max: Math.max(lines.length, 1),
        value: 0,
        'aria-label': t('import.progress'),
    });
    const text = el('p', { role: 'status', 'aria-live': 'polite' });
    fill(
        place,
        el(
            'section',
            { class: 'card' },
            el('h2', {}, t(dryRun ? 'import.trying' : 'import.doing')),
            bar,
            text,
            el(
                'div',
                { class: 'actions' },
                button(t('stop'), () => void (stop.asked = true)),
            ),
        ),
    );
    guard(() => true);
    const report = emptyReport();
    let at = 0;
    let trouble;
    try {
        while (at < lines.length && !stop.asked) {
            const batch = lines.slice(at, at + BATCH_LINES);
            const body = batch.map(({ json }) => json).join('\n');
            const { data } = await own('POST', '/import', {
                body,
                query: dryRun ? { dryRun } : {},
                headers: { 'Content-Type': 'application/x-ndjson' },
            });
            addReport(
                report,
                data,
                batch.map(({ line }) => line),
            );
            at += batch.length;
            bar.value = at;
            fill(text, t('import.sofar', { done: at, all: lines.length }));
        }
    } catch (error) {
        trouble = alertBox(error);
    }
    saved();
    if (!dryRun) {
        listChanged();
    }
    const title = t(at < lines.length ? 'import.stopped' : dryRun ? 'import.tried' : 'import.done', {
        done: number(at),
        all: number(lines.length),
    });
    fill(
        place,
        el(
            'section',
            { class: 'card' },
            el('div', { role: 'status' }, el('h2', {}, title)),
            trouble,
            reportView(report),
        ),
        el('div', { class: 'actions' }),
    );
}
