/**
 * A file as text, and what it is: lines of JSON, or a table with this separator.
 */

/** @typedef {{ form: 'lines' | 'table' | 'unknown', encoding: string, separator: string }} Taken */

/**
 * The text of a file. UTF-8 and UTF-16 are told from the bytes; a file that is neither is read as
 * spreadsheets in most of Europe write it.
 * @param {ArrayBuffer} bytes
 * @returns {{ text: string, encoding: string }}
 */
export function decode(bytes) {
    const [first, second] = new Uint8Array(bytes, 0, Math.min(2, bytes.byteLength));
    const marked = first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
    try {
        return { text: new TextDecoder(marked, { fatal: true }).decode(bytes), encoding: marked };
    } catch {
        return { text: new TextDecoder('windows-1252').decode(bytes), encoding: 'windows-1252' };
    }
}

/** The separator that the first line has most of. @param {string} text */
export function separatorOf(text) {
    const line = text.slice(0, text.search(/[\r\n]|$/));
    const counts = [',', ';', '\t'].map((separator) => /** @type {const} */ ([separator, line.split(separator).length]));
    counts.sort((a, b) => b[1] - a[1]);
    return counts[0]?.[0] ?? ',';
}

/** @param {string} text @param {string} encoding @returns {Taken} */
export function takenFor(text, encoding) {
    const begin = text.trimStart();
    if (begin.startsWith('{')) {
        return { form: 'lines', encoding, separator: '' };
    }
    const separator = separatorOf(text);
    const isTable = begin !== '' && /[\r\n]/.test(text.trim()) && !begin.includes('\0');
    return { form: isTable ? 'table' : 'unknown', encoding, separator };
}

/**
 * The rows of a table, each with the number of its first line. A quoted cell may hold separators and
 * line ends; two quotes in it are one.
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
            if (cells.some((cell) => cell.trim() !== '')) {
                yield { line: start, cells };
            }
            [cells, cell, start] = [[], '', line];
        } else {
            cell += c;
        }
    }
    cells.push(cell);
    if (cells.some((cell) => cell.trim() !== '')) {
        yield { line: start, cells };
    }
}
