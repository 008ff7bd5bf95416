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

/** The page of `plugin.json`, made from the schema that the panel checks it with. */
export function manifestPage(): string {
  const schema = z.toJSONSchema(manifestSchema, { io: 'input', unrepresentable: 'any' }) as Schema;
  const settings = (schema.properties?.settings?.additionalProperties as Schema | undefined)?.oneOf ?? [];
  return [
    '# `plugin.json`',
    'Every plugin has one, at the top of its folder. The panel names file, field, what it expected, what it found and how ' +
      'to mend it for every fault. Editors complete it with the JSON Schema that the SDK brings: set ' +
      '`"$schema": "./node_modules/@sodium/sdk/schema/plugin.schema.json"`.',
    '## Fields',
    fieldTable(schema),
    '## Settings',
    'Each entry of `settings` is one of these; the key is what `sodium.config.get(key)` takes. All have `label`, `help`, ' +
      '`default`, `required` and `when` (shown only while other settings have the given values).',
    ...settings.map((setting) => `### \`${String(setting.properties?.type?.const)}\`\n\n${fieldTable(setting)}`),
  ].join('\n\n');
}

function fieldTable({ properties = {}, required = [] }: Schema): string {
  const rows = Object.entries(properties).map(([name, field]) => {
    const must = required.includes(name) ? 'yes' : '';
    const notes = [
      field.description,
      field.default === undefined ? '' : `Default \`${JSON.stringify(field.default)}\`.`,
    ];
    return `| \`${name}\` | ${cell(typeOf(field))} | ${must} | ${cell(notes.filter(Boolean).join(' '))} |`;
  });
  return '| field | type | required | |\n| --- | --- | --- | --- |\n' + rows.join('\n');
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
