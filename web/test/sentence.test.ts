import { describe, expect, it } from 'vitest';
import { ENGLISH } from '../src/shared/i18n.ts';
import type { Entry } from '../src/shared/types.ts';
import { Catalog, sentenceOf, sentenceText } from '../src/viewer/sentence.ts';

const ENTRY: Entry = {
  id: 'e1',
  tenant: 'acme',
  seq: 1,
  recorded_at: '2026-11-20T10:00:00.000Z',
  occurred_at: '2026-11-20T10:00:00.000Z',
  action: 'ticket.merge',
  category: 'tickets',
  verb: 'update',
  security_relevant: false,
  outcome: 'success',
  actor: { type: 'user', id: 'u_7', name: 'Ana' },
  targets: [
    { type: 'ticket', id: 't_1', name: 'Refund' },
    { type: 'ticket', id: 't_2' },
    { type: 'user', id: 'u_9', name: 'Bo' },
  ],
};

const CATALOG = new Catalog({
  id: 'x',
  name: 'X',
  actions: [
    { action: 'ticket.merge', category: 'tickets', verb: 'update', sentence: { en: '{actor} merged {targets}' } },
    { action: 'ticket.close', category: 'tickets', verb: 'update', sentence: { en: '{actor} closed {target}' } },
    { action: 'ticket.*', category: 'tickets', verb: 'update', sentence: { en: '{actor} touched {target}' } },
    {
      action: 'ticket.note.*',
      category: 'tickets',
      verb: 'update',
      sentence: { en: '{actor} made a note of {target}' },
    },
  ],
});

describe('a sentence of several targets', () => {
  it('names all of them, and each can be filtered by', () => {
    expect(sentenceText(ENTRY, CATALOG, ENGLISH)).toBe('Ana merged Refund, t_2, Bo');
    const values = sentenceOf(ENTRY, CATALOG, ENGLISH)
      .filter((part) => part.field === 'target')
      .map((part) => part.value);
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

describe('a sentence says nothing that was not recorded', () => {
  const BO = { type: 'user', id: 'u_9', name: 'Bo' };
  const catalog = new Catalog({
    id: 'x',
    name: 'X',
    actions: [
      {
        action: 'user.role_changed',
        target_types: ['user'],
        sentence: { en: '{actor} changed the role of {target}{? from {before.role}}{? to {after.role}}' },
      },
      { action: 'plan.moved', sentence: { en: '{actor} moved the plan from {before} to {after}' } },
      {
        action: 'settings.updated',
        target_types: ['settings'],
        sentence: { en: '{actor} changed the setting {field}{? from {before}}{? to {after}}' },
      },
      {
        action: 'role.assigned',
        target_types: ['user', 'role'],
        sentence: { en: '{actor} gave a role to {target.user}' },
      },
      { action: 'agent.added', target_types: ['agent', 'user'], sentence: { en: '{actor} added the agent {target}' } },
      { action: 'user.login_failed', fails: true, sentence: { en: '{actor} failed to sign in' } },
      { action: 'job.ended', sentence: { en: 'The job ended: {outcome}' } },
    ],
  });
  const say = (entry: Partial<Entry>): string => sentenceText({ ...ENTRY, targets: [BO], ...entry }, catalog, ENGLISH);

  it('of an action that nobody knows', () => {
    const unknown = { verb: 'read', flags: ['unknown_action'] };
    expect(say({ ...unknown, action: 'iam.create_access_key' })).toBe('Ana · iam.create_access_key · Bo');
    expect(say({ ...unknown, action: 'team.remove_member', verb: 'delete' })).toBe('Ana · team.remove_member · Bo');
    expect(say({ ...unknown, action: 'user.delete_requested', verb: 'delete' })).toBe(
      'Ana · user.delete_requested · Bo',
    );
    expect(say({ ...unknown, action: 'label.remove', targets: [{ type: 'project', id: 'p', name: 'Apollo' }] })).toBe(
      'Ana · label.remove · Apollo',
    );
    expect(say({ ...unknown, action: 'team.sync', targets: [BO, { type: 'team', id: 't' }], outcome: 'failure' })).toBe(
      'Failed: Ana · team.sync · Bo, t',
    );
    expect(
      say({ ...unknown, action: 'order.refunded', targets: [], changes: [{ field: 'total', before: 10, after: 0 }] }),
    ).toBe('Ana · order.refunded · total: 10 → 0');
  });

  it('takes the change that it names', () => {
    const changes = [
      { field: 'team', before: 'Sales', after: 'Support' },
      { field: 'role', before: 'agent', after: 'admin' },
    ];
    expect(say({ action: 'user.role_changed', changes })).toBe('Ana changed the role of Bo from agent to admin');
    expect(say({ action: 'user.role_changed', changes: changes.slice(0, 1) })).toBe('Ana changed the role of Bo');
    expect(say({ action: 'user.role_changed', changes: [{ field: 'user.role', before: null, after: 'admin' }] })).toBe(
      'Ana changed the role of Bo to admin',
    );
    expect(say({ action: 'settings.updated', targets: [], changes })).toBe(
      'Ana changed the setting team from Sales to Support (and 1 more)',
    );
    expect(say({ action: 'plan.moved', changes: changes.slice(0, 1) })).toBe(
      'Ana moved the plan from Sales to Support',
    );
    expect(say({ action: 'plan.moved', changes })).toBe('Ana · plan.moved · Bo');
    expect(
      say({ action: 'plan.moved', changes: [...changes, { field: 'billing.plan', before: 'S', after: 'L' }] }),
    ).toBe('Ana moved the plan from S to L');
  });

  it('takes the target that it names', () => {
    const role = { type: 'role', id: 'r', name: 'Auditor' };
    expect(say({ action: 'role.assigned', targets: [role, BO] })).toBe('Ana gave a role to Bo');
    expect(say({ action: 'role.assigned', targets: [role] })).toBe('Ana · role.assigned · Auditor');
    expect(say({ action: 'user.role_changed', targets: [role, BO], changes: [] })).toBe('Ana changed the role of Bo');
    expect(say({ action: 'user.role_changed', targets: [{ type: 'project', id: 'p' }] })).toBe(
      'Ana · user.role_changed · p',
    );
    expect(say({ action: 'agent.added', targets: [BO] })).toBe('Ana added the agent Bo');
  });

  it('says a failure as a failure', () => {
    expect(say({ action: 'user.role_changed', outcome: 'failure' })).toBe('Failed: Ana changed the role of Bo');
    expect(say({ action: 'user.login_failed', outcome: 'failure' })).toBe('Ana failed to sign in');
    expect(say({ action: 'job.ended', outcome: 'failure' })).toBe('The job ended: Failure');
  });
});
