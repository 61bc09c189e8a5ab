/**
 * The groups of an organisation's form.
 */

import { addressGroup, labelOf } from '../contact/form.js';
import { phoneField } from '../contact/phone.js';
import { customGroup } from '../custom/group.js';
import { numberField, textField } from '../ui/field.js';
import { group } from '../ui/record-form.js';
import { at } from '../ui/paths.js';
import { t } from '../words/words.js';

/** Several short texts in one input, separated by commas. @param {string} path @param {string[] | undefined} value */
function listField(path, value) {
    const field = textField({ path, label: labelOf(path), value: (value ?? []).join(', '), hint: t('field.commas'), wide: true });
    return {
        ...field,
        read() {
            const texts = (field.read() ?? '').split(',').map((/** @type {string} */ text) => text.trim()).filter(Boolean);
            return texts.length ? texts : undefined;
        },
        write: (/** @type {string[] | undefined} */ texts) => field.write((texts ?? []).join(', ')),
        show: (/** @type {string[] | undefined} */ texts) => (texts ?? []).join(', '),
    };
}

/**
 * @param {Organization} organization
 * @param {{ list: Schema[], current?: Schema }} types of organisations
 */
export function organizationGroups(organization, types) {
    /** @param {string} path @param {boolean} [required] */
    const text = (path, required) => textField({ path, label: labelOf(path), value: at(organization, path), required, max: 1000 });
    /** @param {string} path */
    const count = (path) => numberField({ path, label: labelOf(path), value: at(organization, path)?.toString() });
    /** @param {string} path */
    const phone = (path) => phoneField({ path, label: labelOf(path), value: at(organization, path) });
    return [
        group(t('section.organization'), [
            textField({ path: 'name', label: labelOf('name'), value: organization.name, required: true, wide: true, max: 1000 }),
            text('industry'), text('companyType'), count('employeeCount'), count('revenue'),
        ]),
        group(t('section.phones'), [phone('phoneNumber'), phone('faxNumber')]),
        group(t('section.links'), [
            listField('websites', organization.websites),
            textField({
                path: 'externalSystemUrl', label: labelOf('externalSystemUrl'), type: 'url', wide: true, max: 1000,
                value: organization.externalSystemUrl,
            }),
            listField('tags', at(organization, 'tags')),
        ]),
        addressGroup(organization),
        customGroup(organization, types),
    ];
}
