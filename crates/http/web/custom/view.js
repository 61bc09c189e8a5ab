/**
 * The custom fields of a record as its view shows them.
 */

import { typed } from '../ui/dom.js';
import { card, line, outLink } from '../ui/record.js';
import { t } from '../words/words.js';
import { customText } from './fields.js';
import { coreType } from './types.js';

/** @param {Entity} entity @param {Schema | undefined} schema */
export function customCard(entity, schema) {
    const known = schema?.jsonSchema.properties ?? {};
    const values = entity.customFields ?? {};
    // In the order of the type; what it does not know comes last.
    const keys = [...Object.keys(known).filter((key) => key in values), ...Object.keys(values).filter((key) => !(key in known))];
    return card(schema?.name ?? t('section.custom'), keys.map((key) => {
        const property = known[key];
        const text = customText(property, values[key]);
        const isLink = property && coreType(property) === 'url';
        return line(property?.title || key, isLink ? outLink(text) : typed(text));
    }));
}
