/**
 * Reads of the log, which the viewer leaves out unless its reader wants to see them: a part of the query, at its
 * end.
 */

/** What leaves them out. */
export const WITHOUT_READS = '-reads:log';

export function hidesReads(q: string): boolean {
  return ` ${q}`.endsWith(` ${WITHOUT_READS}`);
}

/** The query as its reader wrote it. */
export function bare(q: string): string {
  return hidesReads(q) ? q.slice(0, -WITHOUT_READS.length).trimEnd() : q;
}
