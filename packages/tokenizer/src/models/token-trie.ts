/** Result of {@link TokenTrie.child} if no token continues that way. It is the root, which is never a child. */
export const NO_CHILD = 0;
/** Result of {@link TokenTrie.idAt} if no token ends there. */
export const NO_ID: number = -1;

/**
 * All prefixes of a vocabulary's tokens. One walk, at most as long as the longest token, finds all tokens at a place of a
 * text.
 *
 * A hash table finds a node by its parent and the UTF-16 unit that leads to it. This takes 22 to 44 bytes per prefix; a map
 * in each node takes several times as much.
 */
export class TokenTrie {
  /** The node of the empty prefix. */
  readonly root = 0;
  #parents: Uint32Array = new Uint32Array(1024);
  #units: Uint16Array = new Uint16Array(1024);
  #ids: Float64Array = new Float64Array(1024).fill(NO_ID);
  /** Nodes by hash, at most half full; {@link NO_CHILD} if free. */
  #slots: Uint32Array = new Uint32Array(2048);
  #count = 1;

  /** The id of the last of several equal tokens counts. */
  constructor(entries: Iterable<readonly [token: string, id: number]>) {
    for (const [token, id] of entries) {
      let node = this.root;
      for (let i = 0; i < token.length; i++) node = this.#childOrNew(node, token.charCodeAt(i));
      this.#ids[node] = id;
    }
  }

  /** Returns the node one UTF-16 unit further, or {@link NO_CHILD}. */
  child(node: number, unit: number): number {
    return this.#slots[this.#slotOf(node, unit)]!;
  }

  /** Returns the id of the token that ends at a node, or {@link NO_ID}. */
  idAt(node: number): number {
    return this.#ids[node]!;
  }

  /** Returns the node of a prefix, or `undefined` if no token begins with it. */
  find(prefix: string): number | undefined {
    let node = this.root;
    for (let i = 0; i < prefix.length; i++) {
      node = this.child(node, prefix.charCodeAt(i));
      if (node === NO_CHILD) return undefined;
    }
    return node;
  }

  /** Returns the slot of a child, or the free slot for it. */
  #slotOf(node: number, unit: number): number {
    const mask = this.#slots.length - 1;
    let hash = Math.imul(node, 0x9e37_79b1) ^ Math.imul(unit, 0x85eb_ca6b);
    hash ^= hash >>> 15;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const found = this.#slots[slot]!;
      if (found === NO_CHILD || (this.#parents[found] === node && this.#units[found] === unit)) return slot;
    }
  }

  #childOrNew(node: number, unit: number): number {
    const known = this.child(node, unit);
    if (known !== NO_CHILD) return known;
    const child = this.#count++;
    if (child === this.#parents.length) this.#grow();
    this.#slots[this.#slotOf(node, unit)] = child;
    this.#parents[child] = node;
    this.#units[child] = unit;
    return child;
  }

  #grow(): void {
    const capacity = this.#parents.length * 2;
    const parents = new Uint32Array(capacity);
    const units = new Uint16Array(capacity);
    const ids = new Float64Array(capacity).fill(NO_ID);
    parents.set(this.#parents);
    units.set(this.#units);
    ids.set(this.#ids);
    const grown = this.#parents.length;
    this.#parents = parents;
    this.#units = units;
    this.#ids = ids;
    this.#slots = new Uint32Array(capacity * 2);
    for (let node = 1; node < grown; node++) this.#slots[this.#slotOf(parents[node]!, units[node]!)] = node;
  }
}
