/**
 * An e-mail address on the form, with the hint that it belongs to somebody already.
 */

import { textField } from '../ui/field.js';
import { paused } from '../ui/latest.js';
import { owners } from './owners.js';

/**
 * @param {{ path: string, label: string, value?: string, ownId?: string }} options
 * @returns {import('../ui/field.js').Field}
 */
export function emailField({ path, label, value, ownId }) {
    const field = textField({ path, label, value, type: 'email', max: 256 });
    const hint = owners(ownId);
    field.node.append(hint.node);
    const ask = paused(250, hint.ask);
    field.node.addEventListener('input', () => {
        const text = field.read() ?? '';
        // Half an address is nobody's.
        ask(/.@.+\../.test(text) ? text : '');
    });
    return field;
}
