/**
 * The start: who is signed in, the frame of the page, and the routes.
 */

import {
    firstDialog,
    isAdmin,
    mayContacts,
    mayOrganizations,
    resume,
    session,
    signInAgain,
    signInFirst,
} from './account/session.js';
import { adminView } from './admin/view.js';
import { alive, Fault, onTrouble } from './api.js';
import { contactEdit, contactNew } from './contact/edit.js';
import { contactView } from './contact/view.js';
import { organizationEdit, organizationNew } from './organization/edit.js';
import { organizationView } from './organization/view.js';
import { accountView } from './pages/account.js';
import { callerView } from './pages/caller.js';
import { helpView, welcome } from './pages/help.js';
import { follow, go, here, mayLeave, saved } from './router.js';
import { searchPane } from './search/pane.js';
import { el, fill } from './ui/dom.js';
import { onKey } from './ui/keys.js';
import { alertBox, regions } from './ui/messages.js';
import { language, speak, t } from './words/words.js';

/**
 * A view for those who may. The address may be typed by anybody, and nobody is to fill in a whole form
 * that the daemon then refuses.
 * @param {() => boolean} may
 * @param {import('./router.js').View} view
 * @returns {import('./router.js').View}
 */
const allowed = (may, view) => async (visit) => {
    if (!may()) {
        throw new Fault(403, {}, new Headers());
    }
    return view(visit);
};

/** @type {import('./router.js').Route[]} */
const ROUTES = [
    { pattern: '/', view: welcome, besideSearch: true },
    { pattern: '/contact/new', view: allowed(() => mayContacts('add'), contactNew), besideSearch: true },
    { pattern: '/contact/*', view: contactView, besideSearch: true },
    { pattern: '/contact/*/edit', view: allowed(() => mayContacts('edit'), contactEdit), besideSearch: true },
    { pattern: '/organization/new', view: allowed(() => mayOrganizations('add'), organizationNew), besideSearch: true },
    { pattern: '/organization/*', view: organizationView, besideSearch: true },
    {
        pattern: '/organization/*/edit',
        view: allowed(() => mayOrganizations('edit'), organizationEdit),
        besideSearch: true,
    },
    { pattern: '/caller', view: callerView },
    { pattern: '/admin', view: adminView },
    { pattern: '/admin/*', view: adminView },
    { pattern: '/admin/*/*', view: adminView },
    { pattern: '/account', view: accountView },
    { pattern: '/help', view: helpView },
    { pattern: '/nothing', view: nothingHere },
];

function nothingHere() {
    return el(
        'section',
        { class: 'page' },
        el('h1', {}, t('nothing.title')),
        el('p', {}, el('a', { href: '#/' }, t('nothing.back'))),
    );
}

/** Where typing begins in a view that is there to be filled in. */
const START = '.record-form input, form.page input, #caller';

const banner = el('div', { role: 'status', 'aria-live': 'polite' });

/** Says that the daemon cannot be reached, and asks for it until it can. */
function connectionLost() {
    if (banner.childElementCount > 0) {
        return;
    }
    fill(banner, el('p', { class: 'banner' }, t('connection.lost')));
    const ask = async () => {
        if (await alive()) {
            fill(banner);
        } else {
            setTimeout(ask, 1000);
        }
    };
    setTimeout(ask, 1000);
}

/** The links of the head. */
function links() {
    /** @type {[place: string, text: string, shown: boolean][]} */
    const all = [
        ['/', t('nav.contacts'), true],
        ['/caller', t('nav.caller'), true],
        ['/admin', t('nav.admin'), isAdmin()],
    ];
    return all
        .filter(([, , shown]) => shown)
        .map(([place, text]) => el('li', {}, el('a', { href: `#${place}`, 'data-place': place }, text)));
}

/** Marks the link whose views these are. @param {Element} head */
function markLink(head) {
    const place = here();
    const part = ['/caller', '/admin', '/account', '/help'].find((part) => place.startsWith(part)) ?? '/';
    for (const link of head.querySelectorAll('a[data-place]')) {
        if (link.getAttribute('data-place') === part) {
            link.setAttribute('aria-current', 'page');
        } else {
            link.removeAttribute('aria-current');
        }
    }
}

/** Changes the language and shows everything anew. */
async function switchLanguage() {
    if (await mayLeave()) {
        saved();
        speak(language() === 'en' ? 'fr' : 'en');
        location.reload();
    }
}

function head() {
    const other = language() === 'en' ? 'fr' : 'en';
    return el(
        'header',
        { class: 'head' },
        el('a', { class: 'brand', href: '#/' }, 'carnet'),
        el('nav', { 'aria-label': t('nav.label') }, el('ul', {}, links())),
        el(
            'div',
            { class: 'tools' },
            el(
                'button',
                { type: 'button', class: 'tool', lang: other, onclick: switchLanguage },
                other === 'fr' ? 'Français' : 'English',
            ),
            el(
                'a',
                { class: 'tool', href: '#/help', 'data-place': '/help', 'aria-label': t('help.title') },
                '?',
            ),
            el(
                'a',
                { class: 'tool person', href: '#/account', 'data-place': '/account' },
                el('span', { class: 'hidden' }, t('account.label')),
                el('bdi', {}, session()?.name),
            ),
        ),
    );
}

/** Builds the frame around the views, and follows the address. */
function open() {
    const pane = searchPane();
    const main = el('main', { id: 'main', tabindex: '-1' });
    const top = head();
    const body = el('div', { class: 'body' }, pane.node, main);
    fill(
        document.body,
        el(
            'a',
            {
                class: 'skip',
                href: '#main',
                onclick: (/** @type {Event} */ event) => {
                    event.preventDefault();
                    main.focus();
                },
            },
            t('skip'),
        ),
        ...regions(),
        banner,
        top,
        body,
    );

    let first = true;
    follow(ROUTES, async (route, coming) => {
        const place = here();
        document.body.dataset['place'] = place === '/' ? 'search' : route.besideSearch ? 'record' : 'page';
        markLink(top);
        pane.mark(place);
        let node;
        try {
            node = await coming;
        } catch (error) {
            node = el('section', { class: 'page' }, el('h1', {}, t('trouble.title')), alertBox(error));
        }
        if (place !== here()) {
            return;
        }
        fill(main, node);
        document.body.dataset['shown'] = place;
        main.scrollTop = 0;
        const title = main.querySelector('h1')?.textContent;
        document.title = title && place !== '/' ? `${title} – carnet` : 'carnet';
        if (place === '/') {
            pane.focus();
        } else if (!main.contains(document.activeElement)) {
            /** @type {HTMLElement | null} */
            const input = main.querySelector(START);
            if (input) {
                input.focus();
            } else if (!first) {
                // A screen reader goes on reading at the heading of what was opened.
                const heading = main.querySelector('h1');
                heading?.setAttribute('tabindex', '-1');
                heading?.focus();
            }
        }
        first = false;
    });

    onKey('/', () => {
        if (document.body.dataset['place'] === 'page') {
            go('/');
        }
        pane.focus();
    });
    onKey('n', () => mayContacts('add') && go('/contact/new'));
    onKey('e', () => {
        const record = /^\/(contact|organization)\/[^/]+$/.test(here()) && !here().endsWith('/new');
        if (record && mayContacts('edit')) {
            go(`${here()}/edit`);
        }
    });
    onKey('?', () => go('/help'));
    onKey('Escape', () => pane.back(here()));
}

/** The link of the first start, if that is what was opened. */
function firstLink() {
    const link = /^#first=(.+)$/.exec(location.hash)?.[1];
    if (link) {
        // It is good once; it is not to stay in the address or in the history.
        history.replaceState(null, '', '/');
    }
    return link;
}

async function start() {
    onTrouble({ signInAgain, connectionLost });
    fill(document.body, ...regions(), banner);
    const link = firstLink();
    if (link) {
        firstDialog((name, password) => signInFirst(link, name, password), open);
    } else {
        if (!(await resume())) {
            await signInAgain();
        }
        open();
    }
}

start();
