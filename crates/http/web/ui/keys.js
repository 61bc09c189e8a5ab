/**
 * Single keys that do something on the page. They rest while somebody types, while a dialog is open or
 * something is being saved, and where the person has switched them off.
 */

const KEPT = 'carnet.keys';

/** @type {Map<string, () => void>} */
const actions = new Map();

/** @param {string} key @param {() => void} run */
export const onKey = (key, run) => void actions.set(key, run);

export const keysAreOn = () => localStorage.getItem(KEPT) !== 'off';

/** @param {boolean} on */
export const switchKeys = (on) => localStorage.setItem(KEPT, on ? 'on' : 'off');

/** @param {EventTarget | null} target */
const takesText = (target) =>
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));

document.addEventListener('keydown', (event) => {
    const modified = event.ctrlKey || event.metaKey || event.altKey;
    if (modified || event.defaultPrevented || document.querySelector('dialog[open], [inert]')) {
        return;
    }
    // Escape is no letter: it works inside a field, and cannot be switched off.
    if (event.key !== 'Escape' && (takesText(event.target) || !keysAreOn())) {
        return;
    }
    const run = actions.get(event.key);
    if (run) {
        event.preventDefault();
        run();
    }
});
