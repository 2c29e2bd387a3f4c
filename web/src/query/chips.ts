/** A query as chips: each is a stretch of the text, so that going back and forth loses nothing. */
import { bare, hidesReads, WITHOUT_READS } from './reads.ts';
import { quote, tokens, type Token, type Value } from './lexer.ts';

export interface Chip {
  /** Where it stands in the text; with the `AND` before it, if one is written. */
  from: number;
  to: number;
  text: string;
  negated: boolean;
  /** The field, when the chip is one qualifier; null for words, groups and alternatives. */
  field: string | null;
  values: Value[];
}

/** The parts that all have to match, or one chip for the whole when it is a choice (`OR`). */
export function chips(text: string): Chip[] {
  const all = tokens(text);
  let depth = 0;
  for (const token of all) {
    if (token.kind === 'open') depth++;
    else if (token.kind === 'close') depth--;
    else if (token.kind === 'or' && depth === 0) return [whole(text, all)];
  }
  const found: Chip[] = [];
  let i = 0;
  while (i < all.length) {
    const start = all[i]!;
    let from = start.from;
    if (start.kind === 'and' && i + 1 < all.length) i++;
    const first = all[i]!;
    let negated = false;
    while (all[i] && (all[i]!.kind === 'minus' || all[i]!.kind === 'not')) {
      negated = !negated;
      i++;
    }
    const token = all[i];
    if (!token) {
      found.push({ from, to: text.length, text: text.slice(first.from), negated, field: null, values: [] });
      break;
    }
    let end = i;
    if (token.kind === 'open') {
      let open = 0;
      do {
        if (all[end]!.kind === 'open') open++;
        if (all[end]!.kind === 'close') open--;
        end++;
      } while (open > 0 && end < all.length);
      end--;
    }
    const to = all[end]!.to;
    const qualifier = token.kind === 'qualifier' ? token : null;
    found.push({
      from,
      to,
      text: text.slice(first.from, to),
      negated,
      field: qualifier ? qualifier.name : null,
      values: token.kind === 'qualifier' || token.kind === 'word' ? token.values : [],
    });
    i = end + 1;
  }
  return found;
}

function whole(text: string, all: Token[]): Chip {
  const from = all[0]!.from;
  const to = all[all.length - 1]!.to;
  return { from, to, text: text.slice(from, to), negated: false, field: null, values: [] };
}

function isChoice(text: string): boolean {
  const found = chips(text);
  return found.length === 1 && found[0]!.field === null && tokens(text).some((t) => t.kind === 'or');
}

/** The query without a stretch of it, and without the space that it leaves. */
export function without(text: string, part: { from: number; to: number }): string {
  return (text.slice(0, part.from).trimEnd() + ' ' + text.slice(part.to).trimStart()).trim();
}

/** The query with one more thing that has to match. */
export function and(text: string, part: string): string {
  const trimmed = text.trim();
  if (!trimmed) return part;
  // What leaves reads of the log out stays the last.
  if (hidesReads(trimmed) && part !== WITHOUT_READS) return and(and(bare(trimmed), part), WITHOUT_READS);
  return isChoice(trimmed) ? `(${trimmed}) ${part}` : `${trimmed} ${part}`;
}

/** The chip of a field that is not negated. */
export function included(text: string, field: string): Chip | undefined {
  return chips(text).find((chip) => chip.field === field && !chip.negated);
}

/** Whether the query has a chip for exactly this value. */
export function state(text: string, field: string, value: string): 'in' | 'out' | 'none' {
  for (const chip of chips(text)) {
    if (chip.field === field && chip.values.some((v) => v.text === value && !v.prefix)) {
      return chip.negated ? 'out' : 'in';
    }
  }
  return 'none';
}

/** Only this value of the field; the field's other chips go. */
export function only(text: string, field: string, value: string): string {
  return and(clear(text, field), `${field}:${quote(value)}`);
}

/** This value of the field as well. */
export function also(text: string, field: string, value: string): string {
  const chip = included(text, field);
  if (!chip) return only(text, field, value);
  return text.slice(0, chip.to) + ',' + quote(value) + text.slice(chip.to);
}

/** Not this value of the field. */
export function exclude(text: string, field: string, value: string): string {
  const rest = drop(text, field, value);
  const chip = chips(rest).find((c) => c.field === field && c.negated);
  if (chip) return rest.slice(0, chip.to) + ',' + quote(value) + rest.slice(chip.to);
  return and(rest, `-${field}:${quote(value)}`);
}

/** No longer anything about this value of the field. */
export function drop(text: string, field: string, value: string): string {
  for (const chip of chips(text)) {
    const at = chip.field === field ? chip.values.findIndex((v) => v.text === value && !v.prefix) : -1;
    if (at < 0) continue;
    if (chip.values.length === 1) return drop(without(text, chip), field, value);
    const gone = chip.values[at]!;
    const from = at === 0 ? gone.from : gone.from - 1;
    const to = at === 0 ? gone.to + 1 : gone.to;
    return text.slice(0, from) + text.slice(to);
  }
  return text;
}

/** No longer anything about the field. */
export function clear(text: string, field: string): string {
  const chip = chips(text).find((c) => c.field === field);
  return chip ? clear(without(text, chip), field) : text;
}

/** What a chip is about, without the negation before it. */
export function affirmed(chip: Chip): string {
  const [negation] = tokens(chip.text);
  return chip.negated && negation ? chip.text.slice(negation.to).trimStart() : chip.text;
}

/** The opposite of a chip, in its place. */
export function invert(text: string, chip: Chip): string {
  return text.slice(0, chip.from) + (chip.negated ? affirmed(chip) : `-${chip.text}`) + text.slice(chip.to);
}
