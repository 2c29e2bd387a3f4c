/** The proof as one line, and every step of it behind. */
import type { TemplateResult } from 'lit';
import { html } from '../shared/html.ts';
import type { Step } from '../proof/check.ts';
import { stringifyExact } from '../shared/exact.ts';
import { icon, type IconName } from '../shared/icons.ts';
import type { ViewHost } from './view-host.ts';

const STEP_ICONS: Record<Step['state'], IconName> = { ok: 'check', failed: 'close', note: 'minus', open: 'alert' };

/** What follows a colon in one place is a sentence of its own in another. */
function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function renderProof(v: ViewHost): TemplateResult {
  const { verdict, words } = v;
  if (verdict.state === 'checking' || verdict.state === 'pending' || verdict.state === 'unavailable') {
    return html`<div class="notice" role="status" data-proof=${verdict.state}>
      ${icon(verdict.state === 'unavailable' ? 'alert' : 'clock')}
      <span
        >${words.t(`proof.${verdict.state}`)}${
          verdict.state === 'unavailable' ? html` <span class="muted">${verdict.detail}</span>` : ''
        }</span
      >
    </div>`;
  }
  const { state } = verdict;
  const step = verdict.steps.find((one) => one.state === (state === 'failed' ? 'failed' : 'open'));
  const why = step ? words.maybe(`proof.${step.name}.${step.reason}`, step.reason) : '';
  const line = words.t(`proof.${state}`, { why });
  return html`<details class="proof ${state}" data-proof=${state} ?open=${state !== 'verified'}>
    <summary>
      ${icon(state === 'failed' ? 'shieldX' : state === 'partly' ? 'alert' : 'shieldCheck')}<span role="status"
        >${line}</span
      ><span class="more" aria-hidden="true">${icon('down')}</span>
    </summary>
    <ol>
      ${verdict.steps.map(
        (step) =>
          html`<li class=${step.state}>
            ${icon(STEP_ICONS[step.state])}<span
              ><span class="visually-hidden">${words.t(`proof.step.${step.state}`)} </span
              >${capital(words.maybe(`proof.${step.name}.${step.reason}`, step.reason))}${
                step.evidence ? html`<span class="evidence">${step.evidence}</span>` : ''
              }</span
            >
          </li>`,
      )}
      <li class="note">
        ${icon('link')}<span
          >${words.t('proof.origin')}<span class="evidence"
            >${verdict.proof.origin} · ${words.t('proof.size', { size: Number(verdict.size) })}</span
          >
          <button class="link" @click=${() => v.copy(stringifyExact(verdict.proof, 2))}>
            ${words.t('proof.copy')}
          </button></span
        >
      </li>
    </ol>
  </details>`;
}
