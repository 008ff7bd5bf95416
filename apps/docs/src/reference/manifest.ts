import { manifestSchema } from '@sodium/sdk/manifest';
import { z } from 'zod';

interface Schema {
  description?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  pattern?: string;
  default?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  required?: string[];
}

/** Fields whose values are a story of their own. */
const ELSEWHERE: Record<string, string> = {
  permissions: 'list of [permissions](permissions.md)',
  hooks: 'list of [hooks](hooks.md), or of objects {`event`, `onError`}',
  settings: 'map to [settings](#settings)',
  contributes: '[contributions](#contributions)',
};

/** The page of `plugin.json`, made from the schema that the panel checks it with. */
export function manifestPage(): string {
  const schema = z.toJSONSchema(manifestSchema, { io: 'input', unrepresentable: 'any' }) as Schema;
  const settings = (schema.properties?.settings?.additionalProperties as Schema | undefined)?.oneOf ?? [];
  const contributions = Object.entries(schema.properties?.contributes?.properties ?? {});
  return [
    '# `plugin.json`',
    'Every plugin has one, at the top of its folder. The panel names file, field, what it expected, what it found and how ' +
      'to mend it for every fault.',
    'Editors complete it and mark faults while you type, with a JSON Schema. What `sodium create` writes points at the one ' +
      'that the SDK brings: `"$schema": "./node_modules/@sodium/sdk/schema/plugin.schema.json"`. Every panel serves the ' +
      'same at [`/docs/plugin.schema.json`](/docs/plugin.schema.json), for plugins that are written without npm: ' +
      '`"$schema": "http://127.0.0.1:3000/docs/plugin.schema.json"`.',
    '## Fields',
    fieldTable(schema, ELSEWHERE),
    '## Settings',
    'Each entry of `settings` is one of these; the key is what `sodium.config.get(key)` takes. All have `label`, `help`, ' +
      '`default`, `required` and `when` (shown only while other settings have the given values).',
    ...settings.map((setting) => `### \`${String(setting.properties?.type?.const)}\`\n\n${fieldTable(setting)}`),
    '## Contributions',
    'What the panel paints before any code of the plugin has run. `sodium build` writes them from what the client ' +
      'registers; a plugin without a build may write them by hand, or register them in `server.js` with `sodium.ui`.',
    ...contributions.map(([name, list]) => `### \`${name}\`\n\n${list.description}\n\n${fieldTable(list.items!)}`),
  ].join('\n\n');
}

function fieldTable({ properties = {}, required = [] }: Schema, elsewhere: Record<string, string> = {}): string {
  const rows = Object.entries(properties).map(([name, field]) => {
    const notes = [
      `${elsewhere[name] ?? cell(typeOf(field))}${required.includes(name) ? ', **required**' : ''}.`,
      cell(field.description ?? ''),
      field.default === undefined ? '' : `Default ${cell(`\`${JSON.stringify(field.default)}\``)}.`,
    ];
    return `| \`${name}\` | ${notes.filter(Boolean).join(' ')} |`;
  });
  return '| field | |\n| --- | --- |\n' + rows.join('\n');
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function typeOf(field: Schema): string {
  const choices = field.anyOf ?? field.oneOf;
  if (choices) return choices.map(typeOf).join(' or ');
  if (field.const !== undefined) return `\`${JSON.stringify(field.const)}\``;
  if (field.enum) return field.enum.map((value) => `\`${JSON.stringify(value)}\``).join(', ');
  if (field.type === 'array') return `list of ${field.items ? typeOf(field.items) : 'anything'}`;
  if (field.type === 'object' && typeof field.additionalProperties === 'object')
    return `map to ${typeOf(field.additionalProperties)}`;
  if (field.type === 'object' && field.properties)
    return `object {${Object.keys(field.properties)
      .map((key) => `\`${key}\``)
      .join(', ')}}`;
  return String(field.type ?? 'anything');
}
