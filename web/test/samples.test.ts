/** Sentences of the samples of other programs' logs, in both languages, as they were read by eye. */
import { describe, expect, it } from 'vitest';
import { ENGLISH, wordsFor } from '../src/shared/i18n.ts';
import type { CatalogAction, Entry, ForeignCatalog, Profile } from '../src/shared/types.ts';
import { Catalog, sentenceText } from '../src/viewer/sentence.ts';

const CATALOGS = import.meta.glob<string>(
  '../../server/src/main/resources/dev/indelible/server/profile/catalog/*.yaml',
  { query: '?raw', import: 'default', eager: true },
);
const SAMPLES = import.meta.glob<string>('../../cli/src/test/resources/dev/indelible/cli/map/sample/*.ndjson', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const ACTION = /\{action: ([^,]+), verb: (\w+), says: "([^"]*)"(.*)\}/g;
const FAMILY = /- says: "([^"]*)"\s+(?:security_relevant: true\s+)?prefixes: \[([^\]]*)\]/g;

/** The actions of a catalog's file: each has a line of its own. */
function catalog(file: string): ForeignCatalog {
  const actions: CatalogAction[] = [...file.matchAll(ACTION)].map(([, action, verb, en, rest]) => ({
    action: action!,
    verb: verb!,
    sentence: { en: en! },
    fails: rest!.includes('fails: true'),
  }));
  const families = [...file.matchAll(FAMILY)].map(([, en, prefixes]) => ({
    prefixes: prefixes!.split(',').map((prefix) => prefix.trim()),
    sentence: { en: en! },
  }));
  return { id: 'x', name: 'X', actions, families };
}

const PROFILE: Profile = { id: 'x', name: 'X', actions: [], catalogs: Object.values(CATALOGS).map(catalog) };
const MEANINGS = new Catalog(PROFILE);

/** Events become entries without what the server adds; a failure that the action's name states is one. */
function entries(file: string): Entry[] {
  return file
    .trim()
    .split('\n')
    .map((line) => {
      const event = JSON.parse(line) as Partial<Entry>;
      return { id: 'e', seq: 1, outcome: 'unknown', actor: { type: 'system' }, ...event } as Entry;
    });
}

describe('the sentences of a sample', () => {
  it.each(Object.keys(SAMPLES).map((file) => [file.replace(/^.*\/|\.ndjson$/g, ''), file]))(
    'of %s are true in English and German',
    async (name, file) => {
      const german = await wordsFor(['de']);
      const lines = entries(SAMPLES[file]!).flatMap((entry) => [
        sentenceText(entry, MEANINGS, ENGLISH),
        sentenceText(entry, MEANINGS, german),
        '',
      ]);
      await expect(lines.join('\n')).toMatchFileSnapshot(`samples/${name}.txt`);
    },
  );

  it('exist for every source that has a map of its own', () => {
    expect(Object.keys(SAMPLES).length).toBeGreaterThanOrEqual(13);
  });
});
