import { describe, expect, it } from 'vitest';
import { base64, toBase64, type Bytes } from '../src/proof/bytes.ts';
import { checkCopy, holds, NoCopy, type CopyReport, type Held } from '../src/proof/copy.ts';
import { leafHash } from '../src/proof/tree.ts';
import page from '../../docs/formats/export.md?raw';

/** The example of the format's page. */
const LINES = /## Example[\s\S]*?```\n([\s\S]*?)```/.exec(page)![1]!.trimEnd().split('\n');
const KEY = (JSON.parse(LINES[0]!) as { verifier_keys: string[] }).verifier_keys;

const HELD: Held = {
  keys: () => Promise.resolve(KEY),
  leaves: (_, size, from) => Promise.all(LINES.slice(1 + from, 1 + size).map((line) => leafHash(base64((JSON.parse(line) as { leaf: string }).leaf)) as Promise<Bytes>)),
};

function check(lines: string[], held: Held = HELD): Promise<CopyReport> {
  return checkCopy(new Blob([lines.map((line) => `${line}\n`).join('')]), held, () => undefined, new AbortController().signal);
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
    expect(report).toMatchObject({ entries: 3, size: 3, signature: 'signed', root: true, whole: true, findings: [], complete: true });
    expect(holds(report)).toBe(true);
  });

  it('holds when it is gzipped', async () => {
    const packed = new Blob([LINES.map((line) => `${line}\n`).join('')]).stream().pipeThrough(new CompressionStream('gzip'));
    const report = await checkCopy(await new Response(packed).blob(), HELD, () => undefined, new AbortController().signal);
    expect(holds(report)).toBe(true);
  });

  it.each([
    ['facts', (line: Record<string, unknown>) => (line['facts'] = String(line['facts']).replace('u_7', 'u_8'))],
    ['personal', (line: Record<string, unknown>) => (line['personal'] = String(line['personal']).replace('Ana', 'Bob'))],
    ['personal', (line: Record<string, unknown>) => delete line['personal']],
    ['time', (line: Record<string, unknown>) => (line['recorded_at'] = Number(line['recorded_at']) + 1)],
    ['other', (line: Record<string, unknown>) => (line['leaf'] = '!')],
  ])('names the entry whose %s was altered', async (fault, change) => {
    const report = await check(changed(1, change));
    expect(report.findings.map(({ seq, fault: found }) => [seq, found])).toEqual([[0, fault]]);
    expect(holds(report)).toBe(false);
  });

  it('names the entry that was altered together with its leaf, by the leaves of the log', async () => {
    const report = await check(changed(2, (line) => {
      const leaf = base64(String(line['leaf']));
      leaf[72] = 1;
      line['leaf'] = toBase64(leaf);
      line['state'] = 'personal_withheld';
    }));
    expect(report.root).toBe(false);
    expect(report.findings).toEqual([{ seq: 1, fault: 'leaf', facts: { action: 'user.logout', actor: { id: 'u_7' } } }]);
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
    const note = await check(changed(0, (header) => (header['checkpoint'] = String(header['checkpoint']).replace('\n3\n', '\n4\n'))));
    expect(note.signature).toBe('false');
    expect(holds(note)).toBe(false);
  });

  it('is told from what is none', async () => {
    await expect(check(['{"format":"something"}'])).rejects.toThrow(NoCopy);
    await expect(check([''])).rejects.toThrow(NoCopy);
  });
});
