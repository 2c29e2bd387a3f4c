/** What became of the small file that a destination is tested with. */
import type { TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { Problem } from '../../shared/api.ts';
import { icon } from '../../shared/icons.ts';
import { problemText } from '../../shared/problems.ts';
import type { ConsoleWords } from '../words.ts';

interface Tested {
  outcome: 'arrived' | 'failed' | 'refused';
  detail: string;
}

/** A test, from its beginning to what became of it; `changed` is called when there is more to show. */
export class DestinationTest {
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

  get isOver(): boolean {
    return this.#tested !== null || this.#problem !== null;
  }

  render(): TemplateResult {
    const { words } = this;
    if (this.#problem)
      return html`<div class="notice danger" role="alert">${icon('alert')}${problemText(words, this.#problem)}</div>`;
    if (!this.#tested) return html`<p role="status" class="muted">${words.t('schedules.test.running')}</p>`;
    const { outcome, detail } = this.#tested;
    const isGood = outcome === 'arrived';
    return html`<div class="notice ${isGood ? 'good' : 'danger'}" role="status" data-test=${outcome}>
        ${icon(isGood ? 'check' : 'alert')}<span>${words.t(`schedules.test.${outcome}`)}</span>
      </div>
      <p class="muted">${detail}</p>`;
  }
}
