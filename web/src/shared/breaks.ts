/** A name of a program with the places where it may break: behind its dots, underscores, slashes and colons. */
import { html } from './html.ts';

export function breakable(text: string): unknown {
  const parts = text.split(/(?<=[._/:])(?=.)/u);
  return parts.length > 1 ? parts.flatMap((part, i) => (i ? [html`<wbr />`, part] : [part])) : text;
}
