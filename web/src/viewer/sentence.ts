/** An entry as a sentence: the one of its action in the tenant's catalog, else one from its verb. */
import type { Words } from '../shared/i18n.ts';
import type { Actor, CatalogAction, Entry, ForeignCatalog, Profile, Target } from '../shared/types.ts';

/** A stretch of a sentence; one with a field is a value that can be filtered by. */
export interface Part {
  text: string;
  field?: string;
  value?: string;
  kind?: 'actor' | 'target' | 'quoted' | 'action';
  target?: Target;
}

/** Actions by their whole names, then by the longest patterns. */
class Actions {
  readonly #exact = new Map<string, CatalogAction>();
  readonly #patterns: CatalogAction[] = [];

  constructor(actions: CatalogAction[]) {
    for (const action of actions) {
      if (action.action.endsWith('*')) this.#patterns.push(action);
      else this.#exact.set(action.action, action);
    }
    this.#patterns.sort((a, b) => b.action.length - a.action.length);
  }

  exact(action: string): CatalogAction | undefined {
    return this.#exact.get(action);
  }

  find(action: string): CatalogAction | undefined {
    return this.exact(action) ?? this.#patterns.find((p) => action.startsWith(p.action.slice(0, -1)));
  }
}

/** The actions of another program's log; those of a family begin alike and have one sentence. */
function foreignActions(catalog: ForeignCatalog): CatalogAction[] {
  const families = (catalog.families ?? []).flatMap(({ prefixes, ...meaning }) =>
    prefixes.map((prefix) => ({ action: `${prefix}*`, fails: false, ...meaning })),
  );
  return [...catalog.actions, ...families];
}

export class Catalog {
  readonly #own: Actions;
  /** The actions of other programs' logs, which the profile's own go before. */
  readonly #foreign: Actions;
  readonly #categories = new Map<string, string>();

  constructor(profile: Profile | null) {
    this.#own = new Actions(profile?.actions ?? []);
    this.#foreign = new Actions((profile?.catalogs ?? []).flatMap(foreignActions));
    for (const category of profile?.categories ?? []) this.#categories.set(category.id, category.name);
  }

  category(id: string): string {
    return this.#categories.get(id) ?? humanize(id);
  }

  /** The sentence of an entry's action. */
  sentence(entry: Entry, language: 'en' | 'de'): string | undefined {
    const sentence = (this.#own.find(entry.action) ?? this.#foreignAction(entry))?.sentence;
    return typeof sentence === 'string' ? sentence : (sentence?.[language] ?? sentence?.en);
  }

  /** Whether a sentence that says what was done is not true of the entry, since it failed. */
  failed(entry: Entry): boolean {
    return entry.outcome === 'failure' && !this.#own.find(entry.action) && this.#foreignAction(entry)?.fails === false;
  }

  /** Patterns mean what the server took them to mean; whole names, also what was recorded before they were known. */
  #foreignAction(entry: Entry): CatalogAction | undefined {
    const known = !entry.flags?.includes('unknown_action');
    return known ? this.#foreign.find(entry.action) : this.#foreign.exact(entry.action);
  }
}

/** The sentence of an entry, in stretches. */
export function sentenceOf(entry: Entry, catalog: Catalog, words: Words): Part[] {
  const template = catalog.sentence(entry, words.language);
  const parts = template ? fill(shortened(words.sentence(template), entry), entry, words) : null;
  if (!parts) return plain(entry, words);
  return catalog.failed(entry) ? [{ text: `${words.t('sentence.failed')} ` }, ...parts] : parts;
}

/** The same as one text. */
export function sentenceText(entry: Entry, catalog: Catalog, words: Words): string {
  return sentenceOf(entry, catalog, words)
    .map((part) => part.text)
    .join('');
}

/** What there was nothing of before was not changed from anything. */
function shortened(template: string, entry: Entry): string {
  const before = entry.changes?.[0]?.before;
  return before === undefined || before === null ? template.replace(/ (from|von) \{before\}/, '') : template;
}

/**
 * The sentence with its places filled, or null when the entry lacks what one of them needs. A part of the form
 * `{? to the team {target}}` is left out where it does.
 */
function fill(template: string, entry: Entry, words: Words): Part[] | null {
  const parts: Part[] = [];
  for (const piece of template.split(/(\{\?(?:[^{}]|\{[^{}]*\})*\})/)) {
    const optional = piece.startsWith('{?');
    const filled = fillPlaces(optional ? piece.slice(2, -1) : piece, entry, words);
    if (filled) parts.push(...filled);
    else if (!optional) return null;
  }
  return parts;
}

function fillPlaces(template: string, entry: Entry, words: Words): Part[] | null {
  const parts: Part[] = [];
  for (const piece of template.split(/(\{[a-z_.]+\})/)) {
    if (!piece.startsWith('{')) {
      if (piece) parts.push({ text: piece });
      continue;
    }
    const filled = place(piece.slice(1, -1), entry, words);
    if (!filled) return null;
    parts.push(...filled);
  }
  return parts;
}

function place(name: string, entry: Entry, words: Words): Part[] | null {
  const targets = entry.targets ?? [];
  const change = entry.changes?.[0];
  switch (name) {
    case 'actor':
      return actorParts(entry, words);
    case 'action':
      return [{ text: entry.action, kind: 'action', field: 'action', value: entry.action }];
    case 'target':
      return targets[0] ? [targetPart(targets[0])] : null;
    case 'targets':
      return targets.length
        ? targets.flatMap((t, i) => (i ? [{ text: ', ' }, targetPart(t)] : [targetPart(t)]))
        : null;
    case 'before':
    case 'after': {
      const value = change?.[name];
      return value === undefined || typeof value === 'object' ? null : [{ text: String(value), kind: 'quoted' }];
    }
    case 'field':
      return change ? [{ text: change.field, kind: 'quoted' }] : null;
    case 'reason':
      return entry.reason ? [{ text: entry.reason, kind: 'quoted' }] : null;
    case 'account':
      return entry.account ? [{ text: entry.account, field: 'account', value: entry.account }] : null;
    case 'outcome':
      return [{ text: words.t(`outcome.${entry.outcome}`) }];
    default: {
      if (name.startsWith('target.')) {
        const target = targets.find((t) => t.type === name.slice('target.'.length));
        return target ? [targetPart(target)] : null;
      }
      if (!name.startsWith('details.')) return null;
      const value = entry.details?.[name.slice('details.'.length)];
      return value === undefined || typeof value === 'object' ? null : [{ text: String(value), kind: 'quoted' }];
    }
  }
}

/** Who did what to what, from the verb alone; the action's name follows, so that nothing is made up. */
function plain(entry: Entry, words: Words): Part[] {
  const parts: Part[] = [...actorParts(entry, words), { text: ' ' }];
  const target = entry.targets?.[0];
  const verb = words.maybe(`verb.${entry.verb}`, entry.verb);
  const failed = entry.outcome === 'failure';
  const alone = !target || entry.verb === 'login' || entry.verb === 'logout';
  if (failed && words.maybe(`verb.${entry.verb}.failed`, '')) {
    parts.push({ text: words.maybe(`verb.${entry.verb}.failed`, verb) });
  } else {
    parts.push({ text: verb });
  }
  if (!alone) parts.push({ text: ` ${humanize(target.type).toLowerCase()} ` }, targetPart(target));
  const change = entry.changes?.[0];
  if (!alone && entry.changes?.length === 1 && change && isShort(change.before) && isShort(change.after)) {
    parts.push(
      { text: `: ${humanize(change.field).toLowerCase()} ` },
      { text: String(change.before), kind: 'quoted' },
      { text: ' → ' },
      { text: String(change.after), kind: 'quoted' },
    );
  }
  parts.push({ text: ' ' }, { text: entry.action, kind: 'action', field: 'action', value: entry.action });
  return parts;
}

function isShort(value: unknown): boolean {
  return (typeof value === 'string' && value.length <= 40) || typeof value === 'number' || typeof value === 'boolean';
}

/** Whether it is the operator's key, or who signed in with it, whose id says nothing to anybody. */
function isOperator({ type, name, roles }: Actor): boolean {
  return (roles ?? []).includes('operator') && (type === 'api_client' ? !name : type === 'user' && name === 'operator');
}

export function actorName(entry: Entry, words: Words): string {
  return isOperator(entry.actor) ? words.t('actor.operator') : partyName(entry.actor, entry, words);
}

/** What the actor, or somebody on whose behalf it acted, is called. */
export function partyName(party: Actor, entry: Entry, words: Words): string {
  return party.name ?? party.email ?? party.id ?? words.t(namelessKey(party, entry));
}

/** Where an id is hashed, its hash says that somebody is known, who is not shown or whose name was erased. */
function namelessKey(party: Actor, entry: Entry): 'actor.system' | 'actor.erased' | 'actor.withheld' | 'actor.unknown' {
  if (party.type === 'system') return 'actor.system';
  if (entry.personal_erased) return 'actor.erased';
  return party.id_hash ? 'actor.withheld' : 'actor.unknown';
}

/** The parties on whose behalf the actor acted, the nearest first. */
export function chainOf(actor: Actor): Actor[] {
  const chain: Actor[] = [];
  for (let party = actor.on_behalf_of; party; party = party.on_behalf_of) chain.push(party);
  return chain;
}

/** Who acted, and on whose behalf; not of somebody who is the target, whom the sentence names anyway. */
function actorParts(entry: Entry, words: Words): Part[] {
  const text = actorName(entry, words);
  const { id } = entry.actor;
  const parts: Part[] = [id ? { text, field: 'actor_id', value: id, kind: 'actor' } : { text, kind: 'actor' }];
  for (const party of chainOf(entry.actor)) {
    if (party.id && entry.targets?.some((target) => target.id === party.id)) continue;
    const name = partyName(party, entry, words);
    parts.push({ text: ` ${words.t('sentence.behalf')} ` }, party.id ? { text: name, field: 'on_behalf_of', value: party.id, kind: 'actor' } : { text: name, kind: 'actor' });
  }
  return parts;
}

export function targetPart(target: Target): Part {
  return { text: target.name ?? target.id, field: 'target', value: `${target.type}/${target.id}`, kind: 'target', target };
}

/** `configuration_changes` as people write it: Configuration changes. */
export function humanize(id: string): string {
  const text = id.replaceAll(/[_.-]+/g, ' ').trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}
