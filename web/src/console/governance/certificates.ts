/** Links to the certificate of a deletion: of a purge, or of an erasure, whose receipt it is. */
import type { TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { tenantPath } from '../../shared/api.ts';
import { icon } from '../../shared/icons.ts';
import type { ConsoleWords } from '../words.ts';

/** Where the certificate of what an entry records is. */
function address(tenant: string, record: string, format: 'json' | 'pdf'): string {
  return `${tenantPath(tenant, `/deletions/${encodeURIComponent(record)}/certificate`)}?format=${format}`;
}

/** Both forms, for a table's row; `what` tells rows apart for whoever hears them. */
export function certificateLinks(words: ConsoleWords, tenant: string, record: string, what: string): TemplateResult {
  const link = (format: 'json' | 'pdf'): TemplateResult =>
    html`<a class="link" download href=${address(tenant, record, format)} data-format=${format}
      >${format.toUpperCase()}<span class="visually-hidden"> ${what}</span></a
    >`;
  return html`<span class="forms" role="group" aria-label=${words.t('certificate.of', { what })}
    >${link('pdf')} ${link('json')}</span
  >`;
}

/** The same for a sheet that tells that it is done, of each of the entries that record it. */
export function certificateButtons(words: ConsoleWords, tenant: string, records: readonly string[]): TemplateResult {
  return html`<p class="muted">${words.t('certificate.about')}</p>
    ${records.map(
      (record) =>
        html`<div class="forms">
          <a class="button" download href=${address(tenant, record, 'pdf')} data-format="pdf"
            >${icon('download')}${words.t('tenants.delete.certificate.pdf')}</a
          >
          <a class="button" download href=${address(tenant, record, 'json')} data-format="json"
            >${icon('download')}${words.t('tenants.delete.certificate')}</a
          >
        </div>`,
    )}`;
}
