// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { longest, periodDays, periodOf, periodText } from '../src/console/governance/period.ts';
import { keepPlace, takePlace } from '../src/console/place.ts';
import { CONSOLE_ENGLISH } from '../src/console/words.ts';
import { ENGLISH, wordsFor } from '../src/shared/i18n.ts';

describe('a period', () => {
  it('is compared as the server compares it', () => {
    expect(periodDays('P1Y')).toBe(periodDays('P12M'));
    expect(periodDays('P2W')).toBe(periodDays('P14D'));
    expect(periodDays('P60D')).toBeLessThan(periodDays('P2M'));
    expect(periodDays('lifetime')).toBe(Infinity);
    for (const none of ['', 'P', 'P0D', 'P1', '12M', 'P1D2M', 'PT1H', 'p1y']) expect(periodDays(none)).toBeNaN();
  });

  it('is said in words, and what is none as it is', () => {
    expect(periodText('P1Y6M', CONSOLE_ENGLISH)).toBe('1 year 6 months');
    expect(periodText('P2W', CONSOLE_ENGLISH)).toBe('14 days');
    expect(periodText('lifetime', CONSOLE_ENGLISH)).toBe("for the tenant's lifetime");
    expect(periodText('P1X', CONSOLE_ENGLISH)).toBe('P1X');
  });

  it('wins when it is the longest', () => {
    expect(longest(['P12M', 'P6Y', 'P90D'])).toBe('P6Y');
    expect(longest(['P12M', '', 'lifetime'])).toBe('lifetime');
    expect(longest(['', 'P'])).toBeNull();
  });
});

describe('what went wrong', () => {
  const query = (detail: string) => ({
    code: 'invalid_query',
    detail: `q, column 1: ${detail}`,
    body: { errors: [{ parameter: 'q', code: 'invalid_query', detail }] },
  });

  it('is what the server says to whoever reads English', () => {
    expect(ENGLISH.problem({ code: 'holds_in_force', detail: 'Legal holds keep entries.' })).toEqual({
      text: 'Legal holds keep entries.',
      english: '',
    });
    expect(ENGLISH.problem(query('unknown field actr; did you mean actor:?')).text).toBe(
      'unknown field actr; did you mean actor:?',
    );
    expect(ENGLISH.problem({ code: 'unreachable', detail: 'TypeError: Failed to fetch' }).text).toContain(
      'cannot be reached',
    );
  });

  it('is said in German by its code, with the server beside it where that says more', async () => {
    const german = await wordsFor(['de']);
    expect(german.problem({ code: 'holds_in_force', detail: 'Legal holds keep entries.' })).toEqual({
      text: 'Aufbewahrungssperren halten, was gelöscht würde. Geben Sie sie zuerst frei.',
      english: '',
    });
    expect(german.problem({ code: 'retention_too_long', detail: 'at most P36M' })).toEqual({
      text: 'Das ist länger, als das Profil oder die Stufe des Tarifs erlaubt.',
      english: 'at most P36M',
    });
    expect(german.problem({ code: 'of_tomorrow', detail: 'Who knows.' })).toEqual({
      text: 'Das hat nicht geklappt.',
      english: 'Who knows.',
    });
  });

  it('is said in German of a query, or in English when it is not known', async () => {
    const german = await wordsFor(['de']);
    expect(german.problem(query('unknown field actr; did you mean actor:?'))).toEqual({
      text: 'das Feld actr gibt es nicht; meinten Sie actor:?',
      english: '',
    });
    expect(
      german.problem(
        query('actor: needs a value; write it without a space, in quotes if it has spaces: actor:"two words"'),
      ),
    ).toEqual({
      text: 'actor: braucht einen Wert; ohne Leerzeichen, und in Anführungszeichen, wenn der Wert welche hat: actor:"two words"',
      english: '',
    });
    expect(german.problem(query('the moon is full'))).toEqual({
      text: 'Die Abfrage ist so nicht zu verstehen.',
      english: 'the moon is full',
    });
    const ofAForm = {
      code: 'invalid',
      detail: 'x',
      body: {
        errors: [
          { pointer: '/query', code: 'invalid_query', detail: 'Column 3: the closing quote is missing' },
          { pointer: '/reason', code: 'missing', detail: 'y' },
        ],
      },
    };
    expect(german.problem(ofAForm)).toEqual({
      text: 'Diese Angaben gehen so nicht: Abfrage, Spalte 3: das schließende Anführungszeichen fehlt; Grund fehlt',
      english: '',
    });
    expect(ENGLISH.problem(ofAForm).text).toBe('Query, column 3: the closing quote is missing. Reason: y');
  });
});

it('a period is taken as people write it', () => {
  const written: [string, string | null][] = [
    ['7 years', 'P7Y'],
    ['1 year 6 months', 'P1Y6M'],
    ['13 Monate', 'P13M'],
    ['1 Jahr und 6 Monate', 'P1Y6M'],
    ['90 days', 'P90D'],
    ['2 weeks', 'P2W'],
    ['P7Y', 'P7Y'],
    ['p13m', 'P13M'],
    ['Lifetime', 'lifetime'],
    ['7', null],
    ['', null],
    ['7 yards', null],
    ['1 year 2 years', null],
    ['0 days', null],
    ['about 7 years', null],
  ];
  for (const [text, period] of written) expect(periodOf(text), text).toBe(period);
});

it('signing in leads back to where the session ended, once', () => {
  keepPlace('/t/acme/log#entry=e1');
  expect(takePlace()).toBe('/t/acme/log#entry=e1');
  expect(takePlace()).toBeNull();
  keepPlace('//evil.test/');
  expect(takePlace()).toBeNull();
});
