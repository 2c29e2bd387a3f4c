/** The Merkle tree of RFC 6962: hashes, inclusion and consistency (docs/formats/tree.md). */
import { concat, equal, sha256, type Bytes } from './bytes.ts';

export function leafHash(leaf: Bytes): Promise<Bytes> {
  return sha256(concat(Uint8Array.of(0), leaf));
}

export function node(left: Bytes, right: Bytes): Promise<Bytes> {
  return sha256(concat(Uint8Array.of(1), left, right));
}

/** Whether the hashes lead from the leaf's hash at `index` to the root of a tree of `size` leaves. */
export async function inclusionHolds(
  hash: Bytes,
  index: bigint,
  size: bigint,
  proof: Bytes[],
  root: Bytes,
): Promise<boolean> {
  if (index < 0n || index >= size || proof.length !== inclusionLength(index, size)) return false;
  let h = hash;
  let f = index;
  let s = size - 1n;
  for (const p of proof) {
    if (f & 1n || f === s) {
      h = await node(p, h);
      while (!(f & 1n) && f !== 0n) {
        f >>= 1n;
        s >>= 1n;
      }
    } else {
      h = await node(h, p);
    }
    f >>= 1n;
    s >>= 1n;
  }
  return equal(h, root);
}

function inclusionLength(index: bigint, size: bigint): number {
  const inner = bits(index ^ (size - 1n));
  let border = 0;
  for (let rest = index >> BigInt(inner); rest; rest >>= 1n) border += Number(rest & 1n);
  return inner + border;
}

function bits(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length;
}

/** Whether the tree of `m` leaves with root `a` is the beginning of that of `n` with root `b`. */
export async function consistencyHolds(m: bigint, a: Bytes, n: bigint, b: Bytes, proof: Bytes[]): Promise<boolean> {
  if (m < 1n || m > n || proof.length !== consistencyRanges(m, n).length) return false;
  let f = 0n;
  let s = m - 1n;
  let t = n - 1n;
  while (f !== s && (s === t || s & 1n)) {
    f >>= 1n;
    s >>= 1n;
    t >>= 1n;
  }
  const rest = [...proof];
  let x = f === s ? a : rest.shift()!;
  let y = x;
  for (const p of rest) {
    if (s & 1n || s === t) {
      if (f < s) x = await node(p, x);
      y = await node(p, y);
      while (!(s & 1n) && s !== 0n) {
        f >>= 1n;
        s >>= 1n;
        t >>= 1n;
      }
    } else {
      y = await node(y, p);
    }
    f >>= 1n;
    s >>= 1n;
    t >>= 1n;
  }
  return equal(x, a) && equal(y, b);
}

/** A range of leaves whose root is a hash of a proof. */
export interface Range {
  start: bigint;
  end: bigint;
}

/** The ranges whose roots are the consistency proof from `m` to `n` leaves. */
export function consistencyRanges(m: bigint, n: bigint): Range[] {
  const found: Range[] = [];
  const walk = (size: bigint, start: bigint, end: bigint, known: boolean): void => {
    if (size === end - start) {
      if (!known) found.push({ start, end });
      return;
    }
    const k = largestPowerBelow(end - start);
    if (size <= k) {
      walk(size, start, start + k, known);
      found.push({ start: start + k, end });
    } else {
      walk(size - k, start + k, end, false);
      found.push({ start, end: start + k });
    }
  };
  walk(m, 0n, n, true);
  return found;
}

export function largestPowerBelow(n: bigint): bigint {
  let k = 1n;
  while (k * 2n < n) k *= 2n;
  return k;
}
