/** Cron expressions as people say them: the presets of the form, and the expression of each. */

export const PRESETS = ['hourly', 'daily', 'weekdays', 'weekly', 'monthly', 'lastDay', 'own'] as const;
export type Preset = (typeof PRESETS)[number];

export interface Times {
  preset: Preset;
  /** As a field of type `time` has it, such as `06:30`; of `hourly` the minute alone counts. */
  time: string;
  /** 0 for Sunday to 6 for Saturday. */
  weekday: number;
  /** From 1 to 28: every month has it. */
  day: number;
  /** The expression of one's own. */
  cron: string;
}

/** The last day that every month has. */
export const LAST_COMMON_DAY = 28;
export const BEGINNING: Times = { preset: 'daily', time: '06:00', weekday: 1, day: 1, cron: '' };

const NUMBER = /^\d{1,2}$/;

/** The expression of five fields: minute, hour, day of the month, month, day of the week. */
export function cronOf({ preset, time, weekday, day, cron }: Times): string {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  switch (preset) {
    case 'hourly':
      return `${minute} * * * *`;
    case 'daily':
      return `${minute} ${hour} * * *`;
    case 'weekdays':
      return `${minute} ${hour} * * 1-5`;
    case 'weekly':
      return `${minute} ${hour} * * ${weekday}`;
    case 'monthly':
      return `${minute} ${hour} ${day} * *`;
    case 'lastDay':
      return `${minute} ${hour} L * *`;
    case 'own':
      return cron.trim();
  }
}

/** The preset whose expression this is, else one of one's own. */
export function timesOf(cron: string): Times {
  const fields = cron.trim().split(/\s+/);
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields;
  const own: Times = { ...BEGINNING, preset: 'own', cron };
  if (fields.length !== 5 || month !== '*' || !NUMBER.test(minute)) return own;
  const two = (text: string): string => text.padStart(2, '0');
  if (hour === '*')
    return day === '*' && weekday === '*' ? { ...own, preset: 'hourly', time: `00:${two(minute)}` } : own;
  if (!NUMBER.test(hour)) return own;
  const at: Times = { ...own, time: `${two(hour)}:${two(minute)}` };
  if (day === '*' && weekday === '*') return { ...at, preset: 'daily' };
  if (day === '*' && weekday === '1-5') return { ...at, preset: 'weekdays' };
  if (day === '*' && /^[0-6]$/.test(weekday)) return { ...at, preset: 'weekly', weekday: Number(weekday) };
  if (weekday === '*' && day === 'L') return { ...at, preset: 'lastDay' };
  if (weekday === '*' && NUMBER.test(day) && Number(day) >= 1 && Number(day) <= LAST_COMMON_DAY)
    return { ...at, preset: 'monthly', day: Number(day) };
  return own;
}
