/** Words: a bundle per language as JSON; numbers, times and lists through Intl. */
import en from './en.json';
import { ENGLISH_PROBLEMS, tell, type ProblemWords, type Said, type Told } from './problem-words.ts';

export type Bundle = typeof en;
export type Key = keyof Bundle;
type Plural = { one: string; other: string };

/** The bundles that are not part of the program itself are loaded when somebody reads that language. */
const LOADERS: Record<string, () => Promise<[{ default: unknown }, { default: Record<string, string> }]>> = {
  de: () => Promise.all([import('./de.json'), import('./sentences-de.json')]),
};

/** What went wrong, in German; apart from the rest, since the console has words of its own beside it. */
export async function germanProblems(): Promise<ProblemWords> {
  const [codes, faults, queries] = await Promise.all([
    import('./problems-de.json'),
    import('./faults-de.json'),
    import('./queries-de.json'),
  ]);
  return { codes: codes.default, faults: faults.default, queries: queries.default };
}

export class Words<B extends object = Bundle> {
  readonly #numbers: Intl.NumberFormat;
  readonly #plurals: Intl.PluralRules;

  constructor(
    readonly locale: string,
    private readonly bundle: Partial<B>,
    private readonly english: B,
    private readonly sentences: Record<string, string> = {},
    private readonly problems: ProblemWords = ENGLISH_PROBLEMS,
  ) {
    this.#numbers = new Intl.NumberFormat(locale);
    this.#plurals = new Intl.PluralRules(locale);
  }

  get language(): 'en' | 'de' {
    return this.locale.toLowerCase().startsWith('de') ? 'de' : 'en';
  }

  /** The text of a key; `{name}` stands for a parameter, `count` chooses the form. */
  t(key: keyof B, parameters: Record<string, string | number> = {}): string {
    const found = (this.bundle[key] ?? this.english[key]) as string | Plural;
    const text =
      typeof found === 'string'
        ? found
        : this.#plurals.select(Number(parameters['count'] ?? 0)) === 'one'
          ? found.one
          : found.other;
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = parameters[name];
      return value === undefined ? whole : typeof value === 'number' ? this.n(value) : value;
    });
  }

  /** The text of a key that is put together, or the fallback when there is none. */
  maybe(key: string, fallback: string): string {
    const found = (this.bundle as Record<string, unknown>)[key] ?? (this.english as Record<string, unknown>)[key];
    return typeof found === 'string' ? found : fallback;
  }

  /** A sentence, or a category's title, of a built-in catalog in this language; one that is not known as it is. */
  sentence(english: string): string {
    return this.sentences[english] ?? english;
  }

  /** What went wrong. */
  problem(said: Said): Told {
    return tell(said, this.problems);
  }

  n(value: number): string {
    return this.#numbers.format(value);
  }

  country(code: string): string {
    try {
      return new Intl.DisplayNames([this.locale], { type: 'region' }).of(code) ?? code;
    } catch {
      return code;
    }
  }
}

export const ENGLISH: Words = new Words('en', en, en);

/** The words of the first of the wanted languages that there is a bundle for, else English. */
export async function wordsFor(wanted: readonly string[]): Promise<Words> {
  for (const locale of wanted) {
    const language = locale.toLowerCase().split('-')[0] ?? '';
    if (language === 'en') return new Words(locale, en, en);
    const load = LOADERS[language];
    if (load) {
      const [[words, sentences], problems] = await Promise.all([load(), germanProblems()]);
      return new Words(locale, words.default as Partial<Bundle>, en, sentences.default, problems);
    }
  }
  return ENGLISH;
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** A size for people, such as `1.2 MB`, which no line breaks. */
export function bytesText(bytes: number, words: { locale: string }): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < UNITS.length - 1) {
    size /= 1000;
    unit++;
  }
  const digits = unit && size < 10 ? 1 : 0;
  const text = new Intl.NumberFormat(words.locale, {
    style: 'unit',
    unit: UNITS[unit]!,
    maximumFractionDigits: digits,
  }).format(size);
  // The number stays on the line of its unit.
  return text.replaceAll(' ', '\u00a0');
}
