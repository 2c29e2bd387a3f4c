import { describe, expect, it } from 'vitest';
import * as chips from '../src/query/chips.ts';
import { complete, completionAt } from '../src/query/complete.ts';
import { quote, tokens } from '../src/query/lexer.ts';

const QUERIES = [
  '',
  'actor:ana',
  '  actor:ana   -outcome:success  ',
  'actor:"Ana B",bo after:-7d "quota exceeded"',
  '(actor:ana OR actor:bo) NOT outcome:failure AND exp*',
  'a OR b',
  'target:ticket/4* "quota ex"* ip:2001:db8::/32',
  '-(a (b OR c)) details:"say \\"no\\""',
  'unfinished:"quote without end',
  '(((',
  '- -x',
];

describe('chips', () => {
  it.each(QUERIES)('cover all of the text and change none of it: %s', (text) => {
    let covered = '';
    let at = 0;
    for (const chip of chips.chips(text)) {
      expect(text.slice(at, chip.from).trim()).toBe('');
      covered += text.slice(chip.from, chip.to) + ' ';
      at = chip.to;
    }
    expect(text.slice(at).trim()).toBe('');
    expect(tokens(covered).map((t) => text.slice(t.from, t.to) && t.kind)).toEqual(tokens(text).map((t) => t.kind));
  });

  it('know fields, values and negation', () => {
    const found = chips.chips('actor:ana -outcome:success,unknown "two words"');
    expect(found.map((c) => [c.field, c.negated, c.values.map((v) => v.text)])).toEqual([
      ['actor', false, ['ana']],
      ['outcome', true, ['success', 'unknown']],
      [null, false, ['two words']],
    ]);
  });

  it('are one chip when the query is a choice', () => {
    expect(chips.chips('actor:ana OR ip:203.0.113.9')).toHaveLength(1);
    expect(chips.and('a OR b', 'c')).toBe('(a OR b) c');
  });

  it('are added, widened, excluded and taken away', () => {
    expect(chips.only('actor:ana actor:bo x', 'actor', 'Cy D')).toBe('x actor:"Cy D"');
    expect(chips.also('actor:ana x', 'actor', 'bo')).toBe('actor:ana,bo x');
    expect(chips.exclude('actor:ana,bo x', 'actor', 'bo')).toBe('actor:ana x -actor:bo');
    expect(chips.exclude('-actor:ana', 'actor', 'bo')).toBe('-actor:ana,bo');
    expect(chips.drop('actor:ana,bo,cy', 'actor', 'ana')).toBe('actor:bo,cy');
    expect(chips.drop('x actor:ana y', 'actor', 'ana')).toBe('x y');
    expect(chips.state('-actor:ana', 'actor', 'ana')).toBe('out');
    expect(chips.invert('x -actor:ana', chips.chips('x -actor:ana')[1]!)).toBe('x actor:ana');
    expect(chips.invert('x NOT actor:ana', chips.chips('x NOT actor:ana')[1]!)).toBe('x actor:ana');
  });

  it('keep AND with the part behind it', () => {
    const text = 'a AND b c';
    expect(chips.without(text, chips.chips(text)[1]!)).toBe('a c');
  });
});

describe('completion', () => {
  it('offers fields where a word begins', () => {
    expect(completionAt('act', 3)).toMatchObject({ kind: 'field', typed: 'act' });
    expect(completionAt('actor:ana ', 10)).toMatchObject({ kind: 'field', typed: '' });
    expect(completionAt('-act', 4)).toMatchObject({ kind: 'field', typed: 'act' });
  });

  it('offers values behind a colon and a comma, in quotes too', () => {
    expect(completionAt('actor:an', 8)).toMatchObject({ kind: 'value', field: 'actor', typed: 'an' });
    expect(completionAt('actor:ana,b', 11)).toMatchObject({ kind: 'value', field: 'actor', typed: 'b' });
    expect(completionAt('actor:"An', 9)).toMatchObject({ kind: 'value', typed: 'An' });
  });

  it('writes what was chosen, quoted where it has to be', () => {
    expect(complete('act', completionAt('act', 3)!, 'actor')).toEqual({ text: 'actor:', caret: 6 });
    expect(complete('actor:A', completionAt('actor:A', 7)!, 'Ana B')).toEqual({ text: 'actor:"Ana B" ', caret: 14 });
  });

  it('quotes what would be read as something else', () => {
    expect(quote('a,b')).toBe('"a,b"');
    expect(quote('OR', false, false)).toBe('"OR"');
    expect(quote('ticket/4', true)).toBe('ticket/4*');
    expect(quote('say "no"')).toBe('"say \\"no\\""');
  });
});
