/** What a purge would delete on a day, and what holds keep. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { dateText, localZone } from '../../shared/time.ts';
import type { ConsoleWords } from '../words.ts';

export interface Preview {
  period: string;
  at: string;
  cut_off?: string;
  entries: number;
  kept_by_holds: number;
  categories: { category: string; entries: number }[];
  holds: { id: string; name: string; entries: number }[];
}

/** @param category what a category is called; @param holds the address of the page of holds */
export function renderPreview(
  preview: Preview,
  words: ConsoleWords,
  category: (id: string) => string,
  holds: string,
): TemplateResult {
  const date = (time: string): string => dateText(Date.parse(time), localZone(), words.locale);
  const day = date(preview.at);
  return html`<div class="due" role="status">
    <p>
      ${
        preview.entries
          ? html`<strong>${words.t('retention.preview.goes', { date: day, count: preview.entries })}</strong>`
          : words.t(preview.cut_off ? 'retention.preview.nothing' : 'retention.preview.never', { date: day })
      }
      ${
        preview.cut_off
          ? html`<span class="muted">${words.t('retention.preview.before', { date: date(preview.cut_off) })}</span>`
          : nothing
      }
    </p>
    ${
      preview.categories.length
        ? html`<ul class="counts">
            ${preview.categories.map(
              (each) => html`<li><span>${category(each.category)}</span><span>${words.n(each.entries)}</span></li>`,
            )}
          </ul>`
        : nothing
    }
    ${
      preview.kept_by_holds
        ? html`<p>${words.t('retention.preview.held', { count: preview.kept_by_holds })}</p>
            <ul class="counts">
              ${preview.holds.map(
                (hold) =>
                  html`<li>
                    <a class="link" href=${holds}>${words.t('retention.preview.hold', { name: hold.name })}</a
                    ><span>${words.n(hold.entries)}</span>
                  </li>`,
              )}
            </ul>`
        : nothing
    }
  </div>`;
}
