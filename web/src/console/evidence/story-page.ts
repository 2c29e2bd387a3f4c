/** The story of a session, a person or an object, oldest first, to read and to print; and how a change is undone. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { ENGLISH, wordsFor, type Words } from '../../shared/i18n.ts';
import { icon } from '../../shared/icons.ts';
import { clockText, dateText, localZone } from '../../shared/time.ts';
import type { Entry, Profile } from '../../shared/types.ts';
import { Catalog, sentenceText } from '../../viewer/sentence.ts';
import { ReportPage } from './report-page.ts';
import { ReversalSheet } from './reversal-sheet.ts';

interface Passage {
  count: number;
  from: string;
  to: string;
  entry: Entry;
}

interface Told {
  entries: number;
  complete: boolean;
  query: string;
  passages: Passage[];
}

const ABOUT = ['session', 'person', 'object'] as const;

export class StoryPage extends ReportPage {
  override readonly tab = 'story';
  #story: Told | null = null;
  #catalog = new Catalog(null);
  #sentences: Words = ENGLISH;

  override async load(): Promise<void> {
    const { asked } = this;
    this.#story = null;
    if (!ABOUT.some((about) => asked.get(about))) return;
    const [profile, words, story] = await Promise.all([
      this.api.get<Profile>(this.path('/profile')).catch(() => null),
      wordsFor([this.words.locale]).catch((): Words => ENGLISH),
      this.api.get<Told>(this.path('/story'), Object.fromEntries(asked)),
    ]);
    this.#catalog = new Catalog(profile);
    this.#sentences = words;
    this.#story = story;
  }

  override render(): TemplateResult {
    const words = this.words;
    return this.frame(
      this.#story ? html`<button class="button" @click=${() => print()}>${words.t('story.print')}</button>` : nothing,
      html`${this.renderForm(
        html`${ABOUT.map((about) => this.renderField(about, words.t(`story.${about}`)))}
        ${this.renderTimeField('from', words.t('story.from'))} ${this.renderTimeField('to', words.t('story.to'))}`,
      )}${this.#story ? this.#renderStory(this.#story) : nothing}`,
    );
  }

  #renderStory(story: Told): TemplateResult {
    const words = this.words;
    let day = '';
    return html`<p>
        ${words.t('story.entries', { count: words.n(story.entries) })}
        <a class="link" href=${this.log(story.query)}>${words.t('story.log')}</a>
      </p>
      ${story.complete ? nothing : html`<p class="notice">${icon('alert')}${words.t('story.incomplete')}</p>`}
      ${
        story.passages.length
          ? html`<ol class="plain story">
              ${story.passages.map((passage) => {
                const date = dateText(Date.parse(passage.from), localZone(), words.locale);
                const heading = date === day ? nothing : html`<li class="day"><h2>${date}</h2></li>`;
                day = date;
                return html`${heading}${this.#renderPassage(passage)}`;
              })}
            </ol>`
          : html`<p class="none">${words.t('story.none')}</p>`
      }`;
  }

  #renderPassage(passage: Passage): TemplateResult {
    const words = this.words;
    const { entry, count } = passage;
    const clock = (text: string): string => clockText(Date.parse(text), localZone());
    const sentence = sentenceText(entry, this.#catalog, this.#sentences);
    const when =
      count === 1
        ? clock(passage.from)
        : words.t('story.between', { from: clock(passage.from), to: clock(passage.to) });
    return html`<li data-entry=${entry.id} data-count=${count}>
      <span class="mono">${when}</span>
      ${count === 1 ? nothing : html`<strong>${words.n(count)} ×</strong>`} ${sentence}
      ${entry.reason ? html`<span class="muted">“${entry.reason}”</span>` : nothing}
      <a class="link does" href=${this.entry(entry.id)}
        >${words.t('evidence.entry')}<span class="visually-hidden"> ${sentence}</span></a
      >
      ${
        entry.changes?.length
          ? html`<button class="button plain does" @click=${() => void this.#undo(entry)}>
              ${words.t('reversal.title')}<span class="visually-hidden"> ${sentence}</span>
            </button>`
          : nothing
      }
    </li>`;
  }

  async #undo(entry: Entry): Promise<void> {
    const sheet = new ReversalSheet(this.words, (later) => [
      sentenceText(later, this.#catalog, this.#sentences),
      this.entry(later.id),
    ]);
    this.open(
      this.words.t('reversal.title'),
      () => html`${sheet.render()} ${sheet.json ? this.renderCopy(sheet.json) : nothing}`,
    );
    await this.act(() => sheet.load(this.api, this.path(`/events/${encodeURIComponent(entry.id)}/reversal`)));
  }
}
