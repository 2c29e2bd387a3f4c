/** What stands in the place of the list: a problem, no entries at all, or none that match. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../shared/html.ts';
import * as chips from '../query/chips.ts';
import { bare } from '../query/reads.ts';
import { icon } from '../shared/icons.ts';
import { problemText } from '../shared/problems.ts';
import { dateText } from '../shared/time.ts';
import type { Hint } from '../shared/types.ts';
import { queryProblem } from './view-bar.ts';
import type { ViewHost } from './view-host.ts';

export function renderProblem(v: ViewHost): TemplateResult {
  const problem = v.model.page.problem!;
  const words = v.words;
  const title = words.maybe(`problem.${problem.code}`, words.t('problem.title'));
  return html`<div class="empty" role="alert">
    <h2>${title}</h2>
    <p>
      ${
        queryProblem(v)
          ? words.t('problem.inBar')
          : words.maybe(`problem.${problem.code}.help`, '') || problemText(words, problem)
      }
    </p>
    ${
      problem.code === 'invalid_query'
        ? nothing // The query bar says where, and asking again helps nobody.
        : html`${
              problem.requestId
                ? html`<p class="muted">${words.t('problem.request')} <code>${problem.requestId}</code></p>`
                : nothing
            } <button class="button" @click=${() => v.model.reload()}>${words.t('retry')}</button>`
    }
  </div>`;
}

export function renderEmpty(v: ViewHost): TemplateResult {
  const { model, words } = v;
  if (model.counts.total === null) return html``;
  if (model.counts.total === 0) return renderNone(v);
  const { to } = model.resolved;
  const isGone = to !== null && model.cutOff !== null && to <= model.cutOff;
  return html`<div class="empty">
    <h2>${words.t(isGone ? 'empty.gone' : 'empty.match')}</h2>
    <p class="muted">
      ${
        isGone
          ? words.t('empty.retention', {
              period: periodText(v, model.retentionPeriod ?? ''),
              date: dateText(model.cutOff!, model.zone, words.locale),
            })
          : model.counts.total === 'not asked'
            ? nothing
            : words.t('empty.match.help', { count: model.counts.total })
      }
    </p>
    ${model.page.value?.hints?.map((hint) => renderHint(v, hint))} ${renderWays(v)}
  </div>`;
}

/** The tenant has no entries yet: how the first is sent. */
function renderNone(v: ViewHost): TemplateResult {
  const { words } = v;
  return html`<div class="empty">
    <h2>${words.t('empty.none')}</h2>
    <p>${words.t('empty.none.help')}</p>
    <pre class="code" tabindex="0" aria-label="curl">${firstEvent(v)}</pre>
    <p></p>
    <button class="button" @click=${() => v.copy(firstEvent(v))}>${icon('copy')}${words.t('copy')}</button>
  </div>`;
}

/** What is asked less of, each with what it would find. */
function renderWays(v: ViewHost): TemplateResult {
  const { model, words } = v;
  const { q } = model.view;
  return html`<ul>
    ${chips.chips(q).map((chip) => {
      const count = model.counts.withoutChip.get(chip.text);
      return count
        ? html`<li>
            <button class="button" @click=${() => model.query(chips.without(q, chip))}>
              ${words.t('empty.drop', { what: chip.text, count })}
            </button>
          </li>`
        : nothing;
    })}
    ${
      model.view.range.kind === 'newest'
        ? nothing
        : html`<li>
            <button class="button" @click=${() => model.range({ kind: 'newest' })}>${words.t('empty.allTime')}</button>
          </li>`
    }
    ${
      bare(q)
        ? html`<li>
            <button class="button" @click=${() => model.show({ q: model.own(''), range: { kind: 'newest' } })}>
              ${words.t('empty.reset')}
            </button>
          </li>`
        : nothing
    }
  </ul>`;
}

/** Whom, or which value, somebody may have meant. */
function renderHint(
  v: ViewHost,
  { code, field = 'actor', value, detail, actors = [], values = [] }: Hint,
): TemplateResult {
  const { model, words } = v;
  const name = words.maybe(`facet.${field}`, field);
  const instead = (by: string, meant: string, label: string, count: number): TemplateResult =>
    html`<li>
      <button class="button" @click=${() => model.query(chips.only(chips.clear(model.view.q, field), by, meant))}>
        <bdi>${label}</bdi> <span class="count">${words.n(count)}</span>
      </button>
    </li>`;
  const said =
    code === 'no_such_value'
      ? words.t(values.length ? 'hint.noSuch' : 'hint.noneAtAll', { name, value })
      : code === 'begins_with'
        ? words.t('hint.beginsWith', { value })
        : code === 'names_withheld'
          ? words.t('hint.namesWithheld', { value })
          : detail;
  return html`<div data-hint=${code}>
    <p>${said}</p>
    ${
      actors.length + values.length
        ? html`<ul>
            ${actors.map(({ id, name: called, count }) => instead('actor_id', id, called ?? id, count))}${values.map(
              (there) => instead(field, there.value, model.name(field, there.value), there.count),
            )}
          </ul>`
        : nothing
    }
  </div>`;
}

export function periodText(v: ViewHost, period: string): string {
  const match = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?$/.exec(period);
  if (!match) return v.words.t('period.lifetime');
  const [, years, months, days] = match;
  const parts = [
    years ? v.words.t('period.years', { count: Number(years) }) : '',
    months ? v.words.t('period.months', { count: Number(months) }) : '',
    days ? v.words.t('period.days', { count: Number(days) }) : '',
  ].filter(Boolean);
  return parts.join(' ');
}

function firstEvent(v: ViewHost): string {
  const base = v.model.api.base || location.origin;
  const event = {
    tenant: v.model.tenant,
    action: 'user.role_changed',
    actor: { type: 'user', id: 'u_1', name: 'Ana' },
    outcome: 'success',
  };
  const headers = `-H "Authorization: Bearer $INDELIBLE_KEY" \\\n  -H 'Content-Type: application/json'`;
  return `curl -sS ${base}/v1/events ${headers} \\\n  -d '${JSON.stringify(event)}'`;
}
