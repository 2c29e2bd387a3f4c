/**
 * Takes a query apart where it stands, without changing it: the server decides what it means
 * (docs/query.md); here it is only shown as chips, edited and completed.
 */

export type Token =
  | { kind: 'open' | 'close' | 'minus' | 'and' | 'or' | 'not' | 'everything'; from: number; to: number }
  | { kind: 'word'; from: number; to: number; values: Value[] }
  | { kind: 'qualifier'; from: number; to: number; name: string; values: Value[] };

export interface Value {
  text: string;
  prefix: boolean;
  from: number;
  to: number;
}

const SEPARATOR = /\p{Z}/u;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const OPERATORS: ReadonlyMap<string, 'and' | 'or' | 'not' | 'everything'> = new Map([
  ['AND', 'and'],
  ['OR', 'or'],
  ['NOT', 'not'],
  ['*', 'everything'],
]);

/** Whether it is what the server takes for space: a separator of Unicode's, or one of lines, fields and records. */
function isSpace(c: string): boolean {
  return (c >= '\t' && c <= '\r') || (c >= '\x1c' && c <= '\x1f') || SEPARATOR.test(c);
}

function endsBare(c: string): boolean {
  return isSpace(c) || c === '(' || c === ')' || c === '"';
}

/** The tokens; what is unfinished (a quote without its end) reaches to the end of the text. */
export function tokens(text: string): Token[] {
  const found: Token[] = [];
  let at = 0;

  function value(stop: (c: string) => boolean): Value {
    const from = at;
    let content = '';
    if (text[at] === '"') {
      at++;
      while (at < text.length && text[at] !== '"') {
        if (text[at] === '\\' && at + 1 < text.length) at++;
        content += text[at++];
      }
      at = Math.min(at + 1, text.length);
      const prefix = text[at] === '*';
      if (prefix) at++;
      return { text: content, prefix, from, to: at };
    }
    while (at < text.length && !stop(text[at]!)) at++;
    content = text.slice(from, at);
    const prefix = content.length > 1 && content.endsWith('*');
    return { text: prefix ? content.slice(0, -1) : content, prefix, from, to: at };
  }

  while (at < text.length) {
    const c = text[at]!;
    if (isSpace(c)) {
      at++;
    } else if (c === '(' || c === ')' || c === '-') {
      found.push({ kind: c === '(' ? 'open' : c === ')' ? 'close' : 'minus', from: at, to: ++at });
    } else if (c === '"') {
      const word = value(endsBare);
      found.push({ kind: 'word', from: word.from, to: word.to, values: [word] });
    } else {
      const from = at;
      while (at < text.length && !endsBare(text[at]!) && !(text[at] === ':' && NAME.test(text.slice(from, at)))) {
        at++;
      }
      if (text[at] === ':') {
        const name = text.slice(from, at);
        const values: Value[] = [];
        do {
          at++;
          values.push(value((d) => endsBare(d) || d === ','));
        } while (text[at] === ',');
        found.push({ kind: 'qualifier', from, to: at, name: name.toLowerCase(), values });
      } else {
        at = from;
        const word = value(endsBare);
        const operator = OPERATORS.get(text.slice(from, at));
        found.push(operator ? { kind: operator, from, to: at } : { kind: 'word', from, to: at, values: [word] });
      }
    }
  }
  return found;
}

/** A value as the query language writes it. */
export function quote(value: string, prefix = false, qualified = true): string {
  const isWord = !value.includes(':') && !value.startsWith('-') && !OPERATORS.has(value);
  const bare =
    value !== '' && ![...value].some((c) => endsBare(c) || c === '*') && (qualified ? !value.includes(',') : isWord);
  const written = bare ? value : `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  return prefix ? `${written}*` : written;
}
