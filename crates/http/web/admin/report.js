/**
 * What became of an import: counts, reasons, and the report as a file.
 */

import { el, typed } from '../ui/dom.js';
import { number, t } from '../words/words.js';

const SHOWN_MAX = 20;
const COUNTS = /** @type {const} */ (['added', 'updated', 'unchanged', 'skipped', 'numbersUnread']);

/** @typedef {{ line: number, field: string, reason: string, skipped: boolean }} Remark */
/** @typedef {{ added: number, updated: number, unchanged: number, skipped: number, numbersUnread: number, remarks: Remark[] }} Sum */

/** @returns {Sum} */
export const emptyReport = () => ({
    added: 0,
    updated: 0,
    unchanged: 0,
    skipped: 0,
    numbersUnread: 0,
    remarks: [],
});

/**
 * Adds the answer to a batch, whose lines are counted from one, to the whole.
 * @param {Sum} sum
 * @param {ImportReport} report
 * @param {number[]} lines of the file
 */
export function addReport(sum, report, lines) {
    for (const count of COUNTS) {
        sum[count] += report[count] ?? 0;
    }
    /** @param {{ line: number, field?: string, reason: string }} remark @param {boolean} skipped */
    const add = ({ line, field = '', reason }, skipped) =>
        void sum.remarks.push({ line: lines[line - 1] ?? line, field, reason, skipped });
    report.errors.forEach((error) => add(error, true));
    report.notices?.forEach((notice) => add(notice, false));
}

/** A cell of CSV that no spreadsheet takes for a formula. @param {string | number} value */
function cell(value) {
    const text = String(value).replace(/^(?=[=+\-@\t])/, "'");
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** @param {Sum} sum */
export function reportView(sum) {
    const lines = sum.remarks.map(({ line, field, reason }) => [line, field, reason].map(cell).join(','));
    const save = () => {
        const file = new Blob(['\uFEFF', ['line,field,reason', ...lines].join('\r\n'), '\r\n'], {
            type: 'text/csv',
        });
        const url = URL.createObjectURL(file);
        el('a', { href: url, download: 'import.report.csv' }).click();
        setTimeout(() => URL.revokeObjectURL(url), 60_000);
    };
    return el(
        'div',
        { class: 'page' },
        el(
            'dl',
            { class: 'counts' },
            COUNTS.map((count) =>
                el('div', {}, el('dt', {}, t(`import.${count}`)), el('dd', {}, number(sum[count]))),
            ),
        ),
        sum.remarks.length > 0 && [
            el(
                'ul',
                { class: 'remarks' },
                sum.remarks
                    .slice(0, SHOWN_MAX)
                    .map(({ line, field, reason, skipped }) =>
                        el(
                            'li',
                            {},
                            t('import.line', { line: String(line) }),
                            field && ` · ${field}`,
                            ': ',
                            typed(reason),
                            !skipped && ` (${t('import.taken.all')})`,
                        ),
                    ),
            ),
            el('p', {}, el('button', { type: 'button', class: 'button', onclick: save }, t('import.report'))),
        ],
    );
}
