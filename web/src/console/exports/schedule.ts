/** Schedules as the server tells of them, and what the form makes of one. */
import { emptyDraft, isTable, contentOf, type Draft, type Format } from './order.ts';
import type { ConsoleWords } from '../words.ts';
import { BEGINNING, cronOf, timesOf, type Times } from './cron.ts';

export const DESTINATIONS = ['inbox', 'email', 'directory', 's3', 'webhook'] as const;
export type DestinationType = (typeof DESTINATIONS)[number];

/** A destination without its secrets. */
export interface Destination {
  type: DestinationType;
  path?: string;
  endpoint?: string | null;
  region?: string;
  bucket?: string;
  prefix?: string | null;
  path_style?: boolean;
  access_key?: string;
  url?: string;
  addresses?: string[];
  language?: string;
}

export type RunState = 'waiting' | 'exporting' | 'delivering' | 'done' | 'failed' | 'skipped_empty';

export interface Run {
  id: string;
  due_at: string;
  window?: { from_seq: number; to_seq: number };
  state: RunState;
  attempts?: number;
  entries?: number;
  export?: string | null;
  problem?: { code: string; title?: string; detail: string } | null;
  delivered_to?: string | null;
  ended_at?: string | null;
}

export interface Schedule {
  id: string;
  name: string;
  state: 'active' | 'paused';
  paused_because?: string | null;
  cron: string;
  zone: string;
  query?: string | null;
  format: Format;
  columns?: string[];
  withhold_personal?: boolean;
  send_empty?: boolean;
  reason?: string | null;
  destination: Destination;
  created_by?: { kind: string; id: string; name?: string };
  created_at: string;
  next_run_at?: string | null;
  last_run?: Run | null;
  window?: { from_seq: number };
}

/** What the form holds; the fields of each destination by their names. */
export interface ScheduleDraft {
  content: Draft;
  name: string;
  times: Times;
  start: 'now' | 'beginning';
  /** Whether a file comes also where nothing is new. */
  sendsEmpty: boolean;
  type: DestinationType;
  fields: Record<string, string>;
}

export function emptySchedule(zone: string, language: string): ScheduleDraft {
  return {
    content: emptyDraft(zone),
    name: '',
    times: BEGINNING,
    start: 'now',
    sendsEmpty: false,
    type: 'inbox',
    fields: { language },
  };
}

export function draftOf(schedule: Schedule, language: string): ScheduleDraft {
  const { destination, columns } = schedule;
  const text = (value: unknown): string => (Array.isArray(value) ? value.join('\n') : String(value ?? ''));
  return {
    content: {
      ...emptyDraft(schedule.zone),
      query: schedule.query ?? '',
      format: schedule.format,
      columns: isTable(schedule.format) && columns?.length ? new Set(columns) : null,
      withholds: schedule.withhold_personal ?? false,
      reason: schedule.reason ?? '',
    },
    name: schedule.name,
    times: timesOf(schedule.cron),
    start: 'now',
    sendsEmpty: schedule.send_empty ?? false,
    type: destination.type,
    fields: {
      language,
      ...Object.fromEntries(Object.entries(destination).map(([name, value]) => [name, text(value)])),
    },
  };
}

/** The members of each destination in the API, those that may be left out with a question mark. */
const MEMBERS: Record<DestinationType, readonly string[]> = {
  inbox: [],
  email: ['addresses', 'language'],
  directory: ['path?'],
  s3: ['endpoint?', 'region', 'bucket', 'prefix?', 'access_key', 'secret?'],
  webhook: ['url'],
};

export function destinationOf({ type, fields }: Pick<ScheduleDraft, 'type' | 'fields'>): Record<string, unknown> {
  const found: Record<string, unknown> = { type };
  for (const member of MEMBERS[type]) {
    const name = member.replace('?', '');
    const value = (fields[name] ?? '').trim();
    if (value || !member.endsWith('?'))
      found[name] = name === 'addresses' ? value.split(/[\s,;]+/).filter(Boolean) : value;
  }
  if (type === 's3' && fields['path_style'] === 'true') found['path_style'] = true;
  if (type === 'webhook' && fields['new_secret'] === 'true') found['new_secret'] = true;
  return found;
}

/** The body that makes a schedule, or with `isNew` false changes one: its window goes on where it is. */
export function scheduleOf(draft: ScheduleDraft, language: string, isNew: boolean): Record<string, unknown> {
  return {
    name: draft.name.trim(),
    cron: cronOf(draft.times),
    ...contentOf(draft.content, language),
    ...(isNew ? { start: draft.start } : {}),
    ...(draft.sendsEmpty ? { send_empty: true } : {}),
    destination: destinationOf(draft),
  };
}

/** Where files of a schedule go, in a line: without what it is kept secret by. */
export function placeOf({ type, path, bucket, prefix, url, addresses }: Destination): string {
  switch (type) {
    case 'inbox':
      return '';
    case 'email':
      return (addresses ?? []).join(', ');
    case 'directory':
      return path ?? '';
    case 's3':
      return `${bucket ?? ''}${prefix ? `/${prefix}` : ''}`;
    case 'webhook':
      return url ?? '';
  }
}

/** Whether a run is not over yet. */
export function isRunning({ state }: Run): boolean {
  return state === 'waiting' || state === 'exporting' || state === 'delivering';
}

/** What the server says of a pause in English, and the key of what it is called here. */
const PAUSES: [said: RegExp, key: 'schedules.paused.by' | 'schedules.paused.rights'][] = [
  [/^Paused by (.+)\.$/s, 'schedules.paused.by'],
  [/^Whoever made the schedule, or changed it last, may not export any more\.$/, 'schedules.paused.rights'],
];

/** Why a schedule is paused, in the reader's words where they are known, else in the server's. */
export function pauseText({ paused_because: why }: Schedule, words: ConsoleWords): string {
  for (const [said, key] of PAUSES) {
    const match = said.exec(why ?? '');
    if (match) return words.t(key, { who: match[1] ?? '' });
  }
  return why ?? '';
}
