/** The export: what it will be, how far it is, what became of it. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../shared/html.ts';
import { stringifyExact } from '../shared/exact.ts';
import { icon } from '../shared/icons.ts';
import { bytesText } from '../shared/i18n.ts';
import { BLOB_LIMIT_BYTES, FORMATS, fileName, writesFiles, type Format } from './exporter.ts';
import { writeView, type View } from './link.ts';
import type { ViewHost } from './view-host.ts';

/** A line of CSV has somewhat fewer bytes than the same entry as JSON. */
const CSV_SHARE = 0.9;
const SAMPLE = 20;
/** What a view is compared with to be written in full. */
const ANYTHING: View = { q: '', range: { kind: 'newest' }, entry: null, columns: [], zone: 'local' };

/** The formats that the tenant's profile offers. */
export function formats(v: ViewHost): Format[] {
  const offered = v.model.profile?.exports;
  return FORMATS.filter((format) => !offered || offered.includes(format));
}

/** About how many bytes the file will have, by the entries that are shown. */
function estimate(v: ViewHost, format: Format): number {
  const sample = v.model.entries.slice(0, SAMPLE);
  if (!sample.length) return 0;
  const each = sample.reduce((sum, entry) => sum + stringifyExact(entry).length, 0) / sample.length;
  return each * (v.model.facets.value?.count ?? 0) * (format === 'csv' ? CSV_SHARE : 1);
}

export function exportItems(v: ViewHost): TemplateResult {
  const { words, model } = v;
  const offered = formats(v);
  const count = model.facets.value?.count ?? null;
  const start = (event: Event): void => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const format = form.get('format') as Format;
    const reason = String(form.get('reason') ?? '').trim();
    const { from, to } = model.resolved;
    v.hideMenu();
    const name = fileName(model.tenant, from, to, model.zone, format);
    void v.exporter.start(
      model.api,
      model.path('/export'),
      { ...model.parameters(), ...(reason ? { reason } : {}) },
      name,
      format,
    );
  };
  const bytes = (format: Format): string => (count ? `≈ ${bytesText(estimate(v, format), words)}` : '');
  return html`<form class="pad export-form" @submit=${start}>
    <strong>${count === null ? words.t('export') : words.t('export.count', { count })}</strong>
    <fieldset>
      <legend class="muted">${words.t('export.format')}</legend>
      ${offered.map(
        (format, i) =>
          html`<label class="choice"
            ><input type="radio" name="format" value=${format} .checked=${i === 0} />
            <span>${format.toUpperCase()}</span><span class="muted">${words.maybe(`export.${format}`, '')}</span
            ><span class="tick muted">${bytes(format)}</span></label
          >`,
      )}
    </fieldset>
    ${
      model.profile?.reason_for_exports
        ? html`<label
            >${words.t('export.reason')}<input
              class="field"
              name="reason"
              required
              pattern=".*\\S.*"
              maxlength="2000"
              autocomplete="off"
          /></label>`
        : nothing
    }
    <span class="muted small"
      >${words.t('export.about')}${
        writesFiles() ? nothing : html` ${words.t('export.limit', { limit: bytesText(BLOB_LIMIT_BYTES, words) })}`
      }</span
    >
    <span
      ><button class="button primary" type="submit" ?disabled=${count === 0 || v.exporter.isRunning}>
        ${icon('download')}${words.t('export')}
      </button></span
    >
    ${v.exportPages ? renderPages(v, v.exportPages) : nothing}
  </form>`;
}

/** The pages that take the present question over: as a job, or on a schedule. */
function renderPages({ model, words }: ViewHost, pages: string): TemplateResult {
  const { q, range, zone } = model.view;
  const asked = writeView('new=', '', { ...ANYTHING, q, range, zone }, ANYTHING);
  const link = (page: 'exports' | 'schedules', key: 'export.job' | 'export.schedule'): TemplateResult =>
    html`<a class="link" href="${pages}${page}#${asked}">${words.t(key)}</a>`;
  return html`${link('exports', 'export.job')}${
    model.may('schedules.manage') ? link('schedules', 'export.schedule') : nothing
  }`;
}

/** How far it is; stays where it is while the reader goes on. */
export function renderExport(v: Pick<ViewHost, 'words' | 'exporter'>): TemplateResult | typeof nothing {
  const { words, exporter } = v;
  const state = exporter.state;
  if (state.kind === 'none') return nothing;
  const dismiss = html`<button
    class="button plain icon-only"
    aria-label=${words.t('close')}
    @click=${() => exporter.dismiss()}
  >
    ${icon('close')}
  </button>`;
  if (state.kind === 'running') {
    const text = words.t('export.running', {
      entries: state.entries,
      total: state.total,
      bytes: bytesText(state.bytes, words),
    });
    return html`<div class="row export" data-export="running">
      <progress max=${Math.max(1, state.total)} .value=${state.entries} aria-label=${words.t('export')}></progress>
      <span class="muted">${text}</span
      ><button class="button" @click=${() => exporter.stop()}>${words.t('export.stop')}</button>
    </div>`;
  }
  const text =
    state.kind === 'done'
      ? words.t('export.done', { count: state.entries, name: state.name, bytes: bytesText(state.bytes, words) })
      : state.kind === 'stopped'
        ? words.t('export.stopped')
        : state.code === 'too_large'
          ? words.t('export.tooLarge', { limit: bytesText(BLOB_LIMIT_BYTES, words) })
          : words.t('export.failed', { why: words.problem(state).text });
  return html`<div class="row export" data-export=${state.kind}>
    <span class="notice ${state.kind === 'failed' ? 'danger' : ''}" role="status"
      >${icon(state.kind === 'done' ? 'check' : 'alert')}<span>${text}</span></span
    >${dismiss}
  </div>`;
}
