/**
 * By which row an entry is shown. An entry that stays keeps its row, with the focus in it; a page that has no entry
 * of the one before takes over that one's rows, which is far less work for the browser than to make new ones.
 */
export class RowKeys {
  #keys = new Map<string, number>();
  #next = 0;

  of(ids: readonly string[]): number[] {
    const before = this.#keys;
    const free = ids.some((id) => before.has(id)) ? [] : [...before.values()];
    const keys = ids.map((id, i) => before.get(id) ?? free[i] ?? this.#next++);
    this.#keys = new Map(ids.map((id, i) => [id, keys[i]!]));
    return keys;
  }
}
