/**
 * Makes visible what is not, in text that comes from a log: whoever names things there may be an attacker, and a name
 * must neither turn the text around it nor hide a part of itself. `indelible search` does the same on a terminal.
 */

/** What stands for a character that is not to be seen. */
export const MARK = '·';

/**
 * Characters that turn text or take no room: controls, direction marks and overrides, zero-width ones, fillers, lone
 * surrogates. Not line breaks and tabs, which layout shows, nor the selector that follows a pictograph to colour it.
 */
const HIDDEN =
  /(?![\t\n\r]|(?<=\p{Extended_Pictographic})[\uFE0E\uFE0F])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

const RIGHT_TO_LEFT = '[\\u0590-\\u08FF\\uFB1D-\\uFDFF\\uFE70-\\uFEFC\\u{10800}-\\u{10FFF}\\u{1E800}-\\u{1EFFF}]';
/** Stretches of text that are written from right to left. */
const TURNING = new RegExp(`(${RIGHT_TO_LEFT}(?:[^\\p{L}]*${RIGHT_TO_LEFT})*)`, 'gu');
/** First-strong isolate and its end: what stands between them does not reorder what is around. */
const ISOLATED = '\u2068$1\u2069';

/** The text with a mark for each character that cannot be seen. */
export function visible(text: string): string {
  return text.replace(HIDDEN, MARK);
}

/** The text with such characters as JSON may write them, so that it still says which they are. */
export function escaped(text: string): string {
  return text.replace(HIDDEN, (hidden) =>
    [...Array(hidden.length).keys()].map((i) => `\\u${hidden.charCodeAt(i).toString(16).padStart(4, '0')}`).join(''),
  );
}

/** The same for where there is no markup, such as a title: stretches that turn text are isolated. */
export function visibleAlone(text: string): string {
  return visible(text).replace(TURNING, ISOLATED);
}

/** Its stretches: every second one, from the second on, is written from right to left. */
export function stretches(text: string): string[] {
  return text.split(TURNING);
}
