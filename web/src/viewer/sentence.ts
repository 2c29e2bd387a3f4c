/**
 * An entry as a sentence: the one of its action in the tenant's catalog. Where there is none, or the entry lacks what
 * it names, who, what and on what stand beside each other: nothing is said that nobody said.
 */
import { isContainer } from '../shared/exact.ts';
import type { Words } from '../shared/i18n.ts';
import type { Actor, CatalogAction, Change, Entry, ForeignCatalog, Profile, Target } from '../shared/types.ts';

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

/** What a catalog says of an action. */
interface Saying {
  template: string;
  /** The types of what it is done to, those first that the sentence rather means; empty for any. */
  targetTypes: string[];
  /** Whether it says itself that it failed. */
  fails: boolean;
}

/** What a sentence is filled with. */
interface Filling {
  entry: Entry;
  words: Words;
  target: Target | null;
  change: Change | null;
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

  /** The sentence of an entry's action, and what it is about. */
  saying(entry: Entry, language: 'en' | 'de'): Saying | null {
    const action = this.#own.find(entry.action) ?? this.#foreignAction(entry);
    const sentence = action?.sentence;
    const template = typeof sentence === 'string' ? sentence : (sentence?.[language] ?? sentence?.en);
    return action && template
      ? { template, targetTypes: action.target_types ?? [], fails: action.fails === true }
      : null;
  }

  /** Patterns mean what the server took them to mean; whole names, also what was recorded before they were known. */
  #foreignAction(entry: Entry): CatalogAction | undefined {
    const known = !entry.flags?.includes('unknown_action');
    return known ? this.#foreign.find(entry.action) : this.#foreign.exact(entry.action);
  }
}

/** The sentence of an entry, in stretches; one of something that failed says so first, unless its action does. */
export function sentenceOf(entry: Entry, catalog: Catalog, words: Words): Part[] {
  const saying = catalog.saying(entry, words.language);
  const parts = saying ? said(saying, entry, words) : null;
  const saysOutcome = parts !== null && saying !== null && (saying.fails || saying.template.includes('{outcome}'));
  const failed = entry.outcome === 'failure' && !saysOutcome ? [{ text: `${words.t('sentence.failed')} ` }] : [];
  return [...failed, ...(parts ?? plain(entry, words))];
}

function said({ template, targetTypes }: Saying, entry: Entry, words: Words): Part[] | null {
  const change = meantChange(template, entry.changes ?? []);
  const target = meantTarget(targetTypes, entry.targets ?? []);
  const parts = fill(shortened(words.sentence(template), change, words), { entry, words, change, target });
  return parts && template.includes('{field}') ? [...parts, ...furtherChanges(entry, words)] : parts;
}

/** The target of the first type of which there is one. */
function meantTarget(types: string[], targets: Target[]): Target | null {
  if (!types.length) return targets[0] ?? null;
  return types.flatMap((type) => targets.filter((target) => target.type === type))[0] ?? null;
}

/**
 * The change of which a sentence without a field's name speaks: the first where it names the field itself, the only
 * one, or the only one whose field it mentions.
 */
function meantChange(template: string, changes: Change[]): Change | null {
  if (changes.length < 2 || template.includes('{field}')) return changes[0] ?? null;
  const mentioned = changes.filter(({ field }) =>
    ` ${template.toLowerCase()} `.includes(` ${fieldName(field).replaceAll(/[_-]+/g, ' ').toLowerCase()} `),
  );
  return mentioned.length === 1 ? mentioned[0]! : null;
}

/** The last part of a field's path. */
function fieldName(field: string): string {
  return field.slice(Math.max(field.lastIndexOf('.'), field.lastIndexOf('/')) + 1);
}

/** The same as one text. */
export function sentenceText(entry: Entry, catalog: Catalog, words: Words): string {
  return sentenceOf(entry, catalog, words)
    .map((part) => part.text)
    .join('');
}

/**
 * What there was nothing of before was not changed from anything; what there is nothing of behind was changed to
 * nothing.
 */
function shortened(template: string, change: Change | null, words: Words): string {
  if (change === null) return template;
  const { before, after } = change;
  if (before === undefined || before === null) return template.replace(/(?<!\{\?) (from|von) \{before\}/, '');
  return after === null && !isContainer(before)
    ? template.replace(/\{\? (to|zu) \{after\}\}/, ` $1 ${words.t('sentence.nothing')}`)
    : template;
}

/**
 * The sentence with its places filled, or null when the entry lacks what one of them needs. A part of the form
 * `{? to the team {target}}` is left out where it does.
 */
function fill(template: string, filling: Filling): Part[] | null {
  const parts: Part[] = [];
  for (const piece of template.split(/(\{\?(?:[^{}]|\{[^{}]*\})*\})/)) {
    const optional = piece.startsWith('{?');
    const filled = fillPlaces(optional ? piece.slice(2, -1) : piece, filling);
    if (filled) parts.push(...filled);
    else if (!optional) return null;
  }
  return parts;
}

function fillPlaces(template: string, filling: Filling): Part[] | null {
  const parts: Part[] = [];
  for (const piece of template.split(/(\{[a-z_.0-9]+\})/)) {
    if (!piece.startsWith('{')) {
      if (piece) parts.push({ text: piece });
      continue;
    }
    const filled = place(piece.slice(1, -1), filling);
    if (!filled) return null;
    parts.push(...filled);
  }
  return parts;
}

function place(name: string, { entry, words, target, change }: Filling): Part[] | null {
  switch (name) {
    case 'actor':
      return actorParts(entry, words);
    case 'action':
      return [actionPart(entry)];
    case 'target':
      return target && [targetPart(target)];
    case 'targets':
      return entry.targets?.length ? listed(entry.targets) : null;
    case 'before':
    case 'after':
      return quoted(change?.[name]);
    case 'field':
      return change && [{ text: change.field, kind: 'quoted' }];
    case 'reason':
      return quoted(entry.reason || undefined);
    case 'account':
      return entry.account ? [{ text: entry.account, field: 'account', value: entry.account }] : null;
    case 'outcome':
      return [{ text: words.t(`outcome.${entry.outcome}`) }];
    default:
      return namedPlace(name, entry);
  }
}

/** A place that says which target, change or detail it means. */
function namedPlace(name: string, entry: Entry): Part[] | null {
  const dot = name.indexOf('.');
  const which = name.slice(dot + 1);
  switch (name.slice(0, dot)) {
    case 'target': {
      const target = meantTarget([which], entry.targets ?? []);
      return target && [targetPart(target)];
    }
    case 'before':
    case 'after': {
      const changes = (entry.changes ?? []).filter(({ field }) => fieldName(field) === which);
      return changes.length === 1 ? quoted(changes[0]![name.slice(0, dot) as 'before' | 'after']) : null;
    }
    case 'details':
      return quoted(entry.details?.[which]);
    default:
      return null;
  }
}

function quoted(value: unknown): Part[] | null {
  return value === undefined || value === null || isContainer(value) ? null : [{ text: String(value), kind: 'quoted' }];
}

function actionPart({ action }: Entry): Part {
  return { text: action, kind: 'action', field: 'action', value: action };
}

function listed(targets: Target[]): Part[] {
  return targets.flatMap((target, i) => (i ? [{ text: ', ' }, targetPart(target)] : [targetPart(target)]));
}

/** That more was changed than the one field that a sentence names. */
function furtherChanges({ changes }: Entry, words: Words): Part[] {
  const further = (changes?.length ?? 1) - 1;
  return further > 0 ? [{ text: ` (${words.t('sentence.further', { count: further })})` }] : [];
}

/**
 * Who, what, on what, and what changed where it is short: facts beside each other, and no claim how they hang
 * together.
 */
function plain(entry: Entry, words: Words): Part[] {
  const parts: Part[] = [...actorParts(entry, words), { text: BESIDE }, actionPart(entry)];
  if (entry.targets?.length) parts.push({ text: BESIDE }, ...listed(entry.targets));
  const [change, ...more] = entry.changes ?? [];
  if (change && !more.length && isShort(change.before) && isShort(change.after)) {
    parts.push(
      { text: BESIDE },
      { text: change.field, kind: 'quoted' },
      { text: ': ' },
      { text: String(change.before), kind: 'quoted' },
      { text: ' → ' },
      { text: String(change.after), kind: 'quoted' },
    );
  }
  return parts;
}

/** Stands between what is known of an entry and not put into a sentence. */
const BESIDE = ' · ';
const SHORT_CHARS = 40;

function isShort(value: unknown): boolean {
  return value !== undefined && value !== null && !isContainer(value) && String(value).length <= SHORT_CHARS;
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
    parts.push(
      { text: ` ${words.t('sentence.behalf')} ` },
      party.id ? { text: name, field: 'on_behalf_of', value: party.id, kind: 'actor' } : { text: name, kind: 'actor' },
    );
  }
  return parts;
}

export function targetPart(target: Target): Part {
  return {
    text: target.name ?? target.id,
    field: 'target',
    value: `${target.type}/${target.id}`,
    kind: 'target',
    target,
  };
}

/** `configuration_changes` as people write it: Configuration changes. */
export function humanize(id: string): string {
  const text = id.replaceAll(/[_.-]+/g, ' ').trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}
