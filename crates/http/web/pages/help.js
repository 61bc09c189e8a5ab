/**
 * The help, and the view beside the list while nothing is open: how to begin.
 */

import { mayContacts } from '../account/session.js';
import { el } from '../ui/dom.js';
import { t } from '../words/words.js';

/** @param {string} key @param {string} text */
const line = (key, text) => el('div', {}, el('dt', {}, el('kbd', {}, key)), el('dd', {}, text));

export function welcome() {
    return el(
        'section',
        { class: 'welcome' },
        el('h1', {}, t('welcome.title')),
        el('p', { class: 'quiet' }, t('welcome.text')),
        el(
            'dl',
            { class: 'keys' },
            line('/', t('help.key.search')),
            line('↓ ↑', t('help.key.list')),
            mayContacts('add') && line('n', t('help.key.add')),
            line('?', t('help.key.help')),
        ),
    );
}

export function helpView() {
    const topics = /** @type {const} */ (['search', 'numbers', 'edit', 'offline']);
    return el(
        'section',
        { class: 'page narrow' },
        el('h1', {}, t('help.title')),
        el(
            'section',
            { class: 'card' },
            el('h2', {}, t('help.keys')),
            el(
                'dl',
                { class: 'keys' },
                line('/', t('help.key.search')),
                line('↓ ↑', t('help.key.list')),
                line('Enter', t('help.key.open')),
                line('Esc', t('help.key.back')),
                line('n', t('help.key.add')),
                line('e', t('help.key.edit')),
                line('Ctrl Enter', t('help.key.save')),
                line('?', t('help.key.help')),
            ),
        ),
        topics.map((topic) =>
            el(
                'section',
                { class: 'card' },
                el('h2', {}, t(`help.${topic}.title`)),
                el('p', {}, t(`help.${topic}`)),
            ),
        ),
    );
}
