/** The vectors that this reading of the query language shares with the server's (`QueryVectorsTest`). */
import { describe, expect, it } from 'vitest';
import { chips, invert } from '../src/query/chips.ts';
import { complete, completionAt, FIELDS } from '../src/query/complete.ts';
import { quote, tokens, type Token, type Value } from '../src/query/lexer.ts';
import { wordsFor } from '../src/shared/i18n.ts';
import vectors from './query-vectors.json';

interface Valid {
  query: string;
  tokens: unknown[];
  chips: { text: string; field?: string; negated?: boolean }[];
}

const valid: Valid[] = vectors.valid;

/** Columns are counted in code points, from 1. */
function place(text: string, { from, to }: { from: number; to: number }): { column: number; length: number } {
  return { column: Array.from(text.slice(0, from)).length + 1, length: Array.from(text.slice(from, to)).length };
}

function valueOf(text: string, value: Value): object {
  return { text: value.text, ...(value.prefix ? { prefix: true } : {}), ...place(text, value) };
}

function tokenOf(text: string, token: Token): object {
  switch (token.kind) {
    case 'qualifier': {
      const name = text.slice(token.from, token.from + token.name.length);
      const values = token.values.map((value) => valueOf(text, value));
      return { kind: token.kind, name, column: place(text, token).column, values };
    }
    case 'word':
      return { kind: token.kind, ...valueOf(text, token.values[0]!) };
    default:
      return { kind: token.kind, ...place(text, token) };
  }
}

it('there are vectors', () => {
  expect(valid.length).toBeGreaterThan(100);
  expect(vectors.invalid.length).toBeGreaterThan(60);
  expect(vectors.values.length).toBeGreaterThan(30);
});

describe('a query that is understood', () => {
  it.each(valid)('has tokens and chips: $query', ({ query, tokens: expected, chips: parts }) => {
    expect(tokens(query).map((token) => tokenOf(query, token))).toEqual(expected);
    const found = chips(query).map(({ text, field, negated }) => ({
      text,
      ...(field === null ? {} : { field }),
      ...(negated ? { negated } : {}),
    }));
    expect(found).toEqual(parts);
  });

  it.each(valid)('has chips that are turned around and back: $query', ({ query }) => {
    for (const chip of chips(query).filter(({ text }) => !tokens(text).some(({ kind }) => kind === 'or'))) {
      const [turned, ...others] = chips(invert(chip.text, chips(chip.text)[0]!));
      expect(others).toEqual([]);
      expect([turned!.negated, turned!.field, turned!.values.map(({ text }) => text)]).toEqual([
        !chip.negated,
        chip.field,
        chip.values.map(({ text }) => text),
      ]);
    }
  });
});

describe('a query that is not understood', () => {
  it.each(vectors.invalid)('keeps its text, and is explained: $query', async ({ query, message, hint }) => {
    let at = 0;
    for (const chip of chips(query)) {
      expect(query.slice(at, chip.from).trim()).toBe('');
      at = chip.to;
    }
    expect(query.slice(at).trim()).toBe('');
    const detail = hint ? `${message}; ${hint}` : message;
    const german = (await wordsFor(['de'])).problem({ code: 'invalid_query', detail });
    expect(german.english).toBe('');
    expect(german.text).not.toBe('');
  });
});

describe('a value', () => {
  it.each(vectors.values)('is written as the server writes it: $value', ({ value, qualified, word, prefix }) => {
    expect([quote(value), quote(value, false, false), quote(value, true)]).toEqual([qualified, word, prefix]);
  });

  it.each(vectors.values)('is taken as it is when it completes a query: $value', ({ value }) => {
    const text = 'outcome:failure actor_id:x';
    const { text: completed } = complete(text, completionAt(text, text.length)!, value);
    const [, qualifier] = tokens(completed);
    expect(qualifier?.kind === 'qualifier' && qualifier.values.map((each) => each.text)).toEqual([value]);
  });
});

it('fields and their choices are those of the server', () => {
  expect(Object.keys(FIELDS).sort()).toEqual(vectors.fields);
  const choices: Record<string, string[]> = vectors.choices;
  for (const field of ['has', 'reads']) expect(FIELDS[field]!.choices).toEqual(choices[field]);
});
