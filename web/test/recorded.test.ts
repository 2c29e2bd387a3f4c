// @vitest-environment happy-dom
/** The viewer as an element, with answers as a server gives them: what it shows is what was recorded. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { render } from 'lit';
import { Api } from '../src/shared/api.ts';
import { html } from '../src/shared/html.ts';
import { isContainer, parseExact, stringifyExact } from '../src/shared/exact.ts';
import { escaped, visible } from '../src/shared/visible.ts';
import { differingField } from '../src/proof/check.ts';
import type { Entry, ProofDocument } from '../src/shared/types.ts';
import { IndelibleViewer } from '../src/viewer/viewer.ts';
import { eventually } from './eventually.ts';

const EVENT = `"id":"m18","tenant":"acme","seq":0,
  "recorded_at":"2026-11-20T10:00:00.000Z","occurred_at":"2026-11-20T10:00:00.000Z",
  "action":"balance.changed","category":"other","verb":"unknown","security_relevant":false,
  "flags":["unknown_action"],"outcome":"success",
  "actor":{"type":"user","id":"u_evil","name":"\\u202egnp.nimda\\u200b"},
  "targets":[{"type":"user","id":"u_9","name":"\\u05d0\\u05d1"}],
  "changes":[{"field":"balance","before":12345678901234567890,"after":12345678901234567891}],
  "details":{"order":9223372036854775807,"rate":1.10,"much":1E400,"zero":-0.0,"plain":[1,2.5,-3],"note":"a\\u2066b"}`;
const NUMBERS = ['12345678901234567890', '12345678901234567891', '9223372036854775807', '1.10', '1E400', '-0.0'];

afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

/** A viewer that is answered so, by the end of the address's path. */
async function viewer(answers: Record<string, string>): Promise<IndelibleViewer> {
  vi.stubGlobal('fetch', async (url: string) => {
    const path = new URL(url, 'http://localhost').pathname;
    const [, body] = Object.entries(answers).find(([end]) => path.endsWith(end)) ?? [];
    return body === undefined ? new Response('{"code":"not_found","detail":""}', { status: 404 }) : new Response(body);
  });
  const element = document.createElement('indelible-viewer') as IndelibleViewer;
  element.tenant = 'acme';
  document.body.append(element);
  await eventually(() => expect(element.renderRoot.querySelector('tr.entry[data-id]')).not.toBeNull());
  return element;
}

const ANSWERS = {
  '/events': `{"entries":[{${EVENT}}],"next_cursor":null,"indexed_through":0}`,
  '/facets': '{"count":1,"facets":{"actor_id":[{"value":"u_\\u202eevil","count":1}]},"indexed_through":0}',
  '/profile': '{"id":"standard","name":"Standard","actions":[],"categories":[]}',
};

async function opened(): Promise<IndelibleViewer> {
  const element = await viewer(ANSWERS);
  element.open(element.model.entries[0]!);
  await eventually(() => expect(element.renderRoot.querySelector('.panel .content .json')).not.toBeNull());
  return element;
}

describe('numbers', () => {
  it('keep their digits in rows, panel, JSON view and what is copied', async () => {
    const element = await opened();
    const text = element.renderRoot.querySelector('.panel')!.textContent;
    for (const number of NUMBERS) expect(text, number).toContain(number);
    expect(element.renderRoot.querySelector('tr.entry')!.textContent).not.toContain('12345678901234567000');
    let copied = '';
    vi.stubGlobal('navigator', {
      languages: ['en'],
      clipboard: { writeText: async (all: string) => void (copied = all) },
    });
    element.renderRoot.querySelector<HTMLElement>('.copy-json')!.click();
    for (const number of NUMBERS) expect(copied, number).toContain(number);
    expect(stringifyExact(parseExact(copied))).toBe(stringifyExact(parseExact(`{${EVENT}}`)));
  });

  it('keep their digits in rows that come live', async () => {
    const next = EVENT.replaceAll('\n', '').replace('"m18"', '"m19"').replace('"seq":0', '"seq":1');
    const stream = `id: 1\nevent: entry\ndata: {${next}}\n\n`;
    const element = await viewer({ ...ANSWERS, '/tail': stream });
    await eventually(() => expect(element.model.entries).toHaveLength(2));
    expect(stringifyExact(element.model.entries[0]!.details)).toContain('"order":9223372036854775807');
  });

  it('that differ in a digit are not what was recorded', () => {
    const entry = parseExact(`{${EVENT}}`) as Entry;
    const facts = `{${EVENT}}`;
    const proof = (text: string) => ({ facts: { text, salt: '' } }) as ProofDocument;
    expect(differingField(entry, proof(facts))).toBe('');
    expect(differingField(entry, proof(facts.replace('9223372036854775807', '9223372036854775806')))).toBe(
      '/details/order',
    );
    expect(differingField(entry, proof(facts.replace('12345678901234567891', '12345678901234567890')))).toBe(
      '/changes/0/after',
    );
    expect(differingField(entry, proof(facts.replace('1E400', '2E400')))).toBe('/details/much');
  });

  it('that JavaScript writes as they stand there are ordinary ones', () => {
    expect(parseExact('[0,1,-3,2.5,9007199254740991,1e21]')).toEqual([
      0,
      1,
      -3,
      2.5,
      9007199254740991,
      expect.anything(),
    ]);
    expect(parseExact('{"a":1,"a":2,"__proto__":3}')).toEqual(JSON.parse('{"a":1,"a":2,"__proto__":3}'));
    expect(Number(parseExact('1e3')) + 1).toBe(1001);
    expect(isContainer(parseExact('1.0'))).toBe(false);
    expect(() => parseExact('{"a":01}')).toThrow(SyntaxError);
  });
});

describe('names', () => {
  it('turn no sentence around, and hide nothing', async () => {
    const element = await opened();
    for (const place of ['tr.entry', '.panel h2', '.panel .content', '.facets']) {
      const found = element.renderRoot.querySelector(place)!;
      expect(found.textContent, place).toContain('·');
      expect(found.textContent, place).not.toMatch(/[\u200b-\u200f\u202a-\u202e\u2066-\u2069]/);
    }
    const [actor, , target] = element.renderRoot.querySelectorAll('.panel h2 .value bdi');
    expect(actor!.textContent).toBe('·gnp.nimda·');
    expect(target!.textContent).toBe('אב');
    expect(element.renderRoot.querySelector('.panel')!.textContent).toContain('a\\u2066b');
  });

  it('are marked wherever a template shows a text to people, and nowhere else', () => {
    const hidden = 'a\u202eb';
    const box = document.createElement('div');
    render(
      html`<p title="x ${hidden} y" aria-label=${hidden} data-value=${hidden} .lang=${hidden}>
        ${hidden} ${[hidden, html`<b>${hidden}</b>`]} Zu אב: ${'Ohne אב, גד: 12'}
      </p>`,
      box,
    );
    const p = box.querySelector('p')!;
    expect([p.title, p.getAttribute('aria-label')]).toEqual(['x a·b y', 'a·b']);
    expect([p.dataset['value'], p.lang]).toEqual([hidden, hidden]);
    expect(p.textContent.trim()).toBe('a·b a·ba·b Zu אב: Ohne אב, גד: 12');
    expect([...p.querySelectorAll('bdi')].map((bdi) => bdi.textContent)).toEqual(['אב, גד']);
    render(html`<i title=${'Ohne אב: 12'}></i>`, box);
    expect(box.querySelector('i')!.title).toBe('Ohne \u2068אב\u2069: 12');
  });

  it('show each character that turns text or takes no room', () => {
    for (const code of [
      0x00, 0x1b, 0x7f, 0x85, 0xad, 0x34f, 0x61c, 0x115f, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2028, 0x202a,
      0x202e, 0x2060, 0x2066, 0x2069, 0x3164, 0xfe0f, 0xfeff, 0xffa0, 0xe0041,
    ]) {
      expect(visible(`a${String.fromCodePoint(code)}b`), code.toString(16)).toBe('a·b');
    }
    expect(visible('a\ud800b')).toBe('a·b');
    expect(visible('Zoë ❤️ 東京 אב é\tx\ny')).toBe('Zoë ❤️ 東京 אב é\tx\ny');
    expect(escaped('a\u202eb\u{e0041}')).toBe('a\\u202eb\\udb40\\udc41');
  });

  it('are shown by every page through the one template that marks them', () => {
    const files = Object.entries(
      import.meta.glob<string>('../src/**/*.ts', { query: '?raw', import: 'default', eager: true }),
    );
    expect(files.length).toBeGreaterThan(50);
    for (const [file, text] of files) {
      if (file.endsWith('/shared/html.ts')) continue;
      const imports = text.match(/import [^;]* from 'lit(\/[\w/-]*)?(\.js)?';/g) ?? [];
      expect(
        imports.filter((line) => /\bhtml\b|unsafe/.test(line)),
        file,
      ).toEqual([]);
    }
  });
});

describe('facets', () => {
  it('say how many values there are besides, and find them', async () => {
    const asked: URL[] = [];
    const value = (n: number): object => ({ value: `a${n}`, count: n });
    const element = await viewer(ANSWERS);
    vi.stubGlobal('fetch', async (url: string) => {
      const { pathname, searchParams } = new URL(url, 'http://localhost');
      if (!pathname.endsWith('/facets')) return new Response('{"entries":[],"buckets":[],"count":0}');
      asked.push(new URL(url, 'http://localhost'));
      const listed = searchParams.get('prefix') ? [7] : searchParams.get('limit') === '8' ? [1, 2] : [1, 2, 3];
      const facets = { action: listed.map(value) };
      const distinct = { action: searchParams.get('prefix') ? 1 : 300 };
      return Response.json({ count: 9, facets, distinct, indexed_through: 0 });
    });
    element.model.query('x');
    const more = async (): Promise<HTMLElement> => {
      await eventually(() => expect(element.renderRoot.querySelector('[data-more="action"]')).not.toBeNull());
      return element.renderRoot.querySelector<HTMLElement>('[data-more="action"]')!;
    };
    expect((await more()).textContent).toContain('298 more');
    (await more()).click();
    await eventually(() => expect(element.renderRoot.querySelectorAll('li[data-field="action"]')).toHaveLength(3));
    expect(element.renderRoot.querySelector('.facet [role="status"]')!.textContent).toContain('297 more');
    const search = element.renderRoot.querySelector<HTMLInputElement>('.facet input')!;
    search.value = 'A7';
    search.dispatchEvent(new Event('input'));
    await eventually(() => expect(element.renderRoot.querySelector('li[data-value="a7"]')).not.toBeNull());
    expect(asked.at(-1)!.searchParams.get('prefix')).toBe('A7');
    expect(element.renderRoot.querySelectorAll('li[data-field="action"]')).toHaveLength(1);
  });
});

describe('a clock', () => {
  it('that is wrong is noticed, and the server’s counts', async () => {
    const element = await viewer(ANSWERS);
    expect(element.renderRoot.querySelector('[data-clock]')).toBeNull();
    const three = 3 * 86_400_000;
    const answers = globalThis.fetch;
    vi.stubGlobal('fetch', async (url: string) => {
      const answer = await answers(url);
      return new Response(await answer.text(), {
        status: answer.status,
        headers: { Date: new Date(Date.now() - three).toUTCString() },
      });
    });
    element.model.range({ kind: 'last', span: 'P7D' });
    await eventually(() =>
      expect(element.renderRoot.querySelector('[data-clock]')!.textContent).toContain('3 days ahead of the server'),
    );
    element.model.range({ kind: 'last', span: 'P1D' });
    expect(Math.abs(element.model.resolved.from! - (Date.now() - three - 86_400_000))).toBeLessThan(180_000);
  });
});

it('a reader without personal data is told so, and no place is said to be none', async () => {
  const element = await viewer({
    ...ANSWERS,
    '/session': '{"kind":"member","tenants":[{"id":"acme","permissions":["audit.view"]}]}',
  });
  await eventually(() =>
    expect(element.renderRoot.querySelector('.withheld')!.textContent).toContain('audit.view_personal'),
  );
  await eventually(() =>
    expect([...element.renderRoot.querySelectorAll('tr.entry td.meta')].at(-1)!.textContent.trim()).toBe('(not shown)'),
  );
});

describe('people', () => {
  it('who are meant by a part of a name are named, and one click away', async () => {
    const element = await viewer(ANSWERS);
    vi.stubGlobal('fetch', async (url: string) => {
      const { pathname } = new URL(url, 'http://localhost');
      if (!pathname.endsWith('/events')) return new Response('{"count":5,"facets":{},"buckets":[]}');
      const hint = {
        code: 'begins_with',
        value: 'ana',
        detail: '',
        actors: [{ id: 'u_7', name: 'Ana Ribeiro', count: 320 }],
      };
      return Response.json({ entries: [], next_cursor: null, indexed_through: 0, hints: [hint] });
    });
    element.model.query('actor:ana outcome:failure');
    const found = async (): Promise<HTMLElement> => {
      await eventually(() => expect(element.renderRoot.querySelector('[data-hint] button')).not.toBeNull());
      return element.renderRoot.querySelector<HTMLElement>('[data-hint] button')!;
    };
    expect((await found()).textContent.trim()).toBe('Ana Ribeiro 320');
    (await found()).click();
    expect(element.model.view.q).toBe('outcome:failure actor_id:u_7');
  });

  it('and places are suggested by any word of their names', async () => {
    const element = await viewer(ANSWERS);
    vi.stubGlobal('fetch', async (url: string) => {
      const { searchParams } = new URL(url, 'http://localhost');
      const values =
        searchParams.get('fields') === 'country'
          ? '{"value":"BR","count":3},{"value":"GB","count":2}'
          : '{"value":"u_7","count":320,"name":"Ana Ribeiro"}';
      return new Response(`{"count":9,"facets":{"${searchParams.get('fields')}":[${values}]},"indexed_through":0}`);
    });
    expect((await element.model.counts.suggested('country', '', 'Bra')).map(({ value }) => value)).toEqual(['BR']);
    expect((await element.model.counts.suggested('country', '', 'kin')).map(({ value }) => value)).toEqual(['GB']);
    expect(await element.model.counts.suggested('actor_id', '', 'rib')).toHaveLength(1);
    expect(element.model.name('actor_id', 'u_7')).toBe('Ana Ribeiro');
  });
});

describe('the page', () => {
  it('says when the session ended, and comes back by itself when the server does', async () => {
    const element = await viewer(ANSWERS);
    const answers = globalThis.fetch;
    let status = 401;
    vi.stubGlobal('fetch', async (url: string) =>
      status === 200 ? answers(url) : new Response('{"code":"x","detail":""}', { status }),
    );
    const ended = new Promise((resolve) => element.addEventListener('indelible-signed-out', resolve));
    element.model.query('x');
    await ended;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    status = 503;
    await element.model.reload();
    expect(element.model.page.problem?.status).toBe(503);
    status = 200;
    await vi.advanceTimersByTimeAsync(2_500);
    vi.useRealTimers();
    await eventually(() => expect(element.model.entries).toHaveLength(1));
  });

  it('remembers the columns of a tenant, and gives the sentence its room', async () => {
    localStorage.setItem('indelible:columns:acme', 'ip,account,bogus');
    const element = await viewer(ANSWERS);
    expect(element.model.view.columns).toEqual(['ip', 'account']);
    expect(element.renderRoot.querySelector<HTMLElement>('table')!.style.getPropertyValue('--least')).toBe('672px');
    localStorage.clear();
  });

  it('makes no heading of a long value, and cuts none of it', async () => {
    const long = 'x'.repeat(14_000);
    const element = await viewer({ ...ANSWERS, '/events': ANSWERS['/events'].replace('gnp.nimda', long) });
    element.open(element.model.entries[0]!);
    await eventually(() => expect(element.renderRoot.querySelector('.panel h2')).not.toBeNull());
    expect(element.renderRoot.querySelector('.panel h2')!.textContent.length).toBeLessThan(400);
    expect(element.renderRoot.querySelector('.panel .content')!.textContent).toContain(long);
  });

  it('does not count what its reader looked at as news', async () => {
    const own = `{${EVENT}}`
      .replaceAll('\n', '')
      .replace('"m18"', '"m19"')
      .replace('balance.changed', 'audit.viewed')
      .replace('"unknown"', '"read"')
      .replace('"u_evil"', '"me"');
    const element = await viewer({ ...ANSWERS, '/session': '{"kind":"operator","user":{"id":"me"}}' });
    await eventually(() => expect(element.model.reader).toBe('me'));
    element.model.live.waiting = [parseExact(own) as Entry, parseExact(own.replace('"me"', '"other"')) as Entry];
    expect(element.model.live.unread).toBe(1);
  });
});

it('one token is asked for however many requests need one, and one more when it is refused', async () => {
  const asked: boolean[] = [];
  let give = (): void => {};
  const given = new Promise<void>((resolve) => (give = resolve));
  vi.stubGlobal(
    'fetch',
    async (_: string, init: RequestInit) =>
      new Response('{}', { status: new Headers(init.headers).get('Authorization') === 'Bearer t2' ? 200 : 401 }),
  );
  const api = new Api('', async (refused) => {
    asked.push(refused);
    await given;
    return `t${asked.length}`;
  });
  const all = Promise.all([api.get('/a'), api.get('/b'), api.get('/c')]);
  give();
  await all;
  await api.get('/d');
  expect(asked).toEqual([false, true]);
});

it('a link to an entry of another page leads to the rows around it', async () => {
  const element = await viewer({
    ...ANSWERS,
    '/events/older': `{${EVENT.replace('"m18"', '"older"').replaceAll('2026-11-20', '2026-01-20')}}`,
  });
  element.model.show({ entry: 'older' });
  await eventually(() => expect(element.renderRoot.querySelector('.elsewhere button')).not.toBeNull());
  element.renderRoot.querySelector<HTMLElement>('.elsewhere button')!.click();
  expect(element.model.view).toMatchObject({ entry: 'older', q: '', range: { kind: 'newest' } });
});
