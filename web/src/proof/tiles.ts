/** Roots of parts of the tree, from its tiles (docs/formats/tile.md); nothing of them is believed unchecked. */
import type { Bytes } from './bytes.ts';
import { consistencyRanges, largestPowerBelow, node, type Range } from './tree.ts';

const TILE_HASHES = 256n;
const HASH_BYTES = 32;

/** Fetches a tile by its path below `log/`. */
export type TileSource = (path: string) => Promise<Uint8Array>;

export class Tiles {
  readonly #cache = new Map<string, Promise<Uint8Array>>();

  /** @param size of the tree whose tiles these are */
  constructor(
    private readonly size: bigint,
    private readonly source: TileSource,
  ) {}

  /** The consistency proof from a tree of `m` leaves to this one. */
  consistency(m: bigint): Promise<Bytes[]> {
    return Promise.all(consistencyRanges(m, this.size).map((range) => this.root(range)));
  }

  /** The root over a range of leaves. */
  async root({ start, end }: Range): Promise<Bytes> {
    const width = end - start;
    let height = 0n;
    while (1n << height < width) height++;
    if (1n << height === width) return this.#complete(height, start >> height);
    const k = largestPowerBelow(width);
    return node(await this.root({ start, end: start + k }), await this.root({ start: start + k, end }));
  }

  /** The root of the complete subtree of 2^height leaves with this index among those of its height. */
  async #complete(height: bigint, index: bigint): Promise<Bytes> {
    const level = height / 8n;
    const rest = height % 8n;
    const first = index << rest;
    let hashes = await Promise.all(
      Array.from({ length: Number(1n << rest) }, (_, i) => this.#hash(level, first + BigInt(i))),
    );
    while (hashes.length > 1) {
      hashes = await Promise.all(
        Array.from({ length: hashes.length / 2 }, (_, i) => node(hashes[2 * i]!, hashes[2 * i + 1]!)),
      );
    }
    return hashes[0]!;
  }

  async #hash(level: bigint, number: bigint): Promise<Bytes> {
    const tile = number / TILE_HASHES;
    const inLevel = this.size >> (8n * level);
    const width = inLevel - tile * TILE_HASHES;
    const path = `tile/${level}/${tilePath(tile)}${width < TILE_HASHES ? `.p/${width}` : ''}`;
    let bytes = this.#cache.get(path);
    if (!bytes) this.#cache.set(path, (bytes = this.source(path)));
    const at = Number(number % TILE_HASHES) * HASH_BYTES;
    return (await bytes).slice(at, at + HASH_BYTES) as Bytes;
  }
}

/** A tile's index in groups of three digits, all but the last behind an `x`. */
export function tilePath(index: bigint): string {
  const digits = index.toString();
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const groups = padded.match(/\d{3}/g)!;
  return groups.map((group, i) => (i === groups.length - 1 ? group : `x${group}`)).join('/');
}
