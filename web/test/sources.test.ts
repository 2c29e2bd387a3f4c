/**
 * Rules of the sources that no tool holds: no file needs, by itself or through others, a file that needs it (an import of
 * types counts too), and no line is long.
 */
import { expect, it } from 'vitest';

const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']+)'/g;

/** The circles of files, each once, as the files on the way around; by each file's text. */
function circles(files: ReadonlyMap<string, string>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, way: string[]): void => {
    const at = way.indexOf(file);
    if (at >= 0) found.push([...way.slice(at), file].join(' → '));
    if (at >= 0 || done.has(file)) return;
    for (const [, path] of (files.get(file) ?? '').matchAll(IMPORT))
      visit(new URL(path!, `file:///${file}`).pathname.slice(1), [...way, file]);
    done.add(file);
  };
  for (const file of files.keys()) visit(file, []);
  return found;
}

function sources(): Map<string, string> {
  const found = import.meta.glob<string>('../src/**/*.ts', { query: '?raw', import: 'default', eager: true });
  return new Map(Object.entries(found).map(([path, text]) => [path.slice('../src/'.length), text]));
}

it('no web file is part of a circle', () => {
  const files = sources();
  expect(files.size).toBeGreaterThan(90);
  expect([...files.values()].join('').match(IMPORT)!.length).toBeGreaterThan(300);
  expect(circles(files)).toEqual([]);
});

it('a circle is found, be it of types, of a file loaded later, or of a file with itself', () => {
  const planted = [
    ['app.ts', "import { page } from './pages/page.ts';\nexport * from './words.ts';"],
    ['pages/page.ts', "import type { App } from '../app.ts';\nimport '../words.ts';"],
    ['words.ts', "const later = () => import('./later.ts');"],
    ['later.ts', "export type { Words } from './words.ts';\nexport type Own = typeof import('./later.ts');"],
  ] as const;
  expect(circles(new Map(planted))).toEqual([
    'app.ts → pages/page.ts → app.ts',
    'words.ts → later.ts → words.ts',
    'later.ts → later.ts',
  ]);
  const whole = sources();
  whole.set('shared/html.ts', `${whole.get('shared/html.ts')!}\nimport type { Page } from '../console/page.ts';`);
  expect(circles(whole)).not.toEqual([]);
});

const LINE_CHARS = 120;
/** A line that is one literal, or a word of data that nothing could break. */
const UNBREAKABLE = /^\s*(?:\w+: )?(['"`/]).*\1[a-z]*[,;)]*$|\S{80}/u;

function longLines(name: string, text: string): string[] {
  const isLong = (line: string): boolean => line.length > LINE_CHARS && !UNBREAKABLE.test(line);
  return text.split('\n').flatMap((line, i) => (isLong(line) ? [`${name}:${i + 1}`] : []));
}

it('no line is longer than 120 characters, but for a literal', () => {
  const tests = import.meta.glob<string>('./*.ts', { query: '?raw', import: 'default', eager: true });
  const all = [...sources(), ...Object.entries(tests)];
  expect(all.flatMap(([name, text]) => longLines(name, text))).toEqual([]);
  const words = 'word '.repeat(30);
  expect(longLines('x', `// ${words}\nconst text = '${words}' + \`\${${words}}\`;\n  text: '${words}',`)).toEqual([
    'x:1',
    'x:2',
  ]);
});
