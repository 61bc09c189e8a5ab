/**
 * What became of an import: counts, reasons, and the report as a file.
 */

import { el, typed } from '../ui/dom.js';
import { number, said, t } from '../words/words.js';
import { label } from './columns.js';
import { tableLine } from './file.js';

const SHOWN_MAX = 20;
const COUNTS = /** @type {const} */ (['added', 'updated', 'unchanged', 'skipped', 'numbersUnread']);

/** @typedef {{ line: number, field: string, reason: string, skipped: boolean }} Remark */
/** @typedef {{ added: number, updated: number, unchanged: number, skipped: number, numbersUnread: number, remarks: Remark[], unknown: Set<string> }} Sum */

/** @returns {Sum} */
export const emptyReport = () => ({
    added: 0,
    updated: 0,
    unchanged: 0,
    skipped: 0,
    numbersUnread: 0,
    remarks: [],
    unknown: new Set(),
});

/**
 * Adds the answer to a batch, whose lines are counted from one, to the whole.
 * @param {Sum} sum
 * @param {ImportReport & { unknownFields?: Record<string, number> }} report
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
    Object.keys(report.unknownFields ?? {}).forEach((field) => sum.unknown.add(field));
}

/** A cell that no spreadsheet takes for a formula. @param {string | number} value */
const cell = (value) => String(value).replace(/^(?=[=+\-@\t])/, "'");

/** What the daemon says about a field, without the field's name before it. @param {Remark} remark */
function why({ field, reason }) {
    const clause = reason.startsWith(field) ? reason.slice(field.length).replace(/^\s*:?\s*/, '') : reason;
    return clause === 'is required' ? t('fault.required') : said(clause, clause);
}

/** @param {Sum} sum */
export function reportView(sum) {
    sum.remarks.sort((a, b) => a.line - b.line);
    const lines = sum.remarks.map(({ line, field, reason }) => tableLine([line, field, reason].map(cell)));
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
        sum.unknown.size > 0 &&
            el('p', {}, t('import.unknownFields'), ' ', typed([...sum.unknown].join(', '))),
        sum.remarks.length > 0 && [
            el(
                'ul',
                { class: 'remarks' },
                sum.remarks
                    .slice(0, SHOWN_MAX)
                    .map((remark) =>
                        el(
                            'li',
                            {},
                            t('import.line', { line: String(remark.line) }),
                            remark.field && ` · ${label(remark.field)}`,
                            ' – ',
                            typed(why(remark)),
                            !remark.skipped && ` (${t('import.taken.all')})`,
                        ),
                    ),
            ),
            el('p', {}, el('button', { type: 'button', class: 'button', onclick: save }, t('import.report'))),
        ],
    );
}
