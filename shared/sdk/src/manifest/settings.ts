import { z } from 'zod';

const key = z
  .string()
  .regex(/^[a-zA-Z][a-zA-Z0-9_-]{0,63}$/, 'a setting’s key starts with a letter and has letters, digits, _ and -');

const common = {
  label: z.string().min(1).max(120).optional().describe('What stands beside the field. Default: the key.'),
  help: z.string().max(1000).optional().describe('A sentence below the field.'),
  description: z.string().max(1000).optional().describe('Another name for "help", which wins.'),
  required: z
    .boolean()
    .optional()
    .describe('The admin is told while it is missing. It does not keep the plugin from running.'),
  when: z.record(z.string(), z.unknown()).optional().describe('Shown only while other settings have these values.'),
};

const textual = {
  ...common,
  default: z.string().optional().describe('What it is until an admin changes it.'),
  placeholder: z.string().max(200).optional().describe('Shown in the empty field.'),
};

/** Checks one setting of a manifest. */
export const settingSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('string'),
    ...textual,
    secret: z.boolean().optional().describe('Encrypted at rest, and never shown again.'),
    multiline: z.boolean().optional().describe('A field of several lines.'),
    pattern: z
      .string()
      .max(500)
      .refine(isRegularExpression, 'must be a regular expression')
      .optional()
      .describe('A regular expression that the whole value matches.'),
    minLength: z.int().min(0).optional().describe('In characters.'),
    maxLength: z.int().min(1).optional().describe('In characters.'),
  }),
  z.object({
    type: z.literal('number'),
    ...common,
    default: z.number().optional().describe('What it is until an admin changes it.'),
    min: z.number().optional().describe('The least.'),
    max: z.number().optional().describe('The most.'),
    step: z.number().positive().optional().describe('By how much the field’s buttons change it.'),
    unit: z.string().max(20).optional().describe('Stands behind the field, such as "MB".'),
  }),
  z.object({
    type: z.literal('boolean'),
    ...common,
    default: z.boolean().optional().describe('What it is until an admin changes it.'),
  }),
  z.object({
    type: z.literal('select'),
    ...common,
    default: z.string().optional().describe('The value of one of the options.'),
    options: z
      .array(z.union([z.string(), z.object({ value: z.string(), label: z.string() })]))
      .min(1)
      .max(200)
      .describe('What there is to choose from: values, or values with what people read.'),
  }),
  z.object({
    type: z.literal('url'),
    ...textual,
    secret: z.boolean().optional().describe('Encrypted at rest, and never shown again.'),
  }),
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
