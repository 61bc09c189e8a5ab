/**
 * A file as text, what it is, and the rows of a table, read and written.
 */

/** @typedef {'array' | 'pdf' | 'vcard' | 'workbook'} OtherKind */
/** @typedef {{ form: 'lines' | 'table' | 'unknown', separator: string, kind?: OtherKind }} Taken */

/** Encodings that a person may name for a file that does not say its own. */
export const ENCODINGS = [
    'utf-8',
    'utf-16le',
    'utf-16be',
    ...[1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257].map((page) => `windows-${page}`),
    'koi8-r',
    'koi8-u',
    'macintosh',
    'shift_jis',
    'euc-jp',
    'gbk',
    'big5',
    'euc-kr',
];

/**
 * The text of a file. UTF-8 and UTF-16 are told from the bytes; a file that is neither is read as
 * spreadsheets in most of Europe write it, unless its encoding is named.
 * @param {ArrayBuffer} bytes
 * @param {string} [named]
 */
export function decode(bytes, named) {
    const [first, second] = new Uint8Array(bytes, 0, Math.min(2, bytes.byteLength));
    const marked =
        first === 0xff && second === 0xfe
            ? 'utf-16le'
            : first === 0xfe && second === 0xff
              ? 'utf-16be'
              : 'utf-8';
    const read = (/** @type {string} */ encoding, fatal = false) => ({
        text: new TextDecoder(encoding, { fatal }).decode(bytes),
        encoding,
    });
    if (named) {
        return read(named);
    }
    try {
        return read(marked, true);
    } catch {
        return read('windows-1252');
    }
}

/** What spreadsheets write before the header: the separator is the letter behind the sign. */
const SEPARATOR_LINE = /^"?sep=(.)"?[\r\n]/i;

/** The separator that the file names, or that its first line has most of. @param {string} text */
export function separatorOf(text) {
    const named = SEPARATOR_LINE.exec(text)?.[1];
    if (named) {
        return named;
    }
    const line = text.slice(0, text.search(/[\r\n]|$/)).replace(/"[^"]*"/g, '');
    const counts = [',', ';', '\t'].map(
        (separator) => /** @type {const} */ ([separator, line.split(separator).length]),
    );
    counts.sort((a, b) => b[1] - a[1]);
    return counts[0]?.[0] ?? ',';
}

/** Files that a person may take for a table, by how they begin. @type {[OtherKind, RegExp][]} */
const OTHERS = [
    ['array', /^(\[|\{\s*[\r\n])/],
    ['pdf', /^%PDF/],
    ['vcard', /^BEGIN:VCARD/i],
    ['workbook', /^(PK\x03\x04|\xd0\xcf\x11\xe0)/],
];

/** @param {string} text @returns {Taken} */
export function takenFor(text) {
    const begin = text.trimStart();
    const kind = OTHERS.find(([, pattern]) => pattern.test(begin))?.[0];
    if (kind) {
        return { form: 'unknown', separator: '', kind };
    }
    if (begin.startsWith('{')) {
        return { form: 'lines', separator: '' };
    }
    const isTable = begin !== '' && /[\r\n]/.test(text.trim()) && !begin.includes('\0');
    return { form: isTable ? 'table' : 'unknown', separator: separatorOf(text) };
}

/**
 * The rows of a table, each with the number of its first line. A quoted cell may hold separators and
 * line ends; two quotes in it are one. A line that names the separator is no row.
 * @param {string} text
 * @param {string} separator
 * @returns {Generator<{ line: number, cells: string[] }>}
 */
export function* rows(text, separator) {
    let line = 1;
    let start = line;
    /** @type {string[]} */
    let cells = [];
    let cell = '';
    let quoted = false;
    const isRow = () =>
        cells.some((cell) => cell.trim() !== '') && !(start === 1 && /^sep=.?$/i.test(cells[0] ?? ''));
    for (let at = 0; at < text.length; at += 1) {
        const c = text[at];
        if (quoted) {
            if (c === '"' && text[at + 1] === '"') {
                cell += c;
                at += 1;
            } else if (c === '"') {
                quoted = false;
            } else {
                line += c === '\n' ? 1 : 0;
                cell += c;
            }
        } else if (c === '"' && cell.trim() === '') {
            cell = '';
            quoted = true;
        } else if (c === separator) {
            cells.push(cell);
            cell = '';
        } else if (c === '\n' || c === '\r') {
            at += c === '\r' && text[at + 1] === '\n' ? 1 : 0;
            line += 1;
            cells.push(cell);
            if (isRow()) {
                yield { line: start, cells };
            }
            [cells, cell, start] = [[], '', line];
        } else {
            cell += c;
        }
    }
    cells.push(cell);
    if (isRow()) {
        yield { line: start, cells };
    }
}

/** A row of a table with commas. @param {string[]} cells */
export function tableLine(cells) {
    const line = cells
        .map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
        .join(',');
    // An empty line would be no row.
    return line || '""';
}

/** How many lines a text has. @param {string} text */
export const lineCount = (text) => text.split(/\r\n|\r|\n/).length;
