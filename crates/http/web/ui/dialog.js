/**
 * Modal dialogs: the browser's own `<dialog>`, which keeps the focus inside and gives it back.
 */

import { t } from '../words/words.js';
import { button, el, unique } from './dom.js';

/**
 * Opens a dialog and waits until it is closed. Escape closes it with `dismissed`; one without that
 * must be answered.
 * @template T
 * @param {string} title
 * @param {(close: (result: T) => void) => (Node | Node[])} content
 * @param {{ dismissed?: T, look?: 'wide' | 'door' }} options
 * @returns {Promise<T>}
 */
export function dialog(title, content, options) {
    return new Promise((resolve) => {
        const heading = unique('dialog');
        const node = el('dialog', {
            class: `dialog ${options.look ?? ''}`,
            'aria-labelledby': heading,
            oncancel: (/** @type {Event} */ event) => {
                event.preventDefault();
                if (options.dismissed !== undefined) {
                    close(options.dismissed);
                }
            },
        });
        /** @param {T} result */
        function close(result) {
            node.close();
            node.remove();
            resolve(result);
        }
        node.append(el('h2', { id: heading }, title), ...[content(close)].flat());
        document.body.append(node);
        node.showModal();
    });
}

/**
 * Asks a question with two answers; Escape is no.
 * @param {string} title
 * @param {string} text
 * @param {string} yes
 * @param {{ danger?: boolean, no?: string }} [options]
 * @returns {Promise<boolean>}
 */
export function confirm(title, text, yes, options = {}) {
    return dialog(
        title,
        (/** @type {(result: boolean) => void} */ close) => [
            el('p', {}, text),
            el(
                'div',
                { class: 'actions' },
                button(options.no ?? t('cancel'), () => close(false)),
                button(yes, () => close(true), {
                    class: options.danger ? 'button danger' : 'button primary',
                    autofocus: true,
                }),
            ),
        ],
        { dismissed: false },
    );
}
