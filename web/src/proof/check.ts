/**
 * Checks an entry in the browser, step by step (docs/formats/proof.md): its parts against the leaf,
 * the leaf against the tree, the tree against the signature, and the tree against the one that this
 * browser saw before.
 */
import { Problem, tenantPath, type Api } from '../shared/api.ts';
import { Digits, isContainer, parseExact } from '../shared/exact.ts';
import type { Entry, ProofDocument, ProofPart } from '../shared/types.ts';
import { base64, concat, equal, hex, sha256, utf8, type Bytes } from './bytes.ts';
import { checkpoint, type Checkpoint } from './note.ts';
import { consistencyOf, examine, type AskConsistency, type Growth } from './past.ts';
import { inclusionHolds, leafHash } from './tree.ts';

export type StepName = 'shown' | 'facts' | 'personal' | 'leaf' | 'inclusion' | 'signature' | 'key' | 'consistency';
/** `open`: it could not be checked, which says nothing against the entry, and nothing for it. */
export type StepState = 'ok' | 'failed' | 'note' | 'open';

export interface Step {
  name: StepName;
  state: StepState;
  /** What was found; `proof.<name>.<reason>` is its text. */
  reason: string;
  /** A hash or key, as evidence. */
  evidence: string;
}

export type Verdict =
  | { state: 'checking' }
  | { state: 'pending' }
  | { state: 'unavailable'; detail: string }
  | { state: 'verified' | 'partly' | 'failed'; steps: Step[]; proof: ProofDocument; size: string };

/** Without these nothing ties what the page shows to what was signed. */
const REQUIRED: StepName[] = ['shown', 'facts', 'leaf', 'inclusion', 'signature'];
const GROWTH_STATES: Record<Growth, StepState> = {
  first: 'note',
  forgets: 'note',
  same: 'ok',
  ok: 'ok',
  rewritten: 'failed',
  unchecked: 'open',
};
const LEAF_BYTES = 73;
const NO_DIGEST = new Uint8Array(32);

/** Fetches the entry's proof and checks it; `pinned` are the keys that the page was given. */
export async function check(api: Api, entry: Entry, pinned: string[], signal: AbortSignal): Promise<Verdict> {
  let proof: ProofDocument;
  try {
    proof = await api.get<ProofDocument>(
      tenantPath(entry.tenant, `/events/${encodeURIComponent(entry.id)}/proof`),
      {},
      signal,
    );
  } catch (error) {
    if (signal.aborted) throw error;
    if (error instanceof Problem && error.code === 'not_published') return { state: 'pending' };
    return { state: 'unavailable', detail: error instanceof Problem ? error.detail : String(error) };
  }
  const steps = await checkProof(entry, proof, pinned, consistencyOf(api, entry.tenant, signal));
  return { state: stateOf(steps), steps, proof, size: String(proof.size) };
}

/** What all steps come to: nothing verifies of which a part was not checked. */
export function stateOf(steps: Step[]): 'verified' | 'partly' | 'failed' {
  if (steps.some((step) => step.state === 'failed')) return 'failed';
  const holds = (name: StepName): boolean => steps.some((step) => step.name === name && step.state === 'ok');
  return steps.some((step) => step.state === 'open') || !REQUIRED.every(holds) ? 'partly' : 'verified';
}

/** All steps for a proof that is at hand. */
export async function checkProof(
  entry: Entry,
  proof: ProofDocument,
  pinned: string[],
  ask: AskConsistency,
): Promise<Step[]> {
  const steps: Step[] = [];
  const add = (name: StepName, state: StepState, reason: string, evidence = ''): void => {
    steps.push({ name, state, reason, evidence });
  };
  let leaf: Bytes;
  let note: Checkpoint;
  let path: Bytes[];
  try {
    leaf = base64(proof.leaf);
    note = checkpoint(proof.checkpoint);
    path = proof.inclusion.map(base64);
    if (leaf.length !== LEAF_BYTES || leaf[0] !== 1) throw new Error('leaf');
  } catch (error) {
    add('leaf', 'failed', 'malformed', String(error));
    return steps;
  }
  await checkParts(entry, proof, leaf, add);
  const hash = await leafHash(leaf);
  const included = await inclusionHolds(hash, BigInt(proof.seq), note.size, path, note.root);
  const right = proof.seq === entry.seq && proof.id === entry.id;
  add('inclusion', included && right ? 'ok' : 'failed', !right ? 'other' : included ? 'ok' : 'no', hex(hash));
  await checkCheckpoint(note, proof, pinned, ask, add);
  return steps;
}

type Add = (name: StepName, state: StepState, reason: string, evidence?: string) => void;

async function checkParts(entry: Entry, proof: ProofDocument, leaf: Bytes, add: Add): Promise<void> {
  const factsDigest = leaf.slice(9, 41);
  const personalDigest = leaf.slice(41, 73);
  const millis = Number(new DataView(leaf.buffer).getBigUint64(1));
  if (Date.parse(entry.recorded_at) !== millis) {
    add('leaf', 'failed', 'time', new Date(millis).toISOString());
  } else {
    add('leaf', 'ok', 'ok', new Date(millis).toISOString());
  }
  const factsHold = await checkPart('facts', proof.facts, factsDigest, add);
  if (factsHold === null)
    add('facts', 'open', proof.personal_state === 'purged' ? 'purged' : 'withheld', hex(factsDigest));
  const hasNone = equal(personalDigest, NO_DIGEST);
  const personalHolds = hasNone ? null : await checkPart('personal', proof.personal, personalDigest, add);
  if (hasNone) {
    add('personal', proof.personal ? 'failed' : 'note', proof.personal ? 'foreign' : 'none');
  } else if (personalHolds === null) {
    const state = proof.personal_state;
    add('personal', 'note', state === 'erased' || state === 'purged' ? state : 'withheld', hex(personalDigest));
  }
  // What was altered is no measure of what the page shows.
  if (factsHold && personalHolds !== false && !(hasNone && proof.personal)) {
    const differs = differingField(entry, proof);
    add('shown', differs ? 'failed' : 'ok', differs ? 'differs' : 'ok', differs);
  }
}

/** Whether a part is the one that was hashed; null when it is not there. */
async function checkPart(
  name: 'facts' | 'personal',
  part: ProofPart | null | undefined,
  digest: Bytes,
  add: Add,
): Promise<boolean | null> {
  if (!part) return null;
  let salted: Bytes | null = null;
  try {
    salted = concat(base64(part.salt), utf8(part.text));
  } catch {
    // What cannot be read is not what was recorded.
  }
  const found = salted ? await sha256(salted) : NO_DIGEST;
  const holds = equal(found, digest);
  add(name, holds ? 'ok' : 'failed', holds ? 'ok' : 'altered', hex(found));
  return holds;
}

/** What of the entry on the page is not what the proven parts say: the path of the first, or empty. */
export function differingField(entry: Entry, proof: ProofDocument): string {
  const facts = parseExact(proof.facts!.text);
  const proven = proof.personal ? merge(facts, parseExact(proof.personal.text)) : facts;
  // What the parts leave out, and an entry always says.
  const defaults = { outcome: 'unknown', security_relevant: false, occurred_at: entry.recorded_at };
  return difference({ ...defaults, ...(proven as object) }, entry, '');
}

/** One part over the other: objects by member, lists by place. */
function merge(facts: unknown, personal: unknown): unknown {
  if (Array.isArray(facts) && Array.isArray(personal)) {
    return facts.map((item, i) => (i < personal.length ? merge(item, personal[i]) : item));
  }
  if (isObject(facts) && isObject(personal)) {
    const merged: Record<string, unknown> = { ...facts };
    for (const [name, value] of Object.entries(personal)) {
      merged[name] = name in merged ? merge(merged[name], value) : value;
    }
    return merged;
  }
  return personal;
}

/** What the server adds around the parts. */
const ADDED = new Set(['/seq', '/recorded_at', '/holds', '/personal_erased']);

function difference(proven: unknown, shown: unknown, path: string): string {
  if (isObject(proven) && isObject(shown)) {
    for (const name of new Set([...Object.keys(proven), ...Object.keys(shown)])) {
      const below = `${path}/${name}`;
      // Who sees an actor's id is not shown its hash; whoever does not is shown the hash instead.
      if (ADDED.has(below) || (name === 'id_hash' && 'id' in proven)) continue;
      const found = difference(proven[name], shown[name], below);
      if (found) return found;
    }
    return '';
  }
  if (Array.isArray(proven) && Array.isArray(shown)) {
    if (proven.length !== shown.length) return path;
    for (let i = 0; i < proven.length; i++) {
      const found = difference(proven[i], shown[i], `${path}/${i}`);
      if (found) return found;
    }
    return '';
  }
  return same(proven, shown) || (empty(proven) && empty(shown)) ? '' : path;
}

/** Numbers are the same when they are written alike: the server shows each as it was recorded. */
function same(proven: unknown, shown: unknown): boolean {
  return (
    Object.is(proven, shown) || (proven instanceof Digits && shown instanceof Digits && proven.text === shown.text)
  );
}

function empty(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    (Array.isArray(value) && value.length === 0) ||
    (isObject(value) && Object.keys(value).length === 0)
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return isContainer(value) && !Array.isArray(value);
}

/** Who signed it, and that the tree holds the one seen before, or is its beginning. */
async function checkCheckpoint(
  note: Checkpoint,
  proof: ProofDocument,
  pinned: string[],
  ask: AskConsistency,
  add: Add,
): Promise<void> {
  const { signature, keys, before, growth, detail } = await examine(note, proof.verifier_keys, pinned, ask);
  const key = keys.find((one) => one.name === note.origin)?.text ?? '';
  add(
    'signature',
    signature === 'signed' ? 'ok' : signature === 'unsupported' ? 'open' : 'failed',
    signature,
    detail && !growth ? detail : key,
  );
  if (!growth) return;
  add('key', pinned.length || before ? 'ok' : 'note', pinned.length ? 'pinned' : before ? 'seen' : 'first', key);
  add('consistency', GROWTH_STATES[growth], growth, detail || (before?.size ?? String(note.size)));
}
