import { templateSchema, templateVariableSchema } from '@sodium/contract';
import { z } from 'zod';

/** Set by the panel; a template cannot declare them. */
export const RESERVED_VARIABLES = ['PORT', 'PATH', 'HOME', 'LANG', 'TERM', 'SODIUM_SERVER_ID'];

const compiles = (pattern: string): boolean => {
  try {
    new RegExp(pattern, 'u');
    return true;
  } catch {
    return false;
  }
};
const patternSchema = z.string().max(500).refine(compiles, 'This is not a valid regular expression.');

/** `{{NAME}}` stands for a variable, `{{node}}` for Node.js; an argument that is just `{{...NAME}}` becomes its words. */
const argvSchema = z.array(z.string().min(1)).min(1).max(64);

const stopSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('command'),
    command: z.string().min(1),
    graceSeconds: z.number().min(0).max(3600).default(15),
  }),
  z.object({
    type: z.literal('signal'),
    signal: z.enum(['SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGHUP']),
    graceSeconds: z.number().min(0).max(3600).default(15),
  }),
]);

const filePathSchema = z
  .string()
  .regex(/^(?!\/)(?!.*(^|\/)\.\.?(\/|$))[^\0\\]+$/, 'A starter file has a relative path inside the server’s folder.');

/** What an admin writes to offer a kind of server: a file `data/templates/<id>.json`. */
export const templateDefinitionSchema = templateSchema.extend({
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,62}$/, 'An id has small letters, digits and dashes and begins with a letter.'),
  name: z.string().min(1).max(64),
  description: z.string().max(500),
  variables: z
    .array(
      templateVariableSchema.extend({
        name: templateVariableSchema.shape.name.refine(
          (name) => !RESERVED_VARIABLES.includes(name),
          'The panel sets this variable itself.',
        ),
        pattern: patternSchema.optional(),
      }),
    )
    .max(64)
    .default([]),
  /** Starter files by path. */
  files: z.record(filePathSchema, z.string()).default({}),
  /** Commands run one after another before the first start. Each is a program and its arguments, never a shell line. */
  install: z.array(argvSchema).max(20).default([]),
  start: argvSchema,
  /** The server counts as running when a line of its output matches. Without it, as soon as the process runs. */
  ready: z
    .object({ pattern: patternSchema, timeoutSeconds: z.number().min(1).max(3600).default(60) })
    .nullable()
    .default(null),
  stop: stopSchema.default({ type: 'signal', signal: 'SIGTERM', graceSeconds: 15 }),
  /** Its variables are programs to run: only admins may create such servers where servers are not isolated. */
  runsAnyProgram: z.boolean().default(false),
});
export type TemplateDefinition = z.infer<typeof templateDefinitionSchema>;
export type TemplateSource = z.input<typeof templateDefinitionSchema>;
