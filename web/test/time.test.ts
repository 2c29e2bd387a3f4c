import { describe, expect, it } from 'vitest';
import * as time from '../src/shared/time.ts';

const BERLIN = 'Europe/Berlin';

describe('wall times', () => {
  it('come back the same through every hour of two changeovers', () => {
    for (const start of ['2026-03-28T22:00:00Z', '2026-10-24T22:00:00Z']) {
      for (let minute = 0; minute < 24 * 60; minute += 15) {
        const instant = Date.parse(start) + minute * 60_000;
        const input = time.toInput(instant, BERLIN);
        const back = [time.fromInput(input, BERLIN), time.fromInput(input, BERLIN, true)];
        expect(back, `${start} + ${minute} min`).toContain(instant);
      }
    }
  });

  it('of an hour that occurs twice are the first, or the later one when asked', () => {
    expect(time.fromInput('2026-10-25T02:30', BERLIN)).toBe(Date.parse('2026-10-25T00:30:00Z'));
    expect(time.fromInput('2026-10-25T02:30', BERLIN, true)).toBe(Date.parse('2026-10-25T01:30:00Z'));
  });

  it('that a changeover leaves out move on', () => {
    expect(time.fromInput('2026-03-29T02:30', BERLIN)).toBe(Date.parse('2026-03-29T01:30:00Z'));
  });

  it('show the offset that held then', () => {
    expect(time.fullText(Date.parse('2026-07-01T10:00:00.005Z'), BERLIN, 'en-GB')).toBe(
      'Wed, 1 Jul 2026, 12:00:00.005 +02:00',
    );
    expect(time.offsetText(time.offsetMinutes(Date.parse('2026-01-01T00:00:00Z'), 'America/St_Johns'))).toBe('−03:30');
    expect(time.offsetText(time.offsetMinutes(0, 'UTC'))).toBe('+00:00');
  });
});

describe('periods', () => {
  it('end on the last day of a shorter month', () => {
    expect(new Date(time.after(Date.parse('2026-01-31T10:00:00Z'), 'P1M')!).toISOString()).toBe(
      '2026-02-28T10:00:00.000Z',
    );
    expect(time.after(0, 'lifetime')).toBeNull();
  });

  it('before now are counted in minutes', () => {
    expect(time.before(0, 'P7D')).toBe(-7 * 86_400_000);
    expect(time.before(0, 'PT15M')).toBe(-15 * 60_000);
  });
});
