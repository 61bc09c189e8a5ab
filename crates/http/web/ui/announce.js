/**
 * Messages that come and go at the foot of the page, and the region that speaks them.
 */

import { el, fill } from './dom.js';

const region = el('div', { class: 'announcer', role: 'status', 'aria-live': 'polite' });
const whisper = el('div', { class: 'hidden', role: 'status', 'aria-live': 'polite' });

/** The two live regions, which must be on the page before they have a text. */
export const regions = () => [region, whisper];

let timer = 0;

/** Shows a short message for some seconds. @param {string} text */
export function announce(text) {
    fill(region, el('p', { class: 'toast' }, text));
    clearTimeout(timer);
    timer = window.setTimeout(() => fill(region), 6000);
}

/** Tells a screen reader what everybody else sees anyway. @param {string} text */
export function say(text) {
    whisper.textContent = text;
}
