/**
 * Elements made in one line. Every text goes into the page as a text node, so nothing that a record
 * holds can become markup.
 */

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * An element with attributes, listeners (`onclick`) and children. `true` sets an empty attribute;
 * `false`, `null` and `undefined` set none.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, unknown>} [attributes]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (typeof value === 'function') {
            element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
        } else if (value === true) {
            element.setAttribute(name, '');
        } else if (value !== false && value !== null && value !== undefined) {
            element.setAttribute(name, String(value));
        }
    }
    append(element, children);
    return element;
}

/**
 * Appends children, leaving out what is empty.
 * @param {Element} parent
 * @param {(Child | Child[])[]} children
 */
export function append(parent, children) {
    for (const child of children.flat()) {
        if (child !== null && child !== undefined && child !== false && child !== '') {
            parent.append(child instanceof Node ? child : String(child));
        }
    }
}

/**
 * Replaces all children.
 * @param {Element} parent
 * @param {...(Child | Child[])} children
 */
export function fill(parent, ...children) {
    parent.replaceChildren();
    append(parent, children);
}

/** What people typed, kept apart from the direction of the text around it. @param {Child} text */
export const typed = (text) => el('bdi', {}, text);

let count = 0;

/** An id that no other element has. @param {string} stem */
export const unique = (stem) => `${stem}-${++count}`;

const PATHS = {
    add: 'M12 5v14M5 12h14',
    back: 'M14 6l-6 6 6 6',
    close: 'M6 6l12 12M18 6L6 18',
    search: 'M10.5 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13zM15.500 15.500L20 20',
    edit: 'M5 19l1-4L16 5l3 3L9 18zM14 7l3 3',
    copy: 'M9 9h10v11H9zM15 9V4H5v11h4',
    out: 'M13 5h6v6M19 5l-9 9M10 6H5v13h13v-5',
};

/**
 * A line drawing beside a text; screen readers pass over it.
 * @param {keyof typeof PATHS} name
 */
export function icon(name) {
    const space = 'http://www.w3.org/2000/svg';
    const svg = document.createElementNS(space, 'svg');
    svg.setAttribute('viewBox', '0 0 24 24');
    svg.setAttribute('class', 'icon');
    svg.setAttribute('aria-hidden', 'true');
    const path = document.createElementNS(space, 'path');
    path.setAttribute('d', PATHS[name]);
    svg.append(path);
    return svg;
}

/**
 * A button.
 * @param {Child | Child[]} label
 * @param {() => void} run
 * @param {Record<string, unknown>} [attributes]
 */
export function button(label, run, attributes = {}) {
    return el('button', { type: 'button', class: 'button', onclick: run, ...attributes }, label);
}
