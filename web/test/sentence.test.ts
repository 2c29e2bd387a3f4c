import { describe, expect, it } from 'vitest';
import { ENGLISH } from '../src/shared/i18n.ts';
import type { Entry } from '../src/shared/types.ts';
import { Catalog, sentenceOf, sentenceText } from '../src/viewer/sentence.ts';

const ENTRY: Entry = {
  id: 'e1', tenant: 'acme', seq: 1, recorded_at: '2026-11-20T10:00:00.000Z', occurred_at: '2026-11-20T10:00:00.000Z',
  action: 'ticket.merge', category: 'tickets', verb: 'update', security_relevant: false, outcome: 'success',
  actor: { type: 'user', id: 'u_7', name: 'Ana' },
  targets: [{ type: 'ticket', id: 't_1', name: 'Refund' }, { type: 'ticket', id: 't_2' }, { type: 'user', id: 'u_9', name: 'Bo' }],
};

const CATALOG = new Catalog({
  id: 'x', name: 'X',
  actions: [
    { action: 'ticket.merge', category: 'tickets', verb: 'update', sentence: { en: '{actor} merged {targets}' } },
    { action: 'ticket.close', category: 'tickets', verb: 'update', sentence: { en: '{actor} closed {target}' } },
    { action: 'ticket.*', category: 'tickets', verb: 'update', sentence: { en: '{actor} touched {target}' } },
    { action: 'ticket.note.*', category: 'tickets', verb: 'update', sentence: { en: '{actor} made a note of {target}' } },
  ],
});

describe('a sentence of several targets', () => {
  it('names all of them, and each can be filtered by', () => {
    expect(sentenceText(ENTRY, CATALOG, ENGLISH)).toBe('Ana merged Refund, t_2, Bo');
    const values = sentenceOf(ENTRY, CATALOG, ENGLISH).filter((part) => part.field === 'target').map((part) => part.value);
    expect(values).toEqual(['ticket/t_1', 'ticket/t_2', 'user/u_9']);
  });

  it('names the first where there is room for one', () => {
    expect(sentenceText({ ...ENTRY, action: 'ticket.close' }, CATALOG, ENGLISH)).toBe('Ana closed Refund');
  });
});

it('of several patterns the longest that fits is meant, and a name before all of them', () => {
  expect(sentenceText({ ...ENTRY, action: 'ticket.note.add' }, CATALOG, ENGLISH)).toBe('Ana made a note of Refund');
  expect(sentenceText({ ...ENTRY, action: 'ticket.open' }, CATALOG, ENGLISH)).toBe('Ana touched Refund');
});
