/**
 * A contact: who it is, how to reach it, and what is noted about it.
 */

import { mayContacts } from '../account/session.js';
import { api } from '../api.js';
import { customCard, loadTypes } from '../record/custom.js';
import { notes } from '../record/notes.js';
import { addressCard, card, line, outLink, recordFoot } from '../record/view.js';
import { go } from '../router.js';
import { listChanged } from '../search/pane.js';
import { confirm } from '../ui/dialog.js';
import { button, el, icon, typed } from '../ui/dom.js';
import { announce } from '../ui/messages.js';
import { at } from '../ui/paths.js';
import { t } from '../words/words.js';
import { CHANNELS, EMAILS, fullName, initials, PHONES } from './contact.js';
import { labelOf, readContact } from './edit.js';
import { phoneText } from './phone.js';

/** @typedef {import('../words/words.js').Key} Key */

/** A number that a click calls, and one that a click writes to. @param {Phone | undefined} phone */
export function phoneLinks(phone) {
    if (!phone?.display) {
        return null;
    }
    const text = typed(phoneText(phone));
    if (!phone.e164) {
        return el('span', {}, text, el('small', { class: 'tag' }, t('number.keptShort')));
    }
    return el(
        'span',
        {},
        el(
            'a',
            { href: `tel:${phone.e164}${phone.extension === undefined ? '' : `;ext=${phone.extension}`}` },
            text,
        ),
        phone.acceptsSMS && el('a', { class: 'tag', href: `sms:${phone.e164}` }, 'SMS'),
    );
}

/** @param {Contact} contact @param {string} key */
function channelLine(contact, key) {
    const { part, fields } = CHANNELS[key] ?? { part: '', fields: [] };
    const shown = fields.map(([path]) => at(contact, path)).filter(Boolean);
    const link = part === 'twitterId' && at(contact, 'twitterId.profileUrl');
    const text = typed(shown.join(' · '));
    return (
        shown.length > 0 && line(t(/** @type {Key} */ (`channel.${key}`)), link ? outLink(link, text) : text)
    );
}

/** `/contact/ID` @param {import('../router.js').Visit} visit */
export async function contactView({ variables: [id = ''], signal }) {
    const { data: contact } = await readContact(id, signal);
    const types = await loadTypes('contacts', contact, signal);
    const organization = contact.externalOrganization;
    const name = fullName(contact);

    async function remove() {
        if (
            await confirm(t('contact.removeTitle', { name }), t('contact.removeText'), t('remove'), {
                danger: true,
            })
        ) {
            await api('DELETE', `/contacts/${id}`);
            listChanged();
            announce(t('removed'));
            go('/');
        }
    }
    const reach = [
        ...PHONES.map((path) => line(labelOf(path), phoneLinks(at(contact, path)))),
        ...EMAILS.map(
            (path) =>
                at(contact, path) &&
                line(
                    labelOf(path),
                    el(
                        'a',
                        { href: `mailto:${encodeURIComponent(at(contact, path)).replace('%40', '@')}` },
                        typed(at(contact, path)),
                    ),
                ),
        ),
    ];
    return el(
        'article',
        { class: 'record' },
        el('a', { class: 'back', href: '#/' }, icon('back'), t('nav.contacts')),
        el(
            'header',
            { class: 'record-head' },
            el('span', { class: 'avatar large', 'aria-hidden': 'true' }, initials(contact)),
            el(
                'div',
                { class: 'record-name' },
                el('h1', {}, typed(name)),
                el(
                    'p',
                    { class: 'quiet' },
                    contact.title && typed(contact.title),
                    contact.title && organization && ' · ',
                    organization &&
                        el(
                            'a',
                            { href: `#/organization/${organization.id}` },
                            typed(organization.name ?? organization.id),
                        ),
                ),
            ),
            el(
                'div',
                { class: 'record-tools' },
                mayContacts('edit') &&
                    el('a', { class: 'button', href: `#/contact/${id}/edit` }, icon('edit'), t('edit')),
                mayContacts('delete') && button(t('remove'), remove, { class: 'button quiet-danger' }),
            ),
        ),
        card(t('section.reach'), reach, t('contact.noReach')),
        card(
            t('section.social'),
            Object.keys(CHANNELS).map((key) => channelLine(contact, key)),
        ),
        addressCard(contact),
        customCard(contact, types.current),
        card(t('section.more'), [
            contact.externalSystemUrl &&
                line(labelOf('externalSystemUrl'), outLink(contact.externalSystemUrl)),
            contact.surveyOptOut && line(t('section.survey'), t('field.surveyOptOut')),
            .../** @type {any[]} */ (contact['externalIds'] ?? []).map((external) =>
                line(external.externalSource?.name ?? t('field.externalId'), typed(external.value)),
            ),
        ]),
        notes(`/contacts/${id}`, mayContacts('edit')),
        recordFoot(contact),
    );
}
