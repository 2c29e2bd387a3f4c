/** The rules of exports and schedules: what is asked for, when the server is looked at, and what a cron preset means. */
import { describe, expect, it } from 'vitest';
import { CONSOLE_ENGLISH, consoleWordsFor } from '../src/console/words.ts';
import en from '../src/console/en.json';
import { BEGINNING, cronOf, PRESETS, timesOf, type Times } from '../src/console/exports/cron.ts';
import { isUnderWay, Pace, shareOf, type Job } from '../src/console/exports/job.ts';
import {
  boundsOf,
  emptyDraft,
  FORMATS,
  fromLink,
  isTable,
  offeredFormats,
  orderOf,
  SPANS,
  toggled,
  type Begins,
} from '../src/console/exports/order.ts';
import {
  DESTINATIONS,
  destinationOf,
  draftOf,
  emptySchedule,
  pauseText,
  placeOf,
  scheduleOf,
  type Schedule,
} from '../src/console/exports/schedule.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const BEGINS: Begins = { q: '-reads:log', range: { kind: 'last', span: 'P7D' } };
const DRAFT = emptyDraft('Europe/Berlin');

describe('an export that is asked for', () => {
  it('says no more than was chosen', () => {
    expect(orderOf(DRAFT, 'en', NOW)).toEqual({ zone: 'Europe/Berlin', format: 'csv', language: 'en' });
  });

  it('has its period as instants, also of a zone with an hour that is there twice', () => {
    expect(orderOf({ ...DRAFT, period: 'P7D' }, 'en', NOW)).toMatchObject({ from: '2026-11-13T12:00:00.000Z' });
    const own = { ...DRAFT, period: 'own', from: '2026-10-25T02:30:00', to: '2026-10-25T04:00' };
    expect(orderOf(own, 'en', NOW)).toMatchObject({ from: '2026-10-25T00:30:00.000Z', to: '2026-10-25T03:00:00.000Z' });
    expect(boundsOf({ ...own, from: '' }, NOW)).toEqual({ from: null, to: Date.parse('2026-10-25T03:00:00Z') });
  });

  it('chooses columns of tables alone', () => {
    const columns = new Set(['id', 'action']);
    expect(orderOf({ ...DRAFT, columns }, 'en', NOW)['columns']).toEqual(['id', 'action']);
    expect(orderOf({ ...DRAFT, columns, format: 'xlsx' }, 'en', NOW)['columns']).toEqual(['id', 'action']);
    for (const format of FORMATS.filter((each) => !isTable(each)))
      expect(orderOf({ ...DRAFT, columns, format }, 'en', NOW)).not.toHaveProperty('columns');
  });

  it('withholds what is personal, and says why, when somebody wants it so', () => {
    expect(orderOf({ ...DRAFT, withholds: true, reason: ' audit \n' }, 'de', NOW)).toEqual({
      zone: 'Europe/Berlin',
      format: 'csv',
      language: 'de',
      withhold_personal: true,
      reason: 'audit',
    });
  });
});

it('columns are chosen in the order of the table, and all of them are the same as none chosen', () => {
  const all = ['id', 'seq', 'action'];
  const two = toggled(null, 'seq', all)!;
  expect([...two]).toEqual(['id', 'action']);
  expect([...toggled(two, 'id', all)!]).toEqual(['action']);
  expect(toggled(two, 'seq', all)).toBeNull();
  expect(toggled(new Set(['action']), 'action', all)!.size).toBe(0);
});

it('a profile that names formats offers no others, but spreadsheets with tables', () => {
  expect(offeredFormats(undefined)).toEqual([...FORMATS]);
  expect(offeredFormats(['json', 'csv', 'print'])).toEqual(['csv', 'xlsx', 'json']);
  expect(offeredFormats(['pdf'])).toEqual(['pdf']);
});

describe('a link to the viewer', () => {
  it('is taken over with its query, its period and its zone', () => {
    const link = 'https://audit.example.com/t/acme/log#q=actor%3Aana&time=P30D&zone=UTC';
    expect(fromLink(link, DRAFT, BEGINS)).toEqual({ ...DRAFT, query: 'actor:ana', period: 'P30D', zone: 'UTC' });
    const between = '/t/acme/log#q=x&from=2026-11-01T00%3A00%3A00.000Z&zone=Nowhere%2FAt';
    expect(fromLink(between, DRAFT, BEGINS)).toEqual({
      ...DRAFT,
      query: 'x',
      period: 'own',
      from: '2026-11-01T01:00:00',
      to: '',
    });
  });

  it('means what its sender saw where it says nothing', () => {
    expect(fromLink('https://a.test/t/acme/log#entry=e1', DRAFT, BEGINS)).toMatchObject({
      query: '-reads:log',
      period: 'P7D',
    });
    expect(fromLink('https://a.test/t/acme/log#q=&time=newest', DRAFT, BEGINS)).toMatchObject({
      query: '',
      period: 'always',
    });
  });

  it('of the viewer’s own menu says everything', () => {
    expect(fromLink('#new=&q=actor%3Aana', DRAFT, BEGINS)).toMatchObject({ query: 'actor:ana', period: 'always' });
    expect(fromLink('#new=', DRAFT, BEGINS)).toMatchObject({ query: '', period: 'always' });
  });

  it('is told apart from a query', () => {
    for (const query of ['actor:ana', '', 'q=1', 'https://a.test/', '"#q=x"', '#q', 'words #hash=1'])
      expect(fromLink(query, DRAFT, BEGINS), query).toBeNull();
  });
});

describe('how far an export is', () => {
  const job = (more: Partial<Job>): Job => ({ id: 'x', state: 'running', format: 'csv', created_at: '', ...more });

  it('is a share of what was estimated, and never more than the whole', () => {
    expect(shareOf(job({ entries: 250, estimate: 1000 }))).toBe(0.25);
    expect(shareOf(job({ entries: 1001, estimate: 1000 }))).toBe(1);
    expect(shareOf(job({ entries: 5 }))).toBeNull();
    expect(['waiting', 'running', 'done', 'failed'].map((state) => isUnderWay({ state }))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('is looked at soon while it moves, ever less often while it does not, and at most every ten seconds', () => {
    const pace = new Pace();
    const first = pace.after(1);
    expect(pace.after(2)).toBe(first);
    const still = Array.from({ length: 20 }, () => pace.after(2));
    expect(still.every((pause, i) => i === 0 || pause >= still[i - 1]!)).toBe(true);
    expect(still[0]).toBeGreaterThan(first);
    expect(still.at(-1)).toBe(10_000);
    expect(pace.afterFailure()).toBe(10_000);
    expect(pace.after(3)).toBe(first);
  });
});

describe('when a schedule runs', () => {
  const cases: [Partial<Times>, string][] = [
    [{ preset: 'hourly', time: '00:05' }, '5 * * * *'],
    [{ preset: 'daily', time: '06:30' }, '30 6 * * *'],
    [{ preset: 'weekdays', time: '18:00' }, '0 18 * * 1-5'],
    [{ preset: 'weekly', time: '00:00', weekday: 0 }, '0 0 * * 0'],
    [{ preset: 'monthly', time: '23:59', day: 28 }, '59 23 28 * *'],
    [{ preset: 'lastDay', time: '01:15' }, '15 1 L * *'],
  ];

  it('is an expression of five fields, and is known again by it', () => {
    expect(cases.map(([{ preset }]) => preset)).toEqual(PRESETS.filter((preset) => preset !== 'own'));
    for (const [times, cron] of cases) {
      expect(cronOf({ ...BEGINNING, ...times }), cron).toBe(cron);
      expect(timesOf(cron), cron).toMatchObject(times);
      expect(cronOf(timesOf(cron))).toBe(cron);
    }
  });

  it('stays as it is written where no preset means it', () => {
    for (const cron of ['*/30 * * * *', '0 6 29 * *', '0 6 * 1 *', '0 6 1 * 1', '0 6 * * 7', '0 6 * *', '', '@daily']) {
      expect(timesOf(cron).preset, cron).toBe('own');
      expect(cronOf(timesOf(cron))).toBe(cron);
    }
  });
});

describe('a schedule', () => {
  const draft = emptySchedule('UTC', 'de');

  it('begins now unless told otherwise, and a change does not begin it again', () => {
    const made = scheduleOf({ ...draft, name: ' Nightly ' }, 'de', true);
    expect(made).toEqual({
      name: 'Nightly',
      cron: '0 6 * * *',
      zone: 'UTC',
      format: 'csv',
      language: 'de',
      start: 'now',
      destination: { type: 'inbox' },
    });
    expect(scheduleOf(draft, 'de', false)).not.toHaveProperty('start');
  });

  it('has the fields of its destination and of no other', () => {
    const fields = {
      language: 'de',
      addresses: 'a@x.test\n b@x.test, c@x.test',
      path: 'nightly',
      url: 'https://x.test/hook',
      bucket: 'b',
      region: 'eu',
      prefix: '',
      endpoint: ' ',
      access_key: 'k',
      secret: '',
      path_style: 'true',
    };
    expect(DESTINATIONS.map((type) => destinationOf({ type, fields }))).toEqual([
      { type: 'inbox' },
      { type: 'email', addresses: ['a@x.test', 'b@x.test', 'c@x.test'], language: 'de' },
      { type: 'directory', path: 'nightly' },
      { type: 's3', region: 'eu', bucket: 'b', access_key: 'k', path_style: true },
      { type: 'webhook', url: 'https://x.test/hook' },
    ]);
  });

  it('is changed from what it is, and keeps a secret that nobody was shown', () => {
    const schedule: Schedule = {
      id: 's1',
      name: 'Nightly',
      state: 'active',
      cron: '0 2 * * 1-5',
      zone: 'Europe/Berlin',
      query: 'security:true',
      format: 'csv',
      columns: ['id', 'action'],
      withhold_personal: true,
      destination: { type: 's3', region: 'eu', bucket: 'b', prefix: 'p', path_style: true, access_key: 'k' },
      created_at: '2026-11-20T12:00:00Z',
    };
    expect(scheduleOf(draftOf(schedule, 'en'), 'en', false)).toEqual({
      name: 'Nightly',
      cron: '0 2 * * 1-5',
      zone: 'Europe/Berlin',
      query: 'security:true',
      format: 'csv',
      columns: ['id', 'action'],
      withhold_personal: true,
      language: 'en',
      destination: { type: 's3', region: 'eu', bucket: 'b', prefix: 'p', path_style: true, access_key: 'k' },
    });
    expect(placeOf(schedule.destination)).toBe('b/p');
  });

  it('says why it is paused, in the words of its reader where there are any', async () => {
    const paused = (why: string | null): Schedule => ({ paused_because: why }) as Schedule;
    const german = await consoleWordsFor(['de']);
    expect(pauseText(paused('Paused by member:u_7.'), german)).toBe('Angehalten von member:u_7.');
    const gone = 'Whoever made the schedule, or changed it last, may not export any more.';
    expect(pauseText(paused(gone), german)).toContain('darf nicht mehr');
    expect(pauseText(paused(gone), CONSOLE_ENGLISH)).toBe(gone);
    expect(pauseText(paused('The bucket is gone.'), german)).toBe('The bucket is gone.');
    expect(pauseText(paused(null), german)).toBe('');
  });
});

it('every span, format and destination has its words', () => {
  const words = Object.keys(en);
  for (const span of SPANS) expect(words).toContain(`exports.period.${span}`);
  for (const format of FORMATS) expect(words).toContain(`exports.format.${format}`);
  for (const type of DESTINATIONS) expect(words).toEqual(expect.arrayContaining([`schedules.to.${type}`]));
});
