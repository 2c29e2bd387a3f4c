/**
 * Whether this device's clock is wrong, by the server's: times such as "the last 7 days" would be others than they
 * say.
 */
import { nothing, type TemplateResult } from 'lit';
import type { Api } from './api.ts';
import { html } from './html.ts';
import { icon } from './icons.ts';

const UNITS: [unit: 'day' | 'hour' | 'minute', millis: number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

interface ClockWords {
  readonly locale: string;
  t(key: 'clock.ahead' | 'clock.behind', parameters: { difference: string }): string;
}

/** How long that is, in its largest unit. */
export function differenceText(millis: number, locale: string): string {
  const [unit, size] = UNITS.find(([, least]) => Math.abs(millis) >= least) ?? UNITS[UNITS.length - 1]!;
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(
    Math.round(Math.abs(millis) / size),
  );
}

export function renderClock(api: Api, words: ClockWords): TemplateResult | typeof nothing {
  const wrong = api.clockWrongMillis;
  if (!wrong) return nothing;
  const difference = differenceText(wrong, words.locale);
  return html`<div class="notice" role="status" data-clock>
    ${icon('clock')}<span>${words.t(wrong > 0 ? 'clock.ahead' : 'clock.behind', { difference })}</span>
  </div>`;
}
