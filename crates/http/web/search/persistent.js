/**
 * Questions that change nothing: one that got no answer is asked again when carnet answers, so nobody
 * has to type it anew.
 */

import { alive, Unreachable } from '../api.js';
import { el, fill } from '../ui/dom.js';
import { latest } from '../ui/latest.js';
import { alertBox } from '../ui/messages.js';
import { t } from '../words/words.js';

const PAUSE_MILLISECONDS = 1000;

/**
 * Wraps a question of which only the newest matters.
 * @template A, R
 * @param {(asked: A, signal: AbortSignal) => Promise<R>} ask
 * @param {(answer: R, asked: A) => void} show
 * @param {Element} place where a fault is said; `show` fills it, too
 * @returns {(asked: A) => Promise<void>}
 */
export function persistent(ask, show, place) {
    let count = 0;
    const find = latest(ask, show, async (error, asked) => {
        if (!(error instanceof Unreachable)) {
            fill(place, alertBox(error));
            return;
        }
        fill(place, el('p', { class: 'alert', role: 'alert' }, t('search.unreachable')));
        const mine = count;
        do {
            await new Promise((done) => setTimeout(done, PAUSE_MILLISECONDS));
        } while (mine === count && !(await alive()));
        if (mine === count) {
            await run(asked);
        }
    });
    /** @param {A} asked */
    const run = (asked) => {
        count += 1;
        return find(asked);
    };
    return run;
}
