/**
 * Checks an entry in the browser, step by step (docs/formats/proof.md): its parts against the leaf,
 * the leaf against the tree, the tree against the signature, and the tree against the one that this
 * browser saw before.
 */
import { Problem, tenantPath, type Api } from '../shared/api.ts';
import type { Entry, ProofDocument, ProofPart } from '../shared/types.ts';
import { base64, concat, equal, hex, sha256, utf8, type Bytes } from './bytes.ts';
import { recall, remember } from './memory.ts';
import { checkpoint, signatureOf, verifierKey, type Checkpoint, type VerifierKey } from './note.ts';
import { Tiles } from './tiles.ts';
import { consistencyHolds, inclusionHolds, leafHash } from './tree.ts';

export type StepName = 'shown' | 'facts' | 'personal' | 'leaf' | 'inclusion' | 'signature' | 'key' | 'consistency';
export type StepState = 'ok' | 'failed' | 'note';

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
  | { state: 'verified' | 'failed'; steps: Step[]; proof: ProofDocument; size: string };

const LEAF_BYTES = 73;
const NO_DIGEST = new Uint8Array(32);

/** Fetches the entry's proof and checks it; `pinned` are the keys that the page was given. */
export async function check(
  api: Api,
  entry: Entry,
  pinned: string[],
  signal: AbortSignal,
): Promise<Verdict> {
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
  const log = (path: string): Promise<Uint8Array> => api.bytes(tenantPath(entry.tenant, `/log/${path}`), signal);
  const steps = await checkProof(entry, proof, pinned, log);
  const failed = steps.some((step) => step.state === 'failed');
  return { state: failed ? 'failed' : 'verified', steps, proof, size: String(proof.size) };
}

/** All steps for a proof that is at hand. */
export async function checkProof(
  entry: Entry,
  proof: ProofDocument,
  pinned: string[],
  log: (path: string) => Promise<Uint8Array>,
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
  const trusted = await checkSignature(note, proof, pinned, add);
  if (included && trusted) await checkConsistency(note, trusted, log, add);
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
  if (!proof.facts) {
    add('facts', 'note', proof.personal_state === 'purged' ? 'purged' : 'withheld', hex(factsDigest));
  } else {
    const digest = await digestOf(proof.facts);
    add('facts', equal(digest, factsDigest) ? 'ok' : 'failed', equal(digest, factsDigest) ? 'ok' : 'altered', hex(digest));
  }
  if (equal(personalDigest, NO_DIGEST)) {
    add('personal', proof.personal ? 'failed' : 'note', proof.personal ? 'foreign' : 'none');
  } else if (!proof.personal) {
    const state = proof.personal_state;
    add('personal', 'note', state === 'erased' || state === 'purged' ? state : 'withheld', hex(personalDigest));
  } else {
    const digest = await digestOf(proof.personal);
    add('personal', equal(digest, personalDigest) ? 'ok' : 'failed', equal(digest, personalDigest) ? 'ok' : 'altered', hex(digest));
  }
  if (proof.facts) {
    const differs = differingField(entry, proof);
    add('shown', differs ? 'failed' : 'ok', differs ? 'differs' : 'ok', differs);
  }
}

async function digestOf(part: ProofPart): Promise<Bytes> {
  return sha256(concat(base64(part.salt), utf8(part.text)));
}

/** What of the entry on the page is not what the proven parts say: the path of the first, or empty. */
export function differingField(entry: Entry, proof: ProofDocument): string {
  const facts = JSON.parse(proof.facts!.text) as unknown;
  const proven = proof.personal ? merge(facts, JSON.parse(proof.personal.text)) : facts;
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
      if (ADDED.has(below) || name === 'id_hash') continue; // a hashed id is not shown
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
  return Object.is(proven, shown) || (empty(proven) && empty(shown)) ? '' : path;
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
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The keys that may be believed, when one of them signed; keys that the page was given come first. */
async function checkSignature(
  note: Checkpoint,
  proof: ProofDocument,
  pinned: string[],
  add: Add,
): Promise<VerifierKey[] | null> {
  const known = recall(note.origin);
  const source = pinned.length ? pinned : (known?.keys ?? proof.verifier_keys);
  let keys: VerifierKey[];
  try {
    keys = await Promise.all(source.map(verifierKey));
  } catch (error) {
    add('signature', 'failed', 'bad_key', String(error));
    return null;
  }
  if (!keys.some((key) => key.name === note.origin)) {
    add('signature', 'failed', 'origin', note.origin);
    return null;
  }
  const result = await signatureOf(note, keys);
  if (result === 'unsupported') {
    add('signature', 'note', 'unsupported', keys[0]!.text);
    return null;
  }
  add('signature', result === 'signed' ? 'ok' : 'failed', result, keys[0]!.text);
  if (result !== 'signed') return null;
  add('key', pinned.length || known ? 'ok' : 'note', pinned.length ? 'pinned' : known ? 'seen' : 'first', keys[0]!.text);
  return keys;
}

/** That the tree holds the one seen before, or is its beginning. */
async function checkConsistency(
  note: Checkpoint,
  keys: VerifierKey[],
  log: (path: string) => Promise<Uint8Array>,
  add: Add,
): Promise<void> {
  const known = recall(note.origin);
  const root = hex(note.root);
  const keep = (): void =>
    remember(note.origin, {
      keys: keys.map((key) => key.text),
      size: String(note.size),
      root,
      at: new Date().toISOString(),
    });
  if (!known) {
    keep();
    add('consistency', 'note', 'first', String(note.size));
    return;
  }
  const seen = BigInt(known.size);
  const seenRoot = Uint8Array.from(known.root.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  if (seen === note.size) {
    const same = known.root === root;
    add('consistency', same ? 'ok' : 'failed', same ? 'same' : 'rewritten', known.size);
    return;
  }
  const older = seen < note.size ? { size: seen, root: seenRoot } : note;
  const newer = seen < note.size ? note : { size: seen, root: seenRoot };
  try {
    const path = await new Tiles(newer.size, log).consistency(older.size);
    const holds = await consistencyHolds(older.size, older.root, newer.size, newer.root, path);
    add('consistency', holds ? 'ok' : 'failed', holds ? 'ok' : 'rewritten', known.size);
    if (holds && seen < note.size) keep();
  } catch (error) {
    add('consistency', 'failed', 'tiles', error instanceof Problem ? error.detail : String(error));
  }
}
