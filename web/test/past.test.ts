// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Problem } from '../src/shared/api.ts';
import type { Entry, ProofDocument } from '../src/shared/types.ts';
import { concat, hex, sha256, toBase64, utf8, type Bytes } from '../src/proof/bytes.ts';
import { checkProof, stateOf, type Step } from '../src/proof/check.ts';
import { recall } from '../src/proof/memory.ts';
import { checkpoint } from '../src/proof/note.ts';
import { examine, standing, type AskConsistency } from '../src/proof/past.ts';
import { leafHash, node } from '../src/proof/tree.ts';

const ORIGIN = 'audit.example.com/t/1';
const SALT = new Uint8Array(16).fill(7);
const RECORDED = Date.parse('2026-11-20T10:00:00.000Z');

/** A key that signs, as the server has one. */
class Signer {
  constructor(
    readonly text: string,
    private readonly id: Bytes,
    private readonly key: CryptoKey,
  ) {}

  static async make(): Promise<Signer> {
    const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair;
    const typed = concat(Uint8Array.of(1), new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)));
    const id = (await sha256(concat(utf8(`${ORIGIN}\n`), typed))).slice(0, 4);
    return new Signer(`${ORIGIN}+${hex(id)}+${toBase64(typed)}`, id, pair.privateKey);
  }

  async line(text: string): Promise<string> {
    const signature = new Uint8Array(await crypto.subtle.sign('Ed25519', this.key, utf8(text)));
    return `— ${ORIGIN} ${toBase64(concat(this.id, signature))}\n`;
  }
}

/** A log of leaves whose hashes are of their numbers, but for what a test puts there. */
class Log {
  readonly hashes: Bytes[] = [];

  async grow(size: number): Promise<void> {
    while (this.hashes.length < size) this.hashes.push(await leafHash(utf8(`leaf ${this.hashes.length}`)));
  }

  async root(from: number, to: number): Promise<Bytes> {
    if (to - from === 1) return this.hashes[from]!;
    let k = 1;
    while (k * 2 < to - from) k *= 2;
    return node(await this.root(from, from + k), await this.root(from + k, to));
  }

  async note(...signers: Signer[]): Promise<string> {
    const size = this.hashes.length;
    const text = `${ORIGIN}\n${size}\n${toBase64(await this.root(0, size))}\n`;
    return `${text}\n${(await Promise.all(signers.map((signer) => signer.line(text)))).join('')}`;
  }
}

const never: AskConsistency = () => Promise.reject(new Error('nothing was to be asked'));
/** The proof between two leaves and three, or three and four. */
const oneMore =
  (log: Log): AskConsistency =>
  async (from, to) => {
    expect([from, to]).toEqual([2n, 3n]);
    return { hashes: [toBase64(log.hashes[2]!)] };
  };

let log: Log;
let old: Signer;

beforeEach(async () => {
  localStorage.clear();
  log = new Log();
  await log.grow(2);
  old = await Signer.make();
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('what a browser saw of a log before', () => {
  const look = async (ask: AskConsistency, offered: Signer[], ...signers: Signer[]) =>
    examine(
      checkpoint(await log.note(...signers)),
      offered.map(({ text }) => text),
      [],
      ask,
    );

  it('is its keys and its newest checkpoint, from the first time on', async () => {
    expect(await look(never, [old], old)).toMatchObject({ signature: 'signed', growth: 'first', before: null });
    expect(await look(never, [old], old)).toMatchObject({ signature: 'signed', growth: 'same' });
    await log.grow(3);
    expect(await look(oneMore(log), [old], old)).toMatchObject({ signature: 'signed', growth: 'ok' });
    expect(recall(ORIGIN)).toMatchObject({ size: '3', keys: [old.text] });
  });

  it('goes on when a key was added, and the old one retired', async () => {
    const added = await Signer.make();
    await look(never, [old], old);
    // Both sign: whoever believes the old one learns the new one, also before the log grew.
    await look(never, [old, added], old, added);
    expect(recall(ORIGIN)?.keys).toEqual([old.text, added.text]);
    await log.grow(3);
    expect(await look(oneMore(log), [added], added)).toMatchObject({ signature: 'signed', growth: 'ok' });
    // The one that signs no more is believed no more.
    expect(recall(ORIGIN)?.keys).toEqual([added.text]);
    expect(await look(never, [old], old)).toMatchObject({ signature: 'unknown_key', growth: null });
  });

  it('is learned also when the key was added while the log grew', async () => {
    const added = await Signer.make();
    await look(never, [old], old);
    await log.grow(3);
    await look(oneMore(log), [old, added], old, added);
    expect(await look(never, [added], added)).toMatchObject({ signature: 'signed', growth: 'same' });
  });

  it('takes no key because the server offers it', async () => {
    const other = await Signer.make();
    await look(never, [old], old);
    await look(never, [old, other], old);
    expect(recall(ORIGIN)?.keys).toEqual([old.text]);
    expect(await look(never, [other], other)).toMatchObject({ signature: 'unknown_key', growth: null });
  });

  it('is contradicted by a proof that does not hold and by a shorter log, but by no lost connection', async () => {
    await look(never, [old], old);
    await log.grow(3);
    const answers: [AskConsistency, string, string][] = [
      [() => Promise.reject(new Problem(0, 'unreachable', 'Failed to fetch')), 'unchecked', 'partly'],
      [() => Promise.reject(new Problem(503, 'overloaded', 'Too much')), 'unchecked', 'partly'],
      [() => Promise.reject(new Problem(403, 'forbidden', 'You may not')), 'unchecked', 'partly'],
      [() => Promise.reject(new SyntaxError('cut off')), 'unchecked', 'partly'],
      [() => Promise.reject(new Problem(404, 'not_covered', 'None of that size')), 'rewritten', 'bad'],
      [() => Promise.resolve({ hashes: [toBase64(log.hashes[1]!)] }), 'rewritten', 'bad'],
    ];
    for (const [ask, growth, stands] of answers) {
      const found = await look(ask, [old], old);
      expect([found.growth, standing(found)]).toEqual([growth, stands]);
      expect(recall(ORIGIN)?.size).toBe('2');
    }
  });

  it('is nothing where a page may keep nothing', async () => {
    vi.stubGlobal('localStorage', undefined);
    expect((await look(never, [old], old)).growth).toBe('forgets');
  });
});

describe('an entry', () => {
  const FACTS =
    '{"id":"e1","tenant":"acme","action":"user.login","category":"authentication","verb":"login","actor":{"type":"user","id_hash":"ab"}}';
  const PERSONAL = '{"actor":{"id":"u_1","name":"Ana"}}';
  const SHOWN: Entry = {
    id: 'e1',
    tenant: 'acme',
    seq: 2,
    recorded_at: new Date(RECORDED).toISOString(),
    occurred_at: new Date(RECORDED).toISOString(),
    action: 'user.login',
    category: 'authentication',
    verb: 'login',
    security_relevant: false,
    outcome: 'unknown',
    actor: { type: 'user', id_hash: 'ab' },
  };
  const part = (text: string) => ({ text, salt: toBase64(SALT) });
  const digest = (text: string): Promise<Bytes> => sha256(concat(SALT, utf8(text)));

  async function document(change: Partial<ProofDocument> = {}): Promise<ProofDocument> {
    const leaf = new Uint8Array(73);
    leaf[0] = 1;
    new DataView(leaf.buffer).setBigUint64(1, BigInt(RECORDED));
    leaf.set(await digest(FACTS), 9);
    leaf.set(await digest(PERSONAL), 41);
    log.hashes.length = 2;
    log.hashes.push(await leafHash(leaf));
    return {
      id: 'e1',
      tenant: 'acme',
      origin: ORIGIN,
      seq: 2,
      recorded_at: SHOWN.recorded_at,
      leaf: toBase64(leaf),
      facts: part(FACTS),
      personal: null,
      personal_state: 'withheld',
      size: 3,
      root: '',
      inclusion: [toBase64(await log.root(0, 2))],
      checkpoint: await log.note(old),
      verifier_keys: [old.text],
      ...change,
    };
  }

  const check = async (proof: ProofDocument, entry = SHOWN, ask = never): Promise<[string, Step[]]> => {
    const steps = await checkProof(entry, proof, [], ask);
    return [stateOf(steps), steps];
  };
  const failing = (steps: Step[]): string[] =>
    steps.filter(({ state }) => state === 'failed' || state === 'open').map(({ name, reason }) => `${name} ${reason}`);

  it('verifies without its personal part, and what is shown of it is compared', async () => {
    const proof = await document();
    expect(await check(proof)).toMatchObject([
      'verified',
      expect.arrayContaining([expect.objectContaining({ name: 'shown', state: 'ok' })]),
    ]);
    for (const lie of [
      { action: 'user.logout' },
      { actor: { type: 'user', id_hash: 'cd' } },
      { actor: { type: 'user', id_hash: 'ab', name: 'Eve' } },
    ]) {
      const [state, steps] = await check(proof, { ...SHOWN, ...lie } as Entry);
      expect([state, failing(steps)]).toEqual(['failed', ['shown differs']]);
    }
  });

  it('verifies with it, where the clear id stands for the hash', async () => {
    const proof = await document({ personal: part(PERSONAL), personal_state: 'present' });
    expect((await check(proof, { ...SHOWN, actor: { type: 'user', id: 'u_1', name: 'Ana' } }))[0]).toBe('verified');
  });

  it('is altered when a part is, readable or not', async () => {
    for (const facts of [part(FACTS.replace('login', 'logout')), part('{'), { text: FACTS, salt: '?' }]) {
      const [state, steps] = await check(await document({ facts }));
      expect([state, failing(steps)]).toEqual(['failed', ['facts altered']]);
    }
  });

  it('is not verified when nothing ties what is shown to the proof', async () => {
    const { facts: _, ...bare } = await document();
    for (const proof of [bare, { ...bare, facts: null, personal_state: 'purged' as const }]) {
      const [state, steps] = await check(proof);
      expect(state).toBe('partly');
      expect(failing(steps)[0]).toMatch(/^facts (withheld|purged)$/);
    }
  });

  it('is not verified when the browser cannot check who signed', async () => {
    const proof = await document();
    vi.spyOn(crypto.subtle, 'importKey').mockRejectedValue(new DOMException('no Ed25519', 'NotSupportedError'));
    const [state, steps] = await check(proof);
    expect([state, failing(steps)]).toEqual(['partly', ['signature unsupported']]);
    expect(recall(ORIGIN)).toBeNull();
  });

  it('is not verified, and not said to be false, when the log’s past cannot be asked for', async () => {
    await examine(checkpoint(await log.note(old)), [old.text], [], never);
    const [state, steps] = await check(await document(), SHOWN, () =>
      Promise.reject(new Problem(403, 'forbidden', 'You may not')),
    );
    expect([state, failing(steps)]).toEqual(['partly', ['consistency unchecked']]);
  });
});
