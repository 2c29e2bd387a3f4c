// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import type { Entry } from '../src/shared/types.ts';
import { LiveTail } from '../src/viewer/live.ts';
import type { LiveHost } from '../src/viewer/live-host.ts';
import { among, lastFirst, placedAt, timeMark } from '../src/viewer/place.ts';

function entry(seq: number, occurred: string, recorded = occurred, flags: string[] = []): Entry {
  return {
    id: `e${seq}`,
    tenant: 'acme',
    seq,
    occurred_at: occurred,
    recorded_at: recorded,
    flags,
    action: 'a.b',
    category: 'c',
    verb: 'update',
    security_relevant: false,
    outcome: 'success',
    actor: { type: 'user', id: 'u' },
  };
}

const NOON = '2026-11-20T12:00:00.000Z';
const ROWS = [entry(30, NOON), entry(28, '2026-11-20T11:00:00.000Z'), entry(29, '2026-11-20T10:00:00.000Z')];
const LATE = entry(31, '2026-11-20T10:30:00.000Z', NOON, ['late']);
const LONG_AGO = entry(32, '2026-10-01T00:00:00.000Z', NOON, ['late']);
const NEW = entry(33, '2026-11-20T12:01:00.000Z');

describe('where an entry stands', () => {
  it('is when it happened', () => {
    expect(placedAt(LATE)).toBe(Date.parse(LATE.occurred_at));
    expect(timeMark(LATE)).toBe('late');
    expect(timeMark(NEW)).toBeUndefined();
  });

  it('is its recording, of one of the future, flagged or of a build that flagged none', () => {
    for (const flags of [['early'], []]) {
      expect(placedAt(entry(1, '2199-01-01T00:00:00.000Z', NOON, flags))).toBe(Date.parse(NOON));
    }
    const aLittleAhead = entry(1, '2026-11-20T12:05:00.000Z', NOON);
    expect(placedAt(aLittleAhead)).toBe(Date.parse(aLittleAhead.occurred_at));
  });

  it('is told apart by numbers within a millisecond', () => {
    expect([entry(1, NOON), entry(3, NOON), entry(2, NOON)].sort(lastFirst).map((e) => e.seq)).toEqual([3, 2, 1]);
  });

  it('is on this page, or on one behind it when there are more', () => {
    expect(among(ROWS, [LATE, LONG_AGO, NEW], true)).toEqual({ here: [LATE, NEW], below: [LONG_AGO] });
    expect(among(ROWS, [LATE, LONG_AGO, NEW], false)).toEqual({ here: [LATE, LONG_AGO, NEW], below: [] });
    expect(among([], [LONG_AGO], true).here).toEqual([LONG_AGO]);
  });
});

describe('what comes by itself', () => {
  function shown(
    came: Entry[],
    more: { next: string | null; from?: number },
  ): { ids: string[]; arrived: string[]; below: number } {
    const arrived = new Set<string>();
    const page = { value: { entries: [...ROWS], next_cursor: more.next, indexed_through: 30 } };
    const model = {
      page,
      arrived,
      preset: { pageEntries: 100 },
      resolved: { from: more.from ?? null, to: null },
      countsSoon: () => {},
      host: { changed: () => {} },
    };
    const live = new LiveTail(model as unknown as LiveHost);
    live.waiting = came;
    live.flush();
    return { ids: page.value.entries.map((e) => e.id), arrived: [...arrived], below: live.below };
  }

  it('is put where it belongs, and a late one not on top', () => {
    expect(shown([LATE, NEW, LONG_AGO], { next: null }).ids).toEqual(['e33', 'e30', 'e28', 'e31', 'e29', 'e32']);
  });

  it('is said to stand further down when its page is another', () => {
    const after = shown([LATE, LONG_AGO], { next: 'more' });
    expect(after.ids).toEqual(['e30', 'e28', 'e31', 'e29']);
    expect(after.arrived).toEqual(['e31']);
    expect(after.below).toBe(1);
  });

  it('is no answer when it happened before the time that is asked for', () => {
    const after = shown([LATE, LONG_AGO], { next: null, from: Date.parse('2026-11-19T00:00:00Z') });
    expect(after.ids).not.toContain('e32');
    expect(after.below).toBe(0);
  });
});
