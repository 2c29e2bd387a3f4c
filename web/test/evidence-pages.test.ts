// @vitest-environment happy-dom
/** The pages of evidence as somebody uses them, against what the API answers. */
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

const TEMPLATE = {
  id: 'soc2',
  title: { en: 'SOC 2', de: 'SOC 2' },
  about: { en: 'About SOC 2.', de: 'Über SOC 2.' },
  controls: [],
  sections: [{ id: 's', title: { en: 'Sign-ins' }, shows: { en: 'Who came in.' }, query: 'verb:login', controls: [] }],
  not_shown: [{ controls: ['CC6.6'], what: { en: 'Firewalls.' } }],
};

const PACK = {
  id: 'p1',
  state: 'done',
  format: 'pack',
  template: 'soc2',
  from: '2026-01-01T00:00:00.000Z',
  to: '2026-12-01T00:00:00.000Z',
  created_at: '2026-11-20T10:00:00.000Z',
  created_by: { kind: 'operator', id: 'k', name: 'Ana' },
  counts: { entries: 12, purged: 0, erased: 0 },
  file: {
    name: 'acme-soc2.zip',
    media_type: 'application/zip',
    bytes: 1234,
    sha256: 'ab',
    expires_at: '2026-11-27T10:00:00.000Z',
  },
};

const REVIEW = {
  id: 'r1',
  name: 'Roles',
  what: 'query',
  value: 'security:true',
  withheld: false,
  reviewer: 'Ana',
  answerable: 'Bo',
  language: 'en',
  every: 'P3M',
  due: '2026-11-01T00:00:00.000Z',
  state: 'overdue',
  look_for: 'Raised roles.',
  unseen: { from_seq: 3, to_seq: 9, query: '(security:true) recorded_after:2026-10-01T00:00:00Z' },
  follow_ups: [{ id: 'f1', what: 'Take it back.', assignee: 'Bo', due: '2026-11-02T00:00:00.000Z', state: 'overdue' }],
  created_at: '2026-01-01T00:00:00.000Z',
};

/** The console at an address, on a server that answers so; what is not said is not found. */
async function consoleOf(path: string, answers: Answers = {}): Promise<IndelibleConsole> {
  asked.length = 0;
  const all: Answers = {
    'GET /session': () => ({ kind: 'operator', name: 'operator' }),
    'GET /tenants': () => ({ tenants: [{ id: 'acme', name: 'Acme', profile: 'standard', created_at: '' }] }),
    'GET /profile': () => ({ id: 'standard', name: 'Standard', actions: [], categories: [] }),
    'GET /packs': () => ({ packs: [PACK], next_cursor: null }),
    'GET /packs/templates': () => ({ templates: [TEMPLATE] }),
    'GET /reviews': () => ({ reviews: [REVIEW], next_cursor: null }),
    'GET /events': () => ({ entries: [], next_cursor: null }),
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
const text = (element: IndelibleConsole, selector: string): string =>
  ($(element, selector)?.textContent ?? '').replace(/\s+/g, ' ').trim();

function press(element: IndelibleConsole, within: string, label: string): void {
  const button = [...element.renderRoot.querySelectorAll<HTMLElement>(`${within} button`)].find((each) =>
    each.textContent?.trim().startsWith(label),
  );
  button!.click();
}

const sent = (method: string, path: string): Record<string, unknown>[] =>
  asked.filter((each) => each.method === method && each.path === path).map(({ body }) => body!);

afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

describe('packs', () => {
  it('lists what there is and says how it is checked', async () => {
    const element = await consoleOf('/t/acme/packs');
    await eventually(() => expect(text(element, '[data-pack=p1]')).toContain('SOC 2'));
    expect(text(element, '[data-pack=p1]')).toContain('12 entries');
    expect($(element, '[data-pack=p1] a[download]')?.getAttribute('href')).toContain('/exports/p1/file');
    press(element, '[data-pack=p1]', 'How to check it');
    await eventually(() => expect(text(element, 'dialog')).toContain('indelible verify acme-soc2.zip'));
  });

  it('begins one of a template and a period, and says what it cannot show', async () => {
    const element = await consoleOf('/t/acme/packs', {
      'POST /packs': () => ({ ...PACK, id: 'p2', state: 'waiting' }),
    });
    await eventually(() => expect($(element, 'header .button.primary')).not.toBeNull());
    press(element, 'header', 'Make a pack');
    await eventually(() => expect(text(element, 'dialog')).toContain('Firewalls.'));
    $<HTMLInputElement>(element, 'dialog [name=from]')!.value = '2026-01-01';
    $<HTMLInputElement>(element, 'dialog [name=to]')!.value = '2026-12-01';
    $<HTMLFormElement>(element, 'dialog form')!.requestSubmit();
    await eventually(() => expect(sent('POST', '/packs')).toHaveLength(1));
    expect(sent('POST', '/packs')[0]).toMatchObject({
      template: 'soc2',
      from: '2026-01-01T00:00:00Z',
      to: '2026-12-01T00:00:00Z',
      withhold_personal: false,
    });
  });
});

describe('reviews', () => {
  it('shows who answers for one that is overdue, and what is new since the last', async () => {
    const element = await consoleOf('/t/acme/reviews');
    await eventually(() => expect($(element, '[data-review=r1]')?.dataset['state']).toBe('overdue'));
    expect(text(element, '[data-review=r1]')).toContain('Ana looks, Bo answers for it');
    expect($(element, '[data-review=r1] a.link')?.getAttribute('href')).toContain('recorded_after');
  });

  it('is signed off with findings and a follow-up on each line', async () => {
    const element = await consoleOf('/t/acme/reviews', { 'POST /reviews/r1/sign-off': () => REVIEW });
    await eventually(() => expect($(element, '[data-review=r1]')).not.toBeNull());
    press(element, '[data-review=r1]', 'Sign off');
    await eventually(() => expect(text(element, 'dialog')).toContain('Raised roles.'));
    $<HTMLTextAreaElement>(element, 'dialog [name=findings]')!.value = 'One role.';
    $<HTMLTextAreaElement>(element, 'dialog [name=follow]')!.value = 'Ask Bo.\n\nTake it back.';
    $<HTMLFormElement>(element, 'dialog form')!.requestSubmit();
    await eventually(() => expect(sent('POST', '/reviews/r1/sign-off')).toHaveLength(1));
    const [body] = sent('POST', '/reviews/r1/sign-off');
    expect(body).toMatchObject({ to_seq: 9, findings: 'One role.' });
    expect((body!['follow_ups'] as { what: string }[]).map(({ what }) => what)).toEqual(['Ask Bo.', 'Take it back.']);
  });
});

describe('the reviewer that a review names', () => {
  const tenants = [{ id: 'acme', name: 'Acme', permissions: ['audit.view'], accounts: null }];
  const session = { 'GET /session': () => ({ kind: 'user', user: { id: 'ana' }, name: 'Ana', tenants }) };
  const ACCESS = {
    ...REVIEW,
    what: 'access',
    value: '',
    other_than_granter: true,
    reviewer_id: 'ana',
    unseen: { from_seq: 0, to_seq: 9 },
    last: { by: 'user:ana', at: REVIEW.created_at, has_findings: false, findings: '', grants_of_others: 12 },
  };

  it('signs it off and changes nothing else of it', async () => {
    const element = await consoleOf('/t/acme/reviews', {
      ...session,
      'GET /reviews': () => ({ reviews: [ACCESS], next_cursor: null }),
    });
    await eventually(() => expect($(element, '[data-review=r1]')).not.toBeNull());
    const row = text(element, '[data-review=r1]');
    expect(row).toContain('Sign off');
    expect(row).toContain('Somebody else than who granted: 12 grants');
    expect(row).not.toContain('Delete');
    expect($(element, '[data-review=r1] a.link')?.getAttribute('href')).toBe('/t/acme/access-review');
  });

  it('is told when there is none', async () => {
    const refused = await consoleOf('/t/acme/reviews', {
      ...session,
      'GET /reviews': () => Response.json({ code: 'forbidden', detail: 'No.' }, { status: 403 }),
    });
    await eventually(() => expect(text(refused, 'main')).toContain('No review names you as its reviewer.'));
  });

  it('is suggested to be somebody else where access is reviewed', async () => {
    const element = await consoleOf('/t/acme/reviews');
    await eventually(() => expect($(element, '[data-review=r1]')).not.toBeNull());
    press(element, 'main', 'Plan a review');
    await eventually(() => expect($(element, 'dialog [name=what]')).not.toBeNull());
    const rule = $<HTMLInputElement>(element, 'dialog [name=other_than_granter]')!;
    expect(rule.checked).toBe(false);
    const what = $<HTMLSelectElement>(element, 'dialog [name=what]')!;
    what.value = 'access';
    what.dispatchEvent(new Event('change'));
    expect(rule.checked).toBe(true);
  });
});

describe('figures', () => {
  it('stand beside those of the period before, each with the entries that it counts', async () => {
    const element = await consoleOf('/t/acme/figures', {
      'GET /reports/compliance': () => ({
        from: '2026-11-01T00:00:00.000Z',
        to: '2026-12-01T00:00:00.000Z',
        before: '2026-10-01T00:00:00.000Z',
        figures: [{ name: 'failed_sign_ins', query: 'verb:login outcome:failure', count: 7, before: 3 }],
        top: { action: [{ value: 'user.login', count: 7 }] },
      }),
      'GET /reports/requests': () => ({
        complete: true,
        requests: [
          {
            id: 'one',
            type: 'data_subject_request',
            state: 'late',
            rejected: false,
            received: '2026-10-01T00:00:00.000Z',
            due: '2026-11-01T00:00:00.000Z',
            answered: '2026-11-05T00:00:00.000Z',
            steps: [{ entry: 'e', at: '2026-11-05T00:00:00.000Z', action: 'dsar.fulfill' }],
          },
        ],
      }),
    });
    await eventually(() => expect(text(element, '[data-figure=failed_sign_ins]')).toBe('Failed sign-ins 7 3'));
    expect($(element, '[data-figure=failed_sign_ins] a')?.getAttribute('href')).toContain('verb');
    expect(text(element, '[data-request=one]')).toContain('Answered late');
  });
});
