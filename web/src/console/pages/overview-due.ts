/** The part of the overview that says what happens by itself soon, or is in force. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { dateText, localZone } from '../../shared/time.ts';
import type { ConsoleWords } from '../words.ts';

interface Due {
  /** How long entries are kept, and before which time they go next; null when it is not the caller's to see. */
  retention: { period: string; cut_off?: string } | null;
  /** Keys that expire soon; null when they are not the caller's to see. */
  expiring: number | null;
  /** Holds in force; null when they are not the caller's to see. */
  holds: number | null;
  /** Reviews of the log that are due; null when they are not the caller's to see. */
  reviews: number | null;
}

function renderPurge(words: ConsoleWords, cutOff: string | undefined): string {
  return cutOff
    ? words.t('overview.purge.before', { date: dateText(Date.parse(cutOff), localZone(), words.locale) })
    : words.t('overview.purge.never');
}

function renderReviews(words: ConsoleWords, due: number): string {
  return due ? words.t('overview.reviews.due', { count: due }) : words.t('overview.reviews.none');
}

export function renderDue(
  words: ConsoleWords,
  id: string,
  { retention, expiring, holds, reviews }: Due,
): TemplateResult {
  const tenant = `/t/${encodeURIComponent(id)}`;
  return html`<section class="block">
    <h2>${words.t('overview.due')}</h2>
    <div class="inside">
      <dl class="facts">
        ${
          retention
            ? html`<dt>${words.t('overview.purge')}</dt>
                <dd>
                  <a class="link" href="${tenant}/retention">${renderPurge(words, retention.cut_off)}</a>
                </dd>`
            : nothing
        }
        ${
          expiring === null
            ? nothing
            : html`<dt>${words.t('overview.keys')}</dt>
                <dd>
                  <a class="link" href="${tenant}/keys">${words.t('overview.keys.soon', { count: expiring })}</a>
                </dd>`
        }
        ${
          reviews === null
            ? nothing
            : html`<dt>${words.t('overview.reviews')}</dt>
                <dd>
                  <a class="link" href="${tenant}/reviews">${renderReviews(words, reviews)}</a>
                </dd>`
        }
        <dt>${words.t('overview.holds')}</dt>
        <dd>
          ${
            holds === null
              ? html`<span class="muted">${words.t('notYours')}</span>`
              : html`<a class="link" href="${tenant}/holds">${words.t('overview.holds.inForce', { count: holds })}</a>`
          }
        </dd>
      </dl>
    </div>
  </section>`;
}
