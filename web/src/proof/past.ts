/** A checkpoint against what this browser saw of its log before: who may sign it, and whether the log only grew. */
import { Problem, tenantPath, type Api } from '../shared/api.ts';
import { base64, hex } from './bytes.ts';
import { recall, remember, type Memory } from './memory.ts';
import { signatureOf, verifierKey, type Checkpoint, type SignatureResult, type VerifierKey } from './note.ts';
import { consistencyHolds } from './tree.ts';

/** Asks for the proof that the log of one size is the beginning of the log of another. */
export type AskConsistency = (from: bigint, to: bigint) => Promise<{ hashes: string[] }>;

/**
 * `first` and `forgets`: nothing was seen before; and nothing can be kept of it. `unchecked`: the proof did not come,
 * so nothing is said against the log.
 */
export type Growth = 'first' | 'forgets' | 'same' | 'ok' | 'rewritten' | 'unchecked';

export interface Examined {
  signature: SignatureResult | 'bad_key' | 'origin';
  /** The keys that were believed. */
  keys: VerifierKey[];
  /** What this browser knew of the log before. */
  before: Memory | null;
  /** Null when the signature does not hold, or was not checked: then there is nothing to compare. */
  growth: Growth | null;
  /** What went wrong, for people. */
  detail: string;
}

/** What it comes to: nothing is said against a log of which something could not be checked, and nothing for it. */
export function standing({ signature, growth }: Examined): 'good' | 'partly' | 'bad' {
  if (signature === 'unsupported' || growth === 'unchecked') return 'partly';
  return signature === 'signed' && growth !== 'rewritten' ? 'good' : 'bad';
}

export function consistencyOf(api: Api, tenant: string, signal?: AbortSignal): AskConsistency {
  return (from, to) =>
    api.get(tenantPath(tenant, '/log/consistency'), { from_size: String(from), to_size: String(to) }, signal);
}

/**
 * Checks a checkpoint by the keys that the page was given (`pinned`), else by those that this browser knows, else by
 * those that the server offers; and remembers it when it holds.
 */
export async function examine(
  note: Checkpoint,
  offered: string[],
  pinned: string[],
  ask: AskConsistency,
): Promise<Examined> {
  const before = recall(note.origin);
  const source = pinned.length ? pinned : (before?.keys ?? offered);
  const nothing = { keys: [], before, growth: null, detail: '' };
  let keys: VerifierKey[];
  try {
    keys = await Promise.all(source.map(verifierKey));
  } catch (error) {
    return { ...nothing, signature: 'bad_key', detail: String(error) };
  }
  if (!keys.some((key) => key.name === note.origin)) return { ...nothing, signature: 'origin', detail: note.origin };
  const signature = await signatureOf(note, keys);
  if (signature !== 'signed') return { ...nothing, keys, signature };
  const signers = await signersOf(note, [...source, ...offered]);
  let { growth, detail } = await compare(note, before, ask);
  if (growth === 'first' || (growth === 'ok' && note.size > BigInt(before!.size))) {
    const kept = remember(note.origin, {
      keys: signers,
      size: String(note.size),
      root: hex(note.root),
      at: new Date().toISOString(),
    });
    if (growth === 'first' && !kept) growth = 'forgets';
  } else if (growth === 'same' && before && signers.some((key) => !before.keys.includes(key))) {
    // A key that was added before the log grew; one that does not sign now is not forgotten for an answer that is late.
    remember(note.origin, { ...before, keys: [...new Set([...before.keys, ...signers])] });
  }
  return { signature, keys, before, growth, detail };
}

/**
 * Which of these keys signed it. A new key signs together with the old one for a while, and whoever believes the old
 * one learns it so: once the old one retires, the new one is known.
 */
async function signersOf(note: Checkpoint, texts: string[]): Promise<string[]> {
  const signers: string[] = [];
  for (const text of new Set(texts.map((key) => key.trim()))) {
    try {
      if ((await signatureOf(note, [await verifierKey(text)])) === 'signed') signers.push(text);
    } catch {
      // What is no key signed nothing.
    }
  }
  return signers;
}

async function compare(
  note: Checkpoint,
  before: Memory | null,
  ask: AskConsistency,
): Promise<{ growth: Growth; detail: string }> {
  // The empty log is the beginning of every log.
  if (!before || before.size === '0') return { growth: 'first', detail: '' };
  const size = BigInt(before.size);
  if (size === note.size) return { growth: before.root === hex(note.root) ? 'same' : 'rewritten', detail: '' };
  if (note.size === 0n) return { growth: 'rewritten', detail: '' };
  const seen = { size, root: Uint8Array.from(before.root.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)) };
  const [older, newer] = size < note.size ? [seen, note] : [note, seen];
  try {
    const hashes = (await ask(older.size, newer.size)).hashes.map(base64);
    const holds = await consistencyHolds(older.size, older.root, newer.size, newer.root, hashes);
    return { growth: holds ? 'ok' : 'rewritten', detail: '' };
  } catch (error) {
    // The server signed a log of that size once; that it has none so large any more is no fault of the network.
    if (error instanceof Problem && error.code === 'not_covered') return { growth: 'rewritten', detail: error.detail };
    return { growth: 'unchecked', detail: error instanceof Problem ? error.detail : String(error) };
  }
}
