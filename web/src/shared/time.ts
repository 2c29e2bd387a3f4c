/** Times in a zone: always with the offset that held then, so that no hour of a changeover is ambiguous. */

export interface WallTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  millisecond: number;
}

const FIELDS = new Map<string, Intl.DateTimeFormat>();

function fieldsFormat(zone: string): Intl.DateTimeFormat {
  let format = FIELDS.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      era: 'short',
    });
    FIELDS.set(zone, format);
  }
  return format;
}

/**
 * To ask the browser takes milliseconds at times, and each row of a list asks; so what it said is believed for a
 * second.
 */
const ZONE_MILLIS = 1_000;
let zoneKnown = { zone: '', until: 0 };

export function localZone(): string {
  const now = performance.now();
  if (now >= zoneKnown.until)
    zoneKnown = { zone: Intl.DateTimeFormat().resolvedOptions().timeZone, until: now + ZONE_MILLIS };
  return chosen ?? zoneKnown.zone;
}

/** The zone that a reader chose in place of the device's; null for the device's. */
let chosen: string | null = null;

export function useZone(zone: string | null): void {
  chosen = zone;
}

export function isZone(zone: string): boolean {
  try {
    fieldsFormat(zone);
    return true;
  } catch {
    return false;
  }
}

export function wallTime(instant: number, zone: string): WallTime {
  const parts: Record<string, string> = {};
  for (const part of fieldsFormat(zone).formatToParts(instant)) parts[part.type] = part.value;
  const year = Number(parts['year']);
  return {
    year: parts['era'] === 'BC' ? 1 - year : year,
    month: Number(parts['month']),
    day: Number(parts['day']),
    hour: Number(parts['hour']),
    minute: Number(parts['minute']),
    second: Number(parts['second']),
    millisecond: ((instant % 1000) + 1000) % 1000,
  };
}

function asUtc(wall: WallTime): number {
  return Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second, wall.millisecond);
}

/** Offset from UTC in minutes that holds in the zone at the instant. */
export function offsetMinutes(instant: number, zone: string): number {
  return Math.round((asUtc(wallTime(instant, zone)) - instant) / 60_000);
}

export function offsetText(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '−' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/**
 * The instant of a wall time. Of an hour that occurs twice the first is meant, unless `later`; one
 * that a changeover leaves out is moved on by what was left out.
 */
export function instantOf(wall: WallTime, zone: string, later = false): number {
  const utc = asUtc(wall);
  const day = 86_400_000;
  const offsets = [...new Set([offsetMinutes(utc - day, zone), offsetMinutes(utc + day, zone)])];
  const instants = offsets
    .map((offset) => utc - offset * 60_000)
    .filter((instant) => asUtc(wallTime(instant, zone)) === utc)
    .sort((a, b) => a - b);
  if (instants.length) return later ? instants[instants.length - 1]! : instants[0]!;
  return utc - offsetMinutes(utc - day, zone) * 60_000;
}

/** The value of an `<input type="datetime-local">`. */
export function toInput(instant: number, zone: string): string {
  const w = wallTime(instant, zone);
  return `${four(w.year)}-${two(w.month)}-${two(w.day)}T${two(w.hour)}:${two(w.minute)}:${two(w.second)}`;
}

/** What was entered in an `<input type="datetime-local">`; null when it is no time. */
export function fromInput(value: string, zone: string, later = false): number | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?$/.exec(value);
  if (!match) return null;
  const [, year, month, day, hour, minute, second, fraction] = match;
  return instantOf(
    {
      year: Number(year),
      month: Number(month),
      day: Number(day),
      hour: Number(hour),
      minute: Number(minute),
      second: Number(second ?? 0),
      millisecond: Number((fraction ?? '0').padEnd(3, '0')),
    },
    zone,
    later,
  );
}

const FORMATS = new Map<string, Intl.DateTimeFormat>();

function format(locale: string, zone: string, style: 'day' | 'date' | 'full' | 'tick'): Intl.DateTimeFormat {
  const key = `${locale}|${zone}|${style}`;
  let made = FORMATS.get(key);
  if (!made) {
    const options: Record<typeof style, Intl.DateTimeFormatOptions> = {
      day: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
      date: { day: 'numeric', month: 'short', year: 'numeric' },
      full: { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' },
      tick: { day: 'numeric', month: 'short' },
    };
    made = new Intl.DateTimeFormat(locale, { timeZone: zone, ...options[style] });
    FORMATS.set(key, made);
  }
  return made;
}

export function clockText(instant: number, zone: string): string {
  const w = wallTime(instant, zone);
  return `${two(w.hour)}:${two(w.minute)}:${two(w.second)}`;
}

export function minuteText(instant: number, zone: string): string {
  return clockText(instant, zone).slice(0, 5);
}

export function dayText(instant: number, zone: string, locale: string): string {
  return format(locale, zone, 'day').format(instant);
}

export function dateText(instant: number, zone: string, locale: string): string {
  return format(locale, zone, 'date').format(instant);
}

export function tickText(instant: number, zone: string, locale: string): string {
  return format(locale, zone, 'tick').format(instant);
}

/** The date as `2026-11-20`, for names of files. */
export function dayStamp(instant: number, zone: string): string {
  return toInput(instant, zone).slice(0, 10);
}

/** Date, time to the millisecond, and offset. */
export function fullText(instant: number, zone: string, locale: string): string {
  const w = wallTime(instant, zone);
  const fraction = String(w.millisecond).padStart(3, '0');
  const date = format(locale, zone, 'full').format(instant);
  return `${date}, ${clockText(instant, zone)}.${fraction} ${offsetText(offsetMinutes(instant, zone))}`;
}

/** Days since 1970 of the instant's date in the zone, to see where one day ends. */
export function dayNumber(instant: number, zone: string): number {
  const w = wallTime(instant, zone);
  return Math.floor(Date.UTC(w.year, w.month - 1, w.day) / 86_400_000);
}

/** The name of a zone as people say it: the city. */
export function zoneName(zone: string): string {
  return zone === 'UTC' || zone === 'Etc/UTC' ? 'UTC' : (zone.split('/').pop() ?? zone).replaceAll('_', ' ');
}

/** The time a span (`PT1H`, `P7D`) before an instant. */
export function before(instant: number, span: string): number {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(span);
  if (!match) return instant;
  const [, days, hours, minutes] = match.map((part) => Number(part ?? 0));
  return instant - ((days ?? 0) * 1440 + (hours ?? 0) * 60 + (minutes ?? 0)) * 60_000;
}

/** A span as a distance from now, as the server writes it: `-7d` for `P7D`. */
export function ago(span: string): string {
  const minutes = -before(0, span) / 60_000;
  return minutes % 1440 ? (minutes % 60 ? `-${minutes}m` : `-${minutes / 60}h`) : `-${minutes / 1440}d`;
}

/** When a period (`P2Y`, `P13M`, `P90D`) that begins at an instant ends; null for `lifetime`. */
export function after(instant: number, period: string): number | null {
  const match = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?$/.exec(period);
  if (!match) return null;
  const [, years, months, weeks, days] = match.map((part) => Number(part ?? 0));
  const end = new Date(instant);
  const dayOfMonth = end.getUTCDate();
  end.setUTCDate(1);
  end.setUTCMonth(end.getUTCMonth() + (years ?? 0) * 12 + (months ?? 0));
  const last = new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth() + 1, 0)).getUTCDate();
  end.setUTCDate(Math.min(dayOfMonth, last));
  return end.getTime() + ((weeks ?? 0) * 7 + (days ?? 0)) * 86_400_000;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

function four(value: number): string {
  return String(value).padStart(4, '0');
}
