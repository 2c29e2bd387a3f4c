// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as chips from '../src/query/chips.ts';
import { bare, hidesReads, WITHOUT_READS } from '../src/query/reads.ts';
import { ago } from '../src/shared/time.ts';
import { IndelibleViewer } from '../src/viewer/viewer.ts';
import { eventually } from './eventually.ts';

describe('reads of the log', () => {
  it('are left out by the end of the query, and by nothing else', () => {
    expect(hidesReads(WITHOUT_READS)).toBe(true);
    expect(hidesReads('actor:ana -reads:log')).toBe(true);
    for (const q of ['', 'reads:log', 'x-reads:log', '-reads:log actor:ana']) expect(hidesReads(q)).toBe(false);
    expect(bare('actor:ana -reads:log')).toBe('actor:ana');
    expect(bare(WITHOUT_READS)).toBe('');
    expect(bare('a OR b')).toBe('a OR b');
  });

  it('stay left out whatever is added to the query', () => {
    expect(chips.only(WITHOUT_READS, 'outcome', 'failure')).toBe('outcome:failure -reads:log');
    expect(chips.exclude('actor:ana -reads:log', 'outcome', 'failure')).toBe('actor:ana -outcome:failure -reads:log');
    expect(chips.also('actor:ana -reads:log', 'actor', 'bo')).toBe('actor:ana,bo -reads:log');
    expect(chips.and('a OR b', WITHOUT_READS)).toBe('(a OR b) -reads:log');
    expect(chips.clear('outcome:failure -reads:log', 'outcome')).toBe(WITHOUT_READS);
  });
});

it('a span is a distance from now, as it is written', () => {
  expect(['P7D', 'PT1H', 'PT24H', 'PT90M', 'P1DT1H'].map(ago)).toEqual(['-7d', '-1h', '-1d', '-90m', '-25h']);
});

const ENTRY = {
  id: 'e1',
  tenant: 'acme',
  seq: 0,
  recorded_at: '2026-11-20T10:00:00.000Z',
  occurred_at: '2026-11-20T10:00:00.000Z',
  action: 'user.login',
  category: 'authentication',
  verb: 'login',
  security_relevant: false,
  outcome: 'success',
  actor: { type: 'user', id: 'u_7', name: 'Ana' },
};

describe('the viewer', () => {
  const asked: URL[] = [];
  let viewer: IndelibleViewer | null = null;

  const answers: Record<string, unknown> = {
    events: { entries: [ENTRY], next_cursor: null, indexed_through: 0 },
    facets: { count: 0, facets: {}, distinct: {}, indexed_through: 0 },
    histogram: { count: 0, interval: 'day', zone: 'UTC', buckets: [], indexed_through: 0 },
    session: { kind: 'member', user: { id: 'ana' }, tenants: [{ id: 'acme', permissions: ['audit.view'] }] },
    profile: { id: 'x', name: 'X', actions: [], viewer: { last: 'P7D' } },
  };

  afterEach(() => {
    viewer?.remove();
    vi.unstubAllGlobals();
  });

  const q = (part: string): (string | null)[] =>
    asked.filter(({ pathname }) => pathname.endsWith(part)).map(({ searchParams }) => searchParams.get('q'));

  it('leaves them out by a query that it shows, and shows them after a click', async () => {
    vi.stubGlobal('fetch', async (url: string) => {
      const address = new URL(url, 'http://log.test');
      asked.push(address);
      const answer = answers[address.pathname.split('/').at(-1)!];
      return answer ? new Response(JSON.stringify(answer)) : new Response('{}', { status: 404 });
    });
    viewer = new IndelibleViewer();
    viewer.tenant = 'acme';
    viewer.api = 'http://log.test';
    document.body.append(viewer);
    await eventually(() => expect(q('/histogram').length).toBeGreaterThan(0));
    await eventually(() => expect(q('/tail').length).toBeGreaterThan(0));
    for (const part of ['/events', '/facets', '/histogram', '/tail'])
      expect(new Set(q(part)), part).toEqual(new Set([WITHOUT_READS]));
    expect(
      asked
        .filter(({ pathname }) => /events|facets|tail/.test(pathname))
        .map(({ searchParams }) => searchParams.get('from')),
    ).not.toContain(null);
    expect(asked.find(({ pathname }) => pathname.endsWith('/events'))!.searchParams.get('from')).toBe('-7d');
    const chip = (): HTMLButtonElement => viewer!.renderRoot.querySelector('.reads')!;
    await eventually(() => expect(chip().textContent).toContain('Reads of the log hidden'));
    const input = viewer.renderRoot.querySelector<HTMLInputElement>('.query input')!;
    expect(input.value).toBe('');
    viewer.model.query(viewer.model.own('actor:ana'));
    await viewer.updateComplete;
    expect(viewer.model.view.q).toBe('actor:ana -reads:log');
    expect(viewer.queryBox.draft).toBe('actor:ana');
    asked.length = 0;
    chip().click();
    await eventually(() => expect(q('/facets').length).toBeGreaterThan(0));
    await viewer.updateComplete;
    expect(q('/events')).toEqual(['actor:ana']);
    expect(chip().textContent).toContain('Hide reads of the log');
    expect(viewer.model.own('actor:bo')).toBe('actor:bo');
    chip().click();
    expect(viewer.model.view.q).toBe('actor:ana -reads:log');
  });
});
