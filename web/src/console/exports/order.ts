/** What is asked for with an export or a schedule, as the form has it and as the API takes it; no page is needed here. */
import type { Entry } from '../../shared/types.ts';
import { before, fromInput, isZone, toInput } from '../../shared/time.ts';
import { readView, type View } from '../../viewer/link.ts';

/** The formats in the order in which they are offered. */
export const FORMATS = ['csv', 'xlsx', 'pdf', 'json', 'ndjson'] as const;
export type Format = (typeof FORMATS)[number];

/** The formats that are tables, and can leave columns out. */
const TABLES: readonly Format[] = ['csv', 'xlsx'];

/** The spans up to now that are offered. */
export const SPANS = ['PT24H', 'P7D', 'P30D', 'P90D', 'P365D'] as const;
export const ALWAYS = 'always';
export const OWN_PERIOD = 'own';
/** `always`, one of the spans, or `own` with its two times. */
export type Period = string;

export interface Draft {
  query: string;
  period: Period;
  /** Values of `datetime-local` fields in the zone; empty for open. */
  from: string;
  to: string;
  zone: string;
  format: Format;
  /** The chosen columns; null for all of them. */
  columns: ReadonlySet<string> | null;
  withholds: boolean;
  reason: string;
}

export interface Preview {
  estimate: number;
  columns: string[];
  left_out: string[];
  personal: 'included' | 'withheld' | 'not_yours';
  sample: Entry[];
  warnings: { code: string; text: string }[];
}

export function emptyDraft(zone: string): Draft {
  return {
    query: '',
    period: ALWAYS,
    from: '',
    to: '',
    zone,
    format: 'csv',
    columns: null,
    withholds: false,
    reason: '',
  };
}

export function isTable(format: Format): boolean {
  return TABLES.includes(format);
}

/** The formats that a tenant's profile lets entries leave in: spreadsheets wherever it lets tables. */
export function offeredFormats(exports: readonly string[] | undefined): Format[] {
  return FORMATS.filter((format) => !exports || exports.includes(format === 'xlsx' ? 'csv' : format));
}

/** The two times of the draft's period, open ones as null. */
export function boundsOf(draft: Draft, now: number): { from: number | null; to: number | null } {
  if (draft.period === ALWAYS) return { from: null, to: null };
  if (draft.period === OWN_PERIOD)
    return { from: fromInput(draft.from, draft.zone), to: fromInput(draft.to, draft.zone) };
  return { from: before(now, draft.period), to: null };
}

/** What is the same in the body of an export and of a schedule. */
export function contentOf(draft: Draft, language: string): Record<string, unknown> {
  const columns = isTable(draft.format) ? draft.columns : null;
  return {
    ...(draft.query.trim() ? { query: draft.query.trim() } : {}),
    zone: draft.zone,
    format: draft.format,
    ...(columns ? { columns: [...columns] } : {}),
    ...(draft.withholds ? { withhold_personal: true } : {}),
    language,
    ...(draft.reason.trim() ? { reason: draft.reason.trim() } : {}),
  };
}

/** The body of `POST …/exports` and `…/exports/preview`. */
export function orderOf(draft: Draft, language: string, now: number): Record<string, unknown> {
  const { from, to } = boundsOf(draft, now);
  const iso = (instant: number): string => new Date(instant).toISOString();
  return {
    ...contentOf(draft, language),
    ...(from === null ? {} : { from: iso(from) }),
    ...(to === null ? {} : { to: iso(to) }),
  };
}

/** A column chosen or not: null again once all of them are, in the order of the table. */
export function toggled(
  chosen: ReadonlySet<string> | null,
  column: string,
  all: readonly string[],
): ReadonlySet<string> | null {
  const now = new Set(chosen ?? all);
  if (!now.delete(column)) now.add(column);
  return now.size === all.length ? null : new Set(all.filter((each) => now.has(each)));
}

/** Where the viewer begins, for links that leave out what is as it begins. */
export type Begins = Pick<View, 'q' | 'range'>;

const ANYTHING: Begins = { q: '', range: { kind: 'newest' } };

/**
 * The query and the period of a link to the viewer, or of the address that the viewer's menu leads to; null when the
 * text is neither.
 */
export function fromLink(text: string, draft: Draft, begins: Begins): Draft | null {
  const hash = /^(?:https?:\/\/[^\s#]+|\/[^\s#]*)?#(\S*)$/.exec(text.trim())?.[1];
  if (hash === undefined || !/(?:^|&)(?:new|q|time|from|to|entry|zone)=/.test(hash)) return null;
  // The menu's address says all of it.
  const fallback = /(?:^|&)new=/.test(hash) ? ANYTHING : begins;
  const view = readView(hash, '', { ...fallback, entry: null, columns: [], zone: 'local' });
  const zone = view.zone !== 'local' && isZone(view.zone) ? view.zone : draft.zone;
  const { range } = view;
  const input = (instant: number | null): string => (instant === null ? '' : toInput(instant, zone));
  const times =
    range.kind === 'last'
      ? { period: range.span, from: '', to: '' }
      : range.kind === 'between'
        ? { period: OWN_PERIOD, from: input(range.from), to: input(range.to) }
        : { period: ALWAYS, from: '', to: '' };
  return { ...draft, query: view.q, zone, ...times };
}
