/** What the values of fields are called. */
import type { Words } from '../shared/i18n.ts';
import type { Entry } from '../shared/types.ts';
import { actorName, type Catalog } from './sentence.ts';

/** The language and the catalog that names are in. */
export interface NamesHost {
  readonly words: Words;
  readonly catalog: Catalog;
}

/** Names of values; those of actors are learned from the entries that are seen. */
export class Names {
  readonly #actors = new Map<string, string>();

  constructor(private readonly host: NamesHost) {}

  learn(entries: readonly Entry[]): void {
    for (const entry of entries) {
      const { id } = entry.actor;
      const name = actorName(entry, this.host.words);
      if (id && name !== id) this.#actors.set(id, name);
    }
  }

  /** Learns what an actor is called. */
  set(id: string, name: string): void {
    this.#actors.set(id, name);
  }

  of(field: string, value: string): string {
    const { words, catalog } = this.host;
    if (field === 'actor_id') return this.#actors.get(value) ?? value;
    if (field === 'category') return words.maybe(`category.${value}`, words.sentence(catalog.category(value)));
    if (field === 'country') return words.country(value);
    if (field === 'security') return words.t(value === 'true' ? 'security.yes' : 'security.no');
    if (field === 'outcome') return words.maybe(`outcome.${value}`, value);
    if (field === 'actor_type') return words.maybe(`actor.type.${value}`, value);
    if (field === 'recorded_by' && value === 'server') return words.t('recordedBy.server');
    return value;
  }
}
