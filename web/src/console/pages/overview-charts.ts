/** The overview's charts: entries by the day, and lists by their counts. */
import { nothing, svg, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { dateText, localZone } from '../../shared/time.ts';
import type { Bucket } from '../../shared/types.ts';
import { vars } from '../../shared/vars.ts';
import type { ConsoleWords } from '../words.ts';

/** The entries of each day, and those of failures among them. */
export function renderSpark(words: ConsoleWords, buckets: readonly Bucket[]): TemplateResult {
  const most = Math.max(1, ...buckets.map((bucket) => bucket.count));
  return html`<svg
    class="spark"
    viewBox="0 0 ${buckets.length * 10 || 10} 50"
    preserveAspectRatio="none"
    role="img"
    aria-label=${words.t('overview.activity')}
  >
    ${buckets.map((bucket, i) => {
      const height = bucket.count ? Math.max(1, (bucket.count / most) * 50) : 0;
      const failed = bucket.by?.['failure'] ? Math.max(1, (bucket.by['failure'] / most) * 50) : 0;
      return svg`<rect class="ok" x=${i * 10 + 1} width="8" y=${50 - height} height=${Math.max(
        0,
        height - failed,
      )} /><rect class="failure" x=${i * 10 + 1} width="8" y=${50 - failed} height=${failed} />`;
    })}
  </svg>`;
}

/** Where the chart begins and ends. */
export function renderDays(words: ConsoleWords, buckets: readonly Bucket[]): TemplateResult | typeof nothing {
  if (!buckets.length) return nothing;
  const day = ({ start }: Bucket): string => dateText(Date.parse(start), localZone(), words.locale);
  return html`<div class="spark-days" aria-hidden="true">
    <span>${day(buckets[0]!)}</span><span>${day(buckets[buckets.length - 1]!)}</span>
  </div>`;
}

/** What there is most of; null when it is not the caller's to see. */
export function renderRanked(
  words: ConsoleWords,
  title: string,
  rows: { label: string; count: number; href: string }[] | undefined,
): TemplateResult {
  if (!rows)
    return html`<section class="block">
      <h2>${title}</h2>
      <div class="none">${words.t('notYours')}</div>
    </section>`;
  const most = Math.max(1, ...rows.map((row) => row.count));
  return html`<section class="block">
    <h2>${title}</h2>
    ${
      rows.length
        ? html`<ul class="ranked">
            ${rows.map(
              (row) =>
                html`<li>
                  <a href=${row.href}
                    ><span>${row.label}</span><span class="count">${words.n(row.count)}</span
                    ><span class="share" aria-hidden="true" ${vars({ '--share': String(row.count / most) })}></span
                  ></a>
                </li>`,
            )}
          </ul>`
        : html`<div class="none">${words.t('overview.nothing')}</div>`
    }
  </section>`;
}
