/** What went wrong, as pages show it. */
import { nothing, type TemplateResult } from 'lit';
import { html } from './html.ts';
import type { Said, Told } from './problem-words.ts';

/** What went wrong in the reader's language, and below it what the server says of it, where that is more. */
export function problemText(words: { problem(said: Said): Told }, said: Said): TemplateResult {
  const { text, english } = words.problem(said);
  return html`<span>${text}${english ? html`<span class="original" lang="en">${english}</span>` : nothing}</span>`;
}
