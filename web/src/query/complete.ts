/** What can be typed where the caret is. */
import { quote, tokens } from './lexer.ts';

/** Every field of the query language, with the facet that knows its values, if one does. */
export const FIELDS: Record<string, { facet?: string; choices?: string[] }> = {
  actor: { facet: 'actor_id' },
  action: { facet: 'action' },
  category: { facet: 'category' },
  outcome: { facet: 'outcome' },
  target: {},
  target_id: {},
  target_type: { facet: 'target_type' },
  changed: {},
  security: { facet: 'security' },
  country: { facet: 'country' },
  ip: {},
  role: { facet: 'role' },
  permission: {},
  account: { facet: 'account' },
  verb: { facet: 'verb' },
  actor_id: { facet: 'actor_id' },
  actor_name: {},
  actor_type: { facet: 'actor_type' },
  on_behalf_of: {},
  on_behalf_of_id: {},
  model: { facet: 'model' },
  version: {},
  session: {},
  request: {},
  trace: {},
  producer: { facet: 'producer' },
  producer_seq: {},
  recorded_by: { facet: 'recorded_by' },
  id: {},
  flag: { facet: 'flag' },
  reads: { choices: ['log'] },
  has: {
    choices: ['reason', 'changes', 'details', 'ip', 'targets', 'on_behalf_of', 'hashed_actor', 'hashed_on_behalf_of'],
  },
  after: { choices: ['-1h', '-24h', '-7d', '-30d'] },
  before: { choices: ['-1h', '-24h', '-7d', '-30d'] },
  recorded_after: { choices: ['-1h', '-24h', '-7d'] },
  recorded_before: { choices: ['-1h', '-24h', '-7d'] },
};

export type Completion =
  | { kind: 'field'; from: number; to: number; typed: string }
  | { kind: 'value'; from: number; to: number; typed: string; field: string; chipFrom: number; chipTo: number };

/** What the caret stands in: a word that may become a field, or a value of a field. */
export function completionAt(text: string, caret: number): Completion | null {
  for (const token of tokens(text)) {
    if (token.from > caret || token.to < caret) continue;
    if (token.kind === 'qualifier') {
      const value = token.values.find((v) => v.from <= caret && caret <= v.to);
      if (!value) continue;
      return {
        kind: 'value',
        from: value.from,
        to: value.to,
        typed: text.slice(value.from, caret).replace(/^"/, ''),
        field: token.name,
        chipFrom: text[token.from - 1] === '-' ? token.from - 1 : token.from,
        chipTo: token.to,
      };
    }
    if (token.kind === 'word' && token.to === caret && text[token.from] !== '"') {
      return { kind: 'field', from: token.from, to: token.to, typed: text.slice(token.from, caret) };
    }
  }
  return caret === 0 || /[\s(-]/u.test(text[caret - 1]!) ? { kind: 'field', from: caret, to: caret, typed: '' } : null;
}

/** The text with a completion taken, and where the caret is then. */
export function complete(text: string, at: Completion, chosen: string): { text: string; caret: number } {
  const written = at.kind === 'field' ? `${chosen}:` : quote(chosen);
  const tail = text.slice(at.to);
  const space = at.kind === 'value' && !/^[\s,)]/u.test(tail) ? ' ' : '';
  const head = text.slice(0, at.from) + written + space;
  return { text: head + tail, caret: head.length };
}
