/**
 * Import and export. A file is dropped; the page shows what it was taken for and how its columns are
 * read, tries it, then does it. Whole batches are sent one after another, so stopping keeps what was
 * imported.
 */

import { own } from '../api.js';
import { readTypes } from '../record/custom.js';
import { guard, saved } from '../router.js';
import { listChanged } from '../search/pane.js';
import { button, el, fill, typed } from '../ui/dom.js';
import { alertBox } from '../ui/messages.js';
import { number, t } from '../words/words.js';
import { columns, tableOf } from './columns.js';
import { decode, ENCODINGS, lineCount, rows, takenFor } from './file.js';
import { addReport, emptyReport, reportView } from './report.js';

// A file that is dropped beside the box is not to be opened in place of the page.
for (const kind of ['dragover', 'drop']) {
    window.addEventListener(kind, (event) => {
        if (event instanceof DragEvent && event.dataTransfer?.types.includes('Files')) {
            event.preventDefault();
        }
    });
}

/** `/admin/export` */
export function exportView() {
    const day = new Date().toISOString().slice(0, 10);
    const trouble = el('div');
    /** @param {string} ending @param {string} query @param {string} text @param {string} look */
    const link = (ending, query, text, look) => {
        const file = { href: `/api/v2/carnet/export${query}`, download: `carnet-${day}.${ending}` };
        return el(
            'a',
            {
                class: `button ${look}`,
                ...file,
                onclick: async (/** @type {Event} */ event) => {
                    event.preventDefault();
                    fill(trouble);
                    try {
                        // Where the session has ended, a download would only fail.
                        await own('GET', '/session');
                        el('a', file).click();
                    } catch (error) {
                        fill(trouble, alertBox(error));
                    }
                },
            },
            text,
        );
    };
    return el(
        'div',
        { class: 'page' },
        el('h1', {}, t('admin.export')),
        el(
            'section',
            { class: 'card' },
            el('h2', {}, t('export.lines')),
            el('p', {}, t('export.text')),
            el('p', {}, link('jsonl', '', t('export.save'), 'primary')),
            el('p', {}, link('csv', '?format=csv&bom=true', t('export.table'), '')),
            trouble,
        ),
    );
}

const BATCH_RECORDS = 500;
const PREVIEW_ROWS = 3;

/** A part of the file as the daemon takes it, and the line of the file on which it begins. @typedef {{ line: number, text: string }} Part */
/** @typedef {{ head?: Part, records: Part[], query: Record<string, true | undefined> }} Sending */

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
            ondragover: () => drop.classList.add('over'),
            ondragleave: () => drop.classList.remove('over'),
            ondrop: (/** @type {DragEvent} */ event) => {
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
    const chooser = el('section', { class: 'card' }, drop);

    /** @param {File} chosen @param {string} [named] the encoding that was chosen */
    async function open(chosen, named) {
        if (chooser.inert) {
            return;
        }
        const { text, encoding } = decode(await chosen.arrayBuffer(), named);
        const taken = takenFor(text);
        // A file that does not say its encoding may be read with another one.
        const choice = el(
            'select',
            { 'aria-label': t('import.encoding'), onchange: () => void open(chosen, choice.value) },
            ENCODINGS.map((value) => el('option', { value, selected: value === encoding }, value)),
        );
        if (taken.form === 'unknown') {
            const { kind } = taken;
            const alert = [
                t('import.unknown', { name: chosen.name }),
                kind && ` ${t('import.other', { kind: t(`import.kind.${kind}`) })}`,
            ];
            fill(work, el('div', { class: 'alert', role: 'alert' }, alert), !kind && choice);
            return;
        }
        const types = taken.form === 'table' ? await readTypes('contacts', signal) : [];
        fill(work, plan(chosen.name, choice, text, taken, types));
    }

    /**
     * What the file was taken for, its columns, and the two buttons.
     * @param {string} name
     * @param {HTMLElement} encoding
     * @param {string} text
     * @param {import('./file.js').Taken} taken
     * @param {Schema[]} types
     */
    function plan(name, encoding, text, taken, types) {
        const [head, ...some] = taken.form === 'table' ? firstRows(text, taken.separator) : [];
        const cells = some.map(({ cells }) => cells);
        const table = head && columns(head.cells, cells, types, () => show());
        const result = el('div', { class: 'page' });
        const problem = el('div', { role: 'alert' });
        const keep = el('input', {
            type: 'checkbox',
            role: 'switch',
            class: 'switch',
            onchange: () => fill(result),
        });
        const keeping = el(
            'div',
            {},
            el('label', { class: 'check' }, keep, t('import.keep')),
            el('p', { class: 'hint' }, t('import.keepAbout')),
        );
        const tryIt = button(t('import.try'), () => void run(true), { class: 'button primary' });

        /** After a choice: whether it can be tried, and no result of another choice. */
        function show() {
            const field = table?.twice();
            const isKeyed = table?.isKeyed() ?? true;
            if (isKeyed && keeping.hidden) {
                keep.checked = true;
            }
            keeping.hidden = !isKeyed;
            tryIt.disabled = Boolean(field || table?.isEmpty());
            fill(problem, field && el('p', { class: 'alert' }, t('import.twice', { field })));
            fill(result);
        }
        keeping.hidden = Boolean(table);
        show();

        const stop = { asked: false };
        // Who leaves the view has been asked, and stops it.
        signal.addEventListener('abort', () => void (stop.asked = true));
        /** @param {boolean} dryRun */
        async function run(dryRun) {
            stop.asked = false;
            const isKept = !keeping.hidden && keep.checked;
            const query = { dryRun: dryRun || undefined, keepMissing: isKept || undefined };
            const parts = table
                ? tableOf(text, taken.separator, table.targets, table.constants())
                : { records: linesOf(text) };
            // Nothing else is begun meanwhile: its button to stop would be gone.
            chooser.inert = card.inert = true;
            await send({ ...parts, query }, stop, result);
            chooser.inert = card.inert = false;
            fill(
                result.lastElementChild ?? result,
                dryRun && [button(t('import.do'), () => void run(false), { class: 'button primary' })],
            );
        }
        const separator =
            { ',': t('import.comma'), ';': t('import.semicolon'), '\t': t('import.tab') }[
                taken.separator
            ] ?? taken.separator;
        const card = el(
            'section',
            { class: 'card' },
            el('h2', {}, t('import.taken')),
            el(
                'p',
                { class: 'inline' },
                el('strong', {}, typed(name)),
                ' – ',
                table ? t('import.table', { separator }) : t('import.lines'),
                ' ',
                encoding,
            ),
            ...(table?.nodes ?? []),
            keeping,
            problem,
            el('div', { class: 'actions' }, tryIt),
        );
        return [card, result];
    }

    return el('div', { class: 'page' }, el('h1', {}, t('admin.import')), chooser, work);
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

/** @param {string} text lines of JSON @returns {Part[]} */
const linesOf = (text) =>
    text
        .split(/\r?\n/)
        .map((text, at) => ({ line: at + 1, text }))
        .filter(({ text }) => text.trim());

/**
 * Sends the records in batches and shows how far it is, then what became of them.
 * @param {Sending} sending
 * @param {{ asked: boolean }} stop
 * @param {HTMLElement} place
 */
async function send({ head, records, query }, stop, place) {
    const all = records.length;
    const dryRun = query['dryRun'];
    const bar = el('progress', { max: Math.max(all, 1), value: 0, 'aria-label': t('import.progress') });
    const text = el('p', { role: 'status', 'aria-live': 'polite' });
    const stopIt = button(t('stop'), () => void (stop.asked = true));
    const title = t(dryRun ? 'import.trying' : 'import.doing');
    fill(
        place,
        el(
            'section',
            { class: 'card' },
            el('h2', {}, title),
            bar,
            text,
            el('div', { class: 'actions' }, stopIt),
        ),
    );
    stopIt.focus();
    if (!dryRun) {
        guard(() => true, { title: t('import.leave.title'), text: t('import.leave.text') });
    }
    const report = emptyReport();
    let done = 0;
    let trouble;
    try {
        while (done < all && !stop.asked) {
            const batch = records.slice(done, done + BATCH_RECORDS);
            const parts = head ? [head, ...batch] : batch;
            const { data } = await own('POST', '/import', {
                body: parts.map(({ text }) => text).join('\n'),
                query,
                headers: { 'Content-Type': head ? 'text/csv' : 'application/x-ndjson' },
            });
            // A record may span lines of what is sent; each of them is that of the file.
            const lines = parts.flatMap(({ line, text }) => Array(lineCount(text)).fill(line));
            addReport(report, data, lines);
            done += batch.length;
            bar.value = done;
            fill(text, t('import.sofar', { done, all }));
        }
    } catch (error) {
        trouble = alertBox(error);
    }
    saved();
    if (!dryRun) {
        listChanged();
    }
    const heading = el(
        'h2',
        { tabindex: '-1' },
        t(done < all ? 'import.stopped' : dryRun ? 'import.tried' : 'import.done', {
            done: number(done),
            all: number(all),
        }),
    );
    const hadFocus = place.contains(document.activeElement);
    fill(
        place,
        el(
            'section',
            { class: 'card' },
            el('div', { role: 'status' }, heading),
            trouble,
            reportView(report),
        ),
        el('div', { class: 'actions' }),
    );
    if (hadFocus) {
        heading.focus();
    }
}
