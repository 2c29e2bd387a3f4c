/** Words of names, as somebody types their beginnings: without accents, in any case. */

export function folded(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

/** Whether a word of a text, or several that follow each other, begin so. */
export function beginsAWord(text: string, typed: string): boolean {
  const wanted = folded(typed.trim());
  if (!wanted) return true;
  const all = folded(text);
  for (let at = all.indexOf(wanted); at >= 0; at = all.indexOf(wanted, at + 1)) {
    if (at === 0 || !/[\p{L}\p{N}]/u.test(all[at - 1]!)) return true;
  }
  return false;
}
