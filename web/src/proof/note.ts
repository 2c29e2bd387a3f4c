/** Signed notes, verifier keys and checkpoints (docs/formats/checkpoint.md). */
import { base64, concat, equal, hex, sha256, utf8, type Bytes } from './bytes.ts';

const LOG_KEY_TYPE = 1;
const KEY_ID_BYTES = 4;
const PUBLIC_KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

export interface VerifierKey {
  name: string;
  id: Bytes;
  publicKey: Bytes;
  text: string;
}

export interface Checkpoint {
  origin: string;
  size: bigint;
  root: Bytes;
  text: string;
  signatures: { name: string; keyId: Bytes; signature: Bytes }[];
}

/** Reads `name+id+key`; throws when the id is not the key's. */
export async function verifierKey(text: string): Promise<VerifierKey> {
  const match = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(text.trim());
  if (!match) throw new Error('verifier key');
  const [, name, id, key] = match as unknown as [string, string, string, string];
  const typed = base64(key);
  if (typed[0] !== LOG_KEY_TYPE || typed.length !== PUBLIC_KEY_BYTES + 1) throw new Error('key type');
  const computed = (await sha256(concat(utf8(`${name}\n`), typed))).slice(0, KEY_ID_BYTES);
  if (hex(computed) !== id) throw new Error('key id');
  return { name, id: computed, publicKey: typed.slice(1), text: text.trim() };
}

/** Reads a signed note whose text is a checkpoint; throws when it is not one. */
export function checkpoint(note: string): Checkpoint {
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n')) throw new Error('note');
  const text = note.slice(0, split + 1);
  const lines = text.split('\n');
  const [origin, size, root] = lines as [string, string, string];
  if (lines.length < 4 || !/^(0|[1-9]\d{0,18})$/.test(size)) throw new Error('checkpoint');
  const signatures = note
    .slice(split + 2, -1)
    .split('\n')
    .map((line) => {
      const match = /^— (\S+) ([A-Za-z0-9+/]+=*)$/.exec(line);
      if (!match) throw new Error('signature line');
      const bytes = base64(match[2]!);
      return {
        name: match[1]!,
        keyId: bytes.slice(0, KEY_ID_BYTES),
        signature: bytes.slice(KEY_ID_BYTES),
      };
    });
  return { origin, size: BigInt(size), root: base64(root), text, signatures };
}

export type SignatureResult = 'signed' | 'false' | 'unknown_key' | 'unsupported';

/** Whether one of the keys signed it and none of them falsely. */
export async function signatureOf(note: Checkpoint, keys: VerifierKey[]): Promise<SignatureResult> {
  let signed = false;
  for (const line of note.signatures) {
    const key = keys.find((k) => k.name === line.name && equal(k.id, line.keyId));
    if (!key) continue;
    if (line.signature.length !== SIGNATURE_BYTES) return 'false';
    let imported: CryptoKey;
    try {
      imported = await crypto.subtle.importKey('raw', key.publicKey, 'Ed25519', false, ['verify']);
    } catch {
      return 'unsupported';
    }
    if (!(await crypto.subtle.verify('Ed25519', imported, line.signature, utf8(note.text)))) return 'false';
    signed = true;
  }
  return signed ? 'signed' : 'unknown_key';
}
