import { z } from 'zod';
import { roleSchema } from './accounts.js';
import { pluginTypeSchema, type RegistryEntry } from './plugins.js';

/** What the recorder answers instead of the network. */
export const previewAnswerSchema = z.object({
  status: z.number().int().min(200).max(599),
  headers: z.record(z.string().max(200), z.string().max(4000)).optional(),
  body: z.string().max(64_000),
});
export type PreviewAnswer = z.infer<typeof previewAnswerSchema>;
/** `PUT …/preview/answers`: replaces all of them. A host with its port, if it has one. */
export const previewAnswersSchema = z.object({
  default: previewAnswerSchema,
  hosts: z
    .record(z.string().max(300), previewAnswerSchema)
    .refine((hosts) => Object.keys(hosts).length <= 50, 'at most 50 hosts')
    .default({}),
});
export type PreviewAnswers = z.infer<typeof previewAnswersSchema>;

/** `POST …/preview`. `madeUp`: the browser cannot keep a frame in, so no real server or user is shown, not even by another name. */
export const previewOpenSchema = z.object({ madeUp: z.boolean().default(false) });
/** `PUT …/preview`: each call prolongs the preview too, an empty one does only that. */
export const previewPatchSchema = z.object({ viewAs: roleSchema.optional() });
/** `PUT …/preview/settings`: merges like the real ones, and is kept by the preview alone. */
export const previewSettingsSchema = z.object({ values: z.record(z.string(), z.unknown()) });
/** `POST …/preview/events`: replays the last real events again, or only those of one name. */
export const previewReplaySchema = z.object({ event: z.string().max(60).optional() });

/** `POST`, `GET` and `PUT …/preview`. */
export interface PreviewInfo {
  /** The frame's document: `/preview/<token>/`. */
  url: string;
  expiresAt: string;
  hash: string;
  viewAs: 'admin' | 'user';
  answers: PreviewAnswers;
  /** For the admin's own session, when it is a theme: `/plugins/…`. */
  theme: RegistryEntry['theme'];
  /** Whether it adds anything to the pages. */
  visible: boolean;
  /** What it can be looked at in: every installed theme, active or not. */
  themes: { id: string; name: string }[];
  /** As they are in the preview; a secret only tells whether it is set. */
  settings: Record<string, unknown>;
}

const time = z.string();

/** What one handler answered to one event. */
export const previewVerdictSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('passed') }),
  z.object({ kind: z.literal('denied'), reason: z.string() }),
  z.object({
    kind: z.literal('changed'),
    changes: z.array(z.object({ field: z.string(), before: z.unknown(), after: z.unknown() })),
  }),
  /** `denies`: in earnest this failure would have refused the action. */
  z.object({ kind: z.literal('failed'), message: z.string(), denies: z.boolean() }),
]);
export type PreviewVerdict = z.infer<typeof previewVerdictSchema>;

export const previewReplayRowSchema = z.object({
  id: z.number(),
  event: z.string(),
  /** `recorded`: a copy of what happened; `sample`: made up, since nothing of the kind happened yet. */
  source: z.enum(['recorded', 'sample']),
  /** When it really happened, or when it was made up. */
  at: time,
  /** What the plugin was shown. */
  context: z.unknown(),
  handlers: z.array(
    z.object({
      pattern: z.string(),
      priority: z.number(),
      ms: z.number(),
      verdict: previewVerdictSchema,
    }),
  ),
});
export type PreviewReplay = z.infer<typeof previewReplayRowSchema>;

export const previewDocumentSchema = z.object({
  collection: z.string(),
  id: z.string(),
  change: z.enum(['added', 'changed', 'removed']),
  /** Null where there is none, or where it is too long to show. */
  before: z.unknown(),
  after: z.unknown(),
});
export type PreviewDocument = z.infer<typeof previewDocumentSchema>;

export const previewRequestSchema = z.object({
  id: z.number(),
  at: time,
  method: z.string(),
  host: z.string(),
  path: z.string(),
  headers: z.record(z.string(), z.string()),
  /** The beginning, as text; null when there was none or it is no text. */
  body: z.string().nullable(),
  bodyBytes: z.number(),
  /** Null: the recorder answered; else why the panel refuses such a request. */
  refused: z.string().nullable(),
  /** What the plugin was answered. */
  status: z.number().nullable(),
});
export type PreviewRequest = z.infer<typeof previewRequestSchema>;

export const previewConflictSchema = z.object({
  /** `page`: the same address; `token`: the same design token; `hook`: both hear of the same events. */
  kind: z.enum(['page', 'tab', 'widget', 'sidebar', 'admin-tab', 'tag', 'token', 'hook', 'dependency']),
  name: z.string(),
  /** The active plugin; null for the panel itself. */
  plugin: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** `error`: one of them will be refused; `info`: they meet, and it may be meant. */
  severity: z.enum(['error', 'warning', 'info']),
  message: z.string(),
});
export type PreviewConflict = z.infer<typeof previewConflictSchema>;

/** `GET …/preview/report`. With `?after=<revision>` it waits a while for a newer one. */
export const previewReportSchema = z.object({
  /** Rises with each change. */
  revision: z.number(),
  plugin: z.object({
    id: z.string(),
    name: z.string(),
    version: z.string(),
    type: pluginTypeSchema,
    hash: z.string(),
  }),
  /** `none`: it has no backend. */
  process: z.object({
    state: z.enum(['none', 'starting', 'running', 'idle', 'backoff', 'quarantined', 'stopped']),
    reason: z.string().nullable(),
  }),
  startedAt: time,
  expiresAt: time,
  /** What is wrong: a start or a reload that failed, a file that changed meanwhile. With `file:line` where it is known. */
  problems: z.array(z.object({ at: time, message: z.string(), where: z.string().nullable() })),
  warnings: z.array(z.string()),
  permissions: z.object({ declared: z.array(z.string()), used: z.record(z.string(), z.number()) }),
  routes: z.array(z.object({ method: z.string().nullable(), path: z.string(), public: z.boolean() })),
  methods: z.array(z.string()),
  hooks: z.object({
    registered: z.array(z.object({ pattern: z.string(), priority: z.number(), events: z.array(z.string()) })),
    /** Newest first. */
    replays: z.array(previewReplayRowSchema),
  }),
  crons: z.array(
    z.object({
      name: z.string(),
      expression: z.string(),
      timezone: z.string(),
      running: z.boolean(),
      lastRun: z.object({ at: time, ms: z.number(), ok: z.boolean(), message: z.string().optional() }).nullable(),
    }),
  ),
  documents: z.object({
    collections: z.array(z.string()),
    counts: z.object({ added: z.number(), changed: z.number(), removed: z.number() }),
    /** The first ones. */
    items: z.array(previewDocumentSchema),
  }),
  /** Newest first. */
  egress: z.array(previewRequestSchema),
  /** What it asked of the panel that would have changed something: recorded, answered, not done. */
  actions: z.array(z.object({ id: z.number(), at: time, name: z.string(), args: z.unknown() })),
  /** Oldest first. */
  logs: z.array(
    z.object({
      seq: z.number(),
      at: time,
      level: z.enum(['debug', 'info', 'warn', 'error']),
      source: z.enum(['plugin', 'panel']),
      text: z.string(),
    }),
  ),
  errors: z.array(
    z.object({
      at: time,
      source: z.enum(['server', 'client']),
      message: z.string(),
      /** `server.js:12:5`, or a file of its author's. */
      where: z.string().nullable(),
    }),
  ),
  resources: z.object({
    startMs: z.number().nullable(),
    cpuMs: z.number(),
    memoryBytes: z.number(),
    restarts: z.number(),
    calls: z.array(
      z.object({
        kind: z.enum(['http', 'hook', 'cron', 'method']),
        count: z.number(),
        errors: z.number(),
        p50Ms: z.number(),
        p99Ms: z.number(),
      }),
    ),
  }),
  conflicts: z.array(previewConflictSchema),
});
export type PreviewReport = z.infer<typeof previewReportSchema>;
