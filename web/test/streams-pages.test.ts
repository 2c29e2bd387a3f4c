// @vitest-environment happy-dom
/** The pages of streams as somebody uses them, against what the API answers. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import '../src/console/console.ts';
import type { IndelibleConsole } from '../src/console/console.ts';
import { eventually } from './eventually.ts';

interface Asked {
  method: string;
  path: string;
  body: Record<string, unknown> | null;
}

type Answers = Record<string, (asked: Asked) => unknown>;

const asked: Asked[] = [];
const AT = '2026-11-20T10:00:00.000Z';

const stream = (more: object = {}): object => ({
  id: 'stm_1',
  name: 'SIEM',
  query: 'security:true',
  format: 'ocsf',
  destination: { type: 'webhook', url: 'https://siem.test/in', signature: 'v1' },
  state: 'active',
  status: {
    next_seq: 1205,
    lag_entries: 1204,
    lag_seconds: 200,
    sent: 9000,
    dead_letters: 0,
    entries_per_second: 12.5,
  },
  created_at: AT,
  withheld: false,
  ...more,
});

const BATCH = {
  number: 7,
  first_seq: 10,
  last_seq: 40,
  matched: 12,
  sent: 11,
  written: 11,
  dead_letters: 1,
  repeated: true,
  sha256: 'ab',
  at: AT,
};

/** The console at an address, on a server that answers so; what is not said is not found. */
async function consoleOf(path: string, answers: Answers, session: object = {}): Promise<IndelibleConsole> {
  asked.length = 0;
  const all: Answers = {
    'GET /session': () => ({ kind: 'operator', name: 'operator', ...session }),
    'GET /tenants': () => ({ tenants: [{ id: 'acme', name: 'Acme', profile: 'standard', created_at: '' }] }),
    'GET /profile': () => ({ id: 'standard', name: 'Standard', actions: [], categories: [] }),
    'GET /events': () => ({ entries: [], next_cursor: null }),
    'GET /streams': () => ({ streams: [stream()], next_cursor: null }),
    'GET /streams/stm_1': () => stream(),
    'GET /streams/stm_1/ledger': () => ({
      ledger: [BATCH],
      next_cursor: null,
      complete_to_seq: 40,
    }),
    'GET /streams/stm_1/dead-letters': () => ({
      dead_letters: [{ seq: 33, entry_id: 'e33', reason: 'too large', at: AT, number: 7 }],
    }),
    'GET /streams/stm_1/undelivered': () => ({
      undelivered: [{ from_seq: 33, to_seq: 33, why: 'dead_letter', count: 1 }],
    }),
    'POST /exports/preview': () => ({
      estimate: 12,
      columns: [],
      left_out: [],
      personal: 'included',
      sample: [],
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
const main = (element: IndelibleConsole): string => $(element, 'main')!.textContent!.replace(/\s+/g, ' ');
const bodies = (path: string): Record<string, unknown>[] =>
  asked.filter((each) => each.method === 'POST' && each.path === path).map(({ body }) => body!);

function type(field: HTMLElement | null, value: string, event = 'input'): void {
  (field as HTMLInputElement).value = value;
  field!.dispatchEvent(new Event(event, { bubbles: true }));
}

function press(element: IndelibleConsole, text: string): void {
  const found = [...element.renderRoot.querySelectorAll<HTMLButtonElement>('main button')].filter((each) =>
    each.textContent!.trim().startsWith(text),
  );
  expect(found.length, `a button “${text}”`).toBeGreaterThan(0);
  found[0]!.click();
}

async function submit(element: IndelibleConsole): Promise<void> {
  await eventually(() => expect($(element, 'dialog form')).not.toBeNull());
  $(element, 'dialog form')!.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
}

afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
  history.replaceState(null, '', '/');
});

describe('the list of streams', () => {
  it('says how each is doing, and what is wrong with one that fails', async () => {
    const failing = stream({
      id: 'stm_2',
      name: 'Archive',
      state: 'failing',
      status: { lag_entries: 0, last_error: 'the bucket answers 503', next_attempt_at: AT },
    });
    const element = await consoleOf('/t/acme/streams', {
      'GET /streams': () => ({ streams: [stream(), failing], next_cursor: null }),
    });
    const text = main(element);
    for (const said of ['SIEM', '1,204 entries, 3 min', '13', 'https://siem.test/in', 'Failing', 'answers 503'])
      expect(text).toContain(said);
    expect($<HTMLAnchorElement>(element, 'tr[data-stream=stm_1] a')!.getAttribute('href')).toBe('/t/acme/stream#stm_1');
    expect($(element, 'nav a[href="/t/acme/streams"]')!.getAttribute('aria-current')).toBe('page');
  });

  it('is asked for what is more than one page', async () => {
    let pages = 0;
    const element = await consoleOf('/t/acme/streams', {
      'GET /streams': () =>
        pages++
          ? { streams: [stream({ id: 'stm_9', name: 'Last' })], next_cursor: null }
          : { streams: [stream()], next_cursor: 'more' },
    });
    expect(main(element)).toContain('Last');
  });

  it('makes a webhook, tells how much its query finds, and shows its secret once', async () => {
    const element = await consoleOf('/t/acme/streams', {
      'POST /streams': () => stream({ signing_secret: 'whsec_once' }),
    });
    press(element, 'Make a stream');
    await eventually(() => expect($(element, '[data-estimate="12"]')).not.toBeNull());
    type($(element, 'dialog [name=name]'), 'SIEM');
    type($(element, 'dialog [name=query]'), 'security:true');
    type($(element, 'dialog [name=url]'), 'https://siem.test/in');
    type($(element, 'dialog [name=headers]'), 'X-Team: security\nX-Env: live');
    $<HTMLInputElement>(element, 'dialog [name=start][value=seq]')!.click();
    await eventually(() => expect($(element, 'dialog [name=seq]')).not.toBeNull());
    type($(element, 'dialog [name=seq]'), '42', 'change');
    await submit(element);
    await eventually(() => expect(main(element)).toContain('whsec_once'));
    expect(bodies('/streams')).toEqual([
      {
        name: 'SIEM',
        query: 'security:true',
        format: 'native',
        destination: {
          type: 'webhook',
          url: 'https://siem.test/in',
          signature: 'v1',
          headers: { 'X-Team': 'security', 'X-Env': 'live' },
        },
        start: { seq: 42 },
      },
    ]);
  });

  it('asks for the settings of each destination', async () => {
    const element = await consoleOf('/t/acme/streams', { 'POST /streams': () => stream() });
    press(element, 'Make a stream');
    await eventually(() => expect($(element, 'dialog [name=destination]')).not.toBeNull());
    type($(element, 'dialog [name=destination]'), 'syslog', 'change');
    await eventually(() => expect($(element, 'dialog [name=host]')).not.toBeNull());
    type($(element, 'dialog [name=format]'), 'cef', 'change');
    expect(main(element)).toContain('“written”, not “received”');
    type($(element, 'dialog [name=name]'), 'Syslog');
    type($(element, 'dialog [name=host]'), 'syslog.test');
    await submit(element);
    await eventually(() => expect(bodies('/streams')).toHaveLength(1));
    expect(bodies('/streams')[0]).toEqual({
      name: 'Syslog',
      format: 'cef',
      destination: { type: 'syslog', host: 'syslog.test', port: 6514, transport: 'tls' },
      start: 'now',
    });
  });

  it('offers files to the operator alone, and no change to whoever may not export', async () => {
    const element = await consoleOf(
      '/t/acme/streams',
      {},
      { kind: 'member', tenants: [{ id: 'acme', permissions: ['streams.manage', 'audit.export', 'audit.view'] }] },
    );
    press(element, 'Make a stream');
    await eventually(() => expect($(element, 'dialog [name=destination]')).not.toBeNull());
    expect($(element, 'dialog option[value=file]')).toBeNull();
    expect($(element, 'dialog [data-personal=not_yours]')).not.toBeNull();
    document.body.replaceChildren();
    const other = await consoleOf(
      '/t/acme/streams',
      {},
      { kind: 'member', tenants: [{ id: 'acme', permissions: ['streams.manage'] }] },
    );
    expect(main(other)).not.toContain('Make a stream');
  });
});

describe('the page of a stream', () => {
  it('shows the ledger, and what was not delivered and why', async () => {
    const element = await consoleOf('/t/acme/stream#stm_1', {});
    const text = main(element);
    for (const said of [
      'The receiver does not take them (dead letters).',
      'too large',
      '10 – 40',
      'perhaps twice',
      '11 written',
      'up to and with entry 40',
      'indelible reconcile --tenant acme --stream stm_1',
    ])
      expect(text).toContain(said);
    expect($(element, 'nav a[href="/t/acme/streams"]')!.getAttribute('aria-current')).toBe('page');
  });

  it('has more of the ledger on demand', async () => {
    let pages = 0;
    const element = await consoleOf('/t/acme/stream#stm_1', {
      'GET /streams/stm_1/ledger': () =>
        pages++
          ? { ledger: [{ ...BATCH, number: 6 }], next_cursor: null }
          : { ledger: [BATCH], next_cursor: 'more', complete_to_seq: 40 },
    });
    press(element, 'Show more');
    await eventually(() => expect($(element, 'tr[data-batch="6"]')).not.toBeNull());
    expect(main(element)).not.toContain('Show more');
  });

  it('sends a range again with a reason, and dead letters one by one', async () => {
    const element = await consoleOf('/t/acme/stream#stm_1', {
      'POST /streams/stm_1/replay': () => ({}),
      'POST /streams/stm_1/dead-letters/retry': () => ({}),
    });
    press(element, 'Send again');
    await eventually(() => expect($(element, 'dialog [name=from_seq]')).not.toBeNull());
    type($(element, 'dialog [name=from_seq]'), '3');
    type($(element, 'dialog [name=to_seq]'), '5');
    type($(element, 'dialog [name=reason]'), 'restored');
    await submit(element);
    await eventually(() =>
      expect(bodies('/streams/stm_1/replay')).toEqual([{ from_seq: 3, to_seq: 5, reason: 'restored' }]),
    );
    $<HTMLButtonElement>(element, '[data-dead="33"] button')!.click();
    await eventually(() => expect(bodies('/streams/stm_1/dead-letters/retry')).toEqual([{ seqs: [33] }]));
  });

  it('says what to do about a parked one, and resumes it', async () => {
    let isParked = true;
    const parked = (): object =>
      stream(isParked ? { state: 'parked', status: { last_error: 'the receiver refuses the token' } } : {});
    const element = await consoleOf('/t/acme/stream#stm_1', {
      'GET /streams/stm_1': parked,
      'POST /streams/stm_1/resume': () => {
        isParked = false;
        return stream();
      },
    });
    expect(main(element)).toContain('Nothing is skipped.the receiver refuses the token');
    press(element, 'Resume');
    await eventually(() => expect($(element, '[data-state=active]')).not.toBeNull());
  });

  it('keeps secrets that are left empty when it is changed', async () => {
    const splunk = stream({
      destination: { type: 'splunk_hec', url: 'https://splunk.test:8088', acknowledge: true },
      limits: { batch_entries: 100 },
    });
    let sent: unknown = null;
    const element = await consoleOf('/t/acme/stream#stm_1', {
      'GET /streams/stm_1': () => splunk,
      'PUT /streams/stm_1': ({ body }) => {
        sent = body;
        return splunk;
      },
    });
    press(element, 'Change');
    await eventually(() => expect($(element, 'dialog [name=token]')).not.toBeNull());
    expect($<HTMLInputElement>(element, 'dialog [name=token]')!.required).toBe(false);
    await submit(element);
    await eventually(() => expect(sent).not.toBeNull());
    expect(sent).toEqual({
      name: 'SIEM',
      query: 'security:true',
      format: 'ocsf',
      destination: { type: 'splunk_hec', url: 'https://splunk.test:8088', acknowledge: true },
      limits: { batch_entries: 100 },
    });
  });

  it('tests the receiver and says what became of it', async () => {
    const element = await consoleOf('/t/acme/stream#stm_1', {
      'POST /streams/stm_1/test': () => ({ outcome: 'refused', problem: 'the certificate is of another host' }),
    });
    press(element, 'Test');
    await eventually(() => expect($(element, '[data-test=refused]')).not.toBeNull());
    expect(main(element)).toContain('of another host');
  });
});
