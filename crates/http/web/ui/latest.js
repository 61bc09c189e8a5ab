/**
 * Questions of which only the newest matters: a search as one types, the reading of a number.
 */

/**
 * Wraps a question so that asking again ends the one before: its request is aborted, and its answer,
 * should it come all the same, is dropped.
 * @template A, R
 * @param {(asked: A, signal: AbortSignal) => Promise<R>} ask
 * @param {(answer: R, asked: A) => void} show
 * @param {(error: unknown, asked: A) => void} [failed]
 * @returns {((asked: A) => Promise<void>) & { stop: () => void }}
 */
export function latest(ask, show, failed = () => {}) {
    /** @type {AbortController | null} */
    let running = null;
    const run = async (/** @type {A} */ asked) => {
        running?.abort();
        const mine = new AbortController();
        running = mine;
        try {
            const answer = await ask(asked, mine.signal);
            if (running === mine) {
                show(answer, asked);
            }
        } catch (error) {
            if (running === mine && !mine.signal.aborted) {
                failed(error, asked);
            }
        }
    };
    return Object.assign(run, {
        stop() {
            running?.abort();
            running = null;
        },
    });
}

/**
 * Runs after a pause in the calls.
 * @template {unknown[]} A
 * @param {number} milliseconds
 * @param {(...given: A) => void} run
 * @returns {(...given: A) => void}
 */
export function paused(milliseconds, run) {
    let timer = 0;
    return (...given) => {
        clearTimeout(timer);
        timer = window.setTimeout(() => run(...given), milliseconds);
    };
}
