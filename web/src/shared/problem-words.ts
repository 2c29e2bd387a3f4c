/**
 * What went wrong, in the reader's language: by the stable code of the answer and of its faults. What the server says
 * of it is English; where it says more than the code does, it stands beside.
 */
import english from './problems-en.json';

/** Texts by code, what is wrong with a field by code, and what is wrong with a query by the server's English. */
export interface ProblemWords {
  codes: Record<string, string>;
  faults: Record<string, string>;
  queries: Record<string, string>;
}

export const ENGLISH_PROBLEMS: ProblemWords = { codes: english, faults: { '/q': 'query' }, queries: {} };

/** An answer that is not a success, or what stands for one. */
export interface Said {
  code: string;
  detail: string;
  body?: Record<string, unknown>;
}

interface Fault {
  pointer?: string;
  parameter?: string;
  code: string;
  detail: string;
}

export interface Told {
  text: string;
  /** The server's own words, empty when the text says it all. */
  english: string;
}

/** The codes whose details say which, how many or how long. */
const SAYS_MORE = new Set([
  'confirmation_required',
  'format_limit',
  'format_not_offered',
  'internal_error',
  'malformed_json',
  'not_found',
  'not_ready',
  'personal_withheld',
  'retention_not_configurable',
  'retention_too_long',
  'retention_too_short',
  'run_failed',
  'support_not_wanted',
  'too_many_entries',
  'unknown_tier',
  'wrong_type',
]);
/** Where in a query of a form something is wrong. */
export const COLUMN = /^Column (\d+): (.*)$/s;
/** The faults of which there is nothing more to say than their code. */
const SAY_ALL = new Set(['missing', 'too_long', 'doubled']);

export function tell(said: Said, words: ProblemWords): Told {
  const faults = (said.body?.['errors'] as Fault[] | undefined) ?? [];
  const [first] = faults;
  const detail = said.code === 'invalid_query' && first ? first.detail : said.detail;
  if (words === ENGLISH_PROBLEMS)
    return {
      text:
        words.codes[said.code] ?? (said.code === 'invalid' && first?.pointer ? faults.map(spoken).join(' ') : detail),
      english: '',
    };
  if (said.code === 'invalid_query') {
    const text = queryFault(detail, words);
    return text === null ? { text: words.codes['invalid_query']!, english: detail } : { text, english: '' };
  }
  const known = words.codes[said.code];
  if (known === undefined) return { text: words.codes['unknown'] ?? '', english: detail };
  if (faults.length) {
    const told = faults.map((fault) => field(fault, words));
    return {
      text: `${known} ${told.map(({ text }) => text).join('; ')}`,
      english: told.every(({ isAll }) => isAll) ? '' : detail,
    };
  }
  return { text: known, english: SAYS_MORE.has(said.code) ? detail : '' };
}

/** The name of a form's field as people write it: `/permissions/0` is the first of its permissions. */
function fieldName(fault: Fault, words: ProblemWords): string {
  const [name = '', ...rest] = (fault.pointer ?? fault.parameter ?? '').replace(/^\//, '').split('/');
  const known = words.faults[`/${name}`] ?? name.replaceAll('_', ' ');
  return [
    known.charAt(0).toUpperCase() + known.slice(1),
    ...rest.map((part) => (/^\d+$/.test(part) ? String(Number(part) + 1) : part)),
  ].join(' ');
}

/** What the server says of a field, which begins with the field. */
function spoken(fault: Fault): string {
  const [, column, rest] = COLUMN.exec(fault.detail) ?? [];
  const name = fieldName(fault, ENGLISH_PROBLEMS);
  return rest === undefined
    ? `${name}: ${fault.detail}`
    : `${name}, column ${column}: ${rest}${/[.?]$/.test(rest) ? '' : '.'}`;
}

function field(fault: Fault, words: ProblemWords): { text: string; isAll: boolean } {
  const name = fieldName(fault, words);
  if (fault.code === 'invalid_query') {
    const [, column, rest] = COLUMN.exec(fault.detail) ?? [];
    const text = rest === undefined ? null : queryFault(rest, words);
    if (text !== null) return { text: `${name}, ${words.queries['column'] ?? ''} ${column}: ${text}`, isAll: true };
  }
  return {
    text: `${name} ${words.faults[fault.code] ?? words.faults['invalid'] ?? ''}`,
    isAll: SAY_ALL.has(fault.code),
  };
}

/** What is wrong with a query, and after a semicolon what to do instead; null when it is none that is known. */
function queryFault(text: string, words: ProblemWords): string | null {
  for (let at = text.indexOf('; '); at >= 0; at = text.indexOf('; ', at + 1)) {
    const message = sentence(text.slice(0, at), words);
    const hint = sentence(text.slice(at + 2), words);
    if (message !== null && hint !== null) return `${message}; ${hint}`;
  }
  return sentence(text, words);
}

function sentence(text: string, words: ProblemWords): string | null {
  for (const [template, translated] of Object.entries(words.queries)) {
    const pattern = template.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\d\}/g, '(.+)');
    const match = new RegExp(`^${pattern}$`, 's').exec(text);
    if (match) return translated.replace(/\{(\d)\}/g, (_, n: string) => match[Number(n) + 1] ?? '');
  }
  return null;
}
