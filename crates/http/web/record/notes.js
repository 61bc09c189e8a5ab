/**
 * The notes of a contact or an organisation: newest first, with author and time.
 */

import { api } from '../api.js';
import { guard } from '../router.js';
import { confirm } from '../ui/dialog.js';
import { button, el, fill, typed, unique } from '../ui/dom.js';
import { latest } from '../ui/latest.js';
import { alertBox, announce } from '../ui/messages.js';
import { t, time } from '../words/words.js';

const PAGE = 20;
const NOTE_CHARS_MAX = 32_000;

/**
 * @param {string} place of the record in the API: `/contacts/ID`
 * @param {boolean} mayEdit
 */
export function notes(place, mayEdit) {
    const path = `${place}/notes`;
    const list = el('ol', { class: 'notes' });
    const trouble = el('div');
    const more = el('div', { class: 'more' });
    /** @type {Set<HTMLTextAreaElement>} */
    const open = new Set();
    guard(() => [...open].some((area) => area.isConnected && area.value !== area.defaultValue));

    const read = latest(
        (/** @type {number} */ page, signal) =>
            api('GET', path, {
                query: { pageSize: PAGE, pageNumber: page, sortOrder: 'createDate:desc' },
                signal,
            }),
        ({ data }, page) => {
            const items = data.entities.map(show);
            page === 1 ? fill(list, items) : list.append(...items);
            fill(trouble, data.total === 0 && el('p', { class: 'quiet' }, t('notes.none')));
            fill(more, page * PAGE < data.total && button(t('search.more'), () => void read(page + 1)));
        },
        (error) => fill(trouble, alertBox(error)),
    );

    /**
     * A text area with its button; what is in it stays when saving fails.
     * @param {string} text
     * @param {string} label
     * @param {(text: string) => Promise<unknown>} send
     * @param {() => void} [cancel]
     */
    function editor(text, label, send, cancel) {
        const id = unique('note');
        const area = el('textarea', { id, rows: 3, dir: 'auto', maxlength: NOTE_CHARS_MAX });
        area.defaultValue = text;
        open.add(area);
        const fault = el('div');
        const save = async () => {
            const written = area.value.trim();
            if (!written) {
                area.focus();
                return;
            }
            fill(fault);
            try {
                await send(written);
                area.value = area.defaultValue;
                announce(t('saved'));
                read(1);
            } catch (error) {
                fill(fault, alertBox(error));
            }
        };
        return el(
            'form',
            {
                class: 'note-form',
                onsubmit: (/** @type {Event} */ event) => {
                    event.preventDefault();
                    save();
                },
            },
            el('label', { for: id }, label),
            area,
            fault,
            el(
                'div',
                { class: 'actions' },
                cancel && button(t('cancel'), cancel),
                el('button', { class: 'button' }, t(cancel ? 'save' : 'notes.add')),
            ),
        );
    }

    /** @param {Note} note */
    function show(note) {
        const author = note.createdBy?.name ?? note.createdBy?.id;
        const edited = note.modifyDate !== note.createDate;
        const item = el('li', { class: 'note' });
        const tools =
            mayEdit &&
            el(
                'span',
                { class: 'note-tools' },
                el('button', { type: 'button', class: 'link', onclick: edit }, t('edit')),
                el('button', { type: 'button', class: 'link', onclick: remove }, t('remove')),
            );
        fill(
            item,
            el('p', { class: 'note-text', dir: 'auto' }, note.noteText),
            el(
                'p',
                { class: 'note-meta' },
                author && [typed(author), ' · '],
                el('time', { datetime: note.createDate }, time(note.createDate)),
                edited && ` · ${t('notes.edited', { time: time(note.modifyDate) })}`,
                tools,
            ),
        );

        async function edit() {
            // The tag of the note, so that another person's newer text is not written over.
            const { data, etag } = await api('GET', `${path}/${note.id}`);
            const form = editor(
                data.noteText,
                t('notes.text'),
                (text) =>
                    api('PUT', `${path}/${note.id}`, {
                        body: { ...data, noteText: text },
                        headers: { 'If-Match': etag },
                    }),
                () => item.replaceWith(show(data)),
            );
            fill(item, form);
            form.querySelector('textarea')?.focus();
        }
        async function remove() {
            if (
                await confirm(t('notes.removeTitle'), note.noteText.slice(0, 200), t('remove'), {
                    danger: true,
                })
            ) {
                try {
                    await api('DELETE', `${path}/${note.id}`);
                    announce(t('removed'));
                    read(1);
                } catch (error) {
                    fill(trouble, alertBox(error));
                }
            }
        }
        return item;
    }

    read(1);
    const heading = unique('notes');
    return el(
        'section',
        { class: 'card', 'aria-labelledby': heading },
        el('h2', { id: heading }, t('section.notes')),
        mayEdit && editor('', t('notes.new'), (text) => api('POST', path, { body: { noteText: text } })),
        list,
        trouble,
        more,
    );
}
