/** The viewer's whole state as part of an address, so that a link shows what its sender saw. */

export type Range =
  { kind: 'newest' } | { kind: 'last'; span: string } | { kind: 'between'; from: number | null; to: number | null };

export const COLUMNS = [
  'actor',
  'action',
  'verb',
  'target',
  'target_type',
  'category',
  'outcome',
  'country',
  'ip',
  'account',
  'reason',
] as const;
export type Column = (typeof COLUMNS)[number];

export interface View {
  q: string;
  range: Range;
  /** The entry that is open, by id. */
  entry: string | null;
  columns: Column[];
  /** `local`, or the name of a zone. */
  zone: string;
}

export const DEFAULT_COLUMNS: Column[] = ['outcome', 'country'];

export function isColumn(name: string): name is Column {
  return (COLUMNS as readonly string[]).includes(name);
}

const NAMES = ['q', 'time', 'from', 'to', 'entry', 'columns', 'zone'];

/** The view in a fragment such as `#q=actor%3Aana&time=P7D`; names carry the prefix of their viewer. */
export function readView(fragment: string, prefix: string, fallback: View): View {
  const all = new URLSearchParams(fragment.replace(/^#/, ''));
  const get = (name: string): string | null => all.get(prefix + name);
  const time = get('time');
  const from = Date.parse(get('from') ?? '');
  const to = Date.parse(get('to') ?? '');
  let range = fallback.range;
  if (!Number.isNaN(from) || !Number.isNaN(to)) {
    range = { kind: 'between', from: Number.isNaN(from) ? null : from, to: Number.isNaN(to) ? null : to };
  } else if (time === 'newest') {
    range = { kind: 'newest' };
  } else if (time) {
    range = { kind: 'last', span: time };
  }
  const columns = get('columns');
  return {
    q: get('q') ?? fallback.q,
    range,
    entry: get('entry'),
    columns: columns === null ? fallback.columns : columns.split(',').filter(isColumn),
    zone: get('zone') ?? fallback.zone,
  };
}

/** The fragment with the view in it; what others keep there stays. */
export function writeView(fragment: string, prefix: string, view: View, fallback: View): string {
  const all = new URLSearchParams(fragment.replace(/^#/, ''));
  for (const name of NAMES) all.delete(prefix + name);
  const set = (name: string, value: string): void => all.set(prefix + name, value);
  if (view.q !== fallback.q) set('q', view.q);
  const range = view.range;
  if (range.kind === 'between') {
    if (range.from !== null) set('from', new Date(range.from).toISOString());
    if (range.to !== null) set('to', new Date(range.to).toISOString());
  } else if (JSON.stringify(range) !== JSON.stringify(fallback.range)) {
    set('time', range.kind === 'newest' ? 'newest' : range.span);
  }
  if (view.columns.join() !== fallback.columns.join()) set('columns', view.columns.join(','));
  if (view.zone !== fallback.zone) set('zone', view.zone);
  if (view.entry !== null) set('entry', view.entry);
  return all.toString();
}
