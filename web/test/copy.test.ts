import { describe, expect, it } from 'vitest';
import { base64, concat, sha256, toBase64, utf8, type Bytes } from '../src/proof/bytes.ts';
import { checkCopy, holds, isDoubled, NoCopy, unsaid, type CopyReport, type Held } from '../src/proof/copy.ts';
import { leafHash } from '../src/proof/tree.ts';
import page from '../../docs/formats/export.md?raw';

/** The example of the format's page. */
const LINES = /## Example[\s\S]*?```\n([\s\S]*?)```/.exec(page)![1]!.trimEnd().split('\n');
const KEY = (JSON.parse(LINES[0]!) as { verifier_keys: string[] }).verifier_keys;

const HELD: Held = {
  keys: () => Promise.resolve(KEY),
  leaves: (_, size, from) =>
    Promise.all(
      LINES.slice(1 + from, 1 + size).map(
        (line) => leafHash(base64((JSON.parse(line) as { leaf: string }).leaf)) as Promise<Bytes>,
      ),
    ),
};

function check(lines: string[], held: Held = HELD): Promise<CopyReport> {
  return checkCopy(
    new Blob([lines.map((line) => `${line}\n`).join('')]),
    held,
    () => undefined,
    new AbortController().signal,
  );
}

function changed(at: number, change: (line: Record<string, unknown>) => void): string[] {
  return LINES.map((text, i) => {
    if (i !== at) return text;
    const line = JSON.parse(text) as Record<string, unknown>;
    change(line);
    return JSON.stringify(line);
  });
}

describe('a copy of a log', () => {
  it('holds as it was exported', async () => {
    const report = await check(LINES);
    expect(report).toMatchObject({
      entries: 3,
      size: 3,
      signature: 'signed',
      root: true,
      whole: true,
      findings: [],
      complete: true,
    });
    expect(holds(report)).toBe(true);
  });

  it('holds when it is gzipped', async () => {
    const packed = new Blob([LINES.map((line) => `${line}\n`).join('')])
      .stream()
      .pipeThrough(new CompressionStream('gzip'));
    const report = await checkCopy(
      await new Response(packed).blob(),
      HELD,
      () => undefined,
      new AbortController().signal,
    );
    expect(holds(report)).toBe(true);
  });

  it('is refused with a member of its first line twice, and does not hold with one of an entry', async () => {
    for (const member of ['"tenant":"mallory",', '"complete":true,', '"verifier_keys":[],']) {
      await expect(check([LINES[0]!.replace('{', `{${member}`), ...LINES.slice(1)])).rejects.toThrow(NoCopy);
    }
    const doubled = LINES.map((line, i) => (i === 2 ? line.replace('{', '{"seq":7,') : line));
    expect(holds(await check(doubled))).toBe(false);
    expect(isDoubled('{"a":{"b":1,"c":"\\"b\\":"},"b":[{"b":1}]}')).toBe(false);
    expect(isDoubled('{"a":1,"\\u0061":2}')).toBe(true);
  });

  it('does not hold with anything behind its last line', async () => {
    expect(holds(await check([...LINES, LINES[1]!]))).toBe(false);
  });

  it.each([
    ['facts', (line: Record<string, unknown>) => (line['facts'] = String(line['facts']).replace('u_7', 'u_8'))],
    [
      'personal',
      (line: Record<string, unknown>) => (line['personal'] = String(line['personal']).replace('Ana', 'Bob')),
    ],
    ['personal', (line: Record<string, unknown>) => delete line['personal']],
    ['time', (line: Record<string, unknown>) => (line['recorded_at'] = Number(line['recorded_at']) + 1)],
    ['other', (line: Record<string, unknown>) => (line['leaf'] = '!')],
  ])('names the entry whose %s was altered', async (fault, change) => {
    const report = await check(changed(1, change));
    expect(report.findings.map(({ seq, fault: found }) => [seq, found])).toEqual([[0, fault]]);
    expect(holds(report)).toBe(false);
  });

  it('names the entry that was altered together with its leaf, by the leaves of the log', async () => {
    const report = await check(
      changed(2, (line) => {
        const leaf = base64(String(line['leaf']));
        leaf[72] = 1;
        line['leaf'] = toBase64(leaf);
        line['state'] = 'personal_withheld';
      }),
    );
    expect(report.root).toBe(false);
    expect(report.findings).toEqual([
      { seq: 1, fault: 'leaf', facts: { action: 'user.logout', actor: { id: 'u_7' } } },
    ]);
  });

  it.each([
    ['without an entry', [0, 1, 3, 4]],
    ['with two entries the other way round', [0, 2, 1, 3, 4]],
    ['without its last line', [0, 1, 2, 3]],
    ['without its last entry', [0, 1, 2, 4]],
    ['with an entry twice', [0, 1, 1, 2, 3, 4]],
  ])('does not hold %s', async (_, order) => {
    expect(holds(await check(order.map((i) => LINES[i]!)))).toBe(false);
  });

  it('does not hold under a checkpoint that somebody else signed, or that was altered', async () => {
    const other = ['audit.example.com/t/7f3a+00000000+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4'];
    await expect(check(LINES, { ...HELD, keys: () => Promise.resolve(other) })).rejects.toThrow('key id');
    expect((await check(LINES, { ...HELD, keys: () => Promise.resolve([]) })).signature).toBe('unknown_key');
    const note = await check(
      changed(0, (header) => (header['checkpoint'] = String(header['checkpoint']).replace('\n3\n', '\n4\n'))),
    );
    expect(note.signature).toBe('false');
    expect(holds(note)).toBe(false);
  });

  it('is told from what is none', async () => {
    await expect(check(['{"format":"something"}'])).rejects.toThrow(NoCopy);
    await expect(check([''])).rejects.toThrow(NoCopy);
  });
});

/** A copy of entries with these states and facts; nobody signed it. */
async function copyOf(entries: { state: string; facts?: string; at?: number }[], complete = true): Promise<string[]> {
  const salt = new Uint8Array(16);
  const digest = (text: string): Promise<Uint8Array> => sha256(concat(salt, utf8(text)));
  const lines = await Promise.all(
    entries.map(async ({ state, facts = '{"id":"e"}', at = 1_000 }, seq) => {
      const time = new Uint8Array(8);
      new DataView(time.buffer).setBigUint64(0, BigInt(at));
      const leaf = concat(
        new Uint8Array([1]),
        time,
        await digest(facts),
        state === 'whole' ? new Uint8Array(32) : await digest('{}'),
      );
      return JSON.stringify({
        seq,
        recorded_at: at,
        state,
        leaf: toBase64(leaf as Bytes),
        ...(state === 'purged' ? {} : { facts, facts_salt: toBase64(salt as Bytes) }),
      });
    }),
  );
  const header = { ...(JSON.parse(LINES[0]!) as object), complete };
  return [JSON.stringify(header), ...lines, JSON.stringify({ entries: lines.length })];
}

/** As `verify` says it: `EntryAudit`. */
describe('what is gone from a copy', () => {
  const record = (action: string, ranges: unknown): { state: string; facts: string } => ({
    state: 'whole',
    facts: JSON.stringify({ id: 'it-was-me', action, details: { ranges } }),
  });
  const gone = { state: 'purged' };
  const whole = { state: 'whole' };
  const erased = { state: 'personal_erased' };
  /** The rest of it is as it should be. */
  const checked = async (
    entries: { state: string; facts?: string; at?: number }[],
    complete = true,
  ): Promise<CopyReport> => {
    const report = await check(await copyOf(entries, complete), { ...HELD, leaves: () => Promise.resolve([]) });
    return { ...report, root: true, signature: 'signed' };
  };

  it('is said by the entry that recorded it', async () => {
    const report = await checked([
      gone,
      gone,
      whole,
      erased,
      record('audit.entries.purge', [[0, 2]]),
      record('audit.personal.erase', [[3, 4]]),
    ]);
    expect(report.deletions).toEqual([
      { kind: 'purge', first: 0, end: 2, by: { seq: 4, id: 'it-was-me' } },
      { kind: 'erasure', first: 3, end: 4, by: { seq: 5, id: 'it-was-me' } },
    ]);
    expect(unsaid(report)).toEqual([]);
    expect(holds(report)).toBe(true);
  });

  it.each<[string, { state: string; facts?: string }[], [number, number][]]>([
    ['no entry says so', [whole, gone, gone], [[1, 3]]],
    [
      'the entry that says so names others',
      [gone, gone, gone, record('audit.entries.purge', [[1, 2]])],
      [
        [0, 1],
        [2, 3],
      ],
    ],
    ['an earlier entry says so', [record('audit.entries.purge', [[0, 9]]), gone], [[1, 2]]],
    ['an entry says that of the personal part alone', [gone, record('audit.personal.erase', [[0, 1]])], [[0, 1]]],
    ['an entry without sense says so', [erased, record('audit.personal.erase', 'all')], [[0, 1]]],
    ['another action says so', [gone, record('team.create', [['audit.entries.purge'], [0, 1]])], [[0, 1]]],
  ])('is missing when %s', async (_, entries, ranges) => {
    const report = await checked(entries);
    expect(unsaid(report).map(({ first, end }) => [first, end])).toEqual(ranges);
    expect(holds(report)).toBe(false);
  });

  it('is not held against a part of a log, which cannot show it', async () => {
    const report = await checked([gone, whole, { state: 'personal_withheld' }], false);
    expect(report.deletions).toEqual([{ kind: 'purge', first: 0, end: 1, by: null }]);
    expect(unsaid(report)).toEqual([]);
    expect(report.withheld).toBe(1);
  });

  it('and times that run backwards are found, as verify finds them', async () => {
    const report = await checked([
      { ...whole, at: 1_002 },
      { ...whole, at: 1_001 },
      { ...whole, at: 1_001 },
    ]);
    expect(report.findings.map(({ seq, fault }) => [seq, fault])).toEqual([[1, 'backwards']]);
  });
});
