/**
 * Everything as a file.
 */

import { el } from '../ui/dom.js';
import { t } from '../words/words.js';

/** `/admin/export` */
export function exportView() {
    const day = new Date().toISOString().slice(0, 10);
    return el('div', { class: 'page' }, el('h1', {}, t('admin.export')),
        el('section', { class: 'card' }, el('h2', {}, t('export.lines')), el('p', {}, t('export.text')),
            el('p', {}, el('a', { class: 'button primary', href: '/api/v2/carnet/export', download: `carnet-${day}.jsonl` }, t('export.save')))));
}
