/**
 * Work that is sent once: while it is on its way, its part of the page takes no input. So nothing is saved
 * twice, and nothing is typed that the answer would wipe.
 */

/**
 * Does nothing where the node is at work already.
 * @template T
 * @param {HTMLElement} node
 * @param {() => Promise<T>} work
 * @returns {Promise<T | undefined>}
 */
export async function busy(node, work) {
    if (node.inert) {
        return undefined;
    }
    const focused = document.activeElement;
    node.inert = true;
    node.setAttribute('aria-busy', 'true');
    try {
        return await work();
    } finally {
        node.inert = false;
        node.removeAttribute('aria-busy');
        // What is inert loses the focus; it gets it back unless the person went elsewhere.
        if (focused instanceof HTMLElement && node.contains(focused) && !moved()) {
            focused.focus();
        }
    }
}

const moved = () => document.activeElement !== null && document.activeElement !== document.body;
