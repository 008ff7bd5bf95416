import { z } from 'zod';

/** The one shape of every error answer. */
export const errorBodySchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    /** The id of the plugin that caused it, if one did. */
    plugin: z.string().optional(),
    /** What it is called, where the panel knows it. */
    pluginName: z.string().optional(),
    /** Its version, where the panel knows it. */
    pluginVersion: z.string().optional(),
    details: z.unknown().optional(),
  }),
});
export type ErrorBody = z.infer<typeof errorBodySchema>;
