/**
 * Work that is under way: what is sent once, questions of which only the newest matters, and what waits for a
 * pause.
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

/**
 * Does something once: while it is on its way, its part of the page takes no input. So nothing is saved
 * twice, and nothing is typed that the answer would wipe. Does nothing where the node is at work already.
 * @template T
 * @param {HTMLElement} node
 * @param {() => Promise<T>} work
 * @returns {Promise<T | undefined>}
 */
export async function busy(node, work) {
    if (node.inert) {
        return undefined;
    }
    const focused = document.activeElement;
    node.inert = true;
    node.setAttribute('aria-busy', 'true');
    try {
        return await work();
    } finally {
        node.inert = false;
        node.removeAttribute('aria-busy');
        // What is inert loses the focus; it gets it back unless the person went elsewhere.
        if (focused instanceof HTMLElement && node.contains(focused) && !moved()) {
            focused.focus();
        }
    }
}

const moved = () => document.activeElement !== null && document.activeElement !== document.body;
