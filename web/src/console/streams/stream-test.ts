/** What became of the small message that a stream is tested with. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { Problem } from '../../shared/api.ts';
import { icon } from '../../shared/icons.ts';
import { problemText } from '../../shared/problems.ts';
import type { ConsoleWords } from '../words.ts';

interface Tested {
  outcome: 'taken' | 'failed' | 'refused';
  problem?: string | null;
}

/** A test, from its beginning to what became of it; `changed` is called when there is more to show. */
export class StreamTest {
  #tested: Tested | null = null;
  #problem: Problem | null = null;

  constructor(
    private readonly words: ConsoleWords,
    send: () => Promise<Tested>,
    changed: () => void,
  ) {
    void this.#run(send, changed);
  }

  async #run(send: () => Promise<Tested>, changed: () => void): Promise<void> {
    try {
      this.#tested = await send();
    } catch (error) {
      this.#problem = error instanceof Problem ? error : new Problem(0, 'unknown', String(error));
    }
    changed();
  }

  render(): TemplateResult {
    const { words } = this;
    if (this.#problem)
      return html`<div class="notice danger" role="alert">${icon('alert')}${problemText(words, this.#problem)}</div>`;
    if (!this.#tested) return html`<p role="status" class="muted">${words.t('streams.test.running')}</p>`;
    const { outcome, problem } = this.#tested;
    const isGood = outcome === 'taken';
    return html`<div class="notice ${isGood ? 'good' : 'danger'}" role="status" data-test=${outcome}>
        ${icon(isGood ? 'check' : 'alert')}<span>${words.t(`streams.test.${outcome}`)}</span>
      </div>
      ${problem ? html`<p class="muted">${problem}</p>` : nothing}`;
  }
}
