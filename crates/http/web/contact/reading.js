/**
 * What carnet makes of a number, as a line of text.
 */

import { country, known, t } from '../words/words.js';

/**
 * @param {ReadNumber} read
 * @returns {{ text: string, kind: 'good' | 'kept' | 'refused' }}
 */
export function reading(read) {
    if (read.accepted === false) {
        return { kind: 'refused', text: read.reason?.includes('extension') ? t('number.extensionOnly') : `${t('number.refused')} ${read.reason ?? ''}` };
    }
    switch (read.kind) {
        case 'e164': {
            const parts = [read.international ?? read.e164, read.country && read.country !== '001' && country(read.country),
                read.type && known(`number.type.${read.type}`, ''), read.extension && t('number.extension', { extension: read.extension })];
            return { kind: 'good', text: parts.filter(Boolean).join(' · ') };
        }
        case 'several':
            return { kind: 'good', text: t('number.several', { numbers: (read.numbers ?? []).join(', ') }) };
        case 'internal':
            return { kind: 'good', text: t('number.internal') };
        default:
            return { kind: 'kept', text: t('number.kept') };
    }
}
