import { z } from 'zod';

const key = z
  .string()
  .regex(/^[a-zA-Z][a-zA-Z0-9_-]{0,63}$/, 'a setting’s key starts with a letter and has letters, digits, _ and -');

const common = {
  label: z.string().min(1).max(120).optional().describe('What stands beside the field. Default: the key.'),
  help: z.string().max(1000).optional().describe('A sentence below the field.'),
  description: z.string().max(1000).optional(),
  required: z
    .boolean()
    .optional()
    .describe('The admin is told while it is missing. It does not keep the plugin from running.'),
  when: z.record(z.string(), z.unknown()).optional().describe('Shown only while other settings have these values.'),
};

const textual = { ...common, default: z.string().optional(), placeholder: z.string().max(200).optional() };

/** Checks one setting of a manifest. */
export const settingSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('string'),
    ...textual,
    secret: z.boolean().optional().describe('Encrypted at rest, and never shown again.'),
    multiline: z.boolean().optional(),
    pattern: z.string().max(500).refine(isRegularExpression, 'must be a regular expression').optional(),
    minLength: z.int().min(0).optional(),
    maxLength: z.int().min(1).optional(),
  }),
  z.object({
    type: z.literal('number'),
    ...common,
    default: z.number().optional(),
    min: z.number().optional(),
    max: z.number().optional(),
    step: z.number().positive().optional(),
    unit: z.string().max(20).optional(),
  }),
  z.object({ type: z.literal('boolean'), ...common, default: z.boolean().optional() }),
  z.object({
    type: z.literal('select'),
    ...common,
    default: z.string().optional(),
    options: z
      .array(z.union([z.string(), z.object({ value: z.string(), label: z.string() })]))
      .min(1)
      .max(200),
  }),
  z.object({ type: z.literal('url'), ...textual, secret: z.boolean().optional() }),
  z.object({ type: z.literal('color'), ...textual }),
  z.object({ type: z.literal('cron'), ...textual }),
]);

/** One setting of a plugin, as its manifest declares it. */
export type SettingSpec = z.infer<typeof settingSchema>;

/** Checks the settings of a manifest. */
export const settingsSchema = z.record(key, settingSchema);
/** The settings of a manifest by their keys. */
export type SettingSpecs = z.infer<typeof settingsSchema>;

function isRegularExpression(source: string): boolean {
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}
