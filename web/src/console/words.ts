/** The console's own words, beside the viewer's. */
import { germanProblems, Words } from '../shared/i18n.ts';
import en from './en.json';

export type ConsoleWords = Words<typeof en>;

export async function consoleWordsFor(wanted: readonly string[]): Promise<ConsoleWords> {
  for (const locale of wanted) {
    const language = locale.toLowerCase().split('-')[0];
    if (language === 'en') return new Words(locale, en, en);
    if (language === 'de') {
      const [words, problems] = await Promise.all([import('./de.json'), germanProblems()]);
      return new Words(locale, words.default as Partial<typeof en>, en, {}, problems);
    }
  }
  return new Words('en', en, en);
}

export const CONSOLE_ENGLISH: ConsoleWords = new Words('en', en, en);
