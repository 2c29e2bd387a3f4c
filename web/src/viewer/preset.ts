/**
 * What a profile presets for the viewer (`viewer` in docs/profiles.md): how it begins, and which filters come first.
 */
import { isZone } from '../shared/time.ts';
import type { Profile } from '../shared/types.ts';
import { DEFAULT_COLUMNS, isColumn, type Column, type Range } from './link.ts';

/** The rows of a page where the profile does not say. */
export const PAGE_ENTRIES = 100;

/** The facets in the order in which they are shown. */
export const FACETS = [
  'category',
  'action',
  'actor_id',
  'outcome',
  'security',
  'role',
  'target_type',
  'account',
  'country',
  'actor_type',
  'model',
  'producer',
  'recorded_by',
] as const;

/** Names of the profile for what is called otherwise here. */
const COLUMN_OF: Record<string, string> = { location: 'country' };
const FACET_OF: Record<string, string> = { actor: 'actor_id' };

/** What every row has: the sentence names the actor and the targets. */
const IN_EVERY_ROW = ['time', 'sentence', 'actor', 'target'];

export interface Preset {
  range: Range;
  columns: Column[];
  pageEntries: number;
  /** The tenant's own time zone. */
  zone: string | null;
  /** The filters that the profile offers, by the names of its file. */
  filters: string[];
  /** The facets, those that the profile offers first. */
  facets: string[];
}

export function presetOf(profile: Profile | null): Preset {
  const { last, columns, newest, zone, filters = [] } = profile?.viewer ?? {};
  const offered = filters
    .map((name) => FACET_OF[name] ?? name)
    .filter((name) => name === 'verb' || (FACETS as readonly string[]).includes(name));
  return {
    range: last ? { kind: 'last', span: last } : { kind: 'newest' },
    columns: columns?.length
      ? columns
          .filter((name) => !IN_EVERY_ROW.includes(name))
          .map((name) => COLUMN_OF[name] ?? name)
          .filter(isColumn)
      : DEFAULT_COLUMNS,
    pageEntries: newest ?? PAGE_ENTRIES,
    zone: zone && isZone(zone) ? zone : null,
    filters,
    facets: [...offered, ...FACETS.filter((facet) => !offered.includes(facet))],
  };
}
