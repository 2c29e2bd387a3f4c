/** The histogram of the same query, or the same as a table. */
import { nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { html } from '../shared/html.ts';
import { live } from 'lit/directives/live.js';

import { vars } from '../shared/vars.ts';
import { icon } from '../shared/icons.ts';
import { clockText, dateText, minuteText, tickText } from '../shared/time.ts';
import type { Bucket } from '../shared/types.ts';
import { renderBelow, renderPaused } from './view-list.ts';
import type { ViewHost } from './view-host.ts';

const HEIGHT = 64;
const UNIT = 10;
/** The bars of fewer buckets are not wider than if there were so many. */
const LEAST_BARS = 12;

export function renderChart(v: ViewHost): TemplateResult {
  const { histogram } = v.model;
  const words = v.words;
  const buckets = histogram.value?.buckets ?? [];
  return html`<section class="chart" aria-label=${words.t('chart.label')}>
    <div class="head">
      ${renderSum(v)} ${renderPaused(v)} ${renderBelow(v)}
      <button
        class="button plain icon-only"
        aria-label=${words.t('chart.previous')}
        title="${words.t('chart.previous')} ["
        ?disabled=${!buckets.length}
        @click=${() => v.brush.shift(-1)}
      >
        ${icon('left')}
      </button>
      <button
        class="button plain icon-only"
        aria-label=${words.t('chart.next')}
        title="${words.t('chart.next')} ]"
        ?disabled=${!buckets.length || v.model.resolved.to === null}
        @click=${() => v.brush.shift(1)}
      >
        ${icon('right')}
      </button>
      <button
        class="button plain icon-only"
        aria-label=${words.t('chart.widen')}
        title=${words.t('chart.widen')}
        ?disabled=${!buckets.length || v.model.view.range.kind === 'newest'}
        @click=${() => v.brush.widen()}
      >
        ${icon('zoomOut')}
      </button>
      <button
        class="button plain icon-only"
        aria-label=${words.t('chart.table')}
        title=${words.t('chart.table')}
        aria-pressed=${v.chartAsTable}
        @click=${() => {
          v.chartAsTable = !v.chartAsTable;
          v.requestUpdate();
        }}
      >
        ${icon('table')}
      </button>
    </div>
    ${v.chartAsTable ? renderTable(v, buckets) : renderPlot(v, buckets)}
  </section>`;
}

/** How many entries the query finds, and how many of them are not in the chart. */
function renderSum(v: ViewHost): TemplateResult {
  const words = v.words;
  const { histogram, facets } = v.model;
  const count = facets.value?.count ?? histogram.value?.count;
  const outside = facets.value && histogram.value ? facets.value.count - histogram.value.count : 0;
  return html`<span class="sum" role="status"
    >${
      count === undefined
        ? facets.problem
          ? nothing
          : html`<span class="skeleton" ${vars({ '--w': '120px' })}></span>`
        : html`<strong>${words.t('count.entries', { count })}</strong>${
              outside > 0 ? html` <span class="muted">${words.t('chart.outside', { count: outside })}</span>` : nothing
            }`
    }</span
  >`;
}

function failures(bucket: Bucket): number {
  return bucket.by?.['failure'] ?? 0;
}

function span(v: ViewHost, index: number): string {
  const start = v.brush.start(index);
  const { zone } = v.model;
  const interval = v.model.histogram.value?.interval;
  const date = dateText(start, zone, v.words.locale);
  if (interval === 'hour' || interval === 'minute')
    return `${date}, ${minuteText(start, zone)}–${clockText(v.brush.end(index), zone).slice(0, 5)}`;
  return interval === 'day' ? date : `${date} – ${dateText(v.brush.end(index) - 1, zone, v.words.locale)}`;
}

function bars(buckets: Bucket[]): SVGTemplateResult[] {
  const most = Math.max(1, ...buckets.map((bucket) => bucket.count));
  const gap = buckets.length > 150 ? 0.5 : 1.5;
  const bar = Math.min(UNIT - gap, (buckets.length / LEAST_BARS) * UNIT);
  return buckets.map((bucket, i) => {
    const whole = bucket.count === 0 ? 0 : Math.max(2, (bucket.count / most) * (HEIGHT - 4));
    const failed = failures(bucket) === 0 ? 0 : Math.max(2, (failures(bucket) / most) * (HEIGHT - 4));
    return svg`<rect class="bar-ok" x=${i * UNIT + gap / 2} y=${HEIGHT - whole} width=${bar} height=${Math.max(
      0,
      whole - failed,
    )} />
      <rect class="bar-failure" x=${i * UNIT + gap / 2} y=${HEIGHT - failed} width=${bar} height=${failed} />`;
  });
}

/** A handle of the brush, for keys. */
function slider(v: ViewHost, side: 'from' | 'to', value: number): TemplateResult {
  const { brush, words } = v;
  const { buckets } = brush;
  return html`<input
    type="range"
    min="0"
    max=${Math.max(0, buckets.length - 1)}
    step="1"
    .value=${live(String(value))}
    ?disabled=${!buckets.length}
    aria-label=${words.t(side === 'from' ? 'chart.from' : 'chart.to')}
    aria-valuetext=${buckets.length ? span(v, value) : ''}
    @input=${(e: Event) => brush.slide(side, Number((e.target as HTMLInputElement).value))}
    @keydown=${brush.key}
  />`;
}

function renderPlot(v: ViewHost, buckets: Bucket[]): TemplateResult {
  const width = Math.max(1, buckets.length) * UNIT;
  const brush = v.brush;
  const words = v.words;
  const chosen = brush.chosen && {
    from: Math.min(brush.chosen.from, brush.chosen.to),
    to: Math.max(brush.chosen.from, brush.chosen.to),
  };
  const hovered = brush.hovered !== null ? buckets[brush.hovered] : undefined;
  const last = buckets.length - 1;
  return html`<div
    class="plot"
    @pointerdown=${brush.down}
    @pointermove=${brush.move}
    @pointerup=${brush.up}
    @pointerleave=${brush.leave}
  >
    <svg viewBox="0 0 ${width} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label=${summary(v, buckets)}>
      ${bars(buckets)}
      ${
        brush.hovered !== null && buckets.length
          ? svg`<rect class="hover" x=${brush.hovered * UNIT} y="0" width=${UNIT} height=${HEIGHT} />`
          : nothing
      }
      ${
        chosen
          ? svg`<rect class="brush" vector-effect="non-scaling-stroke" x=${chosen.from * UNIT} y="0" width=${
              (chosen.to - chosen.from + 1) * UNIT
            } height=${HEIGHT} />`
          : nothing
      }
      <line class="base" vector-effect="non-scaling-stroke" x1="0" x2=${width} y1=${HEIGHT} y2=${HEIGHT} />
    </svg>
    <div class="ticks" aria-hidden="true">
      ${ticks(v, buckets).map((tick) => html`<span ${vars({ '--at': String(tick.at) })}>${tick.text}</span>`)}
    </div>
    ${
      hovered && brush.hovered !== null
        ? html`<div class="tip" aria-hidden="true" ${vars({ '--at': String((brush.hovered + 0.5) / buckets.length) })}>
            ${span(v, brush.hovered)}:
            ${words.n(hovered.count)}${
              failures(hovered) ? ` · ${words.t('chart.failed', { count: failures(hovered) })}` : ''
            }
          </div>`
        : nothing
    }
    ${slider(v, 'from', chosen?.from ?? 0)} ${slider(v, 'to', chosen?.to ?? Math.max(0, last))}
  </div>`;
}

function summary(v: ViewHost, buckets: Bucket[]): string {
  if (!buckets.length) return v.words.t('chart.label');
  const top = buckets.reduce((best, bucket, i) => (bucket.count > buckets[best]!.count ? i : best), 0);
  return v.words.t('chart.summary', { most: buckets[top]!.count, when: span(v, top) });
}

function ticks(v: ViewHost, buckets: Bucket[]): { at: number; text: string }[] {
  if (!buckets.length) return [];
  const interval = v.model.histogram.value?.interval;
  const every = Math.max(1, Math.ceil(buckets.length / 6));
  const found: { at: number; text: string }[] = [];
  for (let i = 0; i < buckets.length; i += every) {
    if (i + every / 2 > buckets.length && i > 0) break;
    const start = v.brush.start(i);
    const short = interval === 'minute' || (interval === 'hour' && buckets.length <= 48);
    found.push({
      at: i / buckets.length,
      text: short ? minuteText(start, v.model.zone) : tickText(start, v.model.zone, v.words.locale),
    });
  }
  return found;
}

function renderTable(v: ViewHost, buckets: Bucket[]): TemplateResult {
  const words = v.words;
  return html`<div class="chart-table" tabindex="0" role="region" aria-label=${words.t('chart.table')}>
    <table>
      <thead>
        <tr>
          <th scope="col">${words.t('chart.when')}</th>
          <th scope="col">${words.t('chart.count')}</th>
          <th scope="col">${words.t('chart.failures')}</th>
        </tr>
      </thead>
      <tbody>
        ${buckets.map((bucket, i) =>
          bucket.count === 0
            ? nothing
            : html`<tr>
                <th scope="row">
                  <button
                    class="link"
                    @click=${() => {
                      v.brush.chosen = { from: i, to: i };
                      v.brush.apply();
                    }}
                  >
                    ${span(v, i)}
                  </button>
                </th>
                <td>${words.n(bucket.count)}</td>
                <td>${words.n(failures(bucket))}</td>
              </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
