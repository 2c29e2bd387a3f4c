/** What keeps anybody from covering their tracks, and where that is weaker than it could be. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { icon } from '../../shared/icons.ts';
import { dateText, localZone } from '../../shared/time.ts';
import type { ConsoleWords } from '../words.ts';

export interface Oversight {
  erasures_take_two: boolean;
  erasure_wait_days: number;
  waiting_erasures: { id: string; waits_until: string }[];
  holds_in_force: number;
  weaknesses: { kind: string; action?: string; field?: string }[];
}

/** What an admin could not hide: requests that wait, and what the operator lets be recorded less. */
export function renderOversight(
  words: ConsoleWords,
  tenantId: string,
  oversight: Oversight,
): TemplateResult | typeof nothing {
  const tenant = `/t/${encodeURIComponent(tenantId)}`;
  const item = (text: string, when: string, href: string): TemplateResult =>
    html`<li>
      <a href=${href}><span>${text}</span><span class="muted">${when}</span></a>
    </li>`;
  const items = [
    ...oversight.waiting_erasures.map(({ id, waits_until }) =>
      item(
        words.t('overview.oversight.waiting', { id: id.slice(-12) }),
        words.t('overview.oversight.until', { date: dateText(Date.parse(waits_until), localZone(), words.locale) }),
        `${tenant}/erasures`,
      ),
    ),
    ...(oversight.erasures_take_two
      ? []
      : [item(words.t('overview.oversight.one'), words.t('overview.oversight.switch'), `${tenant}/settings`)]),
    ...oversight.weaknesses.map(({ kind, action, field }) =>
      item(
        [words.maybe(`overview.weak.${kind}`, kind), field, action && field ? `(${action})` : action]
          .filter(Boolean)
          .join(' '),
        words.t('overview.oversight.operator'),
        `${tenant}/settings`,
      ),
    ),
  ];
  if (!items.length) return nothing;
  return html`<section class="block">
    <h2>${icon('alert')}${words.t('overview.oversight')}</h2>
    <ul class="sentences oversight">
      ${items}
    </ul>
  </section>`;
}
