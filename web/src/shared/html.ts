/**
 * The `html` of all pages: Lit's, but for what a log says. Each text that a template is given gets marks for what
 * cannot be seen ({@link visible}), in attributes that are read to people too; what is written from right to left
 * gets a `<bdi>`, so that it does not reorder its sentence. No page has to think of it, and a test holds them all to
 * it.
 */
import { html as lit, type TemplateResult } from 'lit';
import { stretches, visible, visibleAlone } from './visible.ts';

/** Attributes that people read. All others are for programs, and stay as they are. */
const READ = new Set(['title', 'aria-label', 'aria-description', 'aria-valuetext', 'placeholder', 'alt']);

/** What a value of a template is for. */
type Place = 'text' | 'isolated' | 'read' | 'raw';

const known = new WeakMap<TemplateStringsArray, Place[]>();

export function html(strings: TemplateStringsArray, ...values: unknown[]): TemplateResult {
  let places = known.get(strings);
  if (!places) known.set(strings, (places = placesOf(strings)));
  return lit(strings, ...values.map((value, i) => shown(value, places[i]!)));
}

function shown(value: unknown, place: Place): unknown {
  if (place === 'raw') return value;
  if (typeof value === 'string') {
    if (place === 'read') return visibleAlone(value);
    const text = visible(value);
    if (place === 'isolated') return text;
    const [only, ...more] = stretches(text);
    return more.length ? [only, ...more].map((part, i) => (i % 2 ? lit`<bdi>${part}</bdi>` : part)) : text;
  }
  return Array.isArray(value) && place !== 'read' ? value.map((item) => shown(item, place)) : value;
}

/** Where in the markup each value stands: reads no more of HTML than templates are written in. */
function placesOf(strings: readonly string[]): Place[] {
  let tag: string | null = null;
  let quote = '';
  return strings.slice(0, -1).map((text) => {
    for (const c of text) {
      if (tag === null) {
        if (c === '<') tag = '';
        continue;
      }
      if (quote) {
        if (c === quote) quote = '';
      } else if (c === '"' || c === "'") quote = c;
      else if (c === '>') tag = null;
      if (tag !== null) tag += c;
    }
    if (tag === null) return text.endsWith('<bdi>') ? 'isolated' : 'text';
    const name = /([^\s"'<>=]+)=(?:"[^"]*|'[^']*)?$/.exec(tag)?.[1] ?? '';
    // What follows in this tag is another attribute, or more of this one.
    tag += quote ? '' : ' ';
    return READ.has(name) ? 'read' : 'raw';
  });
}
