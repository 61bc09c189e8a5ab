/**
 * The one door to the daemon: JSON over fetch, with the session's cookie. It knows no view; what to
 * do about an ended session is registered by account/session.js.
 */

const VENDOR = '/api/v2/externalcontacts';
const OWN = '/api/v2/carnet';

/** An answer of the daemon that is no success. */
export class Fault extends Error {
    /**
     * @param {number} status
     * @param {ErrorBody} body
     * @param {Headers} headers
     */
    constructor(status, body, headers) {
        super(body.message ?? `HTTP ${status}`);
        this.status = status;
        this.code = body.code ?? '';
        this.details = body.details ?? [];
        this.entityId = body.entityId;
        this.retryAfter = Number(headers.get('Retry-After')) || 0;
    }
}

/** No answer came: the daemon is stopped, or the network is gone. */
export class Unreachable extends Error {}

/**
 * @typedef {object} Options
 * @property {unknown} [body] sent as JSON; a text is sent as it is
 * @property {Record<string, string | number | boolean | undefined>} [query]
 * @property {Record<string, string>} [headers]
 * @property {AbortSignal} [signal]
 * @property {boolean} [signedOut] a 401 is an answer here, not the end of a session
 */

/** @typedef {{ data: any, etag: string, milliseconds: number | null }} Answered */

/** @type {() => Promise<void>} */
let signInAgain = () => Promise.reject(new Error('nobody signs in'));
/** @type {() => void} */
let connectionLost = () => {};

/**
 * Registers what an ended session and a lost connection lead to.
 * @param {{ signInAgain: () => Promise<void>, connectionLost: () => void }} handlers
 */
export function onTrouble(handlers) {
    ({ signInAgain, connectionLost } = handlers);
}

/**
 * The address of an operation with its query.
 * @param {string} path
 * @param {Options['query']} query
 */
function address(path, query = {}) {
    const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
    const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
    return given.length ? `${path}?${text}` : path;
}

/** The texts and the numbers of JSON. */
const LEAVES = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

/**
 * The JSON of an answer; nothing where it is none. A whole number that JavaScript would round becomes
 * `{ rawJSON: '…' }` and stays as it is written, so that a record is sent back as it came. Not every
 * browser knows `JSON.rawJSON`; on its way such a number is a text behind a character that no text has.
 * @param {string} text
 */
function read(text) {
    try {
        if (!/\d{16}/.test(text)) {
            return JSON.parse(text);
        }
        const marked = text.replace(LEAVES, (part) =>
            /^-?\d{16,}$/.test(part) ? `"\\u0000${part}"` : part,
        );
        return JSON.parse(marked, (_, value) =>
            typeof value === 'string' && value[0] === '\0' ? { rawJSON: value.slice(1) } : value,
        );
    } catch {
        return {};
    }
}

/** A body as JSON, with numbers as they are written. @param {unknown} body */
const write = (body) =>
    JSON.stringify(body, (_, value) => (value?.rawJSON ? `\0${value.rawJSON}` : value)).replace(
        /"\\u0000([\d.-]+)"/g,
        '$1',
    );

/**
 * One request. Where the session has ended, it waits for the person to sign in again and is then
 * sent once more, so that what was typed is saved all the same.
 * @param {string} method
 * @param {string} path
 * @param {Options} [options]
 * @returns {Promise<Answered>}
 */
async function request(method, path, options = {}) {
    const { body, query, signal, signedOut } = options;
    const headers = new Headers(options.headers);
    if (body !== undefined && !headers.has('Content-Type')) {
        headers.set('Content-Type', 'application/json');
    }
    /** @type {Response} */
    let response;
    let data;
    try {
        response = await fetch(address(path, query), {
            method,
            headers,
            signal,
            body: body === undefined || typeof body === 'string' ? body : write(body),
            credentials: 'same-origin',
            cache: 'no-store',
        });
        data = read(await response.text());
    } catch (error) {
        if (signal?.aborted) {
            throw error;
        }
        connectionLost();
        throw new Unreachable();
    }
    if (response.status === 401 && !signedOut) {
        await signInAgain();
        return request(method, path, options);
    }
    if (!response.ok) {
        throw new Fault(response.status, data, response.headers);
    }
    const timing = /\bcarnet;dur=([\d.]+)/.exec(response.headers.get('Server-Timing') ?? '');
    return {
        data,
        etag: response.headers.get('ETag') ?? '',
        milliseconds: timing ? Number(timing[1]) : null,
    };
}

/** The vendor's API. @param {string} method @param {string} path @param {Options} [options] */
export const api = (method, path, options) => request(method, VENDOR + path, options);

/** carnet's own operations. @param {string} method @param {string} path @param {Options} [options] */
export const own = (method, path, options) => request(method, OWN + path, options);

/** Whether the daemon answers at all. */
export async function alive() {
    try {
        return (await fetch('/healthz', { cache: 'no-store' })).ok;
    } catch {
        return false;
    }
}
