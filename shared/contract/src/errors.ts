import { z } from 'zod';

/** The one shape of every error answer. */
export const errorBodySchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    /** The id of the plugin that caused it, if one did. */
    plugin: z.string().optional(),
    details: z.unknown().optional(),
  }),
});
export type ErrorBody = z.infer<typeof errorBodySchema>;

/** In the header `X-Sodium-Plugin` of an error that names a plugin, as URI-encoded JSON: what people know it as. */
export interface Blamed {
  name: string;
  version: string;
}
