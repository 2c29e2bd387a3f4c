// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Api, EventStreamParser } from '../src/shared/api.ts';
import { bytesText, ENGLISH, wordsFor } from '../src/shared/i18n.ts';
import de from '../src/shared/de.json';
import en from '../src/shared/en.json';
import consoleDe from '../src/console/de.json';
import consoleEn from '../src/console/en.json';
import { figures } from '../src/console/operator/system.ts';
import type { Entry, Profile } from '../src/shared/types.ts';
import { deviceOf } from '../src/viewer/device.ts';
import { diffJson, diffWords } from '../src/viewer/diff.ts';
import { fileName } from '../src/viewer/exporter.ts';
import { DEFAULT_COLUMNS, readView, writeView, type View } from '../src/viewer/link.ts';
import { FACETS, PAGE_ENTRIES, presetOf } from '../src/viewer/preset.ts';
import { RowKeys } from '../src/viewer/row-keys.ts';
import type { Model } from '../src/viewer/model.ts';
import { fromSaved, SavedViews, toSaved } from '../src/viewer/saved.ts';
import { Catalog, sentenceText } from '../src/viewer/sentence.ts';

const FALLBACK: View = { q: '', range: { kind: 'newest' }, entry: null, columns: DEFAULT_COLUMNS, zone: 'local' };

const ENTRY: Entry = {
  id: 'e1',
  tenant: 'acme',
  seq: 1,
  recorded_at: '2026-11-20T10:00:00.000Z',
  occurred_at: '2026-11-20T10:00:00.000Z',
  action: 'user.role.change',
  category: 'user_management',
  verb: 'update',
  security_relevant: true,
  outcome: 'success',
  actor: { type: 'user', id: 'u_7', name: 'Ana' },
  targets: [{ type: 'user', id: 'u_9', name: 'Bo' }],
  changes: [{ field: 'role', before: 'agent', after: 'admin' }],
};

const CATALOG = new Catalog({
  id: 'x',
  name: 'X',
  actions: [
    {
      action: 'user.role.change',
      category: 'user_management',
      verb: 'update',
      sentence: { en: '{actor} changed the role of {target} from {before} to {after}' },
    },
    { action: 'import.*', category: 'data', verb: 'import', sentence: { en: '{actor} imported {target}' } },
  ],
});

describe('a sentence', () => {
  it('is that of the catalog, with its places filled', () => {
    expect(sentenceText(ENTRY, CATALOG, ENGLISH)).toBe('Ana changed the role of Bo from agent to admin');
  });

  it('is none when the entry lacks what the catalog’s needs', () => {
    const { changes: _, ...rest } = ENTRY;
    expect(sentenceText(rest, CATALOG, ENGLISH)).toBe('Ana · user.role.change · Bo');
  });

  it('is found by the longest beginning of the action', () => {
    expect(sentenceText({ ...ENTRY, action: 'import.contacts' }, CATALOG, ENGLISH)).toBe('Ana imported Bo');
  });

  it('names nobody whose name was erased', () => {
    expect(sentenceText({ ...ENTRY, actor: { type: 'user' }, personal_erased: true }, CATALOG, ENGLISH)).toMatch(
      /^\(erased\) changed/,
    );
    expect(sentenceText({ ...ENTRY, actor: { type: 'user', id_hash: 'f'.repeat(64) } }, CATALOG, ENGLISH)).toMatch(
      /^\(not shown\) changed/,
    );
  });
});

it('a sentence does not say from what, when there was nothing before', () => {
  const given = { ...ENTRY, changes: [{ field: 'role', before: null, after: 'agent' }] };
  expect(sentenceText(given, CATALOG, ENGLISH)).toBe('Ana changed the role of Bo to agent');
});

it('a sentence is German for whoever reads it, and the operator has a name', async () => {
  const german = await wordsFor(['de']);
  expect(sentenceText(ENTRY, CATALOG, german)).toBe('Ana hat die Rolle von Bo von agent zu admin geändert');
  const operator = { ...ENTRY, actor: { type: 'api_client', id: 'k1', roles: ['operator'] } };
  expect(sentenceText(operator, CATALOG, german)).toMatch(/^Der Betreiber hat/);
  const signedIn = { ...ENTRY, actor: { type: 'user', id: 'k1', name: 'operator', roles: ['operator'] } };
  expect(sentenceText(signedIn, CATALOG, german)).toMatch(/^Der Betreiber hat/);
});

describe('what a profile presets', () => {
  const preset = (viewer: NonNullable<Profile['viewer']>) => presetOf({ id: 'x', name: 'X', viewer });

  it('is the columns in its order, without what every row has', () => {
    expect(preset({ columns: ['time', 'actor', 'sentence', 'ip', 'location', 'outcome', 'tenant'] }).columns).toEqual([
      'ip',
      'country',
      'outcome',
    ]);
    expect(preset({ columns: ['time', 'sentence'] }).columns).toEqual([]);
    expect(preset({}).columns).toEqual(DEFAULT_COLUMNS);
  });

  it('is the facets of its filters first, and none twice or lost', () => {
    const { facets, filters } = preset({ filters: ['time', 'actor', 'verb', 'target', 'country'] });
    expect(facets.slice(0, 3)).toEqual(['actor_id', 'verb', 'country']);
    expect(facets.toSorted()).toEqual([...FACETS, 'verb'].toSorted());
    expect(filters).toHaveLength(5);
  });

  it('is nothing where there is no profile', () => {
    expect(presetOf(null)).toEqual({
      range: { kind: 'newest' },
      columns: DEFAULT_COLUMNS,
      pageEntries: PAGE_ENTRIES,
      zone: null,
      filters: [],
      facets: [...FACETS],
    });
    expect(preset({ zone: 'Mars/Olympus' }).zone).toBeNull();
    expect(preset({ last: 'P7D', newest: 20 })).toMatchObject({
      range: { kind: 'last', span: 'P7D' },
      pageEntries: 20,
    });
  });
});

describe('the saved views', () => {
  afterEach(() => void vi.unstubAllGlobals());

  it('say what was refused, also when their list comes after that', async () => {
    let answerList: (list: Response) => void = () => {};
    const list = new Promise<Response>((answer) => (answerList = answer));
    const json = (status: number, body: object): Response =>
      new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/problem+json' } });
    vi.stubGlobal('fetch', (_: string, init: RequestInit) =>
      init.method === 'POST'
        ? Promise.resolve(json(400, { status: 400, code: 'invalid_query', detail: 'Query, column 1' }))
        : list,
    );
    const model = { api: new Api('', null), path: (rest: string) => `/v1/tenants/acme${rest}`, view: FALLBACK };
    const saved = new SavedViews(model as unknown as Model, () => {});
    const loading = saved.load();
    expect(await saved.save('Faulty', false)).toBe(false);
    answerList(json(200, { views: [] }));
    await loading;
    expect(saved.all).toEqual([]);
    expect(saved.problem?.code).toBe('invalid_query');
  });
});

describe('a saved view', () => {
  it.each<View>([
    FALLBACK,
    { q: 'actor:"Ana B"', range: { kind: 'last', span: 'PT1H' }, entry: null, columns: ['ip'], zone: 'Europe/Berlin' },
    { q: '', range: { kind: 'between', from: 1_700_000_000_123, to: null }, entry: null, columns: [], zone: 'UTC' },
  ])('is opened as it was saved', (view) => {
    expect(fromSaved({ id: 'v', ...toSaved({ ...view, entry: 'open then' }, 'Mine', false) })).toEqual(view);
  });
});

it('an export is named after tenant and window, by the days of the reader', () => {
  const from = Date.parse('2025-12-31T23:00:00Z');
  expect(fileName('acme', from, null, 'Europe/Berlin', 'csv')).toBe('acme-from-2026-01-01.csv');
  expect(fileName('acme', from, from + 86_400_000, 'UTC', 'json')).toBe('acme-from-2025-12-31-to-2026-01-01.json');
  expect(bytesText(1_234_567, ENGLISH)).toBe('1.2\u00a0MB');
  expect(bytesText(999, { locale: 'de' })).toMatch(/^999\u00a0/);
});

describe('an address', () => {
  it.each<View>([
    FALLBACK,
    {
      q: 'actor:"Ana B" -a&b=c',
      range: { kind: 'last', span: 'P7D' },
      entry: 'id/with #&',
      columns: ['ip', 'action'],
      zone: 'Europe/Berlin',
    },
    { q: '', range: { kind: 'between', from: 0, to: null }, entry: null, columns: [], zone: 'UTC' },
    {
      q: 'x',
      range: { kind: 'between', from: 1_700_000_000_123, to: 1_800_000_000_456 },
      entry: null,
      columns: DEFAULT_COLUMNS,
      zone: 'local',
    },
  ])('holds the whole view', (view) => {
    expect(readView(`#${writeView('', 'a.', view, FALLBACK)}`, 'a.', FALLBACK)).toEqual(view);
  });

  it('leaves alone what others keep there', () => {
    expect(writeView('#b.q=theirs&tab=3', 'a.', { ...FALLBACK, q: 'mine' }, FALLBACK)).toBe(
      'b.q=theirs&tab=3&a.q=mine',
    );
  });
});

describe('differences', () => {
  it('of texts are by word and lose nothing', () => {
    const before = 'the quick brown fox jumps over the lazy dog';
    const after = 'the slow brown fox walks over the dog';
    const pieces = diffWords(before, after)!;
    const text = (kind: string): string =>
      pieces
        .filter((p) => p.kind === 'same' || p.kind === kind)
        .map((p) => p.text)
        .join('');
    expect(text('gone')).toBe(before);
    expect(text('come')).toBe(after);
  });

  it('of JSON are by path', () => {
    expect(diffJson({ a: 1, b: { c: [1, 2] } }, { a: 1, b: { c: [1, 3] }, d: null })).toEqual([
      { path: '/b/c/1', before: 2, after: 3 },
      { path: '/d', before: undefined, after: null },
    ]);
  });
});

describe('server-sent events', () => {
  it('are taken apart however they are cut', () => {
    const text = 'id: 7\n\n: alive\nid: 8\nevent: entry\ndata: {"a":1}\n\nevent: entry\r\ndata: x\r\ndata: y\r\n\r\n';
    for (let size = 1; size < 12; size++) {
      const seen: string[][] = [];
      const parser = new EventStreamParser((name, data, id) => seen.push([name, data, id]));
      for (let i = 0; i < text.length; i += size) parser.push(text.slice(i, i + size));
      expect(seen[0], `cut every ${size}`).toEqual(['entry', '{"a":1}', '8']);
    }
  });
});

describe('words', () => {
  it('are the same in every language, with the same parameters', () => {
    const parameters = (text: unknown): string[] => [...new Set(JSON.stringify(text).match(/\{\w+\}/g))].sort();
    for (const [english, german] of [
      [en, de],
      [consoleEn, consoleDe],
    ] as Record<string, unknown>[][]) {
      expect(Object.keys(german!)).toEqual(Object.keys(english!));
      for (const key of Object.keys(english!)) expect(parameters(german![key]), key).toEqual(parameters(english![key]));
    }
  });

  it('follow the reader', async () => {
    expect((await wordsFor(['fr', 'de-DE'])).t('count.entries', { count: 1234 })).toBe('1.234 Einträge');
    expect((await wordsFor(['en-GB'])).t('count.entries', { count: 1 })).toBe('1 entry');
    expect(await wordsFor(['fr'])).toBe(ENGLISH);
  });
});

it('a device is browser and system', () => {
  expect(
    deviceOf(
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
    ),
  ).toBe('Chrome 142, Windows');
  expect(deviceOf('Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0')).toBe('Firefox 146, Linux');
  expect(
    deviceOf(
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
    ),
  ).toBe('Safari 18, iOS');
  expect(deviceOf('nothing known')).toBe('');
});

it('figures are read from the text format', () => {
  expect(figures('# HELP x y\nx 1.5\nx_count{route="GET /a b",code="200"} 3\n')).toEqual([
    { name: 'x', labels: '', value: 1.5 },
    { name: 'x_count', labels: '{route="GET /a b",code="200"}', value: 3 },
  ]);
});

describe('the rows of the list', () => {
  it('are taken over by a page that has nothing in common with the one before', () => {
    const keys = new RowKeys();
    const first = keys.of(['a', 'b', 'c']);
    expect(new Set(first).size).toBe(3);
    expect(keys.of(['d', 'e'])).toEqual(first.slice(0, 2));
    const longer = keys.of(['f', 'g', 'h']);
    expect(longer.slice(0, 2)).toEqual(first.slice(0, 2));
    expect(new Set(longer).size).toBe(3);
  });

  it('stay with the entries that stay', () => {
    const keys = new RowKeys();
    const [a, b, c] = keys.of(['a', 'b', 'c']);
    const [fresh, ...rest] = keys.of(['new', 'a', 'b']);
    expect(rest).toEqual([a, b]);
    expect([a, b, c]).not.toContain(fresh);
    expect(keys.of(['new', 'a', 'b'])).toEqual([fresh, a, b]);
  });
});
