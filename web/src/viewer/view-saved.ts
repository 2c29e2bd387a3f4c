/** The menu of saved views. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../shared/html.ts';
import { icon } from '../shared/icons.ts';
import { problemText } from '../shared/problems.ts';
import { fromSaved, type SavedView } from './saved.ts';
import type { ViewHost } from './view-host.ts';

export function savedItems(v: ViewHost): TemplateResult {
  const { words, saved, model } = v;
  const all = saved.all ?? [];
  const mine = all.filter((view) => !view.shared);
  const ours = all.filter((view) => view.shared);
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const data = new FormData(form);
    if (await saved.save(String(data.get('name')), data.has('shared'))) {
      form.reset();
      v.say(words.t('views.saved'));
    }
  };
  return html` ${group(v, words.t('views.mine'), mine, true)}
    ${group(v, words.t('views.shared'), ours, model.may('views.manage'))}
    ${saved.all && !all.length ? html`<div class="pad muted">${words.t('views.none')}</div>` : nothing}
    ${
      saved.problem
        ? html`<div class="pad">
            <div class="notice danger" role="alert">${icon('alert')}${problemText(words, saved.problem)}</div>
          </div>`
        : nothing
    }
    <form class="pad line-above" @submit=${save}>
      <label
        >${words.t('views.save')}<input
          class="field"
          name="name"
          required
          maxlength="100"
          autocomplete="off"
          placeholder=${words.t('views.name')}
      /></label>
      ${
        model.may('views.manage')
          ? html`<label class="choice"
              ><input type="checkbox" name="shared" /><span>${words.t('views.forAll')}</span></label
            >`
          : nothing
      }
      <span><button class="button primary" type="submit">${words.t('views.saveIt')}</button></span>
    </form>`;
}

function group(v: ViewHost, title: string, views: SavedView[], mayChange: boolean): TemplateResult | typeof nothing {
  if (!views.length) return nothing;
  return html`<div class="title" id=${views[0]!.shared ? 'views-shared' : 'views-mine'}>${title}</div>
    <ul class="saved" aria-labelledby=${views[0]!.shared ? 'views-shared' : 'views-mine'}>
      ${views.map((view) => html`<li>${item(v, view, mayChange)}</li>`)}
    </ul>`;
}

function item(v: ViewHost, view: SavedView, mayChange: boolean): TemplateResult {
  const { words, saved } = v;
  const set = (state: { renaming?: string | null; deleting?: string | null }): void => {
    Object.assign(saved, { renaming: null, deleting: null }, state);
    v.requestUpdate();
    void v.updateComplete.then(() => v.renderRoot.querySelector<HTMLElement>('.saved input, .saved .danger')?.focus());
  };
  if (saved.renaming === view.id) {
    return renaming(v, view, () => set({}));
  }
  if (saved.deleting === view.id) {
    return html`<span class="ask">${words.t('views.sure', { name: view.name })}</span>
      <button class="danger" @click=${() => saved.delete(view.id)}>${words.t('views.deleteIt')}</button>
      <button @click=${() => set({})}>${words.t('views.keep')}</button>`;
  }
  return html`<button
      class="open"
      @click=${() => {
        v.hideMenu();
        v.model.show(fromSaved(view));
      }}
    >
      ${icon('bookmark')}<span>${view.name}</span>
    </button>
    ${
      mayChange
        ? html`<button
              class="act"
              aria-label=${words.t('views.rename', { name: view.name })}
              title=${words.t('views.renameIt')}
              @click=${() => set({ renaming: view.id })}
            >
              ${icon('pencil')}
            </button>
            <button
              class="act"
              aria-label=${words.t('views.delete', { name: view.name })}
              title=${words.t('views.deleteIt')}
              @click=${() => set({ deleting: view.id })}
            >
              ${icon('trash')}
            </button>`
        : nothing
    }`;
}

function renaming(v: ViewHost, view: SavedView, end: () => void): TemplateResult {
  const { words, saved } = v;
  return html`<form
    @submit=${(e: Event) => {
      e.preventDefault();
      void saved.rename(view, String(new FormData(e.target as HTMLFormElement).get('name')));
    }}
  >
    <input
      class="field"
      name="name"
      required
      maxlength="100"
      aria-label=${words.t('views.rename', { name: view.name })}
      .value=${view.name}
      @keydown=${(e: KeyboardEvent) => {
        if (e.key !== 'Escape') return;
        e.preventDefault();
        end();
      }}
    />
  </form>`;
}
