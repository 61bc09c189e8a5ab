/**
 * The view beside the list while nothing is open: how to begin.
 */

import { may } from '../account/session.js';
import { el } from '../ui/dom.js';
import { t } from '../words/words.js';

/** @param {string} key @param {string} text */
const line = (key, text) => el('div', {}, el('dt', {}, el('kbd', {}, key)), el('dd', {}, text));

export function welcome() {
    return el('section', { class: 'welcome' },
        el('h1', {}, t('welcome.title')),
        el('p', { class: 'quiet' }, t('welcome.text')),
        el('dl', { class: 'keys' },
            line('/', t('help.key.search')), line('↓ ↑', t('help.key.list')), may('externalContacts:contact:add') && line('n', t('help.key.add')), line('?', t('help.key.help'))));
}
