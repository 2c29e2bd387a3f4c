// @vitest-environment happy-dom
/** The pages of exports and schedules as somebody uses them, against what the API answers. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import '../src/console/console.ts';
import type { IndelibleConsole } from '../src/console/console.ts';
import { eventually } from './eventually.ts';

const ALL = ['id', 'seq', 'action'];
const SAMPLE = {
  id: 'e1',
  tenant: 'acme',
  seq: 1,
  recorded_at: '2026-11-20T10:00:00.000Z',
  occurred_at: '2026-11-20T10:00:00.000Z',
  action: 'user.login',
  category: 'authentication',
  verb: 'login',
  security_relevant: false,
  outcome: 'success',
  actor: { type: 'user', id: 'u_1', name: 'Ana' },
};

interface Asked {
  method: string;
  path: string;
  body: Record<string, unknown> | null;
}

type Answers = Record<string, (asked: Asked) => unknown>;

const asked: Asked[] = [];

/** The console at an address, on a server that answers so; what is not said is not found. */
async function consoleOf(path: string, answers: Answers, session: object = {}): Promise<IndelibleConsole> {
  asked.length = 0;
  const all: Answers = {
    'GET /session': () => ({ kind: 'operator', name: 'operator', ...session }),
    'GET /tenants': () => ({ tenants: [{ id: 'acme', name: 'Acme', profile: 'standard', created_at: '' }] }),
    'GET /profile': () => ({ id: 'standard', name: 'Standard', actions: [], categories: [] }),
    'GET /exports': () => ({ exports: [], next_cursor: null }),
    'GET /schedules': () => ({ schedules: [], next_cursor: null }),
    'POST /exports/preview': ({ body }) => ({
      estimate: 12,
      columns: (body?.['columns'] as string[] | undefined) ?? ALL,
      left_out: ALL.filter((each) => !((body?.['columns'] as string[] | undefined) ?? ALL).includes(each)),
      personal: body?.['withhold_personal'] ? 'withheld' : 'included',
      sample: [SAMPLE],
      warnings: [],
    }),
    ...answers,
  };
  vi.stubGlobal('fetch', async (text: string, init: RequestInit = {}) => {
    const { pathname } = new URL(text, 'http://localhost');
    const method = init.method ?? 'GET';
    const short = pathname.replace(/^\/v1(?:\/tenants\/acme(?=\/))?/, '');
    const one = { method, path: short, body: init.body ? JSON.parse(init.body as string) : null };
    asked.push(one);
    const answer = all[`${method} ${short}`]?.(one);
    if (answer instanceof Response) return answer;
    return answer ? Response.json(answer) : Response.json({ code: 'not_found', detail: '' }, { status: 404 });
  });
  history.replaceState(null, '', path);
  const element = document.createElement('indelible-console') as IndelibleConsole;
  document.body.append(element);
  await eventually(() => expect(element.renderRoot.querySelector('main')?.getAttribute('aria-busy')).toBe('false'));
  return element;
}

const $ = <T extends HTMLElement = HTMLElement>(element: IndelibleConsole, selector: string): T | null =>
  element.renderRoot.querySelector<T>(selector);
const bodies = (path: string): Record<string, unknown>[] =>
  asked.filter((each) => each.method === 'POST' && each.path === path).map(({ body }) => body!);

function type(field: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement, value: string, event = 'input'): void {
  field.value = value;
  field.dispatchEvent(new Event(event, { bubbles: true }));
}

afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
  history.replaceState(null, '', '/');
});

const job = (id: string, state: string, more: object = {}): object => ({
  id,
  state,
  format: 'csv',
  query: 'actor:ana',
  created_at: '2026-11-20T10:00:00.000Z',
  created_by: { kind: 'member', id: 'u_1', name: 'Ana' },
  ...more,
});

describe('the list of exports', () => {
  it('follows what is under way until it is done, and then asks no more', async () => {
    let looks = 0;
    const element = await consoleOf('/t/acme/exports', {
      'GET /exports': () => {
        looks++;
        return {
          exports: [
            looks < 4
              ? job('x1', 'running', { estimate: 1000, entries: looks * 250 })
              : job('x1', 'done', {
                  counts: { entries: 1000, purged: 2, erased: 0 },
                  file: {
                    name: 'a.csv',
                    media_type: 'text/csv',
                    bytes: 2048,
                    sha256: 'ab',
                    expires_at: '2026-12-01T00:00:00Z',
                  },
                }),
          ],
          next_cursor: null,
        };
      },
    });
    await eventually(() => expect($<HTMLProgressElement>(element, 'progress')!.value).toBe(0.5));
    expect($(element, 'tr[data-export=x1]')!.textContent).toContain('500 of about 1,000 entries');
    await eventually(() => expect($(element, 'tr[data-state=done]')).not.toBeNull());
    expect($(element, 'tr[data-state=done] a[download]')!.getAttribute('href')).toBe(
      '/v1/tenants/acme/exports/x1/file',
    );
    expect(looks).toBe(4);
    [...element.renderRoot.querySelectorAll<HTMLElement>('td.actions button')][0]!.click();
    await eventually(() => expect($(element, 'dialog dl')!.textContent).toContain('Purged before they were read'));
    expect($(element, 'dialog [data-manifest]')!.getAttribute('href')).toBe('/v1/tenants/acme/exports/x1/manifest');
  });

  it('says of one whose query is not theirs to see that it is not, and not that it is of everything', async () => {
    const element = await consoleOf('/t/acme/exports', {
      'GET /exports': () => ({ exports: [job('x1', 'withdrawn', { query: null })], next_cursor: null }),
    });
    const row = $(element, 'tr[data-export=x1]')!;
    expect(row.textContent).toContain('not yours to see');
    expect(row.textContent).toContain('A deletion touched what it held');
    expect(row.textContent).not.toContain('Everything');
    expect(row.querySelector('a[download]')).toBeNull();
  });

  it('is no page of whoever may not export', async () => {
    const tenants = [{ id: 'acme', name: 'Acme', permissions: ['audit.view'], accounts: null }];
    const element = await consoleOf(
      '/t/acme/exports',
      {
        'GET /exports': () => Response.json({ code: 'forbidden', detail: 'No.' }, { status: 403 }),
      },
      { kind: 'member', name: 'Bo', tenants },
    );
    expect($(element, '[data-refused]')).not.toBeNull();
    expect($(element, '.rail a[href$="/exports"]')).toBeNull();
    expect($(element, 'main')!.textContent).not.toMatch(/\b0\b/);
  });
});

describe('an export that is made', () => {
  const opened = async (element: IndelibleConsole): Promise<HTMLFormElement> => {
    await eventually(() => expect($(element, 'dialog form')).not.toBeNull());
    await eventually(() => expect($(element, '[data-estimate]')).not.toBeNull());
    return $<HTMLFormElement>(element, 'dialog form')!;
  };

  it('is previewed as it is chosen, and asked for as it was previewed', async () => {
    const element = await consoleOf('/t/acme/exports', { 'POST /exports': () => job('x9', 'waiting') });
    $(element, 'main header .button.primary')!.click();
    const form = await opened(element);
    expect(form.textContent).toContain('About 12 entries');
    expect(form.querySelector('ol.sample li')!.textContent).toContain('Ana');
    expect(form.querySelector('[value=csv]')!.closest('label')!.textContent).toContain('00123 becomes 123');
    expect(form.querySelector('[value=xlsx]')!.closest('label')!.textContent).toContain('stay the text');
    type(form.querySelector<HTMLInputElement>('[name=query]')!, 'actor:ana');
    form.querySelector<HTMLInputElement>('.columns-of [value=seq]')!.click();
    await eventually(() => expect(form.querySelector('[data-left-out]')!.textContent).toContain('seq'));
    form.querySelector<HTMLInputElement>('[name=personal][value=withheld]')!.click();
    const wanted = { query: 'actor:ana', format: 'csv', columns: ['id', 'action'], withhold_personal: true };
    await eventually(() => expect(bodies('/exports/preview').at(-1)).toMatchObject(wanted));
    form.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
    await eventually(() => expect(bodies('/exports')).toHaveLength(1));
    expect(bodies('/exports')[0]).toMatchObject({ ...wanted, id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    await eventually(() => expect($(element, 'dialog')).toBeNull());
  });

  it('begins with what the viewer showed, and its address is clean again', async () => {
    const element = await consoleOf('/t/acme/exports#new=&q=actor%3Aana&time=P30D', {});
    const form = await opened(element);
    expect(form.querySelector<HTMLInputElement>('[name=query]')!.value).toBe('actor:ana');
    expect(location.hash).toBe('');
    await eventually(() => expect(bodies('/exports/preview').at(-1)).toHaveProperty('from'));
    const { from } = bodies('/exports/preview').at(-1)!;
    expect(Math.round((Date.now() - Date.parse(from as string)) / 86_400_000)).toBe(30);
  });

  it('takes a link over that is put where the query goes', async () => {
    const element = await consoleOf('/t/acme/exports#new', {});
    const form = await opened(element);
    type(form.querySelector<HTMLInputElement>('[name=query]')!, 'https://a.test/t/acme/log#q=x%3Ay&time=P7D');
    await element.updateComplete;
    expect(form.querySelector<HTMLInputElement>('[name=query]')!.value).toBe('x:y');
    expect(form.querySelector<HTMLSelectElement>('[name=period]')!.value).toBe('P7D');
  });

  it('offers the fields of the query language by keys, and Escape leaves the sheet open', async () => {
    const element = await consoleOf('/t/acme/exports#new', {});
    const form = await opened(element);
    const input = form.querySelector<HTMLInputElement>('[name=query]')!;
    const press = (key: string): boolean =>
      input.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    type(input, 'actor_n');
    input.setSelectionRange(7, 7);
    await element.updateComplete;
    expect(form.querySelectorAll('[role=option]')).toHaveLength(1);
    press('ArrowDown');
    await element.updateComplete;
    expect(input.getAttribute('aria-activedescendant')).toBe('query-choice-0');
    press('Enter');
    await element.updateComplete;
    expect(input.value).toBe('actor_name:');
    type(input, 'out');
    await element.updateComplete;
    expect(press('Escape')).toBe(false);
    await element.updateComplete;
    expect(form.querySelector('[role=listbox]')).toBeNull();
    expect($(element, 'dialog')).not.toBeNull();
  });

  it('says what is wrong with a query, and cannot begin then', async () => {
    const fault = { code: 'invalid_query', detail: 'unknown field actr', errors: [] };
    const element = await consoleOf('/t/acme/exports#new', {
      'POST /exports/preview': () => Response.json(fault, { status: 400 }),
    });
    await eventually(() => expect($(element, '.outlook .notice.danger')!.textContent).toContain('unknown field actr'));
    expect($<HTMLButtonElement>(element, 'dialog .end .primary')!.disabled).toBe(true);
  });

  it('tells whoever may not see what is personal that it is left out, and asks for a reason', async () => {
    const element = await consoleOf('/t/acme/exports#new', {
      'GET /profile': () => ({ id: 'x', name: 'X', reason_for_exports: true, exports: ['csv'] }),
      'POST /exports/preview': () => ({
        estimate: 1,
        columns: ALL,
        left_out: [],
        personal: 'not_yours',
        sample: [],
        warnings: [{ code: 'of_tomorrow', text: 'Mind the gap.' }],
      }),
    });
    const form = await opened(element);
    await eventually(() => expect(form.querySelector('[data-personal=not_yours]')).not.toBeNull());
    expect(form.querySelector('[name=personal]')).toBeNull();
    expect(form.querySelector<HTMLTextAreaElement>('[name=reason]')!.required).toBe(true);
    expect(bodies('/exports/preview').at(-1)!['reason']).toBeUndefined();
    expect([...form.querySelectorAll<HTMLInputElement>('[name=format]')].map(({ value }) => value)).toEqual([
      'csv',
      'xlsx',
    ]);
    expect(form.querySelector('.outlook')!.textContent).toContain('Mind the gap.');
  });
});

describe('schedules', () => {
  const schedule = {
    id: 's1',
    name: 'Nightly',
    state: 'paused',
    paused_because: 'The bucket is gone.',
    cron: '0 6 * * 1',
    zone: 'Europe/Berlin',
    query: 'security:true',
    format: 'xlsx',
    destination: { type: 'email', addresses: ['a@x.test'], language: 'en' },
    created_at: '2026-11-20T10:00:00.000Z',
    next_run_at: null,
    last_run: {
      id: 'r1',
      due_at: '2026-11-20T05:00:00.000Z',
      state: 'failed',
      problem: { code: 'x', detail: 'No route.' },
    },
  };
  const preview = { next: ['2026-11-23T05:00:00.000Z', '2026-11-30T05:00:00.000Z'], in_words: 'x' };

  it('say when they run, where to, what became of the last run, and why they stand still', async () => {
    const element = await consoleOf('/t/acme/schedules', {
      'GET /schedules': () => ({ schedules: [schedule], next_cursor: null }),
      'GET /schedules/s1/runs': () => ({
        runs: [{ ...schedule.last_run, window: { from_seq: 4, to_seq: 9 }, entries: 5, attempts: 3 }],
        next_cursor: null,
      }),
    });
    const row = $(element, 'tr[data-schedule=s1]')!;
    for (const said of [
      'every Monday at 06:00',
      'Europe/Berlin',
      'a@x.test',
      'Paused',
      'The bucket is gone.',
      'No route.',
    ])
      expect(row.textContent).toContain(said);
    [...row.querySelectorAll('button')].find((each) => each.textContent.includes('History'))!.click();
    await eventually(() => expect($(element, 'dialog ol.runs li')!.textContent).toContain('entries 4 to 9'));
    expect($(element, 'dialog ol.runs li')!.textContent).toContain('3 attempts');
  });

  it('are made with a time in words, shown the next times, and a destination of their own', async () => {
    const element = await consoleOf('/t/acme/schedules#new=&q=actor%3Aana&time=P7D', {
      'GET /schedules/preview': () => preview,
      'POST /schedules/test': () => ({ outcome: 'refused', detail: '410 Gone' }),
      'POST /schedules': ({ body }) => ({
        ...schedule,
        ...body,
        id: 's2',
        destination: { type: 'webhook' },
        signing_secret: 'whsec_1',
      }),
    });
    await eventually(() => expect($(element, 'dialog form .coming li')).not.toBeNull());
    const form = $<HTMLFormElement>(element, 'dialog form')!;
    expect(form.querySelector<HTMLInputElement>('[name=query]')!.value).toBe('actor:ana');
    expect(form.querySelector('[name=period]')).toBeNull();
    type(form.querySelector<HTMLInputElement>('[name=name]')!, 'Weekly');
    type(form.querySelector<HTMLInputElement>('[name=zone]')!, 'Asia/Tokyo', 'change');
    type(form.querySelector<HTMLSelectElement>('[name=preset]')!, 'weekly', 'change');
    await eventually(() => expect(form.querySelector('[name=weekday]')).not.toBeNull());
    type(form.querySelector<HTMLSelectElement>('[name=weekday]')!, '0', 'change');
    type(form.querySelector<HTMLSelectElement>('[name=destination]')!, 'webhook', 'change');
    await eventually(() => expect(form.querySelector('[name=url]')).not.toBeNull());
    type(form.querySelector<HTMLInputElement>('[name=url]')!, 'https://x.test/hook');
    form.querySelector<HTMLButtonElement>('[name=test]')!.click();
    await eventually(() => expect(form.querySelector('[data-test=refused]')!.textContent).toContain('refuses'));
    expect(bodies('/schedules/test')).toEqual([{ destination: { type: 'webhook', url: 'https://x.test/hook' } }]);
    expect(bodies('/schedules')).toHaveLength(0);
    await eventually(() => expect(form.querySelector('.coming li')!.textContent).toContain('14:00:00 +09:00'));
    await eventually(() => expect($<HTMLButtonElement>(element, 'dialog .end .primary')!.disabled).toBe(false));
    form.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
    await eventually(() => expect(bodies('/schedules')).toHaveLength(1));
    expect(bodies('/schedules')[0]).toMatchObject({
      name: 'Weekly',
      cron: '0 6 * * 0',
      zone: 'Asia/Tokyo',
      query: 'actor:ana',
      start: 'now',
      destination: { type: 'webhook', url: 'https://x.test/hook' },
    });
    await eventually(() => expect($(element, 'dialog pre.code')!.textContent).toBe('whsec_1'));
  });

  it('cannot be made with a time that there is not', async () => {
    const element = await consoleOf('/t/acme/schedules#new', {
      'GET /schedules/preview': () =>
        Response.json({ code: 'invalid_cron', detail: 'Column 3: 99 is no hour.' }, { status: 400 }),
    });
    await eventually(() =>
      expect($(element, 'dialog fieldset .notice.danger')!.textContent).toContain('99 is no hour'),
    );
    expect($<HTMLButtonElement>(element, 'dialog .end .primary')!.disabled).toBe(true);
  });

  it('that cannot be run now say so on the page', async () => {
    const element = await consoleOf('/t/acme/schedules', {
      'GET /schedules': () => ({ schedules: [schedule], next_cursor: null }),
      'POST /schedules/s1/run': () => Response.json({ code: 'busy', detail: 'One run is under way.' }, { status: 409 }),
    });
    [...element.renderRoot.querySelectorAll<HTMLElement>('td.actions button')]
      .find((each) => each.textContent!.includes('Run now'))!
      .click();
    await eventually(() => expect($(element, '.page .notice.danger')!.textContent).toContain('One run is under way.'));
  });
});
