/**
 * The organisation of a contact: searched for as one types, or added first, in place.
 */

import { mayOrganizations } from '../account/session.js';
import { api } from '../api.js';
import { el, fill, typed, unique } from '../ui/dom.js';
import { labelled } from '../ui/field.js';
import { announce, sentence } from '../ui/messages.js';
import { busy, latest } from '../ui/tasks.js';
import { t } from '../words/words.js';

const OFFERED_MAX = 8;

/**
 * A combobox. What is typed and not chosen is no organisation, and says so.
 * @param {{ path: string, label: string, value?: Reference }} options
 * @returns {import('../ui/field.js').Field}
 */
export function organizationField({ path, label, value }) {
    /** @type {Reference | undefined} */
    let chosen = value;
    /** @type {{ text: Node | string, choose: () => void }[]} */
    let offers = [];
    let active = -1;
    // An answer is on its way, and Enter was pressed before it came.
    let waits = false;
    let chooses = false;
    const list = el('ul', {
        class: 'offers',
        role: 'listbox',
        id: unique('offers'),
        'aria-label': label,
        hidden: true,
    });
    const input = el('input', {
        name: path,
        type: 'text',
        dir: 'auto',
        autocomplete: 'off',
        role: 'combobox',
        'aria-expanded': 'false',
        'aria-controls': list.id,
        'aria-autocomplete': 'list',
        placeholder: t('organization.find'),
    });
    const field = labelled({ path, label, wide: true }, input, list);
    const { node, fault } = field;
    node.classList.add('combobox');

    function show() {
        fill(
            list,
            offers.map((offer, place) =>
                el(
                    'li',
                    {
                        role: 'option',
                        id: `${list.id}-${place}`,
                        'aria-selected': String(place === active),
                        // Before the input loses the focus, which closes the list.
                        onmousedown: (/** @type {Event} */ event) => {
                            event.preventDefault();
                            offer.choose();
                        },
                    },
                    offer.text,
                ),
            ),
        );
        list.hidden = offers.length === 0;
        input.setAttribute('aria-expanded', String(offers.length > 0));
        active >= 0
            ? input.setAttribute('aria-activedescendant', `${list.id}-${active}`)
            : input.removeAttribute('aria-activedescendant');
        list.children[active]?.scrollIntoView({ block: 'nearest' });
    }
    function close() {
        find.stop();
        clear();
    }
    function clear() {
        waits = chooses = false;
        offers = [];
        active = -1;
        show();
    }
    /** @param {Reference | undefined} organization */
    function choose(organization) {
        chosen = organization;
        input.value = organization?.name ?? organization?.id ?? '';
        close();
        fault('');
    }
    /** @param {string} name */
    async function add(name) {
        try {
            const body = { name };
            const added = await busy(node, async () => (await api('POST', '/organizations', { body })).data);
            if (added) {
                choose(added);
                announce(t('organization.added', { name }));
            }
        } catch (error) {
            fault(sentence(error));
        }
    }

    const find = latest(
        async (/** @type {string} */ text, signal) =>
            text
                ? (await api('GET', '/organizations', { query: { q: text, pageSize: OFFERED_MAX }, signal }))
                      .data.entities
                : [],
        (/** @type {Organization[]} */ found, text) => {
            offers = found.map((organization) => ({
                text: typed(organization.name),
                choose: () => choose({ id: organization.id ?? '', name: organization.name }),
            }));
            const known = found.findIndex(({ name }) => name?.toLowerCase() === text.toLowerCase());
            if (text && known < 0 && mayOrganizations('add')) {
                offers.push({ text: t('organization.addNamed', { name: text }), choose: () => add(text) });
            }
            active = offers.length > 0 ? Math.max(known, 0) : -1;
            waits = false;
            show();
            // Who pressed Enter has not seen what is offered; only the very name is meant.
            if (chooses && known >= 0) {
                offers[known]?.choose();
            }
            chooses = false;
        },
        close,
    );

    input.addEventListener('input', () => {
        chosen = undefined;
        // What was offered for an older text is not to be chosen for this one.
        clear();
        waits = input.value.trim() !== '';
        find(input.value.trim());
    });
    input.addEventListener('keydown', (event) => {
        const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
        if (step && offers.length > 0) {
            event.preventDefault();
            active = (active + step + offers.length) % offers.length;
            show();
        } else if (event.key === 'Enter' && !event.ctrlKey && (waits || offers.length > 0)) {
            event.preventDefault();
            chooses = waits;
            offers[active]?.choose();
        } else if (event.key === 'Escape' && offers.length > 0) {
            event.preventDefault();
            close();
        }
    });
    input.addEventListener('blur', () => {
        close();
        if (!chosen && input.value.trim()) {
            fault(t('organization.choose'));
        }
    });
    input.value = value?.name ?? value?.id ?? '';
    return {
        ...field,
        // A name that was typed and not chosen is not lost by saving: the daemon refuses it here.
        read: () =>
            chosen ? { id: chosen.id } : input.value.trim() ? { id: input.value.trim() } : undefined,
        write: choose,
        show: (/** @type {Reference | undefined} */ organization) =>
            (organization?.id === chosen?.id
                ? chosen?.name
                : organization?.id === value?.id
                  ? value?.name
                  : organization?.name) ??
            organization?.id ??
            '',
    };
}
