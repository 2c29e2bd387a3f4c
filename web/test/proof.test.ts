import { describe, expect, it } from 'vitest';
import { base64, hex, utf8, type Bytes } from '../src/proof/bytes.ts';
import { checkpoint, signatureOf, verifierKey } from '../src/proof/note.ts';
import { tilePath } from '../src/proof/tiles.ts';
import { consistencyHolds, consistencyRanges, inclusionHolds, leafHash, node } from '../src/proof/tree.ts';

// The worked examples of docs/formats, which the server's own tests check too.
const LEAVES = [
  'f2b68549b92c6507e3af79226175fda758d398aa0e46b9270cad875a6d479905',
  '0c065645a001915b4e57def2837c9597d4820afc2d09ef5893cc28fc3cacec30',
  '01b510b29bcf50dadaf70610f8e7dcb4595fb0b44a92bf61c527cf890bd64fc8',
].map(bytes);
const ROOT_3 = bytes('5cb005a8ad26c2c8e875312eb283109a7ffa7534872edee50c4a649a9dab2f37');
const ROOT_2 = bytes('ad739c15212b88cfa61a0e2c8b1b45c911fce85df9ef11fd9658eb0e69b27b42');
const KEY = 'audit.example.com/t/7f3a+65c95b99+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4';
const NOTE = `audit.example.com/t/7f3a
3
XLAFqK0mwsjodTEusoMQmn/6dTSHLt7lDEpkmp2rLzc=

— audit.example.com/t/7f3a Zclbmaw+phjmIyEPA76Bj+qM/np4aXJBZaWa9cZbPRNUC3RwzeIJnkRqPOxVeCGYszx4yQNJNeTw8oAxsN5/Tbgl/gE=
— witness.example.net/w1 ZpvilAAAAABrABolG13Rh3OhZrwDVTjvWfzCT3uBILpOCk4++NvKOBALKne0+DVS1unywFdYZ7T8VxKGvFu8xItEe+KabrPSfY5sAQ==
`;

function bytes(text: string): Bytes {
  return Uint8Array.from(text.match(/../g)!, (pair) => Number.parseInt(pair, 16));
}

describe('the tree', () => {
  it('hashes a leaf as the format says', async () => {
    const leaf = base64(
      'AQAAAaH4ZhLcpDVZGqINsAIHHfdSSKJOzHng3FL2Fre7IsOi6DpX1a8AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==',
    );
    expect(hex(await leafHash(leaf))).toBe(hex(LEAVES[1]!));
  });

  it('accepts an inclusion proof, and none that differs', async () => {
    const proof = [LEAVES[0]!, LEAVES[2]!];
    expect(await inclusionHolds(LEAVES[1]!, 1n, 3n, proof, ROOT_3)).toBe(true);
    expect(await inclusionHolds(LEAVES[1]!, 0n, 3n, proof, ROOT_3)).toBe(false);
    expect(await inclusionHolds(LEAVES[1]!, 1n, 3n, [...proof, LEAVES[2]!], ROOT_3)).toBe(false);
    expect(await inclusionHolds(LEAVES[0]!, 1n, 3n, proof, ROOT_3)).toBe(false);
  });

  it('accepts a consistency proof, and none that differs', async () => {
    expect(await consistencyHolds(2n, ROOT_2, 3n, ROOT_3, [LEAVES[2]!])).toBe(true);
    expect(await consistencyHolds(2n, ROOT_3, 3n, ROOT_3, [LEAVES[2]!])).toBe(false);
    expect(await consistencyHolds(2n, ROOT_2, 3n, ROOT_3, [])).toBe(false);
  });

  it('accepts consistency proofs of many sizes, and none of another root', async () => {
    const hashes = await Promise.all(Array.from({ length: 600 }, (_, i) => leafHash(utf8(`leaf ${i}`))));
    const root = async (from: number, to: number): Promise<Bytes> => {
      if (to - from === 1) return hashes[from]!;
      let k = 1;
      while (k * 2 < to - from) k *= 2;
      return node(await root(from, from + k), await root(from + k, to));
    };
    for (const [m, n] of [
      [1, 2],
      [3, 7],
      [255, 256],
      [256, 257],
      [300, 599],
      [512, 600],
      [599, 600],
      [600, 600],
    ] as [number, number][]) {
      const ranges = consistencyRanges(BigInt(m), BigInt(n));
      const proof = await Promise.all(ranges.map(({ start, end }) => root(Number(start), Number(end))));
      expect(
        await consistencyHolds(BigInt(m), await root(0, m), BigInt(n), await root(0, n), proof),
        `${m} to ${n}`,
      ).toBe(true);
      expect(await consistencyHolds(BigInt(m), hashes[7]!, BigInt(n), await root(0, n), proof), `${m} to ${n}`).toBe(
        false,
      );
    }
  });

  it('writes the path of a tile in its one spelling', () => {
    expect(tilePath(5n)).toBe('005');
    expect(tilePath(1234067n)).toBe('x001/x234/067');
  });
});

describe('the checkpoint', () => {
  it('is signed by the key of the example', async () => {
    const note = checkpoint(NOTE);
    expect(note.size).toBe(3n);
    expect(hex(note.root)).toBe(hex(ROOT_3));
    expect(await signatureOf(note, [await verifierKey(KEY)])).toBe('signed');
  });

  it('is refused when its size was changed', async () => {
    const note = checkpoint(NOTE.replace('\n3\n', '\n4\n'));
    expect(await signatureOf(note, [await verifierKey(KEY)])).toBe('false');
  });

  it('is not believed because of a key nobody knows', async () => {
    expect(await signatureOf(checkpoint(NOTE), [])).toBe('unknown_key');
  });

  it('takes no key whose id is not its own', async () => {
    await expect(verifierKey(KEY.replace('65c95b99', '65c95b98'))).rejects.toThrow('key id');
  });
});
