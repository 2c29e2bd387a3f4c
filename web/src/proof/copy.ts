/**
 * Checks a copy of a log (docs/formats/export.md) in the browser as it is read, line by line: every part against its
 * leaf, all leaves against the signed root, the signature against the keys that the reader holds. Names the entries
 * that are not what was recorded. Memory: one line, a few findings, and the hashes of the leaves.
 */
import { parseExact } from '../shared/exact.ts';
import { base64, concat, equal, sha256, utf8, type Bytes } from './bytes.ts';
import { Deletions, type Deleted } from './deletions.ts';
import { checkpoint, signatureOf, verifierKey, type Checkpoint, type SignatureResult } from './note.ts';
import { inclusionHolds, leafHash, node } from './tree.ts';

/** The longest line, as in the form's definition. */
export const MAX_LINE_CHARS = 16 * 1024 * 1024;
/** The most findings that are told apart. */
export const MAX_FINDINGS = 50;
const LEAF_BYTES = 73;
const NO_DIGEST: Bytes = new Uint8Array(32);
const REPORT_ENTRIES = 250;

/** One line's entry, as the copy has it. */
interface Line {
  seq: number;
  recorded_at: number;
  state: 'whole' | 'personal_withheld' | 'personal_erased' | 'purged';
  leaf: string;
  facts?: string;
  facts_salt?: string;
  personal?: string;
  personal_salt?: string;
  proof?: string[];
}

interface Header {
  format: string;
  version: number;
  tenant: string;
  origin: string;
  verifier_keys: string[];
  checkpoint: string;
  filter?: string;
  complete: boolean;
}

/** What of an entry does not hold. */
export type Fault = 'facts' | 'personal' | 'time' | 'backwards' | 'state' | 'leaf' | 'order' | 'proof' | 'other';

export interface Finding {
  seq: number;
  fault: Fault;
  /** What the copy says of it; null when it says nothing. */
  facts: Record<string, unknown> | null;
}

export interface CopyReport {
  origin: string;
  /** What the file says of itself, and nothing proves. */
  tenant: string;
  filter: string | null;
  complete: boolean;
  entries: number;
  /** How many the checkpoint says there are. */
  size: number;
  signature: SignatureResult;
  /** Whether the entries lead to the signed root; null when the copy is a part alone. */
  root: boolean | null;
  /** Whether the file has its last line. */
  whole: boolean;
  findings: Finding[];
  further: number;
  /** Entries whose content, or personal part, is gone, and who says so; a part of a log cannot show who. */
  deletions: Deleted[];
  /** Entries whose personal part was left out of the copy. */
  withheld: number;
}

/** What the reader has to hold the copy against. */
export interface Held {
  /** The keys that may sign, by the log's origin; none when the log is not known. */
  keys(origin: string): Promise<string[]>;
  /** The hashes of leaves as the log itself has them, from `from` on, at most 256; empty when they cannot be had. */
  leaves(origin: string, size: number, from: number): Promise<Bytes[]>;
}

export class NoCopy extends Error {}

export function holds(report: CopyReport): boolean {
  return (
    report.whole &&
    report.signature === 'signed' &&
    report.root !== false &&
    report.findings.length === 0 &&
    unsaid(report).length === 0
  );
}

/** What is gone from a whole copy without an entry that says so. */
export function unsaid({ complete, deletions }: CopyReport): Deleted[] {
  return complete ? deletions.filter((deleted) => !deleted.by) : [];
}

/** Checks a file; `progress` is told of the entries that were read. */
export async function checkCopy(
  file: Blob,
  held: Held,
  progress: (entries: number) => void,
  signal: AbortSignal,
): Promise<CopyReport> {
  const lines = linesOf(await unpacked(file), signal);
  const first = await lines.next();
  const header = headerOf(first.done ? '' : first.value);
  const copy = new Copy(header);
  for await (const text of lines) {
    await copy.line(text);
    if (copy.entries % REPORT_ENTRIES === 0) progress(copy.entries);
  }
  progress(copy.entries);
  const report = await copy.finish(held);
  await readWhatTheySay(file, report.findings, signal);
  return report;
}

/** Findings that came of the tree alone get what their entries say. */
async function readWhatTheySay(file: Blob, findings: Finding[], signal: AbortSignal): Promise<void> {
  const mute = new Map(
    findings.filter((finding) => finding.fault === 'leaf' && !finding.facts).map((finding) => [finding.seq, finding]),
  );
  if (!mute.size) return;
  for await (const text of linesOf(await unpacked(file), signal)) {
    const { seq, facts } = parsed<Partial<Line>>(text) ?? {};
    const finding = seq === undefined ? undefined : mute.get(seq);
    if (finding) finding.facts = parsed(facts);
  }
}

function parsed<T = Record<string, unknown>>(text: string | undefined): T | null {
  try {
    return text === undefined ? null : (parseExact(text) as T);
  } catch {
    return null;
  }
}

async function unpacked(file: Blob): Promise<ReadableStream<Uint8Array>> {
  const magic = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const packed = magic[0] === 0x1f && magic[1] === 0x8b;
  return packed ? file.stream().pipeThrough(new DecompressionStream('gzip')) : file.stream();
}

async function* linesOf(stream: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncGenerator<string> {
  const reader = stream.getReader();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  for (;;) {
    signal.throwIfAborted();
    const { done, value } = await reader.read();
    rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop()!;
    if (rest.length > MAX_LINE_CHARS) throw new NoCopy('line');
    yield* lines;
    if (done) break;
  }
  if (rest) yield rest;
}

const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\]:]/g;

/** Whether an object names a member twice: `JSON.parse` takes the last one, and other readers another. */
export function isDoubled(text: string): boolean {
  const names = new Set<string>();
  let depth = 0;
  let last = '';
  for (const [token] of text.matchAll(TOKENS)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    else if (token === ':' && depth === 1) {
      const name = JSON.parse(last) as string;
      if (names.has(name)) return true;
      names.add(name);
    }
    last = token;
  }
  return false;
}

function headerOf(text: string): Header & { note: Checkpoint } {
  try {
    const header = JSON.parse(text) as Header;
    if (isDoubled(text) || header.format !== 'indelible-export' || header.version !== 1) throw new NoCopy('format');
    return { ...header, note: checkpoint(header.checkpoint) };
  } catch {
    throw new NoCopy('format');
  }
}

class Copy {
  readonly findings: Finding[] = [];
  entries = 0;
  #further = 0;
  #next = 0;
  #withheld = 0;
  #lastMillis = 0;
  readonly #deletions = new Deletions();
  #announced: number | null = null;
  #hashes: Bytes[] = [];

  constructor(private readonly header: Header & { note: Checkpoint }) {}

  async line(text: string): Promise<void> {
    let line: Line | { entries: number };
    try {
      line = JSON.parse(text) as Line;
    } catch {
      return this.#find(this.#next++, 'other', undefined);
    }
    if (isDoubled(text) || this.#announced !== null) return this.#find(this.#next++, 'other', undefined);
    if ('entries' in line) {
      this.#announced = line.entries as number;
      return;
    }
    this.entries++;
    if (this.header.complete ? line.seq !== this.#next : line.seq < this.#next)
      this.#find(line.seq, 'order', line.facts);
    this.#next = line.seq + 1;
    try {
      await this.#entry(line);
    } catch {
      this.#find(line.seq, 'other', line.facts);
    }
    // What has no leaf keeps its place among those that have one.
    if (this.header.complete && this.#hashes.length < this.entries) this.#hashes.push(NO_DIGEST);
  }

  async #entry(line: Line): Promise<void> {
    const leaf = base64(line.leaf);
    if (leaf.length !== LEAF_BYTES || leaf[0] !== 1) return this.#find(line.seq, 'leaf', line.facts);
    if (Number(new DataView(leaf.buffer).getBigUint64(1)) !== line.recorded_at)
      this.#find(line.seq, 'time', line.facts);
    if (line.recorded_at < this.#lastMillis) this.#find(line.seq, 'backwards', line.facts);
    this.#lastMillis = line.recorded_at;
    if (line.state === 'purged') this.#deletions.gone('purge', line.seq);
    if (line.state === 'personal_erased') this.#deletions.gone('erasure', line.seq);
    if (line.state === 'personal_withheld') this.#withheld++;
    if (line.state !== 'purged') {
      if (!(await matches(line.facts, line.facts_salt, leaf.slice(9, 41)))) this.#find(line.seq, 'facts', line.facts);
      const digest = leaf.slice(41, 73);
      const had = !equal(digest, NO_DIGEST);
      if (line.state !== 'whole') {
        if (!had) this.#find(line.seq, 'state', line.facts);
      } else if (
        had !== (line.personal !== undefined) ||
        (had && !(await matches(line.personal, line.personal_salt, digest)))
      ) {
        this.#find(line.seq, 'personal', line.facts);
      }
    }
    if (line.facts !== undefined) this.#deletions.read(line.seq, line.facts);
    const hash = await leafHash(leaf);
    if (this.header.complete) {
      this.#hashes.push(hash);
      return;
    }
    const { note } = this.header;
    if (!(await inclusionHolds(hash, BigInt(line.seq), note.size, (line.proof ?? []).map(base64), note.root)))
      this.#find(line.seq, 'proof', line.facts);
  }

  #find(seq: number, fault: Fault, facts: string | undefined): void {
    if (this.findings.some((finding) => finding.seq === seq)) return;
    if (this.findings.length >= MAX_FINDINGS) {
      this.#further++;
      return;
    }
    this.findings.push({ seq, fault, facts: parsed(facts) });
  }

  async finish(held: Held): Promise<CopyReport> {
    const { note, origin, tenant, filter = null, complete } = this.header;
    const keys = await Promise.all((await held.keys(origin)).map(verifierKey));
    const signature = note.origin === origin ? await signatureOf(note, keys) : 'false';
    const size = Number(note.size);
    const root = complete ? this.#hashes.length === size && equal(await rootOf(this.#hashes), note.root) : null;
    // Whoever alters an entry with its leaf leaves no trace in its line: the log's own leaves tell which one it is.
    if (root === false && signature === 'signed') await this.#compare(held, size);
    return {
      origin,
      tenant,
      filter,
      complete,
      size,
      signature,
      root,
      entries: this.entries,
      whole: this.#announced === this.entries,
      findings: this.findings.sort((a, b) => a.seq - b.seq),
      further: this.#further,
      deletions: this.#deletions.all(),
      withheld: this.#withheld,
    };
  }

  async #compare(held: Held, size: number): Promise<void> {
    const most = Math.min(size, this.#hashes.length);
    for (let from = 0; from < most;) {
      const leaves = await held.leaves(this.header.origin, size, from);
      if (!leaves.length) return;
      leaves.forEach((leaf, i) => {
        const mine = this.#hashes[from + i];
        if (mine && !equal(leaf, mine)) this.#find(from + i, 'leaf', undefined);
      });
      from += leaves.length;
    }
  }
}

async function matches(text: string | undefined, salt: string | undefined, digest: Bytes): Promise<boolean> {
  return text !== undefined && salt !== undefined && equal(await sha256(concat(base64(salt), utf8(text))), digest);
}

/** The root over all leaves' hashes, from the left as they come: subtrees of one height are joined at once. */
async function rootOf(hashes: Bytes[]): Promise<Bytes> {
  if (!hashes.length) return sha256(new Uint8Array(0));
  const stack: { height: number; hash: Bytes }[] = [];
  for (const hash of hashes) {
    let top = { height: 0, hash };
    while (stack.length && stack[stack.length - 1]!.height === top.height) {
      top = { height: top.height + 1, hash: await node(stack.pop()!.hash, top.hash) };
    }
    stack.push(top);
  }
  let root = stack.pop()!.hash;
  while (stack.length) root = await node(stack.pop()!.hash, root);
  return root;
}
