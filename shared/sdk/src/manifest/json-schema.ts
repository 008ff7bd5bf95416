import { z } from 'zod';
import { manifestSchema } from './schema.js';

/**
 * The JSON Schema (2020-12) of `plugin.json`, for editors: completion, descriptions, and most of what the panel checks.
 * What it cannot say, such as which strings are versions, only `parseManifest` knows.
 */
export function manifestJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(manifestSchema, { io: 'input', unrepresentable: 'any' });
  return {
    $schema,
    title: 'plugin.json',
    description: 'The manifest of a Sodium plugin.',
    ...schema,
  };
}
