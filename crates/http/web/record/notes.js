/**
 * The notes of a contact or an organisation: newest first, with author and time.
 */

import { api, Fault } from '../api.js';
import { guard } from '../router.js';
import { confirm } from '../ui/dialog.js';
import { button, el, fill, typed, unique } from '../ui/dom.js';
import { alarm, alertBox, announce, faults } from '../ui/messages.js';
import { busy, latest } from '../ui/tasks.js';
import { t, time } from '../words/words.js';

const PAGE = 20;

/** @param {string} text */
const noteText = (text) => el('p', { class: 'note-text', dir: 'auto' }, text);

/** Another person has changed the note to this text. */
class Newer extends Error {}

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
    const areas = new Set();
    /** Notes that are being edited, by id: the list may be drawn again around them. @type {Map<string, HTMLElement>} */
    const edited = new Map();
    guard(() => [...areas].some((area) => area.isConnected && area.value !== area.defaultValue));

    const read = latest(
        (/** @type {number} */ page, signal) =>
            api('GET', path, {
                query: { pageSize: PAGE, pageNumber: page, sortOrder: 'createDate:desc' },
                signal,
            }),
        ({ data }, page) => {
            const focused = document.activeElement;
            const items = /** @type {Note[]} */ (data.entities).map((note) => edited.get(note.id) ?? show(note));
            page === 1 ? fill(list, [...new Set([...items, ...edited.values()])]) : list.append(...items);
            if (focused instanceof HTMLElement && list.contains(focused)) {
                focused.focus();
            }
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
        const area = el('textarea', { id, rows: 3, dir: 'auto' });
        area.defaultValue = text;
        areas.add(area);
        const fault = el('div');
        const save = async () => {
            fill(fault);
            try {
                await send(area.value.trim());
                area.value = area.defaultValue;
                announce(t('saved'));
                read(1);
            } catch (error) {
                fill(fault, refusal(error));
            }
        };
        const form = el(
            'form',
            {
                class: 'note-form',
                onsubmit: (/** @type {Event} */ event) => {
                    event.preventDefault();
                    area.value.trim() ? busy(form, save) : area.focus();
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
        return form;
    }

    /** What is wrong with a text, or whose text is there meanwhile. @param {unknown} error */
    function refusal(error) {
        const [named] = error instanceof Fault ? faults(error) : [];
        return named
            ? alarm(named.text)
            : error instanceof Newer
              ? alarm(t('notes.newer'), noteText(error.message))
              : alertBox(error);
    }

    /** @param {Note} note */
    function show(note) {
        const author = note.createdBy?.name ?? note.createdBy?.id;
        const wasEdited = note.modifyDate !== note.createDate;
        const item = el('li', { class: 'note' });
        const tools =
            mayEdit &&
            el(
                'span',
                { class: 'note-tools' },
                el('button', { type: 'button', class: 'link', onclick: open }, t('edit')),
                el('button', { type: 'button', class: 'link', onclick: remove }, t('remove')),
            );
        fill(
            item,
            noteText(note.noteText),
            el(
                'p',
                { class: 'note-meta' },
                author && [typed(author), ' · '],
                el('time', { datetime: note.createDate }, time(note.createDate)),
                wasEdited && ` · ${t('notes.edited', { time: time(note.modifyDate) })}`,
                tools,
            ),
        );

        async function edit() {
            const place = `${path}/${note.id}`;
            // The tag of the note, so that another person's newer text is not written over unseen.
            let { data, etag } = await api('GET', place);
            const send = async (/** @type {string} */ text) => {
                try {
                    const body = { ...data, noteText: text };
                    await api('PUT', place, { body, headers: { 'If-Match': etag } });
                } catch (error) {
                    if (!(error instanceof Fault && error.status === 412)) {
                        throw error;
                    }
                    ({ data, etag } = await api('GET', place));
                    throw new Newer(data.noteText);
                }
                edited.delete(note.id);
            };
            const form = editor(data.noteText, t('notes.text'), send, () => {
                edited.delete(note.id);
                item.replaceWith(show(data));
            });
            edited.set(note.id, item);
            fill(item, form);
        }
        async function open() {
            try {
                await busy(item, edit);
                item.querySelector('textarea')?.focus();
            } catch (error) {
                fill(trouble, alertBox(error));
            }
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
