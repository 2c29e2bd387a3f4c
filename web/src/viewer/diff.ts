/** Differences between two values: long texts by word, JSON by path. */
import { isContainer, stringifyExact } from '../shared/exact.ts';

export interface Piece {
  kind: 'same' | 'gone' | 'come';
  text: string;
}

const MAX_WORDS = 1_500;

/** The words of two texts, as a longest common subsequence; null when they are too long to compare. */
export function diffWords(before: string, after: string): Piece[] | null {
  const a = before.match(/\s+|[^\s]+/g) ?? [];
  const b = after.match(/\s+|[^\s]+/g) ?? [];
  if (a.length > MAX_WORDS || b.length > MAX_WORDS) return null;
  const lengths: Uint16Array[] = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i]![j] = a[i] === b[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
    }
  }
  const pieces: Piece[] = [];
  const add = (kind: Piece['kind'], text: string): void => {
    const last = pieces[pieces.length - 1];
    if (last?.kind === kind) last.text += text;
    else pieces.push({ kind, text });
  };
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      add('same', a[i]!);
      i++;
      j++;
    } else if (i < a.length && (j === b.length || lengths[i + 1]![j]! >= lengths[i]![j + 1]!)) {
      add('gone', a[i++]!);
    } else {
      add('come', b[j++]!);
    }
  }
  return pieces;
}

export interface PathChange {
  path: string;
  before: unknown;
  after: unknown;
}

/** What differs between two JSON values, by path. */
export function diffJson(before: unknown, after: unknown, path = ''): PathChange[] {
  const isPair = isContainer(before) && isContainer(after) && Array.isArray(before) === Array.isArray(after);
  if (!isPair) return stringifyExact(before) === stringifyExact(after) ? [] : [{ path: path || '/', before, after }];
  const a = before as Record<string, unknown>;
  const b = after as Record<string, unknown>;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) =>
    diffJson(a[key], b[key], `${path}/${key}`),
  );
}
