import { describe, expect, it } from 'vitest';
import { FIELDS } from '../src/query/complete.ts';
import { differingField } from '../src/proof/check.ts';
import de from '../src/shared/de.json';
import en from '../src/shared/en.json';
import { ENGLISH, wordsFor } from '../src/shared/i18n.ts';
import type { Actor, Entry, ProofDocument } from '../src/shared/types.ts';
import { FACETS } from '../src/viewer/preset.ts';
import { actorName, Catalog, chainOf, sentenceOf, sentenceText } from '../src/viewer/sentence.ts';

const NADIA: Actor = { type: 'user', id: 'u_nadia', name: 'Nadia' };
const ENTRY: Entry = {
  id: 'e1',
  tenant: 'acme',
  seq: 1,
  recorded_at: '2026-11-20T10:00:00.000Z',
  occurred_at: '2026-11-20T10:00:00.000Z',
  action: 'ticket.close',
  category: 'tickets',
  verb: 'update',
  security_relevant: false,
  outcome: 'success',
  actor: {
    type: 'ai_agent',
    id: 'triage',
    name: 'Triage',
    model: 'acme-large-3',
    version: '1.4',
    on_behalf_of: { type: 'ai_agent', id: 'planner', on_behalf_of: NADIA },
  },
  targets: [{ type: 'ticket', id: '42' }],
  recorded_by: { type: 'api_key', id: 'AbCdEf123456' },
};
const CATALOG = new Catalog({
  id: 'x',
  name: 'X',
  actions: [
    {
      action: 'ticket.close',
      category: 'tickets',
      verb: 'update',
      sentence: { en: '{actor} closed {target}', de: '{actor} hat {target} geschlossen' },
    },
  ],
});

describe('the sentence of what an agent did', () => {
  it('names everybody on whose behalf it was done, the nearest first', async () => {
    expect(sentenceText(ENTRY, CATALOG, ENGLISH)).toBe('Triage on behalf of planner on behalf of Nadia closed 42');
    const german = await wordsFor(['de']);
    expect(sentenceText(ENTRY, CATALOG, german)).toBe(
      'Triage im Namen von planner im Namen von Nadia hat 42 geschlossen',
    );
  });

  it('does so too where there is none', () => {
    expect(sentenceText({ ...ENTRY, action: 'ticket.shut' }, CATALOG, ENGLISH)).toMatch(
      /^Triage on behalf of planner on behalf of Nadia /,
    );
  });

  it('leads from each of them to what was done on their behalf', () => {
    const values = sentenceOf(ENTRY, CATALOG, ENGLISH)
      .filter((part) => part.kind === 'actor')
      .map(({ field, value }) => `${field}:${value}`);
    expect(values).toEqual(['actor_id:triage', 'on_behalf_of:planner', 'on_behalf_of:u_nadia']);
  });

  it('does not name twice whom something was done to', () => {
    const support = {
      ...ENTRY,
      actor: { type: 'support', id: 's_1', name: 'Sam', on_behalf_of: NADIA },
      targets: [{ type: 'user', id: 'u_nadia', name: 'Nadia' }],
    };
    expect(sentenceText(support, CATALOG, ENGLISH)).toBe('Sam closed Nadia');
  });

  it('is as it was where nobody acts for anybody', () => {
    expect(sentenceText({ ...ENTRY, actor: NADIA }, CATALOG, ENGLISH)).toBe('Nadia closed 42');
    expect(chainOf(NADIA)).toEqual([]);
  });
});

describe('somebody without a name', () => {
  const named = (actor: Actor, more: Partial<Entry> = {}): string => actorName({ ...ENTRY, actor, ...more }, ENGLISH);

  it('is unknown, not shown, or erased', () => {
    expect(named({ type: 'user' })).toBe('(unknown)');
    expect(named({ type: 'user', id_hash: 'f'.repeat(64) })).toBe('(not shown)');
    expect(named({ type: 'user', id_hash: 'f'.repeat(64) }, { personal_erased: true })).toBe('(erased)');
    expect(named({ type: 'system' })).toBe('The system');
  });

  it('is said of every step of a chain', () => {
    const entry = {
      ...ENTRY,
      actor: { type: 'ai_agent', id: 'triage', on_behalf_of: { type: 'user', id_hash: 'f'.repeat(64) } },
    };
    expect(sentenceText(entry, CATALOG, ENGLISH)).toBe('triage on behalf of (not shown) closed 42');
  });
});

it('every new facet and field has its words in both languages', () => {
  expect(FACETS).toEqual(expect.arrayContaining(['actor_type', 'model', 'producer', 'recorded_by']));
  for (const bundle of [en, de] as Record<string, unknown>[]) {
    for (const field of Object.keys(FIELDS)) expect(bundle[`field.${field}`], field).toBeTypeOf('string');
    for (const facet of FACETS) expect(bundle[`facet.${facet}`], facet).toBeTypeOf('string');
    for (const flag of ['early', 'late', 'reason_missing', 'unknown_action'])
      expect(bundle[`flag.${flag}`], flag).toBeTypeOf('string');
    for (const kind of ['api_key', 'operator_key', 'session', 'server'])
      expect(bundle[`recordedBy.${kind}`], kind).toBeTypeOf('string');
    expect(bundle['actor.type.ai_agent']).toBeTypeOf('string');
  }
});

it('a proof finds an altered step, model, producer or sender', () => {
  const { recorded_at: _, seq: __, ...facts } = ENTRY;
  const proof = { facts: { text: JSON.stringify(facts), salt: '' } } as ProofDocument;
  expect(differingField(ENTRY, proof)).toBe('');
  const triage = ENTRY.actor;
  expect(differingField({ ...ENTRY, actor: { ...triage, model: 'other' } }, proof)).toBe('/actor/model');
  expect(
    differingField(
      {
        ...ENTRY,
        actor: { ...triage, on_behalf_of: { ...triage.on_behalf_of!, on_behalf_of: { ...NADIA, id: 'u_noor' } } },
      },
      proof,
    ),
  ).toBe('/actor/on_behalf_of/on_behalf_of/id');
  expect(differingField({ ...ENTRY, recorded_by: { type: 'server' } }, proof)).toBe('/recorded_by/type');
  expect(differingField({ ...ENTRY, context: { producer: 'p' } }, proof)).toBe('/context');
});
