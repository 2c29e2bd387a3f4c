/** The page of those who are not signed in. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../shared/html.ts';
import type { Problem } from '../shared/api.ts';
import { icon } from '../shared/icons.ts';
import { problemText } from '../shared/problems.ts';
import type { ConsoleWords } from './words.ts';

interface SignIn {
  /** Whether a session ended by itself. */
  hasEnded: boolean;
  /** Why nobody is signed in; null when nobody tried. */
  problem: Problem | null;
  signIn(key: string): Promise<void>;
}

export function renderSignIn(words: ConsoleWords, asked: SignIn): TemplateResult {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void asked.signIn(String(new FormData(event.target as HTMLFormElement).get('key')).trim());
  };
  return html`<main class="sign-in">
    <div class="card">
      <span class="brand">${icon('shieldCheck')}Indelible</span>
      <h1>${words.t('signIn.title')}</h1>
      ${
        asked.hasEnded
          ? html`<div class="notice" role="status">${icon('clock')}<span>${words.t('signIn.ended')}</span></div>`
          : nothing
      }
      ${
        asked.problem
          ? html`<div class="notice danger" role="alert">
              ${icon('alert')}${
                asked.problem.status === 401
                  ? html`<span>${words.t('signIn.refused')}</span>`
                  : problemText(words, asked.problem)
              }
            </div>`
          : nothing
      }
      <p class="muted">${words.t('signIn.link')}</p>
      <pre class="code" tabindex="0" aria-label="sign-in">./indelible sign-in</pre>
      <form class="sheet" @submit=${submit}>
        <label class="line"
          >${words.t('signIn.key')}<input class="field mono" name="key" type="password" required autocomplete="off"
        /></label>
        <div class="end"><button class="button primary" type="submit">${words.t('signIn')}</button></div>
      </form>
    </div>
  </main>`;
}
