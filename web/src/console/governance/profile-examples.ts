/** Changes of a profile to begin with, so that nobody has to know its form by heart (docs/profiles.md). */
import { parseExact, stringifyExact } from '../../shared/exact.ts';

type Changes = Record<string, unknown>;

export const EXAMPLES: Record<string, Changes> = {
  action: {
    categories: [
      {
        id: 'other',
        actions: [{ action: 'report.opened', verb: 'read', says: '{actor} opened {target}', targets: ['report'] }],
      },
    ],
  },
  category: {
    categories: [
      {
        id: 'greenhouse',
        title: 'Greenhouse',
        actions: [{ action: 'plant.watered', verb: 'update', says: '{actor} watered {target}', targets: ['plant'] }],
      },
    ],
  },
  viewer: { viewer: { last: 'P7D', columns: ['outcome', 'location'] } },
  formats: { export_formats: ['csv', 'json'] },
};

/** What is typed with an example in it; what is no JSON yet stays as it is. */
export function withExample(text: string, example: Changes): string {
  let typed: unknown;
  try {
    typed = parseExact(text.trim() || '{}');
  } catch {
    return text;
  }
  if (typeof typed !== 'object' || typed === null || Array.isArray(typed)) return text;
  const changes = { ...(typed as Changes) };
  for (const [name, value] of Object.entries(example)) {
    const known = changes[name];
    changes[name] =
      Array.isArray(known) && Array.isArray(value)
        ? [...(known as unknown[]), ...(value as unknown[])]
        : (known ?? value);
  }
  return stringifyExact(changes, 2);
}
