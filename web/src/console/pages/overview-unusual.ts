/** The part of the overview that says what is unusual, and why it is. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { icon } from '../../shared/icons.ts';
import { dateText, localZone } from '../../shared/time.ts';
import type { Bucket, FacetValue } from '../../shared/types.ts';
import type { ConsoleWords } from '../words.ts';
import { NIGHT_FROM, NIGHT_TO, UNUSUAL_FACTOR } from './unusual.ts';

const HOUR_MILLIS = 3_600_000;
const DAY_MILLIS = 24 * HOUR_MILLIS;
export const FAILED_SIGN_INS = 'verb:login outcome:failure';
export const EXPORTS = 'verb:export';
/** What is changed and not only tried. */
export const SECURITY_CHANGES = 'security:true -verb:login';
/** A country is new that nobody was in before so many days. */
export const NEW_COUNTRY_DAYS = 14;

/** What was found to be unusual; null is what was not. */
interface Unusual {
  /** The day with far more failed sign-ins than others. */
  failed: Bucket | null;
  /** The night with many changes. */
  night: { from: number; count: number } | null;
  exports: { count: number; norm: number } | null;
  /** Since when exports are counted, in ISO 8601. */
  exportsFrom: string;
  /** Countries that nobody signed in from before. */
  newCountries: readonly FacetValue[];
}

/** The address of the log with a query. */
type Log = (q: string, more?: Record<string, string>) => string;

/** Something unusual: what, why it is, and when or how many. */
function item(text: string, why: string, when: string, href: string): TemplateResult {
  return html`<li>
    <a href=${href}
      ><span>${text}<small class="why">${why}</small></span
      ><span class="muted">${when}</span></a
    >
  </li>`;
}

function iso(instant: number): string {
  return new Date(instant).toISOString();
}

function days(words: ConsoleWords, { failed, night }: Unusual, log: Log): TemplateResult[] {
  const zone = localZone();
  const found: TemplateResult[] = [];
  if (failed)
    found.push(
      item(
        words.t('overview.outlier', { count: failed.count }),
        words.t('overview.outlier.why', { factor: UNUSUAL_FACTOR }),
        dateText(Date.parse(failed.start), zone, words.locale),
        log(FAILED_SIGN_INS, { from: failed.start, to: iso(Date.parse(failed.start) + DAY_MILLIS) }),
      ),
    );
  if (night)
    found.push(
      item(
        words.t('overview.night', { count: night.count }),
        words.t('overview.night.why', { from: `${NIGHT_FROM}:00`, to: `0${NIGHT_TO}:00` }),
        dateText(night.from, zone, words.locale),
        log(SECURITY_CHANGES, {
          from: iso(night.from),
          to: iso(night.from + (24 - NIGHT_FROM + NIGHT_TO) * HOUR_MILLIS),
        }),
      ),
    );
  return found;
}

function manyExports(words: ConsoleWords, { exports, exportsFrom }: Unusual, log: Log): TemplateResult[] {
  if (!exports) return [];
  return [
    item(
      words.t('overview.exports', { count: exports.count }),
      words.t('overview.exports.why', { norm: words.n(Math.round(exports.norm)) }),
      words.t('overview.week'),
      log(EXPORTS, { from: exportsFrom }),
    ),
  ];
}

function places(words: ConsoleWords, { newCountries }: Unusual, log: Log): TemplateResult[] {
  return newCountries.map((country) =>
    item(
      words.t('overview.country', { country: words.country(country.value) }),
      words.t('overview.country.why', { days: NEW_COUNTRY_DAYS }),
      words.n(country.count),
      log(`country:${country.value}`, { time: `P${NEW_COUNTRY_DAYS}D` }),
    ),
  );
}

export function renderUnusual(words: ConsoleWords, unusual: Unusual, log: Log): TemplateResult | typeof nothing {
  const items = [...days(words, unusual, log), ...manyExports(words, unusual, log), ...places(words, unusual, log)];
  if (!items.length) return nothing;
  return html`<section class="block">
    <h2>${icon('alert')}${words.t('overview.unusual')}</h2>
    <ul class="sentences unusual">
      ${items}
    </ul>
  </section>`;
}
