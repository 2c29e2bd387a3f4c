/** Sentences of other programs' logs, whose actions the profile does not have. */
import { describe, expect, it } from 'vitest';
import { ENGLISH, wordsFor } from '../src/shared/i18n.ts';
import type { Entry, Profile } from '../src/shared/types.ts';
import { Catalog, sentenceText } from '../src/viewer/sentence.ts';

const PROFILE: Profile = {
  id: 'x',
  name: 'X',
  actions: [{ action: 'user.login', category: 'authentication', verb: 'login', sentence: { en: '{actor} entered' } }],
  catalogs: [
    {
      id: 'other',
      name: 'Other',
      actions: [
        { action: 'user.login', verb: 'login', sentence: { en: '{actor} signed in' }, fails: false },
        {
          action: 'team.add_member',
          verb: 'assign',
          sentence: { en: '{actor} added {target.user} to the team{? {target.team}}' },
          fails: false,
        },
        { action: 'user.failed_login', verb: 'login', sentence: { en: '{actor} failed to sign in' }, fails: true },
      ],
      families: [{ prefixes: ['s3.', 'ec2.'], sentence: { en: '{actor} called {action}{? for {target}}' } }],
    },
  ],
};
const CATALOG = new Catalog(PROFILE);
const ENTRY: Entry = {
  id: 'e1',
  tenant: 'acme',
  seq: 1,
  recorded_at: '2026-11-20T10:00:00.000Z',
  occurred_at: '2026-11-20T10:00:00.000Z',
  action: 'team.add_member',
  category: 'other',
  verb: 'assign',
  security_relevant: true,
  outcome: 'success',
  actor: { type: 'user', id: '71', name: 'Ana' },
  targets: [
    { type: 'organization', id: '8' },
    { type: 'team', id: 't', name: 'boats' },
    { type: 'user', id: '9', name: 'Bo' },
  ],
};
const say = (entry: Partial<Entry>): string => sentenceText({ ...ENTRY, ...entry }, CATALOG, ENGLISH);

describe('a sentence of another program’s log', () => {
  it('names targets by their types, and leaves out what is not there', () => {
    expect(say({})).toBe('Ana added Bo to the team boats');
    expect(say({ targets: [{ type: 'user', id: '9', name: 'Bo' }] })).toBe('Ana added Bo to the team');
  });

  it('is that of a pattern, with the action', () => {
    expect(say({ action: 'ec2.stop_instances', targets: [{ type: 'instance', id: 'i-1' }] })).toBe(
      'Ana called ec2.stop_instances for i-1',
    );
    expect(say({ action: 'ec2.stop_instances', targets: [] })).toBe('Ana called ec2.stop_instances');
  });

  it('is not that of a pattern which the server did not take to mean it', () => {
    expect(say({ action: 'ec2.shop_opened', verb: 'update', flags: ['unknown_action'], targets: [] })).toBe(
      'Ana · ec2.shop_opened',
    );
    expect(say({ flags: ['unknown_action'] })).toBe('Ana added Bo to the team boats');
  });

  it('does not go before that of the profile', () => {
    expect(say({ action: 'user.login' })).toBe('Ana entered');
  });

  it('says first that it failed, unless the action does', () => {
    expect(say({ outcome: 'failure' })).toBe('Failed: Ana added Bo to the team boats');
    expect(say({ action: 'user.failed_login', outcome: 'failure' })).toBe('Ana failed to sign in');
    expect(say({ action: 'user.login', outcome: 'failure' })).toBe('Failed: Ana entered');
  });

  it('is German for whoever reads it', async () => {
    const german = await wordsFor(['de']);
    const words = sentenceText({ ...ENTRY, outcome: 'failure' }, CATALOG, german);
    expect(words).toBe('Fehlgeschlagen: Ana hat Bo zum Team boats hinzugefügt');
  });
});
