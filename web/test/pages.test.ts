// @vitest-environment happy-dom
/** Pages as somebody sees them: what a link opens, how a list is laid out, and what is not theirs to see. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { wordsFor } from '../src/shared/i18n.ts';
import type { Change, Entry } from '../src/shared/types.ts';
import { Sorting } from '../src/console/sorting.ts';
import '../src/console/console.ts';
import type { IndelibleConsole } from '../src/console/console.ts';
import { rememberedWidths } from '../src/viewer/remembered.ts';
import { Catalog, sentenceText } from '../src/viewer/sentence.ts';
import type { IndelibleViewer } from '../src/viewer/viewer.ts';
import { eventually } from './eventually.ts';

const MINUTE = 60_000;
const FIRST = Date.parse('2026-01-01T00:00:00.000Z');

function entry(seq: number): Entry {
  const time = new Date(FIRST + seq * MINUTE).toISOString();
  return {
    id: `e${seq}`,
    tenant: 'acme',
    seq,
    recorded_at: time,
    occurred_at: time,
    action: 'user.permission_grant.made',
    category: 'other',
    verb: 'unknown',
    security_relevant: false,
    outcome: 'success',
    actor: { type: 'user', id: 'u_1', name: 'Ana' },
  } as Entry;
}

/** A log of so many entries, a minute apart, that is asked as a server is. */
function log(size: number, asked: URL[] = []): (url: string) => Response {
  const all = Array.from({ length: size }, (_, i) => entry(size - 1 - i));
  return (text) => {
    const url = new URL(text, 'http://localhost');
    asked.push(url);
    const path = url.pathname.replace('/v1/tenants/acme', '');
    const get = (name: string): string | null => url.searchParams.get(name);
    const one = /^\/events\/(.+)$/.exec(path)?.[1];
    if (one) return Response.json(all.find(({ id }) => id === one));
    if (path === '/events') {
      const from = Date.parse(get('from') ?? '') || 0;
      const to = Date.parse(get('to') ?? '') || Infinity;
      const found = all.filter(({ occurred_at: at }) => Date.parse(at) >= from && Date.parse(at) < to);
      if (get('order') === 'occurred') found.reverse();
      const start = Number(get('cursor') ?? 0);
      const end = start + Number(get('limit') ?? 100);
      return Response.json({
        entries: found.slice(start, end),
        next_cursor: end < found.length ? String(end) : null,
        indexed_through: size - 1,
      });
    }
    if (path === '/facets')
      return Response.json({ count: size, facets: { action: [{ value: 'user.permission_grant.made', count: size }] } });
    if (path === '/profile') return Response.json({ id: 'standard', name: 'Standard', actions: [], categories: [] });
    return Response.json({ code: 'not_found', detail: '' }, { status: 404 });
  };
}

function viewerOf(answer: (url: string) => Response, hash = ''): IndelibleViewer {
  vi.stubGlobal('fetch', async (url: string) => answer(url));
  location.hash = hash;
  const element = document.createElement('indelible-viewer') as IndelibleViewer;
  element.tenant = 'acme';
  element.links = true;
  document.body.append(element);
  return element;
}

beforeEach(() => localStorage.clear());

afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
  location.hash = '';
});

describe('a link to an entry', () => {
  const shown = (element: IndelibleViewer): string[] =>
    [...element.renderRoot.querySelectorAll<HTMLElement>('tr.entry[data-id]')].map((row) => row.dataset['id']!);

  it('opens on the page of the entry, with rows above and below it, and pages in both directions', async () => {
    const asked: URL[] = [];
    const element = viewerOf(log(1000, asked), '#entry=e300');
    await eventually(() => expect(shown(element)).toContain('e300'));
    expect(shown(element)[0]).toBe('e320');
    expect(shown(element)).toHaveLength(100);
    expect(element.renderRoot.querySelector('tr.open')!.getAttribute('data-id')).toBe('e300');
    expect(element.renderRoot.querySelector('.elsewhere')).toBeNull();
    expect(asked.filter(({ pathname }) => pathname.endsWith('/events/e300'))).toHaveLength(1);
    expect(element.model.isOpenEnded).toBe(false);
    element.model.older();
    await eventually(() => expect(shown(element)[0]).toBe('e220'));
    element.model.newer();
    await eventually(() => expect(shown(element)[0]).toBe('e320'));
    element.model.newer();
    await eventually(() => expect(shown(element)[0]).toBe('e420'));
    for (const _ of 'climbs') {
      element.model.newer();
      await eventually(() => expect(element.model.page.loading).toBe(false));
    }
    await eventually(() => expect(shown(element)[0]).toBe('e999'));
    expect(element.model.isFirst).toBe(true);
  });

  it('asks no more than its reader where that is recorded', async () => {
    const asked: URL[] = [];
    const answer = log(1000, asked);
    const element = viewerOf(
      (url) =>
        url.includes('/profile')
          ? Response.json({ id: 'inbox', name: 'Inbox', record_views: true, actions: [], categories: [] })
          : answer(url),
      '#entry=e300',
    );
    await eventually(() => expect(shown(element)[0]).toBe('e300'));
    expect(
      asked.filter(({ pathname }) => pathname.endsWith('/events')).map(({ searchParams }) => searchParams.get('to')),
    ).toEqual([new Date(FIRST + 300 * MINUTE + 1).toISOString()]);
    element.model.newer();
    await eventually(() => expect(shown(element)[0]).toBe('e400'));
  });

  it('begins with the newest where the entry is among them', async () => {
    const element = viewerOf(log(1000), '#entry=e990');
    await eventually(() => expect(shown(element)).toContain('e990'));
    expect(shown(element)[0]).toBe('e999');
    expect(element.model.isOpenEnded).toBe(true);
  });

  it('means the entry whenever it was, unless it names a time', async () => {
    const element = viewerOf(log(1000), '#entry=e300');
    element.model.fallback.range = { kind: 'last', span: 'PT1H' };
    await eventually(() => expect(shown(element)).toContain('e300'));
    const bounded = viewerOf(log(1000), `#entry=e300&from=${new Date(FIRST + 900 * MINUTE).toISOString()}`);
    await eventually(() => expect(shown(bounded)[0]).toBe('e999'));
    await eventually(() => expect(bounded.renderRoot.querySelector('.elsewhere')).not.toBeNull());
  });
});

describe('columns', () => {
  it('are widened by keys and pointer, reset, and kept for the tenant', async () => {
    const element = viewerOf(log(3));
    await eventually(() => expect(element.renderRoot.querySelector('th.outcome-column .grip')).not.toBeNull());
    const grip = (): HTMLElement => element.renderRoot.querySelector<HTMLElement>('th.outcome-column .grip')!;
    vi.spyOn(grip().parentElement!, 'offsetWidth', 'get').mockImplementation(() =>
      parseInt(grip().parentElement!.style.width || '112', 10),
    );
    const press = async (key: string): Promise<string | null> => {
      grip().dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
      await element.updateComplete;
      return grip().getAttribute('aria-valuenow');
    };
    expect(grip().getAttribute('role')).toBe('separator');
    expect(grip().getAttribute('aria-label')).toBe('Width of the column Outcome');
    // The column stands behind the sentence: its side moves left and it grows.
    expect(await press('ArrowLeft')).toBe('128');
    expect(await press('ArrowRight')).toBe('112');
    expect(await press('End')).toBe('640');
    expect(grip().parentElement!.style.width).toBe('640px');
    expect(rememberedWidths('acme')).toEqual(new Map([['outcome', 640]]));
    const again = viewerOf(log(3));
    await eventually(() =>
      expect(again.renderRoot.querySelector<HTMLElement>('th.outcome-column')!.style.width).toBe('640px'),
    );
    expect(await press('Enter')).toBe('112');
    expect(rememberedWidths('acme').size).toBe(0);
  });
});

it('what waits is told beside the count and not on the rows', async () => {
  const element = viewerOf(log(3));
  await eventually(() => expect(element.renderRoot.querySelector('tr.entry[data-id]')).not.toBeNull());
  element.model.live.waiting = [entry(3)];
  element.requestUpdate();
  await element.updateComplete;
  expect(element.renderRoot.querySelector('.chart .paused')).not.toBeNull();
  expect(element.renderRoot.querySelector('.list .paused')).toBeNull();
});

it('rows that come by themselves stand where they belong, and a list that grew long is loaded again', async () => {
  const asked: URL[] = [];
  const element = viewerOf(log(500, asked));
  const { live } = element.model;
  const loads = (): number => asked.filter(({ pathname }) => pathname.endsWith('/events')).length;
  await eventually(() => expect(element.model.entries).toHaveLength(100));
  live.waiting = [entry(501), { ...entry(502), occurred_at: entry(1).occurred_at, flags: ['late'] } as Entry];
  live.flush();
  await element.updateComplete;
  expect(element.model.entries.map(({ seq }) => seq).slice(0, 2)).toEqual([501, 499]);
  expect(element.renderRoot.querySelector('.chart .below')!.textContent).toContain(
    '1 entry recorded just now happened earlier',
  );
  expect(element.renderRoot.querySelector('.list .below')).toBeNull();
  expect(loads()).toBe(1);
  // Rows that fell off the bottom would be on no page.
  live.waiting = Array.from({ length: 200 }, (_, i) => entry(600 + i));
  live.flush();
  await eventually(() => expect(loads()).toBe(2));
  await eventually(() =>
    expect(element.model.entries.map(({ seq }) => seq)).toEqual(Array.from({ length: 100 }, (_, i) => 499 - i)),
  );
});

it('the name of an action breaks at its dots and underscores', async () => {
  const element = viewerOf(log(3));
  await eventually(() => expect(element.renderRoot.querySelector('.facet [data-field=action] bdi')).not.toBeNull());
  const label = element.renderRoot.querySelector('.facet [data-field=action] bdi')!;
  expect(label.textContent).toBe('user.permission_grant.made');
  expect(label.querySelectorAll('wbr')).toHaveLength(3);
});

describe('a sentence of a change', () => {
  const catalog = new Catalog({
    id: 'x',
    name: 'X',
    actions: [
      {
        action: 'settings.updated',
        category: 'settings',
        verb: 'update',
        sentence: { en: '{actor} changed the setting {field}{? from {before}}{? to {after}}' },
      },
    ],
  });
  const of = async (change: Change, language = 'en'): Promise<string> =>
    sentenceText({ ...entry(1), action: 'settings.updated', changes: [change] }, catalog, await wordsFor([language]));

  it('has its end, also when that is false or nothing', async () => {
    expect(await of({ field: 'mfa', before: true, after: false })).toBe(
      'Ana changed the setting mfa from true to false',
    );
    expect(await of({ field: 'mfa', before: true, after: null })).toBe(
      'Ana changed the setting mfa from true to nothing',
    );
    expect(await of({ field: 'region', before: 'EU', after: null }, 'de')).toContain('EU zu nichts');
    expect(await of({ field: 'mfa', before: null, after: false })).toBe('Ana changed the setting mfa to false');
    expect(await of({ field: 'mfa', before: null, after: null })).toBe('Ana changed the setting mfa');
  });
});

describe('a table', () => {
  interface Row {
    name: string;
    count: number | null;
  }
  const columns = [
    { id: 'name', title: 'Name', key: ({ name }: Row) => name },
    { id: 'count', title: 'Count', key: ({ count }: Row) => count },
  ];
  const rows: Row[] = [
    { name: 'Number 10', count: 1 },
    { name: 'number 2', count: null },
    { name: 'Änne', count: 7 },
    { name: 'Zoë', count: 3 },
  ];

  it('is sorted as people count, the other way round at the second click, and what is not known comes last', () => {
    const sorting = new Sorting<Row>('name', () => {});
    const names = (): string[] => sorting.sorted(rows, columns, 'en').map(({ name }) => name);
    expect(names()).toEqual(['Änne', 'number 2', 'Number 10', 'Zoë']);
    sorting.choose('name', false);
    expect(names()).toEqual(['Zoë', 'Number 10', 'number 2', 'Änne']);
    sorting.choose('count', true);
    expect(names()).toEqual(['Änne', 'Zoë', 'Number 10', 'number 2']);
    sorting.choose('count', true);
    expect(names()).toEqual(['Number 10', 'Zoë', 'Änne', 'number 2']);
  });
});

describe('the console', () => {
  const asked: string[] = [];

  async function consoleOf(
    session: Record<string, unknown>,
    path: string,
    more: Record<string, unknown> = {},
  ): Promise<IndelibleConsole> {
    asked.length = 0;
    const entries = log(3);
    const bare: Record<string, unknown> = {
      '/v1/session': session,
      '/v1/tenants': {
        tenants: [{ id: 'acme', name: 'Acme', profile: 'standard', created_at: '2026-01-01T00:00:00Z' }],
      },
      '/v1/tenants/acme/histogram': { count: 0, interval: 'day', zone: 'UTC', buckets: [] },
      '/v1/tenants/acme/retention': { period: 'P1Y' },
      '/v1/tenants/acme/holds': { holds: [] },
      '/v1/tenants/acme/oversight': {
        erasures_take_two: true,
        erasure_wait_days: 7,
        waiting_erasures: [],
        holds_in_force: 0,
        weaknesses: [],
      },
      ...more,
    };
    vi.stubGlobal('fetch', async (text: string, init?: RequestInit) => {
      const { pathname } = new URL(text, 'http://localhost');
      asked.push(pathname);
      const refusal = bare[`${init?.method ?? 'GET'} ${pathname}`];
      if (refusal) return Response.json(refusal, { status: 422 });
      return pathname in bare ? Response.json(bare[pathname]) : entries(text);
    });
    history.replaceState(null, '', path);
    const element = document.createElement('indelible-console') as IndelibleConsole;
    document.body.append(element);
    await eventually(() => expect(element.renderRoot.querySelector('main')?.getAttribute('aria-busy')).toBe('false'));
    return element;
  }

  const accountAdmin = {
    kind: 'member',
    name: 'Ana',
    tenants: [
      { id: 'acme', name: 'Acme', permissions: ['audit.view', 'audit.verify', 'members.manage'], accounts: ['eu'] },
    ],
  };

  it('never says 0 of holds to whoever may not see them, and does not lead there', async () => {
    const element = await consoleOf(accountAdmin, '/t/acme');
    const tile = [...element.renderRoot.querySelectorAll('.tile')].find((each) =>
      each.textContent.includes('Legal holds'),
    )!;
    expect(tile.textContent).not.toMatch(/\d/);
    expect(tile.textContent).toContain('not yours to see');
    const due = [...element.renderRoot.querySelectorAll('dl.facts dt')].find((each) =>
      each.textContent.includes('Legal holds'),
    )!.nextElementSibling!;
    expect(due.textContent).toContain('not yours to see');
    expect(asked.some((path) => path.endsWith('/holds'))).toBe(false);
    expect(element.renderRoot.querySelector('.rail a[href="/t/acme/holds"]')).toBeNull();
    expect(element.renderRoot.querySelector('main a[href$="/holds"]')).toBeNull();
  });

  it('says how many there are to whoever sees the whole log', async () => {
    const element = await consoleOf({ kind: 'operator', name: 'operator' }, '/t/acme');
    expect(element.renderRoot.querySelector('.rail a[href="/t/acme/holds"]')).not.toBeNull();
    expect(element.renderRoot.querySelector('main a.tile[href$="/holds"]')!.textContent).toContain('0');
  });

  it('leads to the place in a form where something is wrong', async () => {
    const fault = {
      pointer: '/query',
      code: 'invalid_query',
      detail: 'Column 4: unknown field actr; did you mean actor:?',
    };
    const element = await consoleOf({ kind: 'operator', name: 'operator' }, '/t/acme/holds', {
      'POST /v1/tenants/acme/holds': {
        code: 'invalid',
        detail: '/query: Column 4: unknown field actr',
        errors: [fault],
      },
    });
    element.renderRoot.querySelector<HTMLElement>('main header .button.primary')!.click();
    await eventually(() => expect(element.renderRoot.querySelector('dialog form')).not.toBeNull());
    const form = element.renderRoot.querySelector<HTMLFormElement>('dialog form')!;
    expect(form.querySelector<HTMLInputElement>('[name=everything]')!.required).toBe(true);
    const query = form.querySelector<HTMLInputElement>('[name=query]')!;
    query.value = '💡  actr:ana outcome:failure';
    query.dispatchEvent(new Event('input', { bubbles: true }));
    await element.updateComplete;
    expect(form.querySelector('[name=everything]')).toBeNull();
    form.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
    await eventually(() =>
      expect(element.renderRoot.querySelector('dialog .notice.danger')?.textContent).toContain(
        'Query, column 4: unknown field actr; did you mean actor:?',
      ),
    );
    await eventually(() => expect(query.selectionEnd).toBe('💡  actr:ana'.length));
    expect(query.value.slice(query.selectionStart!, query.selectionEnd!)).toBe('actr:ana');
  });

  it('names permissions as people do, and as programs do for whoever points at one', async () => {
    const element = await consoleOf({ kind: 'operator', name: 'operator' }, '/t/acme/permissions', {
      '/v1/tenants/acme/profile': {
        id: 'standard',
        name: 'Standard',
        permission_sets: [{ id: 'audit', name: 'Audit', permissions: ['audit.view'] }],
      },
    });
    const tag = element.renderRoot.querySelector('table.rows .tag')!;
    expect(tag.textContent).toContain('Read entries');
    expect(tag.getAttribute('title')).toBe('audit.view');
  });

  it('sorts the tenants, and their numbers lead to what they count', async () => {
    const named = (id: string, name: string, size: number): object => ({
      id,
      name,
      profile: 'standard',
      created_at: '2026-01-01T00:00:00Z',
      log_size: size,
    });
    const element = await consoleOf({ kind: 'operator', name: 'operator' }, '/tenants', {
      '/v1/tenants': { tenants: [named('n10', 'Number 10', 5), named('n2', 'Number 2', 7)] },
      '/v1/profiles': { profiles: [] },
    });
    const names = (): string[] =>
      [...element.renderRoot.querySelectorAll('tbody td:first-child a')].map((each) => each.textContent);
    expect(names()).toEqual(['Number 2', 'Number 10']);
    element.renderRoot.querySelector<HTMLElement>('[data-sort=name]')!.click();
    await element.updateComplete;
    expect(names()).toEqual(['Number 10', 'Number 2']);
    expect(element.renderRoot.querySelector('th[aria-sort]')!.getAttribute('aria-sort')).toBe('descending');
    element.renderRoot.querySelector<HTMLElement>('[data-sort=entries]')!.click();
    await element.updateComplete;
    expect(names()).toEqual(['Number 2', 'Number 10']);
    const links = [...element.renderRoot.querySelectorAll('tbody tr:last-child td a')].map((each) =>
      each.getAttribute('href'),
    );
    expect(links).toEqual(['/t/n10', '/t/n10/log#time=newest']);
  });
});
