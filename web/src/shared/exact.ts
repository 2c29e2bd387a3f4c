/**
 * JSON whose numbers keep their digits. A number of JavaScript has 53 bits: `9223372036854775807`, `1.10` and `1E400`
 * come out of `JSON.parse` as others than they were recorded, and an audit log must not show those. Numbers that
 * JavaScript writes as they stand there are ordinary numbers; all others are {@link Digits}.
 */
import { parse, stringify } from 'lossless-json';

/** A number as it is written. It counts as a number where one is needed, rounded. */
export class Digits {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }

  valueOf(): number {
    return Number(this.text);
  }
}

function numberOf(text: string): number | Digits {
  const number = Number(text);
  return String(number) === text ? number : new Digits(text);
}

// Of members with one name the last counts, as it does in JSON.parse and on the server.
const READING = { parseNumber: numberOf, onDuplicateKey: ({ newValue }: { newValue: unknown }): unknown => newValue };
const WRITING = [{ test: (value: unknown): boolean => value instanceof Digits, stringify: String }];

/** The value of a JSON text; a `SyntaxError` when it is none. */
export function parseExact(text: string): unknown {
  return parse(text, null, READING);
}

/** The JSON text of a value, numbers as they were read. */
export function stringifyExact(value: unknown, space?: number): string {
  return stringify(value, null, space, WRITING) ?? '';
}

/** Whether a value has members or items. */
export function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof Digits);
}
