/**
 * The pane on the left: what is searched for, and what was found. It stays while records are opened
 * beside it, so the list keeps its place.
 */

import { mayContacts, mayOrganizations } from '../account/session.js';
import { alive, api, Unreachable } from '../api.js';
import { go } from '../router.js';
import { el, fill, icon } from '../ui/dom.js';
import { alertBox, say } from '../ui/messages.js';
import { latest } from '../ui/tasks.js';
import { number, t } from '../words/words.js';
import { contactRow, organizationRow, wanted } from './rows.js';

const PAGE = 25;
/** The daemon lists no further, as the vendor does not. */
const LISTED_MAX = 1000;

/** Before carnet is asked whether it answers again. */
const PAUSE_MILLISECONDS = 1000;

/**
 * Wraps a question of which only the newest matters, and which changes nothing: one that got no answer is
 * asked again when carnet answers, so nobody has to type it anew.
 * @template A, R
 * @param {(asked: A, signal: AbortSignal) => Promise<R>} ask
 * @param {(answer: R, asked: A) => void} show
 * @param {Element} place where a fault is said; `show` fills it, too
 * @returns {(asked: A) => Promise<void>}
 */
export function persistent(ask, show, place) {
    let count = 0;
    const find = latest(ask, show, async (error, asked) => {
        if (!(error instanceof Unreachable)) {
            fill(place, alertBox(error));
            return;
        }
        fill(place, el('p', { class: 'alert', role: 'alert' }, t('search.unreachable')));
        const mine = count;
        do {
            await new Promise((done) => setTimeout(done, PAUSE_MILLISECONDS));
        } while (mine === count && !(await alive()));
        if (mine === count) {
            await run(asked);
        }
    });
    /** @param {A} asked */
    const run = (asked) => {
        count += 1;
        return find(asked);
    };
    return run;
}

/** The view that adds a record, and whether the person may. */
const ADDING = {
    contacts: { place: '/contact/new', may: () => mayContacts('add') },
    organizations: { place: '/organization/new', may: () => mayOrganizations('add') },
};

/** @typedef {keyof typeof ADDING} Kind */
/** @typedef {{ text: string, kind: Kind, page: number }} Asked */

/** @param {Asked} asked @param {AbortSignal} signal */
const ask = ({ text, kind, page }, signal) =>
    api('GET', `/${kind}`, {
        signal,
        query: {
            q: text,
            pageSize: PAGE,
            pageNumber: page,
            // Without a text there is no best match to begin with.
            sortOrder: text ? undefined : kind === 'contacts' ? 'lastName:asc' : 'name:asc',
            expand: kind === 'contacts' ? 'externalOrganization' : undefined,
        },
    });

export function searchPane() {
    /** @type {Kind} */
    let kind = 'contacts';
    let shownPlace = '/';
    const input = el('input', {
        type: 'search',
        id: 'search',
        dir: 'auto',
        autocomplete: 'off',
        spellcheck: 'false',
        enterkeyhint: 'search',
        placeholder: t('search.placeholder'),
        'aria-describedby': 'search-summary',
    });
    const summary = el('p', { class: 'summary', id: 'search-summary' });
    const list = el('ul', { class: 'results', 'aria-label': t('search.results') });
    const more = el('div', { class: 'more' });

    const find = persistent(
        ask,
        ({ data, milliseconds }, asked) => {
            const looked = wanted(asked.text);
            const rows = data.entities.map((/** @type {any} */ entity) => {
                const row = asked.kind === 'contacts' ? contactRow : organizationRow;
                return el('li', {}, row(entity, looked));
            });
            if (asked.page === 1) {
                fill(list, rows);
                list.scrollTop = 0;
            } else {
                list.append(...rows);
                links()[(asked.page - 1) * PAGE]?.focus();
            }
            const count = t(asked.kind === 'contacts' ? 'search.contacts' : 'search.organizations', {
                count: data.total,
            });
            fill(
                summary,
                el('span', {}, count),
                milliseconds !== null &&
                    el(
                        'span',
                        { class: 'took', title: t('search.took') },
                        t('milliseconds', { time: number(milliseconds, { maximumSignificantDigits: 2 }) }),
                    ),
            );
            say(count);
            const shown = asked.page * PAGE;
            fill(
                more,
                data.total === 0
                    ? nothing(asked)
                    : shown < data.total &&
                          (shown < LISTED_MAX
                              ? el(
                                    'button',
                                    {
                                        type: 'button',
                                        class: 'button',
                                        onclick: () => find({ ...asked, page: asked.page + 1 }),
                                    },
                                    t('search.more'),
                                )
                              : el('p', { class: 'quiet' }, t('search.narrow'))),
            );
            mark(shownPlace);
            asking = false;
            if (openFirst) {
                openFirst = false;
                links()[0]?.click();
            }
        },
        more,
    );

    /** Enter was pressed before the answer came: it is meant for the answer. */
    let openFirst = false;
    let asking = false;
    const search = () => {
        asking = true;
        openFirst = false;
        return find({ text: input.value.trim(), kind, page: 1 });
    };
    const links = () => [...list.querySelectorAll('a')];

    /** @param {Asked} asked */
    function nothing(asked) {
        const { place, may } = ADDING[asked.kind];
        return el(
            'div',
            { class: 'nothing' },
            el('p', {}, t('search.nothing')),
            may() &&
                el(
                    'a',
                    { class: 'button', href: `#${place}?${new URLSearchParams({ from: asked.text })}` },
                    t('search.addIt'),
                ),
        );
    }

    /** @param {KeyboardEvent} event */
    function move(event) {
        const all = links();
        const at = all.indexOf(/** @type {HTMLAnchorElement} */ (document.activeElement));
        const next =
            event.key === 'ArrowDown' ? all[at + 1] : event.key === 'ArrowUp' ? (all[at - 1] ?? input) : null;
        if (event.key === 'Enter' && event.target === input) {
            event.preventDefault();
            asking ? (openFirst = true) : all[0]?.click();
        } else if (event.key === 'Home' && at >= 0) {
            event.preventDefault();
            all[0]?.focus();
        } else if (event.key === 'End' && at >= 0) {
            event.preventDefault();
            all[all.length - 1]?.focus();
        } else if (next) {
            event.preventDefault();
            next.focus();
        }
    }

    /** @param {Kind} value @param {string} text */
    const choice = (value, text) =>
        el(
            'label',
            {},
            el('input', {
                type: 'radio',
                name: 'kind',
                value,
                checked: value === kind,
                onchange: () => {
                    kind = value;
                    showAdd();
                    search();
                },
            }),
            el('span', {}, text),
        );

    const add = el('a', { class: 'button primary' }, icon('add'), t('contact.add'));
    function showAdd() {
        add.href = `#${ADDING[kind].place}`;
        add.hidden = !ADDING[kind].may();
    }
    showAdd();

    /** Marks the record that is open. @param {string} place */
    function mark(place) {
        shownPlace = place;
        for (const link of links()) {
            if (place.startsWith(link.getAttribute('href')?.slice(1) ?? ' ')) {
                link.setAttribute('aria-current', 'true');
            } else {
                link.removeAttribute('aria-current');
            }
        }
    }

    input.addEventListener('input', search);
    const node = el(
        'aside',
        { class: 'pane', 'aria-label': t('search.label') },
        el(
            'form',
            { role: 'search', onsubmit: (/** @type {Event} */ event) => event.preventDefault() },
            el(
                'div',
                { class: 'search-box' },
                icon('search'),
                el('label', { class: 'hidden', for: 'search' }, t('search.label')),
                input,
            ),
            el(
                'div',
                { class: 'pane-line' },
                el(
                    'div',
                    { class: 'segments', role: 'radiogroup', 'aria-label': t('search.kind') },
                    choice('contacts', t('nav.contacts')),
                    choice('organizations', t('nav.organizations')),
                ),
                add,
            ),
        ),
        summary,
        el('div', { class: 'results-box', onkeydown: move }, list, more),
    );
    input.addEventListener('keydown', move);
    search();

    window.addEventListener('carnet:changed', search);
    return {
        node,
        mark,
        focus() {
            input.focus();
            input.select();
        },
        /** Escape: from a record back to the list, from the list to the input, and there to an empty one. @param {string} place */
        back(place) {
            if (place !== '/') {
                const row = links().find((link) =>
                    place.startsWith(link.getAttribute('href')?.slice(1) ?? ' '),
                );
                go('/');
                // After the view: on a wide page the list is still there.
                setTimeout(() => (row ?? input).focus());
            } else if (document.activeElement !== input) {
                input.focus();
            } else {
                input.value = '';
                search();
            }
        },
    };
}

/** Has the list asked for anew after a record was added, changed or removed. */
export const listChanged = () => window.dispatchEvent(new Event('carnet:changed'));
