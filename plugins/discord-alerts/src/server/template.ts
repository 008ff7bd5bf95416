import type { Kind, Rule } from '../shapes.js';

const SERVER = ['server', 'template', 'owner', 'time'];
export const PLACEHOLDERS: Record<Kind, readonly string[]> = {
  create: [...SERVER, 'user'],
  delete: [...SERVER, 'user'],
  start: [...SERVER, 'user'],
  stop: [...SERVER, 'user', 'exit_code'],
  crash: [...SERVER, 'exit_code'],
  login: ['user', 'ip', 'time'],
  alert: ['title', 'text', 'source', 'time'],
};

export const DEFAULTS: Record<Kind, Rule> = {
  create: rule('Server created', '**{server}** was created by {user} from the template {template}.'),
  delete: rule('Server deleted', '**{server}** was deleted by {user}.'),
  start: rule('Server started', '**{server}** is running.'),
  stop: rule('Server stopped', '**{server}** has stopped.'),
  crash: rule('Server crashed', '**{server}** crashed with exit code {exit_code}.'),
  login: rule('Admin login', '**{user}** logged in from {ip}.'),
  alert: rule('{title}', '{text}'),
};

const PLACEHOLDER = /\{([a-z_]+)\}/g;

function rule(title: string, body: string): Rule {
  return { title, body, roles: [], users: [] };
}

/** Puts values, which must be safe already, into a template. What they contain is not looked at again. */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(PLACEHOLDER, (whole, name: string) => (Object.hasOwn(values, name) ? values[name]! : whole));
}

/** What is wrong with a template, or null. */
export function faultOf(kind: Kind, template: string): string | null {
  const unknown = [...template.matchAll(PLACEHOLDER)].map(([, name]) => name!).find((name) => !PLACEHOLDERS[kind].includes(name)); // prettier-ignore
  if (unknown === undefined) return null;
  const known = PLACEHOLDERS[kind].map((name) => `{${name}}`).join(', ');
  return `There is no placeholder {${unknown}} in this message. There are ${known}.`;
}
