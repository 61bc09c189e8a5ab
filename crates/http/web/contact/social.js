/**
 * The social channels of a contact. Those that are there are shown, the others are created one by
 * one.
 */

import { el, fill } from '../ui/dom.js';
import { textField } from '../ui/field.js';
import { at } from '../ui/paths.js';
import { t } from '../words/words.js';
import { CHANNELS } from './contact.js';

/** @param {Contact} contact @returns {import('../record/form.js').Group} */
export function socialGroup(contact) {
    /** @type {import('../ui/field.js').Field[]} */
    const all = [];
    const box = el('div', { class: 'channels wide' });
    const menu = el('div', { class: 'create', role: 'group', 'aria-label': t('social.create') });

    const parts = Object.entries(CHANNELS).map(([key, { part, fields }]) => {
        const name = t(/** @type {import('../words/words.js').Key} */ (`channel.${key}`));
        const inputs = fields.map(([path, label]) =>
            textField({
                path,
                label: `${name}: ${t(`social.${label}`)}`,
                value: at(contact, path),
                type: label === 'number' ? 'tel' : 'text',
            }),
        );
        all.push(...inputs);
        const node = el(
            'div',
            { class: 'channel' },
            inputs.map((field) => field.node),
        );
        const there = () => inputs.some((field) => field.read()) || box.contains(node);
        const create = el(
            'button',
            {
                type: 'button',
                class: 'button small',
                onclick: () => {
                    box.append(node);
                    menuOf();
                    inputs[0]?.focus();
                },
            },
            name,
        );
        if (at(contact, part)) {
            box.append(node);
        }
        // A version that another person saved may bring a channel.
        inputs.forEach((field) => {
            const { write } = field;
            field.write = (value) => {
                write(value);
                if (value) {
                    box.append(node);
                    menuOf();
                }
            };
        });
        return { create, there };
    });
    function menuOf() {
        const missing = parts.filter(({ there }) => !there()).map(({ create }) => create);
        fill(menu, missing.length > 0 && [el('span', { class: 'quiet' }, t('social.create')), ...missing]);
    }
    menuOf();
    return { title: t('section.social'), nodes: [box, menu], fields: () => all };
}
