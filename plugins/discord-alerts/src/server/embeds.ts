import type { Embed, Kind, Rule } from '../shapes.js';
import { escapeText, fit } from './escape.js';
import type { QueuedEvent } from './queued-event.js';
import { fill } from './template.js';

export const LIMITS = { title: 256, description: 4096, total: 6000, embeds: 10, content: 2000 } as const;

const COLORS: Record<Kind, number> = {
  create: 0x2563c9,
  delete: 0x6b7280,
  start: 0x16a34a,
  stop: 0x6b7280,
  crash: 0xdc2626,
  login: 0x7c3aed,
  alert: 0x2563c9,
};
const LEVELS: Record<string, number> = { danger: 0xdc2626, warning: 0xd97706, info: 0x2563c9 };
const LONG_VALUES: Record<string, number> = { text: 1500, title: 200 };
const COUNTED: Partial<Record<Kind, [one: string, more: string]>> = {
  start: ['start', 'starts'],
  stop: ['stop', 'stops'],
  crash: ['crash', 'crashes'],
  login: ['login', 'logins'],
};

type Told = Pick<QueuedEvent, 'kind' | 'at' | 'values' | 'level' | 'doubtful'>;

/** A moment that each reader sees in their own time zone. */
const moment = (at: number, style: 'f' | 'T'): string => `<t:${Math.floor(at / 1000)}:${style}>`;

function safeValues({ at, values }: Pick<Told, 'at' | 'values'>): Record<string, string> {
  const escaped = Object.entries(values).map(([name, value]) => [name, escapeText(value, LONG_VALUES[name])]);
  return { ...Object.fromEntries(escaped), time: moment(at, 'f') };
}

function embed(title: string, description: string, color: number, at: number, doubtful: boolean): Embed {
  return {
    title: fit(title, LIMITS.title),
    description: fit(description, LIMITS.description),
    color,
    timestamp: new Date(at).toISOString(),
    ...(doubtful ? { footer: { text: 'May be a repeat: sending it was interrupted.' } } : {}),
  };
}

export function embedOf(event: Told, { title, body }: Pick<Rule, 'title' | 'body'>): Embed {
  const values = safeValues(event);
  const color = LEVELS[event.level ?? ''] ?? COLORS[event.kind];
  return embed(fill(title, values), fill(body, values), color, event.at, event.doubtful);
}

/** Many events of one subject as one: how often what happened, and how it stands. */
export function foldedEmbed(events: readonly Told[]): Embed {
  const [first, last] = [events[0]!, events.at(-1)!];
  const kinds = (Object.keys(COUNTED) as Kind[]).filter((kind) => events.some((event) => event.kind === kind));
  const counted = kinds.map((kind) => count(events.filter((event) => event.kind === kind).length, COUNTED[kind]!));
  const login = first.kind === 'login';
  const name = escapeText((login ? last.values.user : last.values.server) ?? '');
  const crash = events.findLast(({ kind }) => kind === 'crash');
  const code = crash?.values.exit_code;
  const lines = [
    `**${name}**: ${counted.join(', ')} between ${moment(first.at, 'T')} and ${moment(last.at, 'T')}.`,
    login ? '' : `It is ${last.kind === 'start' ? 'running' : 'offline'} now.`,
    crash && code ? `Last exit code: ${escapeText(code)}.` : '',
  ];
  const title = login ? 'Many admin logins' : crash ? 'Server keeps crashing' : 'Server keeps changing its state';
  const color = crash ? COLORS.crash : COLORS[last.kind];
  return embed(
    title,
    lines.filter(Boolean).join('\n'),
    color,
    last.at,
    events.some(({ doubtful }) => doubtful),
  );
}

const count = (number: number, [one, more]: [string, string]): string => `${number} ${number === 1 ? one : more}`;
