/** Where a log's tiles are (docs/formats/tile.md). */

/** A tile's index in groups of three digits, all but the last behind an `x`. */
export function tilePath(index: bigint): string {
  const digits = index.toString();
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const groups = padded.match(/\d{3}/g)!;
  return groups.map((group, i) => (i === groups.length - 1 ? group : `x${group}`)).join('/');
}
