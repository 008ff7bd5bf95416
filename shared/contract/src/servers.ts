import { z } from 'zod';

export const serverStateSchema = z.enum(['offline', 'installing', 'starting', 'running', 'stopping']);
export type ServerState = z.infer<typeof serverStateSchema>;

export const powerActionSchema = z.enum(['start', 'stop', 'restart', 'kill']);
export type PowerAction = z.infer<typeof powerActionSchema>;

export const serverNameSchema = z
  .string()
  .trim()
  .min(1, 'A server needs a name.')
  .max(64, 'A server’s name has at most 64 characters.')
  // eslint-disable-next-line no-control-regex -- control characters are what this refuses
  .regex(/^[^\u0000-\u001f\u007f]*$/, 'A server’s name has no control characters.');

export const limitsSchema = z.object({
  /** Memory in MiB; the process tree is killed above it. 0 means no limit. */
  memoryMb: z.int().min(0).max(1_048_576).optional(),
  /** Percent of one core. 0 means no limit. */
  cpu: z.number().min(0).max(12_800).optional(),
  /** Disk in MiB. 0 means no limit. */
  diskMb: z.int().min(0).max(67_108_864).optional(),
});
export type ServerLimits = z.infer<typeof limitsSchema>;

export const variablesSchema = z.record(z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/), z.string().max(4096));

export const serverCreateSchema = z.object({
  name: serverNameSchema,
  template: z.string().min(1).max(64),
  limits: limitsSchema.default({}),
  variables: variablesSchema.default({}),
});
export type ServerCreate = z.infer<typeof serverCreateSchema>;

export const serverPatchSchema = z.object({
  name: serverNameSchema.optional(),
  variables: variablesSchema.optional(),
  /** Admins only. */
  limits: limitsSchema.optional(),
});
export type ServerPatch = z.infer<typeof serverPatchSchema>;

export const serverSchema = z.object({
  id: z.string(),
  name: z.string(),
  template: z.string(),
  /** The id of the user who owns it. */
  owner: z.string(),
  state: serverStateSchema,
  suspended: z.boolean(),
  suspendReason: z.string().optional(),
  limits: limitsSchema,
  variables: z.record(z.string(), z.string()),
  createdAt: z.string(),
  /** How the last run ended, when it did not end as asked. */
  lastExit: z
    .object({
      code: z.number().nullable(),
      signal: z.string().nullable(),
      crashed: z.boolean(),
      at: z.string(),
      message: z.string().optional(),
    })
    .optional(),
});
export type Server = z.infer<typeof serverSchema>;

export const templateVariableSchema = z.object({
  name: z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/),
  label: z.string(),
  help: z.string().optional(),
  default: z.string().default(''),
  required: z.boolean().default(false),
  pattern: z.string().optional(),
  options: z.array(z.string()).optional(),
});
export const templateSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  icon: z.string().optional(),
  variables: z.array(templateVariableSchema),
});
export type Template = z.infer<typeof templateSchema>;

export const usageSchema = z.object({
  cpu: z.number(),
  memoryBytes: z.number(),
  diskBytes: z.number(),
  uptimeMs: z.number(),
});
export type Usage = z.infer<typeof usageSchema>;
/** One point of a server's history. `at` is in milliseconds since 1970. */
export const usagePointSchema = usageSchema.extend({ at: z.number() });
export type UsagePoint = z.infer<typeof usagePointSchema>;
export const resourcesSchema = z.object({ current: usageSchema, history: z.array(usagePointSchema) });
export type Resources = z.infer<typeof resourcesSchema>;

export const scheduleBodySchema = z.object({
  name: z.string().trim().min(1).max(64),
  /** Five cron fields. */
  cron: z.string().min(1).max(120),
  timezone: z.string().max(64).default('UTC'),
  task: z.discriminatedUnion('type', [
    z.object({ type: z.literal('power'), action: powerActionSchema }),
    z.object({ type: z.literal('command'), command: z.string().min(1).max(2000) }),
  ]),
  enabled: z.boolean().default(true),
});
export type ScheduleBody = z.infer<typeof scheduleBodySchema>;
/** Without the defaults of the body: a field that is not named stays as it is. */
export const schedulePatchSchema = z
  .object({ ...scheduleBodySchema.shape, timezone: z.string().max(64), enabled: z.boolean() })
  .partial();
export type SchedulePatch = z.infer<typeof schedulePatchSchema>;
export const scheduleSchema = scheduleBodySchema.extend({
  id: z.string(),
  server: z.string(),
  createdAt: z.string(),
  lastRun: z.object({ at: z.string(), ok: z.boolean(), message: z.string().optional() }).nullable(),
  nextRun: z.string().nullable(),
});
export type Schedule = z.infer<typeof scheduleSchema>;
